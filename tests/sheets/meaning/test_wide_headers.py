"""Finding and naming a header takes time in proportion to the sheet, however it is made."""

import time

import pytest

from core.sheets.meaning.headers import find_table
from core.sheets.records import Cell, Grid

WIDE = 60_000
HEADS: dict[str, list[Cell]] = {
    "blank": [None] * (WIDE - 1) + ["x"],
    "one name": ["a"] * WIDE,
    "numbered already": ["a"] * (WIDE // 2) + [f"a ({n})" for n in range(WIDE // 2)],
    "distinct": [f"name {n}" for n in range(WIDE)],
}


@pytest.mark.parametrize("head", HEADS)
def test_a_wide_header_is_named_in_no_time(head: str) -> None:
    rows = [HEADS[head], *[["text"] * WIDE] * 3]
    began = time.process_time()
    table = find_table(Grid("S", rows, range(1, 5)), header_row=1)
    # Looking every name up in a list of them took minutes.
    assert time.process_time() - began < 10
    assert len(set(table.columns)) == WIDE


def test_equal_names_are_numbered_from_two_around_those_that_are_taken() -> None:
    grid = Grid("S", [["a", "a (2)", "a", None, "a", "a (2)"], ["1", "2", "3", "4", "5", "6"]], (1, 2))
    assert find_table(grid, header_row=1).columns == ("a", "a (2)", "a (3)", "Column D", "a (4)", "a (2) (2)")


def test_errors_and_formulas_in_every_cell_cost_no_more_than_reading_them() -> None:
    width = 16_000
    rows: list[list[Cell]] = [[f"n{n}" for n in range(width)], *[["#N/A"] * width] * 5]
    uncached = tuple((2, n) for n in range(10_000))
    began = time.process_time()
    table = find_table(Grid("S", rows, range(1, 7), uncached=uncached), header_row=1)
    assert time.process_time() - began < 10
    assert {cell for row in table.rows for cell in row} == {None}
    assert sum(problem.kind == "formula_without_result" for problem in table.problems) == 10_000
