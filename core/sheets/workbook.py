"""Writes Excel workbooks with XlsxWriter in constant memory.

Whatever a cell says stays what it says: text never turns into a formula, a link, a number or markup;
control characters survive as Excel's `_xHHHH_` escapes; text beyond Excel's limit is cut and reported.
What the tables mean is the caller's business.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from os import PathLike
from typing import IO, Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.errors import InputError
from core.sheets.tables import (
    LARGEST_EXACT_INTEGER,
    ColumnKind,
    SheetTable,
    TableColumn,
    clean_text,
    plain_value,
)

# Excel's limits: UTF-16 units in a cell, rows and columns in a sheet, characters in a sheet's name.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_SHEET_NAME = 31

# What is written at the end of a cut cell, so that a reader of the sheet alone can see it.
CUT_MARK = "… [cut]"

_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f]")
_XML_NONCHARACTERS = re.compile("[\ufffe\uffff]")
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

_DEFAULT_FORMATS: dict[ColumnKind, str] = {
    "text": "@",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm:ss",
}
_DEFAULT_WIDTHS: dict[ColumnKind, float] = {
    "text": 32,
    "integer": 10,
    "number": 12,
    "boolean": 10,
    "date": 12,
    "datetime": 20,
    "any": 18,
}

ChartKind = Literal["line", "bar", "column", "histogram", "scatter"]


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Values of one column of a written table, as Excel draws them. Rows count from 1 after the header."""

    name: str
    column: int
    first_row: int = 1
    last_row: int = 1
    colour: str = ""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A native Excel chart whose values are cells of a table in the same workbook.

    kind: «histogram» is a column chart without gaps over counts the caller has binned.
    table: name of the SheetTable that holds the values; categories: its column of labels (or x values).
    sheet: the sheet it is drawn on; anchor: its top left cell there («H2»).
    """

    kind: ChartKind
    title: str
    table: str
    categories: int
    series: tuple[ChartSeries, ...]
    sheet: str
    anchor: str
    x_title: str = ""
    y_title: str = ""
    width: int = 560
    height: int = 320


@dataclass(frozen=True, slots=True)
class CutCell:
    """A text longer than an Excel cell holds. `row` is the sheet's row as Excel numbers it (header = 1)."""

    sheet: str
    row: int
    column: str
    length: int


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """What came of writing: the cells that were cut, and the sheet names as they were written."""

    cut_cells: tuple[CutCell, ...]
    sheet_names: tuple[str, ...]
    rows: int


class _LiteralSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that escapes what XlsxWriter 3.3 lets through.

    Overlapping escapes («_x005F_x0041_») would read back changed, and a text «<r>…</r>» would be
    written as raw markup and break the file.
    """

    @staticmethod
    def _escape_control_characters(data: object) -> object:
        if not isinstance(data, str):
            return data  # XlsxWriter passes numbers through here too
        data = _ESCAPE_LOOKALIKE.sub("_x005F_", data)
        data = _CONTROL_CHARACTERS.sub(lambda found: f"_x{ord(found.group()):04X}_", data)
        data = _XML_NONCHARACTERS.sub("\ufffd", data)
        if data.startswith("<r>") and data.endswith("</r>"):
            data = "_x003C_" + data[1:]
        return data


def write_workbook(
    target: str | PathLike[str] | IO[bytes],
    sheets: Sequence[SheetTable],
    charts: Sequence[ChartSpec] = (),
    *,
    cut_mark: str = CUT_MARK,
) -> WrittenWorkbook:
    """Write the tables as sheets, in order, each with a frozen bold header, a filter and widths.

    A table longer than a sheet goes on in «name (2)». Blank cells, None and NaN are left empty.
    Returns where text was cut at 32,767 UTF-16 units; the caller keeps the whole text elsewhere.
    """
    if not sheets:
        raise InputError("A workbook needs at least one sheet.")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    path = target if not isinstance(target, PathLike) else str(target)
    workbook = Workbook(path, options)
    try:
        book = _BookWriter(workbook, cut_mark)
        written = {table.name: book.write_table(table) for table in sheets}
        for chart in charts:
            book.add_chart(chart, written)
    finally:
        workbook.close()
    return WrittenWorkbook(tuple(book.cut_cells), tuple(book.names), book.rows)


@dataclass
class _BookWriter:
    workbook: Workbook
    cut_mark: str
    cut_cells: list[CutCell] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rows: int = 0
    _formats: dict[str, Format] = field(default_factory=dict)

    def write_table(self, table: SheetTable) -> Worksheet:
        """Write one table and return its first sheet."""
        if len(table.columns) > MOST_COLUMNS:
            raise InputError(
                "The table {name} has {count} columns; an Excel sheet holds {limit}.",
                hint="Export it as CSV or Parquet.",
                name=table.name,
                count=len(table.columns),
                limit=MOST_COLUMNS,
            )
        rows = table.rows()
        first = sheet = self._new_sheet(table, 1)
        part = 1
        while self._fill(sheet, table, rows):
            part += 1
            sheet = self._new_sheet(table, part)
        return first

    def _new_sheet(self, table: SheetTable, part: int) -> Worksheet:
        name = self._free_name(table.name if part == 1 else f"{table.name} ({part})")
        self.names.append(name)
        sheet: Worksheet = self.workbook.add_worksheet(name, worksheet_class=_LiteralSheet)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(table.columns):
            code = column.number_format or _DEFAULT_FORMATS.get(column.kind, "")
            width = column.width or max(_DEFAULT_WIDTHS[column.kind], min(40, len(column.name) + 4))
            sheet.set_column(index, index, width, self._format(code) if code else None)
        header = self._format("", bold=True)
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, self._fit(column.name, name, 1, column.name), header)
        return sheet

    def _fill(self, sheet: Worksheet, table: SheetTable, rows: Iterator[Sequence[object]]) -> bool:
        """Write rows until the sheet is full; True when there may be more."""
        name = self.names[-1]
        columns = list(enumerate(table.columns))
        row = 0
        for values in rows:
            row += 1
            for (index, column), value in zip(columns, values, strict=True):
                if type(value) is str:
                    # The common case first; a million cells pass here.
                    if value:
                        sheet._write_string(row, index, self._fit(value, name, row + 1, column.name), None)
                else:
                    self._write_value(sheet, row, index, value, column)
            if row == MOST_ROWS - 1:
                break
        self.rows += row
        last = len(table.columns) - 1
        if last >= 0:
            sheet.autofilter(0, 0, max(row, 1), last)
        for index, column in columns:
            if column.bar and row:
                sheet.conditional_format(1, index, row, index, _fixed_bar())
        return row == MOST_ROWS - 1

    def _write_value(
        self, sheet: Worksheet, row: int, index: int, value: object, column: TableColumn
    ) -> None:
        cell = plain_value(value, column.kind)
        if isinstance(cell, str):
            if cell:
                sheet._write_string(row, index, self._fit(cell, sheet.name, row + 1, column.name), None)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, index, cell)
        elif isinstance(cell, (int, float)):
            if abs(cell) == math.inf or (isinstance(cell, int) and abs(cell) >= LARGEST_EXACT_INTEGER):
                sheet._write_string(row, index, str(cell), None)  # a double would lose it
            else:
                sheet._write_number(row, index, cell, None)
        elif isinstance(cell, (date, time)):
            self._write_date(sheet, row, index, cell, column)

    def _write_date(
        self, sheet: Worksheet, row: int, index: int, cell: date | time, column: TableColumn
    ) -> None:
        if isinstance(cell, date) and cell.year < 1900:
            sheet._write_string(row, index, cell.isoformat(), None)  # before Excel's calendar begins
            return
        if isinstance(cell, time):
            code = "hh:mm:ss"
        else:
            code = _DEFAULT_FORMATS["datetime" if isinstance(cell, datetime) else "date"]
        form = self._format(
            column.number_format
            or (_DEFAULT_FORMATS[column.kind] if column.kind in ("date", "datetime") else code)
        )
        sheet.write_datetime(row, index, cell, form)

    def _fit(self, text: str, sheet: str, row: int, column: str) -> str:
        """The text as a cell can hold it; a cut is written down. Surrogate pairs are never split."""
        text = clean_text(text)
        units = len(text) if len(text) * 2 <= LONGEST_CELL else len(text.encode("utf-16-le")) // 2
        if units <= LONGEST_CELL:
            return text
        self.cut_cells.append(CutCell(sheet, row, column, len(text)))
        kept = 2 * (LONGEST_CELL - len(self.cut_mark.encode("utf-16-le")) // 2)
        return text.encode("utf-16-le")[:kept].decode("utf-16-le", "ignore") + self.cut_mark

    def _format(self, code: str, *, bold: bool = False) -> Format:
        key = f"{code}|{bold}"
        if key not in self._formats:
            properties: dict[str, Any] = {"valign": "top"}
            if code:
                properties["num_format"] = code
            if bold:
                properties |= {"bold": True, "bottom": 1, "bg_color": "#EEF1F5", "text_wrap": True}
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def _free_name(self, wanted: str) -> str:
        """A sheet name Excel accepts that is not taken yet (Excel compares without case)."""
        base = _FORBIDDEN_IN_SHEET_NAMES.sub("_", wanted).strip("'") or "Sheet"
        taken = {name.casefold() for name in self.names} | {"history"}
        name, number = base[:LONGEST_SHEET_NAME], 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = base[: LONGEST_SHEET_NAME - len(ending)] + ending
        return name

    def add_chart(self, spec: ChartSpec, written: dict[str, Worksheet]) -> None:
        """Draw one chart from cells already written."""
        kind = "column" if spec.kind == "histogram" else spec.kind
        chart = self.workbook.add_chart({"type": kind})
        source = written[spec.table].get_name()
        for series in spec.series:
            colour = {"color": series.colour} if series.colour else {}
            options: dict[str, Any] = {
                "name": series.name,
                "categories": [
                    source,
                    series.first_row,
                    spec.categories,
                    series.last_row,
                    spec.categories,
                ],
                "values": [source, series.first_row, series.column, series.last_row, series.column],
            }
            if colour:
                options["line" if spec.kind in ("line", "scatter") else "fill"] = colour
            if spec.kind == "histogram":
                options |= {"gap": 4}
            chart.add_series(options)
        chart.set_title({"name": spec.title, "name_font": {"size": 12}})
        chart.set_x_axis({"name": spec.x_title})
        chart.set_y_axis({"name": spec.y_title})
        chart.set_size({"width": spec.width, "height": spec.height})
        if len(spec.series) == 1:
            chart.set_legend({"none": True})
        else:
            chart.set_legend({"position": "bottom"})
        written[spec.sheet].insert_chart(spec.anchor, chart)


def _fixed_bar() -> dict[str, object]:
    """A data bar from 0 to 1, so that equal probabilities always have equal bars."""
    return {
        "type": "data_bar",
        "bar_color": "#9DB7D5",
        "bar_solid": True,
        "min_type": "num",
        "max_type": "num",
        "min_value": 0,
        "max_value": 1,
    }
