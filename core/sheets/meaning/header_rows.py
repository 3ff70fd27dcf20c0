"""Which row of a grid holds the names of its columns: the one that looks most like names over what is below.

What is above it, and what the columns are then called, is the business of `headers`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.sheets.meaning.vocabulary import is_bare_id, match_header
from core.sheets.records import Cell, Grid

_ROWS_SEARCHED = 40
_ROWS_COMPARED = 60
# A row of names shows in its first cells; comparing all 16,384 of a hundred rows would take minutes.
_COLUMNS_COMPARED = 512
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[-+]?[\d,.，]+(?:[eE][-+]?\d+)?%?")
_SENTENCE_END = ("?", "？", "。", "！", "!", ".", "；")


@dataclass(frozen=True, slots=True)
class _RowShape:
    """Counts of a row's cells. numbers: cells that are numbers or dates; digits: text that is a number."""

    filled: int
    known: int
    numbers: int
    digits: int
    sentences: int
    repeated: int
    longest: int


def header_of(grid: Grid, filled: list[int]) -> int | None:
    """The row that looks most like names over the rows below it; the earliest of equals.

    filled: the indexes of the rows that hold something.
    """
    shapes = [_shape(grid.rows[index]) for index in filled[: _ROWS_SEARCHED + _ROWS_COMPARED]]
    # A cell merged over three rows and more stands for data below it; header cells span two at most.
    tall = {top for top, _, bottom, _ in grid.merged if bottom - top >= 2}
    best, best_score = None, 0.0
    for place, shape in enumerate(shapes[:_ROWS_SEARCHED]):
        if grid.numbers[filled[place]] in tall:
            continue
        below = shapes[place + 1 : place + 1 + _ROWS_COMPARED]
        # The further down, the less likely; a true header is above its data.
        score = _header_score(shape, below) - 0.15 * place
        if score > best_score:
            best, best_score = place, score
    return None if best is None else filled[best]


def _header_score(shape: _RowShape, below: list[_RowShape]) -> float:
    """Above 0 for rows that could be a header, more for likelier ones."""
    counts = sorted(row.filled for row in below)
    # Rows may hold nothing among the columns that are compared.
    usual = max(counts[len(counts) // 2] if counts else shape.filled, 1)
    if shape.longest > 2 * _LONGEST_NAME or shape.numbers + shape.digits == shape.filled:
        return 0.0
    if not below and not shape.known:
        return 0.0  # a single row is data
    if shape.filled == 1 and usual <= 1:
        # A single column: only a known name, or a word over numbers, is a header.
        over_numbers = bool(below) and all(row.numbers + row.digits == row.filled for row in below)
        return 4.0 if shape.known or over_numbers else 0.0
    if usual >= 2 and shape.filled < max(2, 0.5 * usual):
        return 0.0
    doubts = 6 * shape.numbers + 2 * shape.digits + 3 * shape.sentences + shape.repeated
    return 3 * min(shape.filled / usual, 1) ** 2 + 1.5 * min(shape.known, 3) - doubts / shape.filled


def _shape(row: Sequence[Cell]) -> _RowShape:
    cells = [cell for cell in row[:_COLUMNS_COMPARED] if cell is not None]
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    years = sum(1 for cell in cells if type(cell) is int and 1900 <= cell <= 2100)
    return _RowShape(
        filled=len(cells),
        known=sum(map(_is_known, set(texts))),
        numbers=len(cells) - len(texts) - years,
        digits=years + sum(1 for text in texts if _NUMBER.fullmatch(text)),
        sentences=sum(1 for text in texts if len(text) > 60 or text.endswith(_SENTENCE_END)),
        repeated=len(texts) - len(set(texts)),
        longest=max(map(len, texts), default=0),
    )


def _is_known(text: str) -> bool:
    """Whether a cell is, as a whole, a usual name of a column."""
    if not 2 <= len(text) <= 40 or text.endswith(_SENTENCE_END):
        return False
    match = match_header(text)
    return is_bare_id(text) or (match is not None and match.strength >= 0.8)
