"""Headers over two rows: «候选1» above «内容» and «打分», «候选2» above the same again, as one row of names.

Which row is the header is found by `headers`; here its neighbour is joined to it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.sheets.records import Cell, Grid

_LONGEST_NAME = 30
_FEWEST_GROUPS = 2
_NUMBER = re.compile(r"([0-9]{1,3}|[a-hA-H])$")
_LISTED = re.compile(r"[一二三四五六七八九十①-⑳]$")


def joined_header(grid: Grid, filled: Sequence[int], header: int) -> tuple[Grid, int, int] | None:
    """The grid with both rows' names in the lower one, and both rows; None for a usual header."""
    place = filled.index(header)
    near = filled[max(0, place - 1) : place + 2]
    for upper, lower in zip(near, near[1:], strict=False):
        names = _joined(grid.rows[upper], grid.rows[lower]) if lower == upper + 1 else None
        if names is not None:
            rows = [names if index == lower else row for index, row in enumerate(grid.rows)]
            ends = (grid.numbers[upper], grid.numbers[lower])
            merged = tuple(area for area in grid.merged if area[0] not in ends)
            return replace(grid, rows=rows, merged=merged), upper, lower
    return None


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell] | None:
    """One name per column, or None where the lower row does not repeat names below the upper one's."""
    width = max(len(upper), len(lower))
    above = [*upper, *[None] * (width - len(upper))]
    below = [*lower, *[None] * (width - len(lower))]
    if not all(_is_name(cell) for cell in below if cell is not None):
        return None
    groups: dict[int, list[int]] = {}
    start = None
    for at in range(width):
        if above[at] is not None and (start is None or above[at] != above[start]):
            start = at
        if start is not None and below[at] is not None:
            groups.setdefault(start, []).append(at)
    several = [tuple(below[at] for at in places) for places in groups.values() if len(places) > 1]
    if len(several) < _FEWEST_GROUPS or len(set(several)) > 1 or len(set(several[0])) < len(several[0]):
        return None
    names: list[Cell] = list(above)
    for start, places in groups.items():
        for at in places:
            names[at] = _name(str(above[start]).strip(), str(below[at]).strip())
    return names


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_NAME and not cell.strip().isdigit()


def _name(above: str, below: str) -> str:
    """The lower name with the number of the upper one: «打分 1»; both names where it has none."""
    number = _NUMBER.search(above) or _LISTED.search(above)
    return f"{below} {number.group()}" if number else f"{above} {below}"
