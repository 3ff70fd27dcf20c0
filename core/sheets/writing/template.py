"""A workbook to fill in: a row of names, each with a note that explains it, and rows that show how."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook  # type: ignore[import-untyped]

WIDEST = 60


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """name: the heading. note: what goes below it, shown on pointing. width: in characters."""

    name: str
    note: str
    width: int


def template_workbook(
    sheet: str, columns: Sequence[TemplateColumn], examples: Sequence[Sequence[str | int]]
) -> bytes:
    """The workbook. examples: rows of cells, as many as there are columns."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        heading = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for place, column in enumerate(columns):
            page.set_column(place, place, min(column.width, WIDEST), wrapped)
            page.write_string(0, place, column.name, heading)
            page.write_comment(0, place, column.note, {"x_scale": 2})
        for number, row in enumerate(examples, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, place, cell, wrapped)
                else:
                    page.write_string(number, place, cell, wrapped)
        page.freeze_panes(1, 0)
    return buffer.getvalue()
