"""Result columns into a sheet that is open, or results as a sheet of their own.

Everything that is there already stays as it is; our own texts are never formulas.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import Cell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.utils.escape import escape  # type: ignore[import-untyped]
from openpyxl.workbook import Workbook  # type: ignore[import-untyped]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from core.sheets.reading.archive import Refused
from core.sheets.tables import clean_text
from core.sheets.writing.cells import fitting

MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class FilledColumn:
    """title: what it is called. code: Excel's number format. width: in characters."""

    title: str
    code: str
    width: float


def fill_beside(
    sheet: Worksheet,
    columns: Sequence[FilledColumn],
    header_row: int | None,
    rows: Sequence[tuple[int, Sequence[Any]]],
    cut_mark: str,
) -> None:
    """Values into the first columns that are free in all rows. rows: a row's number, and its values."""
    last = max((cell.column for cell in sheet._cells.values() if cell.value is not None), default=0)
    first = last + 1
    if first + len(columns) - 1 > MOST_COLUMNS:
        raise Refused("no_room")
    for place, column in enumerate(columns):
        sheet.column_dimensions[get_column_letter(first + place)].width = column.width
        if header_row is not None:
            cell = sheet.cell(header_row, first + place)
            _look_like(sheet, cell, last)
            _put(cell, column.title, cut_mark)
    for row, values in rows:
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            cell = sheet.cell(row, first + place)
            _look_like(sheet, cell, last)
            if column.code:
                cell.number_format = column.code
            _put(cell, value, cut_mark)
    _widen_filter(sheet, header_row, first + len(columns) - 1)


def fill_sheet(
    book: Workbook, name: str, columns: Sequence[FilledColumn], rows: Sequence[Sequence[Any]], cut_mark: str
) -> None:
    """A new sheet at the end, named so that no other has its name."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        heading = sheet.cell(1, place)
        heading.font, heading.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        _put(heading, column.title, cut_mark)
    top = Alignment(wrap_text=True, vertical="top")
    for number, values in enumerate(rows, start=2):
        for place, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            if value is None:
                continue
            cell = sheet.cell(number, place)
            cell.alignment = top
            if column.code:
                cell.number_format = column.code
            _put(cell, value, cut_mark)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(2, len(rows) + 1)}"


def _put(cell: Cell, value: Any, cut_mark: str) -> None:  # noqa: ANN401 - whatever a cell holds
    if not isinstance(value, str):
        cell.value = value
        return
    text, _ = fitting(clean_text(value), cut_mark)
    cell.value = escape(text)
    # Whatever it looks like, it is text, also after somebody has edited it.
    cell.data_type = "s"
    cell.quotePrefix = True


def _look_like(sheet: Worksheet, cell: Cell, column: int) -> None:
    """The look of the row's last own cell, as if the column had always been there."""
    neighbour = sheet._cells.get((cell.row, column))
    if neighbour is not None and neighbour.has_style:
        cell._style = copy(neighbour._style)
        cell.number_format = "General"


def _widen_filter(sheet: Worksheet, header_row: int | None, last: int) -> None:
    """A filter over the whole table takes the new columns in."""
    reference = sheet.auto_filter.ref
    if not reference or header_row is None or ":" not in reference:
        return
    first, _, end = reference.replace("$", "").partition(":")
    if first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(header_row):
        row = end.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        sheet.auto_filter.ref = f"{first}:{get_column_letter(last)}{row}"
