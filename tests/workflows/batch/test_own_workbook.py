"""Results in a copy of the reader's own workbook: what was there is still there, the original untouched."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from xlsxwriter import Workbook

from core.errors import InputError
from core.sheets.meaning.importing import import_table
from core.workflows.batch.export import BatchTables
from core.workflows.batch.opened import open_run, original_rows, row_problems
from core.workflows.batch.own_workbook import lost_in_copy, placements, write_into_workbook
from core.workflows.home.job_service import JobService
from pages.parts.labelled.words import speaker
from tests.workflows.batch.batches import run_batch

ROWS = [
    ("问题", "候选文档", "备注", "字数"),
    ("苹果多少钱？", "a1 = -1", "=1+1 as text", "=LEN(B4)"),
    ("苹果多少钱？", "a2 = 2", "-note", "=LEN(B5)"),
    ("苹果多少钱？", "a3 = 0.5", None, "=LEN(B6)"),
    ("who wrote it?", "b1 = 3", "@me", "=LEN(B7)"),
    ("who wrote it?", "b2 = 5", "+1", "=LEN(B8)"),
]
NEW = ["new_rank", "movement", "probability", "logit", "truncated"]
Change = Callable[[Any], None]


def own_file(folder: Path, change: Change = lambda book: None, name: str = "自己的.xlsx") -> Path:
    """A workbook as people keep them: a title, a second sheet, styles, a filter, a comment."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "数据"
    page["A1"] = "候选文档清单"
    page["A1"].font = Font(bold=True, size=16)
    for row, values in enumerate(ROWS, start=3):
        for column, value in enumerate(values, start=1):
            cell = page.cell(row, column, value)
            if column == 3 and isinstance(value, str):
                cell.data_type = "s"
    page["B5"].fill = PatternFill("solid", fgColor="FFFF00")
    page["B5"].comment = Comment("the best one", "me")
    page.column_dimensions["B"].width = 41
    page.row_dimensions[5].height = 33
    page.auto_filter.ref = "A3:D8"
    other = book.create_sheet("合计")
    other["A1"] = "=SUM(数据!D4:D8)"
    change(book)
    path = folder / name
    book.save(path)
    return path


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Any]:
    """Runs a batch of a workbook, writes the copy, and opens it."""

    def write(placement: str, path: Path, **options: Any) -> Any:  # noqa: ANN401 - openpyxl has no types
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        service, job = run_batch(tmp_path, import_table(path, sheet="数据"), name=path.name)
        target = tmp_path / f"copy{path.suffix}"
        try:
            write_into_workbook(tables_of(service, job.id), placement, target, **options)  # type: ignore[arg-type]
        finally:
            service.close()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        return openpyxl.load_workbook(target, keep_vba=path.suffix == ".xlsm")

    return write


def tables_of(service: JobService, job_id: str) -> BatchTables:
    run = open_run(service.store, job_id)
    return BatchTables(run, original_rows(service.store, job_id), row_problems(service.store, job_id))


def rows_of(page: Any, first: int = 3) -> list[tuple[object, ...]]:  # noqa: ANN401
    return list(page.iter_rows(min_row=first, values_only=True))


def test_results_stand_beside_their_rows_and_all_else_is_kept(
    written: Callable[..., Any], tmp_path: Path
) -> None:
    book = written("rows", own_file(tmp_path))
    page = book["数据"]
    assert book.sheetnames == ["数据", "合计", "Settings"]
    found = rows_of(page)
    assert [row[:4] for row in found] == ROWS
    assert list(found[0][4:]) == NEW
    assert [row[4:6] for row in found[1:]] == [(3, -2), (1, 1), (2, 1), (2, -1), (1, 1)]
    assert [row[7] for row in found[1:]] == [-1, 2, 0.5, 3, 5]
    assert page["A1"].font.size == 16 and page.column_dimensions["B"].width == 41
    assert page["B5"].fill.fgColor.rgb == "00FFFF00" and page["B5"].comment.text == "the best one"
    assert page.row_dimensions[5].height == 33
    assert page.auto_filter.ref == "A3:I8"
    assert book["合计"]["A1"].value == "=SUM(数据!D4:D8)" and book.calculation.fullCalcOnLoad
    assert [page.cell(row, 3).data_type for row in (4, 5, 7, 8)] == ["s"] * 4
    settings = dict(rows_of(book["Settings"], 2))
    assert settings["model"] == "stub" and settings["file"] == "自己的.xlsx"


def test_sorted_rows_take_everything_of_theirs_along(written: Callable[..., Any], tmp_path: Path) -> None:
    book = written("sorted", own_file(tmp_path))
    page = book["数据"]
    found = rows_of(page)
    assert [row[1] for row in found[1:]] == ["a2 = 2", "a3 = 0.5", "a1 = -1", "b2 = 5", "b1 = 3"]
    assert [row[4] for row in found[1:]] == [1, 2, 3, 1, 2]
    # Formulas on their own row go with it; the sum over all rows still holds all of them.
    assert [row[3] for row in found[1:]] == [f"=LEN(B{row})" for row in range(4, 9)]
    assert book["合计"]["A1"].value == "=SUM(数据!D4:D8)"
    assert page["B4"].comment.text == "the best one" and page["B4"].fill.fgColor.rgb == "00FFFF00"
    assert page.row_dimensions[4].height == 33 and page.row_dimensions[5].height is None
    assert page["C6"].value == "=1+1 as text" and page["C6"].data_type == "s"


def set_cell(sheet: str, place: str, value: str) -> Change:
    def change(book: Any) -> None:  # noqa: ANN401
        book[sheet][place] = value

    return change


def merge(book: Any) -> None:  # noqa: ANN401
    book["数据"].merge_cells("C6:C7")


def rule_for_some(book: Any) -> None:  # noqa: ANN401
    rule = DataValidation(type="list", formula1='"x,y"')
    rule.add("C4:C5")
    book["数据"].add_data_validation(rule)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (set_cell("合计", "B2", "=数据!D5*2"), "合计!B2"),
        (set_cell("合计", "B2", "=SUM(数据!D4:D6)"), "合计!B2"),
        (set_cell("合计", "B2", "=INDEX(数据!B:B,5)"), "合计!B2"),
        (set_cell("合计", "B2", '=INDIRECT("数据!B5")'), "合计!B2"),
        (set_cell("数据", "D6", "=D5+1"), "数据!D6"),
        (set_cell("数据", "D6", "=$D$6+1"), "数据!D6"),
        (merge, "C6:C7"),
        (rule_for_some, "C4:C5"),
    ],
)
def test_sorting_that_would_change_a_meaning_is_refused_with_its_place(
    written: Callable[..., Any], tmp_path: Path, change: Change, where: str
) -> None:
    path = own_file(tmp_path, change)
    with pytest.raises(InputError, match="cannot be sorted") as refused:
        written("sorted", path)
    assert where in refused.value.message
    assert not list(tmp_path.glob(".copy*")) and not (tmp_path / "copy.xlsx").exists()


def test_a_formula_that_looks_elsewhere_does_not_hinder_sorting(
    written: Callable[..., Any], tmp_path: Path
) -> None:
    def change(book: Any) -> None:  # noqa: ANN401
        book["数据"]["D5"] = "=LEN(B5)*合计!$C$9+$A$1"
        book["合计"]["B2"] = "=SUM(数据!D:D)+C9+A1"

    page = written("sorted", own_file(tmp_path, change))["数据"]
    assert page["D4"].value == "=LEN(B4)*合计!$C$9+$A$1"


def test_results_can_be_a_sheet_of_their_own_in_the_readers_language(
    written: Callable[..., Any], tmp_path: Path
) -> None:
    book = written("sheet", own_file(tmp_path), say=speaker("zh"))
    assert book.sheetnames == ["数据", "合计", "结果", "设置"]
    assert [row[:4] for row in rows_of(book["数据"])] == ROWS
    assert book["数据"].max_column == 4
    found = rows_of(book["结果"], 1)
    assert found[0] == (*ROWS[0], "新名次", "名次变化", "概率", "logit", "被截断")
    assert [row[1] for row in found[1:]] == ["a2 = 2", "a3 = 0.5", "a1 = -1", "b2 = 5", "b1 = 3"]
    assert found[1][8] == "否"
    cells = [cell for row in book["结果"].iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    notes = [cell for cell in cells if cell.column == 3 and cell.row > 1]
    assert sorted(str(cell.value) for cell in notes) == ["+1", "-note", "=1+1 as text", "@me"]


def test_what_a_copy_would_lose_is_said_before(tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    with Workbook(path) as book:
        page = book.add_worksheet("数据")
        for row, values in enumerate([("query", "document"), ("q?", "a = 1"), ("q?", "b = 2")]):
            page.write_row(row, 0, values)
        page.write_formula("D1", "=LEN(B2)")
        page.insert_textbox("F2", "a box")
        page.add_sparkline("E2", {"range": "D1:D3"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=数据!$D$1:$D$3"})
        page.insert_chart("F9", chart)
        page.conditional_format("B1:B3", {"type": "data_bar", "data_bar_2010": True})
    service, job = run_batch(tmp_path, import_table(path), name=path.name)
    try:
        said = [one.text for one in lost_in_copy(open_run(service.store, job.id))]
    finally:
        service.close()
    assert len(said) == 5
    for word in ("Formulas stay", "Charts are written anew", "Text boxes", "Sparklines", "data bars"):
        assert any(word in one for one in said), word


def test_a_row_of_several_documents_gets_a_sheet_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [("query", "doc1", "doc2"), ("q?", "a = 1", "b = 2"), ("r?", "c = 1", "d = 0")]:
        book.active.append(row)
    path = tmp_path / "wide.xlsx"
    book.save(path)
    service, job = run_batch(tmp_path, import_table(path), name=path.name)
    try:
        tables = tables_of(service, job.id)
        assert placements(tables.run) == ("sheet",)
        with pytest.raises(InputError, match="several documents"):
            write_into_workbook(tables, "rows", tmp_path / "copy.xlsx")
        write_into_workbook(tables, "sheet", tmp_path / "copy.xlsx")
    finally:
        service.close()
    assert len(rows_of(openpyxl.load_workbook(tmp_path / "copy.xlsx")["Results"], 2)) == 4


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    from tests.workflows.batch.batches import import_text

    service, job = run_batch(tmp_path, import_text(tmp_path))
    try:
        with pytest.raises(InputError, match=r"batch\.csv is none"):
            write_into_workbook(tables_of(service, job.id), "rows", tmp_path / "copy.xlsx")
    finally:
        service.close()
