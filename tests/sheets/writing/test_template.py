"""The workbook to fill in: its notes, its types, and that it is read again without a question."""

import io

import openpyxl

from core.sheets.writing.template import TemplateColumn, template_workbook

COLUMNS = (TemplateColumn("query", "What is sought.", 20), TemplateColumn("label", "0 or more.", 200))


def test_headings_carry_their_notes_and_cells_their_types() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("labelled", COLUMNS, [("=1+1", 2)])))
    sheet = book["labelled"]
    assert [(cell.value, cell.comment.text) for cell in sheet[1]] == [
        ("query", "What is sought."),
        ("label", "0 or more."),
    ]
    assert [cell.value for cell in sheet[2]] == ["=1+1", 2]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width < 100
