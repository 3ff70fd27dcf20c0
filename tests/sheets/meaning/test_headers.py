"""Headers, notes, names and merged cells, on grids written here."""

from collections.abc import Sequence

import pytest

from core.errors import InputError
from core.sheets.meaning.headers import column_letter, find_table
from core.sheets.records import Cell, Grid


def grid(rows: Sequence[Sequence[Cell]], **facts: object) -> Grid:
    trimmed = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        trimmed.append(cells)
    return Grid("S", trimmed, range(1, len(rows) + 1), **facts)  # type: ignore[arg-type]


def test_header_in_the_first_row() -> None:
    table = find_table(grid([["query", "document"], ["q?", "text"]]))
    assert (table.header_row, table.columns, table.rows) == (1, ("query", "document"), [("q?", "text")])
    assert list(table.numbers) == [2]


def test_notes_and_blank_rows_above_the_header_are_passed_over() -> None:
    rows: list[list[Cell]] = [
        ["测试报告 2024"],
        [None],
        ["制表人：张三"],
        ["问题", "文档", "标签"],
        ["q", "d", 1],
        ["r", "e", 0],
    ]
    table = find_table(grid(rows))
    assert (table.header_row, len(table.rows)) == (4, 2)
    assert [(problem.kind, problem.row) for problem in table.problems] == [
        ("note_above", 1),
        ("note_above", 3),
    ]


def test_notes_below_the_table_are_left_out_and_reported() -> None:
    rows: list[list[Cell]] = [
        ["query", "document", "label"],
        *[["q", "d", 1]] * 5,
        [None],
        ["Source: our own survey"],
    ]
    table = find_table(grid(rows))
    assert len(table.rows) == 5
    assert [(problem.kind, problem.row, problem.skipped) for problem in table.problems] == [
        ("note_below", 8, True)
    ]


def test_documents_of_a_query_written_once_are_not_notes() -> None:
    rows: list[list[Cell]] = [
        ["query", "document", "label"],
        ["q", "d1", 1],
        [None, "d2"],
        ["r", "d1", 0],
        [None, "d2"],
        [None, "d3"],
    ]
    assert len(find_table(grid(rows)).rows) == 5


def test_header_repeated_inside_the_table_is_left_out() -> None:
    table = find_table(grid([["query", "document"], ["q", "d"], ["query", "document"], ["r", "e"]]))
    assert table.rows == [("q", "d"), ("r", "e")]
    assert [(problem.kind, problem.row) for problem in table.problems] == [("repeated_header", 3)]


def test_duplicate_and_blank_names_are_made_distinct_and_reported() -> None:
    table = find_table(grid([["id", "text", "id", None, "id"], ["1", "a", "2", "x", "3"]]))
    assert table.columns == ("id", "text", "id (2)", "Column D", "id (3)")
    assert [problem.column for problem in table.problems] == ["id (2)", "Column D", "id (3)"]


def test_a_made_up_name_never_takes_the_name_of_a_real_column() -> None:
    table = find_table(grid([["id", "id", "id (2)"], ["1", "2", "3"]]))
    assert len(set(table.columns)) == 3
    assert table.columns[2] == "id (2)"


def test_tables_without_a_header_are_named_by_position() -> None:
    table = find_table(grid([["退款要多久才能到账？", "一般三天。"], ["怎么换货？", "请联系客服。"]]))
    assert (table.header_row, table.columns, len(table.rows)) == (None, ("Column A", "Column B"), 2)
    assert [problem.kind for problem in table.problems] == ["no_header"]


def test_a_single_column_of_text_without_a_known_name_has_no_header() -> None:
    assert len(find_table(grid([["first document"], ["second document"]])).rows) == 2
    assert len(find_table(grid([["document"], ["second document"]])).rows) == 1
    assert len(find_table(grid([["知识库内容"], ["退款三天到账。"], ["换货请联系客服。"]])).rows) == 2


def test_a_given_header_row_overrides_the_search() -> None:
    rows: list[list[Cell]] = [["query", "document"], ["Frage", "Antwort"], ["q", "d"]]
    assert find_table(grid(rows), header_row=2).columns == ("Frage", "Antwort")
    assert find_table(grid(rows), header_row=0).columns == ("Column A", "Column B")
    with pytest.raises(InputError, match="no row 9"):
        find_table(grid(rows), header_row=9)


def test_headers_lose_line_breaks_and_invisible_characters() -> None:
    assert find_table(grid([["\ufeff query\n（必填）", "document"], ["q", "d"]])).columns == (
        "query （必填）",
        "document",
    )


def test_columns_with_data_beyond_the_header_are_kept_in_workbooks() -> None:
    table = find_table(grid([["query", "document"], ["q", "d", None, "extra"]]))
    assert table.columns == ("query", "document", "Column C", "Column D")


def test_an_empty_grid_is_an_empty_table() -> None:
    table = find_table(grid([[None], [None, None]]))
    assert (table.columns, list(table.rows), table.header_row) == ((), [], None)


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")])
def test_column_letters_are_excels(index: int, letter: str) -> None:
    assert column_letter(index) == letter
