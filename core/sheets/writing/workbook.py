"""Writes Excel workbooks with XlsxWriter in constant memory.

Whatever a cell says stays what it says: text never turns into a formula, a link, a number or markup;
control characters survive as Excel's `_xHHHH_` escapes; text beyond Excel's limit is cut and reported.
What the tables mean is the caller's business.
"""

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import IO, Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.errors import InputError
from core.sheets.meaning.headers import column_letter
from core.sheets.tables import (
    LARGEST_EXACT_INTEGER,
    ColumnKind,
    Row,
    SheetTable,
    TableColumn,
    clean_text,
    plain_value,
)
from core.sheets.writing.patient_stream import PatientStream

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
_NEEDS_CARE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")
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
    """A worksheet whose rows are written as ready XML, in order, straight to its temporary file.

    XlsxWriter 3.3 lets some texts through wrongly: overlapping escapes («_x005F_x0041_») read back changed,
    and a text «<r>…</r>» becomes markup and breaks the file. Writing the row here escapes both, and takes a
    third of the time.
    """

    def append_row(self, number: int, cells: str) -> None:
        """Write the cells of one row; `number` counts from 1 and only grows."""
        xml = f'<row r="{number}">{cells}</row>'
        try:
            self.fh.write(xml)
        except UnicodeEncodeError:
            self.fh.write(clean_text(xml))

    def finish(self, rows: int, columns: int) -> None:
        """Tell the base class what was written, for the sheet's dimension."""
        self.dim_rowmin, self.dim_rowmax = 0, rows - 1
        self.dim_colmin, self.dim_colmax = 0, columns - 1
        self.previous_row = rows


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
    if isinstance(target, str | PathLike):
        with Path(target).open("wb") as stream:
            return write_workbook(stream, sheets, charts, cut_mark=cut_mark)
    patient = PatientStream(target)
    workbook = Workbook(patient, options)
    try:
        book = _BookWriter(workbook, cut_mark)
        written = {table.name: book.write_table(table) for table in sheets}
        for chart in charts:
            book.add_chart(chart, written)
    finally:
        workbook.close()
    if patient.error is not None:
        raise patient.error
    return WrittenWorkbook(tuple(book.cut_cells), tuple(book.names), book.rows)


def workbook_bytes(sheets: Sequence[SheetTable], charts: Sequence[ChartSpec] = ()) -> bytes:
    """The workbook of `write_workbook` as bytes."""
    buffer = io.BytesIO()
    write_workbook(buffer, sheets, charts)
    return buffer.getvalue()


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
        first = sheet = self._new_sheet(table, 1)
        part = 1
        self._fill(sheet, table, rows)
        while (row := next(rows, None)) is not None:
            part += 1
            sheet = self._new_sheet(table, part)
            self._fill(sheet, table, chain((row,), rows))
        return first

    def _new_sheet(self, table: SheetTable, part: int) -> _LiteralSheet:
        name = self._free_name(table.name if part == 1 else f"{table.name} ({part})")
        self.names.append(name)
        sheet: _LiteralSheet = self.workbook.add_worksheet(name, worksheet_class=_LiteralSheet)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(table.columns):
            code = column.number_format or _DEFAULT_FORMATS.get(column.kind, "")
            width = column.width or max(_DEFAULT_WIDTHS[column.kind], min(40, len(column.name) + 4))
            sheet.set_column(index, index, width, self._format(code) if code else None)
        header = self._format("", bold=True)
        names = [
            _ColumnWriter(self, TableColumn(column.name), index, name, header).cell(column.name, 1)
            for index, column in enumerate(table.columns)
        ]
        sheet.append_row(1, "".join(names))
        return sheet

    def _fill(self, sheet: _LiteralSheet, table: SheetTable, rows: Iterator[Row]) -> None:
        """Write rows until the sheet is full or there are none left."""
        name = self.names[-1]
        writers = []
        for index, column in enumerate(table.columns):
            code = column.number_format or _DEFAULT_FORMATS.get(column.kind, "")
            writers.append(_ColumnWriter(self, column, index, name, self._format(code) if code else None))
        number = 1
        for values in rows:
            number += 1
            cells = [
                writer.cell(value, number)
                for writer, value in zip(writers, values, strict=True)
                if value is not None
            ]
            sheet.append_row(number, "".join(cells))
            if number == MOST_ROWS:
                break
        self.rows += number - 1
        width = len(table.columns)
        sheet.finish(number, width)
        sheet.autofilter(0, 0, max(number - 1, 1), width - 1)
        for index, column in enumerate(table.columns):
            if column.bar and number > 1:
                sheet.conditional_format(1, index, number - 1, index, _fixed_bar())

    def date_format(self, cell: date | time, column: TableColumn) -> Format:
        """The format of a date, or of a date in a column of something else."""
        if column.number_format or column.kind in ("date", "datetime"):
            return self._format(column.number_format or _DEFAULT_FORMATS[column.kind])
        if isinstance(cell, time):
            return self._format("hh:mm:ss")
        return self._format(_DEFAULT_FORMATS["datetime" if isinstance(cell, datetime) else "date"])

    def fit(self, text: str, sheet: str, row: int, column: str) -> str:
        """The text as a cell can hold it; a cut is written down. Surrogate pairs are never split."""
        if len(text) * 2 <= LONGEST_CELL:
            return text
        text = clean_text(text)
        if len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
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


class _ColumnWriter:
    """Writes the cells of one column as XML. A million cells pass here, so common cases come first."""

    def __init__(
        self, book: _BookWriter, column: TableColumn, index: int, sheet: str, form: Format | None
    ) -> None:
        self.book = book
        self.column = column
        self.sheet = sheet
        self.is_text = column.kind == "text"
        self.start = f'<c r="{column_letter(index)}'
        self.style = f'" s="{form._get_xf_index()}"' if form is not None else '"'

    def cell(self, value: object, row: int) -> str:
        """One cell's XML; "" for a blank one."""
        if type(value) is str:
            return self._text(value, row) if value else ""
        if type(value) is float and not self.is_text and abs(value) < math.inf:
            return f"{self.start}{row}{self.style}><v>{value!r}</v></c>"
        plain = plain_value(value, self.column.kind)
        if plain is None or isinstance(plain, str):
            return self._text(plain, row) if plain else ""
        if isinstance(plain, bool):
            return f'{self.start}{row}{self.style} t="b"><v>{int(plain)}</v></c>'
        if isinstance(plain, (int, float)):
            if abs(plain) == math.inf or (isinstance(plain, int) and abs(plain) >= LARGEST_EXACT_INTEGER):
                return self._text(str(plain), row)  # a double would lose it
            return f"{self.start}{row}{self.style}><v>{plain!r}</v></c>"
        return self._date(plain, row)

    def _text(self, text: str, row: int) -> str:
        text = self.book.fit(text, self.sheet, row, self.column.name)
        space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        if _NEEDS_CARE.search(text):
            text = _escaped(text)
        return f'{self.start}{row}{self.style} t="inlineStr"><is><t{space}>{text}</t></is></c>'

    def _date(self, cell: date | time, row: int) -> str:
        if isinstance(cell, date) and cell.year < 1900:
            return self._text(cell.isoformat(), row)  # before Excel's calendar begins
        form = self.book.date_format(cell, self.column)
        return f'{self.start}{row}" s="{form._get_xf_index()}"><v>{_serial_day(cell)!r}</v></c>'


def _escaped(text: str) -> str:
    """Text as XML content, with what XML cannot hold in Excel's `_xHHHH_` form."""
    text = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
    text = _CONTROL_CHARACTERS.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    text = _XML_NONCHARACTERS.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _serial_day(cell: date | time) -> float:
    """Days since Excel's day 0; Excel counts a 29 February 1900 that never was."""
    if isinstance(cell, time):
        moment, days = datetime.combine(date(1900, 1, 1), cell.replace(tzinfo=None)), 0
    elif isinstance(cell, datetime):
        moment, days = cell.replace(tzinfo=None), cell.toordinal()
    else:
        moment, days = datetime.combine(cell, time()), cell.toordinal()
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    part = (moment - midnight).total_seconds() / 86_400
    if not days:
        return part
    serial = days - date(1899, 12, 31).toordinal()
    return serial + (serial >= 60) + part


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
