"""The first page of a workbook, for who reads no other: what, of which file, the sentence, the figures, a
chart, and what to do next. It fits one printed page.

What it says is the caller's; here it gets its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.sheets.tables import TableColumn, plain_value
from core.sheets.writing.cells import LINE_HEIGHT, CellStyles, ColumnWriter, lines_of
from core.sheets.writing.charts import ChartSpec, Words
from core.sheets.writing.literal_sheet import LiteralSheet

# Characters in the first column and in each of the others; together as wide as a landscape page.
FIRST_WIDTH, OTHER_WIDTH, COLUMNS = 34.0, 15.0, 7
WIDTH = FIRST_WIDTH + OTHER_WIDTH * (COLUMNS - 1)
# Pixels of all of it, of a line and of a chart between the lines.
PIXELS, LINE_PIXELS, CHART_HEIGHT = 900, 20, 300
# Between charts, in pixels.
CHART_GAP = 16
# A bold line of this size takes more room than a usual one.
TITLE_SIZE, HEADLINE_SIZE = 18, 13


@dataclass(frozen=True, slots=True)
class CoverTable:
    """A few figures. columns: the first is the widest; the others hold numbers, as their format says."""

    columns: tuple[TableColumn, ...]
    rows: tuple[Sequence[object], ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """name: the sheet's. facts: name and value. headline: the one sentence. next_steps: what to do now.

    Tables and charts stand in this order below the headline; charts need no sheet and no anchor.
    """

    name: str
    title: Words
    facts: tuple[tuple[Words, Words], ...]
    headline: Words
    tables: tuple[CoverTable, ...] = ()
    charts: tuple[ChartSpec, ...] = ()
    next_steps: tuple[Words, ...] = ()
    next_title: Words = ""


class CoverWriter:
    """Writes one cover, line after line.

    word: a text in the reader's language. fit: a text as a cell holds it. form: a format of the workbook.
    """

    def __init__(
        self,
        workbook: Workbook,
        name: str,
        word: Callable[[Words], str],
        fit: Callable[[str, str, int, str], str],
        form: Callable[..., Format],
    ) -> None:
        self.sheet: LiteralSheet = workbook.add_worksheet(name, worksheet_class=LiteralSheet)
        self._name = name
        self._word = word
        self._fit = fit
        self._form = form
        self._row = 0

    def write(self, cover: Cover) -> tuple[Worksheet, tuple[ChartSpec, ...]]:
        """The sheet, and the charts with the places they are to be drawn at."""
        self.sheet.hide_gridlines(2)
        self.sheet.set_column(0, 0, FIRST_WIDTH)
        self.sheet.set_column(1, COLUMNS - 1, OTHER_WIDTH)
        self._wide(self._word(cover.title), bold=True, font_size=TITLE_SIZE)
        for name, value in cover.facts:
            self._fact(self._word(name), self._word(value))
        self._gap()
        self._wide(self._word(cover.headline), bold=True, font_size=HEADLINE_SIZE)
        for table in cover.tables:
            self._gap()
            self._table(table)
        charts = self._charts(cover)
        if cover.next_steps:
            self._gap()
            self._wide(self._word(cover.next_title), bold=True, font_size=HEADLINE_SIZE)
            for number, step in enumerate(cover.next_steps, start=1):
                self._wide(f"{number}. {self._word(step)}")
        self.sheet.finish(self._row, COLUMNS)
        return self.sheet, charts

    def _charts(self, cover: Cover) -> tuple[ChartSpec, ...]:
        """Room for the charts, which stand side by side over the whole width."""
        if not cover.charts:
            return ()
        self._gap()
        anchor = f"A{self._row + 1}"
        for _ in range(CHART_HEIGHT // LINE_PIXELS):
            self._gap()
        width, height = PIXELS // len(cover.charts), CHART_HEIGHT - CHART_GAP
        return tuple(
            replace(
                chart,
                sheet=cover.name,
                anchor=anchor,
                offset=number * width,
                width=width - CHART_GAP,
                height=height,
            )
            for number, chart in enumerate(cover.charts)
        )

    def _gap(self) -> None:
        self._row += 1
        self.sheet.append_row(self._row, "")

    def _wide(self, text: str, **look: Any) -> None:  # noqa: ANN401 - properties of a format
        """A text over the whole width."""
        self._row += 1
        size = look.get("font_size", 11) / 11
        lines = lines_of(text, WIDTH / size)
        column = TableColumn("text")
        style = self._form("@", text_wrap=True, **look)
        cell = self._writer(column, 0, style).cell(text, self._row)
        self.sheet.append_row(self._row, cell, height=lines * LINE_HEIGHT * max(1.0, size * 1.1))
        self._merge(0, COLUMNS - 1)

    def _fact(self, name: str, value: str) -> None:
        self._row += 1
        grey, plain = self._form("@", font_color="#5B6675"), self._form("@", text_wrap=True)
        cells = self._writer(TableColumn("name"), 0, grey).cell(name, self._row)
        cells += self._writer(TableColumn("value"), 1, plain).cell(value, self._row)
        lines = max(lines_of(value, WIDTH - FIRST_WIDTH), lines_of(name, FIRST_WIDTH))
        self.sheet.append_row(self._row, cells, height=lines * LINE_HEIGHT)
        self._merge(1, COLUMNS - 1)

    def _table(self, table: CoverTable) -> None:
        widths = self._spans(len(table.columns))
        header = self._form("", bold=True, bottom=1, text_wrap=True, bg_color="#EEF1F5")
        right = self._form("", bold=True, bottom=1, text_wrap=True, bg_color="#EEF1F5", align="right")
        self._row += 1
        cells, lines = [], 1
        for (start, end), column in zip(widths, table.columns, strict=True):
            name = self._word(column.title or column.name)
            style = header if column.kind == "text" else right
            cells.append(self._over(TableColumn(column.name), start, end, style, name))
            lines = max(lines, lines_of(name, self._room(start, end)))
        self.sheet.append_row(self._row, "".join(cells), height=lines * LINE_HEIGHT)
        for row in table.rows:
            self._row += 1
            cells, lines = [], 1
            for (start, end), column, value in zip(widths, table.columns, row, strict=True):
                look = {"text_wrap": True} if column.kind == "text" else {"align": "right"}
                style = self._form(column.number_format, **look)
                value = self._word(value) if isinstance(value, Words) else plain_value(value, column.kind)
                cells.append(self._over(column, start, end, style, value))
                if isinstance(value, str):
                    lines = max(lines, lines_of(value, self._room(start, end)))
            self.sheet.append_row(self._row, "".join(cells), height=lines * LINE_HEIGHT)

    def _over(self, column: TableColumn, start: int, end: int, style: Format, value: object) -> str:
        """A cell over one or several columns of the page."""
        writer = self._writer(column, start, style)
        cell = writer.cell(value, self._row) or writer.blank(self._row)
        cells = [self._writer(column, at, style).blank(self._row) for at in range(start + 1, end + 1)]
        self._merge(start, end)
        return cell + "".join(cells)

    @staticmethod
    def _spans(count: int) -> list[tuple[int, int]]:
        """Which columns of the page each column of a table takes: what is left over goes to the first."""
        first = max(0, COLUMNS - count)
        return [(0, first), *((first + place, first + place) for place in range(1, count))]

    @staticmethod
    def _room(start: int, end: int) -> float:
        return (FIRST_WIDTH if start == 0 else OTHER_WIDTH) + OTHER_WIDTH * (end - start)

    def _merge(self, start: int, end: int) -> None:
        if end > start:
            # What `merge_range` notes; it would also write the cells, which are written already.
            self.sheet.merge.append([self._row - 1, start, self._row - 1, end])

    def _writer(self, column: TableColumn, index: int, style: Format) -> ColumnWriter:
        number = style._get_xf_index()
        return ColumnWriter(column, index, self._name, CellStyles(number, lambda _: number), self._fit, None)
