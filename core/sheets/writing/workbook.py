"""Writes Excel workbooks with XlsxWriter in constant memory: a first page, tables, and native charts.

How a cell is written safely is for `cells`. What the tables mean is the caller's business.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.errors import InputError
from core.sentences import Say, Sentence
from core.sheets.tables import ColumnKind, Row, SheetTable, TableColumn
from core.sheets.writing.cells import (
    CUT_MARK,
    LINE_HEIGHT,
    MOST_LINES,
    CellStyles,
    ColumnWriter,
    CutCell,
    fitting,
    lines_of,
    said,
    spoken_word,
)
from core.sheets.writing.charts import ChartSpec, Words, make_chart
from core.sheets.writing.cover import Cover, CoverWriter
from core.sheets.writing.literal_sheet import LiteralSheet
from core.sheets.writing.patient_stream import PatientStream
from core.sheets.writing.printing import Printing

# Excel's limits: rows and columns in a sheet, characters in a sheet's name.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_SHEET_NAME = 31
# Characters that a column of figures gives to the longest word of its name.
WIDEST_WORD = 13
# What stands in the first row of a table without any.
NONE = "none"

_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

_DEFAULT_FORMATS: dict[ColumnKind, str] = {
    "text": "@",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm:ss",
}
_DEFAULT_WIDTHS: dict[ColumnKind, float] = {
    "text": 32,
    "integer": 9,
    "number": 10,
    "boolean": 10,
    "date": 12,
    "datetime": 20,
    "any": 18,
}


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """What came of writing: the cells that were cut, and the sheet names as they were written."""

    cut_cells: tuple[CutCell, ...]
    sheet_names: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Wording:
    """For whom a workbook is written.

    say: names of sheets and columns, and words in cells, in the reader's language; None leaves the names and
    says nothing of its own. source: what the workbook is about, printed at the top of each page.
    """

    say: Say | None = None
    source: str = ""


def write_workbook(
    target: str | PathLike[str] | IO[bytes],
    sheets: Sequence[SheetTable],
    charts: Sequence[ChartSpec] = (),
    *,
    cover: Cover | None = None,
    wording: Wording | None = None,
) -> WrittenWorkbook:
    """Write the cover and the tables as sheets, in order, each table with a frozen bold header and a filter.

    A table longer than a sheet goes on in «name (2)». Blank cells, None and NaN are left empty.
    Returns where text was cut at 32,767 UTF-16 units; the caller keeps the whole text elsewhere.
    """
    if not sheets and cover is None:
        raise InputError("A workbook needs at least one sheet.")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    if isinstance(target, str | PathLike):
        with Path(target).open("wb") as stream:
            return write_workbook(stream, sheets, charts, cover=cover, wording=wording)
    patient = PatientStream(target)
    workbook = Workbook(patient, options)
    try:
        book = _BookWriter(workbook, wording or Wording())
        drawn = [*(book.write_cover(cover) if cover is not None else ()), *charts]
        for table in sheets:
            book.write_table(table)
        for chart in drawn:
            book.add_chart(chart)
    finally:
        workbook.close()
    if patient.error is not None:
        raise patient.error
    return WrittenWorkbook(tuple(book.cut_cells), tuple(book.names), book.rows)


def workbook_bytes(
    sheets: Sequence[SheetTable],
    charts: Sequence[ChartSpec] = (),
    *,
    cover: Cover | None = None,
    wording: Wording | None = None,
) -> bytes:
    """The workbook of `write_workbook` as bytes."""
    buffer = io.BytesIO()
    write_workbook(buffer, sheets, charts, cover=cover, wording=wording)
    return buffer.getvalue()


@dataclass
class _BookWriter:
    workbook: Workbook
    wording: Wording
    cut_cells: list[CutCell] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rows: int = 0
    _first_sheets: dict[str, Worksheet] = field(default_factory=dict)
    _formats: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cut_mark = spoken_word(CUT_MARK, self.wording.say)
        self.printing = Printing(self.wording.source, date.today())

    def write_cover(self, cover: Cover) -> tuple[ChartSpec, ...]:
        """Write the first page; returns its charts with their places."""
        name = self._free_name(spoken_word(cover.name, self.wording.say))
        self.names.append(name)
        writer = CoverWriter(self.workbook, name, self._word, self.fit, self._form)
        self._first_sheets[cover.name], charts = writer.write(cover)
        self.printing.set_up(writer.sheet, title_rows=0, one_page=True)
        return charts

    def write_table(self, table: SheetTable) -> None:
        """Write one table, on as many sheets as it needs."""
        if not table.columns:
            raise InputError("The table {name} has no columns.", name=table.name)
        if len(table.columns) > MOST_COLUMNS:
            raise InputError(
                "The table {name} has {count} columns; an Excel sheet holds {limit}.",
                hint="Export it as CSV or Parquet.",
                name=table.name,
                count=len(table.columns),
                limit=MOST_COLUMNS,
            )
        rows = table.rows()
        sheet = self._first_sheets[table.name] = self._new_sheet(table, 1)
        part = 1
        self._fill(sheet, table, rows)
        while (row := next(rows, None)) is not None:
            part += 1
            self._fill(self._new_sheet(table, part), table, chain((row,), rows))

    def _new_sheet(self, table: SheetTable, part: int) -> LiteralSheet:
        title = spoken_word(table.name, self.wording.say)
        name = self._free_name(title if part == 1 else f"{title} ({part})")
        self.names.append(name)
        sheet: LiteralSheet = self.workbook.add_worksheet(name, worksheet_class=LiteralSheet)
        sheet.freeze_panes(1, 0)
        if table.hidden:
            sheet.hide()
        self.printing.set_up(sheet)
        header = self._form("", bold=True, bottom=1, bg_color="#EEF1F5", text_wrap=True)
        names, lines = [], 1
        for index, column in enumerate(table.columns):
            title, width = self._title(column), self._width(column)
            sheet.set_column(index, index, width, self._of_column(column))
            writer = self._writer(TableColumn(column.name), index, name, header)
            names.append(writer.text(title, 1) if title else "")
            lines = max(lines, lines_of(title, width))
        sheet.append_row(1, "".join(names), height=LINE_HEIGHT * lines if lines > 1 else 0)
        return sheet

    def _fill(self, sheet: LiteralSheet, table: SheetTable, rows: Iterator[Row]) -> None:
        """Write rows until the sheet is full or there are none left."""
        name = self.names[-1]
        writers = [
            self._writer(column, index, name, self._of_column(column))
            for index, column in enumerate(table.columns)
        ]
        widths = [self._width(column) for column in table.columns]
        most = min(table.most_lines, MOST_LINES)
        number = 1
        for values in rows:
            number += 1
            cells, lines = [], 1
            for writer, width, value in zip(writers, widths, values, strict=True):
                if value is None:
                    continue
                cells.append(writer.cell(value, number))
                # Only a text that may not fit its line is measured.
                if type(value) is str and lines < most and (len(value) * 2.2 > width or "\n" in value):
                    lines = max(lines, lines_of(value, width))
                elif isinstance(value, Sentence):
                    lines = max(lines, lines_of(self._word(value), width))
            sheet.append_row(
                number, "".join(cells), height=LINE_HEIGHT * min(lines, most) if lines > 1 else 0
            )
            if number == MOST_ROWS:
                break
        self.rows += number - 1
        if number == 1 and self.wording.say is not None:
            number = 2
            sheet.append_row(number, writers[0].text(spoken_word(NONE, self.wording.say), number))
        columns = len(table.columns)
        sheet.finish(number, columns)
        sheet.autofilter(0, 0, max(number - 1, 1), columns - 1)
        for index, column in enumerate(table.columns):
            if column.bar and number > 1:
                sheet.conditional_format(1, index, number - 1, index, _fixed_bar())

    def fit(self, text: str, sheet: str, row: int, column: str) -> str:
        """The text as a cell can hold it; a cut is written down."""
        fitted, cut = fitting(text, self.cut_mark)
        if cut:
            self.cut_cells.append(CutCell(sheet, row, column, len(text)))
        return fitted

    def add_chart(self, spec: ChartSpec) -> None:
        """Draw one chart from cells already written."""
        source = self._first_sheets[spec.table].get_name()
        chart = make_chart(self.workbook, spec, source, self._word)
        self._first_sheets[spec.sheet].insert_chart(spec.anchor, chart, {"x_offset": spec.offset})

    def _word(self, words: Words) -> str:
        return said(words, self.wording.say)

    def _title(self, column: TableColumn) -> str:
        if column.title is not None:
            return said(column.title, self.wording.say)
        # A column of the reader's own file keeps its name.
        return column.name if column.own else spoken_word(column.name, self.wording.say)

    def _width(self, column: TableColumn) -> float:
        if column.width:
            return column.width
        usual = _DEFAULT_WIDTHS[column.kind]
        if column.own:
            return max(usual, min(40, len(column.name) + 4))
        # A name takes several lines rather than make the page wider.
        longest = max((len(word) for word in self._title(column).split()), default=0)
        return max(usual, min(WIDEST_WORD, longest + 2))

    def _of_column(self, column: TableColumn) -> Format:
        code = column.number_format or _DEFAULT_FORMATS.get(column.kind, "")
        return self._form(code, text_wrap=True) if column.kind in ("text", "any") else self._form(code)

    def _of_date(self, cell: date | time, column: TableColumn) -> int:
        """The number of the format of a date, or of a date in a column of something else."""
        code = column.number_format
        if not code and column.kind in ("date", "datetime"):
            code = _DEFAULT_FORMATS[column.kind]
        if not code:
            kind: ColumnKind = "datetime" if isinstance(cell, datetime) else "date"
            code = "hh:mm:ss" if isinstance(cell, time) else _DEFAULT_FORMATS[kind]
        index: int = self._form(code)._get_xf_index()
        return index

    def _writer(self, column: TableColumn, index: int, sheet: str, form: Format) -> ColumnWriter:
        styles = CellStyles(form._get_xf_index(), lambda cell: self._of_date(cell, column))
        say = None if column.own else self.wording.say
        return ColumnWriter(column, index, sheet, styles, self.fit, say)

    def _form(self, code: str, **look: Any) -> Format:  # noqa: ANN401 - properties of a format
        key = f"{code}|{sorted(look.items())}"
        if key not in self._formats:
            number = {"num_format": code} if code else {}
            self._formats[key] = self.workbook.add_format({"valign": "top", **number, **look})
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
