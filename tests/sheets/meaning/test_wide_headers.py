"""Finding and naming a header takes time in proportion to the sheet, however it is made."""

import time
from collections.abc import Callable

import pytest

from core.errors import InputError
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.importing import import_source
from core.sheets.reading.sources import read_source
from core.sheets.records import Cell, Grid, Source
from tests.sheets.nasty_files import xls

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


FAR = 65_535  # the last column that the old format can name


@pytest.mark.parametrize(
    "far",
    [
        {(0, FAR): "x"},
        {(1, FAR): "x"},
        {(0, FAR): "x", (1, FAR): "y"},
        {(row, FAR - 600 * row): "x" for row in range(60)},
        {(0, place): "name" for place in range(2, FAR, 700)},
    ],
    ids=["blank header", "blank header over one text", "far column", "staircase", "one name, far apart"],
)
def test_a_workbook_of_six_kilobytes_and_65536_columns_is_read_in_no_time(
    far: dict[tuple[int, int], str],
) -> None:
    content = xls([["query", "document"], ["How long?", "Three days."]], far=far)
    assert len(content) < 8_000
    began = time.monotonic()
    pairs = import_source(read_source(content, "a.xls")).pairs
    # It took minutes; the limit of the confined process, where it was read, does not hold here.
    assert time.monotonic() - began < 30
    assert (pairs.query[0], pairs.document[0]) == ("How long?", "Three days.")


def test_rows_with_nothing_among_the_columns_that_are_compared_are_no_fault() -> None:
    rows: list[list[Cell]] = [["query", "document"], *[[*[None] * 600, f"far {n}"] for n in range(3)]]
    table = find_table(Grid("S", rows, range(1, 5)))
    assert table.columns[:2] == ("query", "document") and len(table.rows) == 3


def _blank(width: int) -> list[list[Cell]]:
    return [["query", "document", *[None] * (width - 2)], ["q?", "d", *[None] * (width - 3), "x"]]


def _sparse(width: int) -> list[list[Cell]]:
    head: list[Cell] = ["query", "document", *["name" if n % 9 == 0 else None for n in range(width - 2)]]
    return [head, ["q?", "d", *[None] * (width - 3), "x"]]


def _numbered(width: int) -> list[list[Cell]]:
    head: list[Cell] = ["query", "document", *[f"doc{n}" for n in range(width - 2)]]
    return [head, ["q?", "d", *["x"] * (width - 2)]]


def _staircase(width: int) -> list[list[Cell]]:
    steps = [[*[None] * (width * step // 40), "x"] for step in range(1, 40)]
    return [["query", "document", *[None] * (width - 3), "x"], ["q?", "d"], *steps]


def _tall(height: int) -> list[list[Cell]]:
    return [["query", "document"], *[["q?", "d"] if n % 50 == 0 else [None, None] for n in range(height)]]


@pytest.mark.parametrize(
    "made", [_blank, _sparse, _numbered, _staircase, _tall], ids=lambda made: made.__name__
)
def test_eight_times_the_sheet_takes_no_more_than_eight_times_as_long(
    made: Callable[[int], list[list[Cell]]],
) -> None:
    small, large = (_seconds(made(size)) for size in (4_000, 32_000))
    # Twice as much again for what a shared machine adds; a square would be 64 times.
    assert large < 8 * 2 * max(small, 0.02)


def _seconds(rows: list[list[Cell]]) -> float:
    """The lesser processor time of two imports."""
    source = Source("a.xls", "xls", "", 0, (Grid("S", rows, range(1, len(rows) + 1)),))
    taken = []
    for _ in range(2):
        began = time.process_time()
        try:
            import_source(source)
        except InputError as refusal:
            assert refusal.message
        taken.append(time.process_time() - began)
    return min(taken)
