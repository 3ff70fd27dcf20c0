"""Turns a grid into a table: sets notes aside, fills merged cells, names the columns.

What it sets aside or repairs it reports with row numbers. Which row is the header is found in `header_rows`.
It does not know which column is the query.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.errors import InputError
from core.sentences import sentence
from core.sheets.meaning.header_rows import header_of
from core.sheets.meaning.two_row_headers import joined_header
from core.sheets.records import Cell, Grid, RowProblem, Table

NOTE_ABOVE = "The row above the table is taken for a note and left out: «{text}»."
NOTE_BELOW = "The row below the table is taken for a note and left out: «{text}»."
REPEATED_HEADER = "The row repeats the header and was left out."
TOO_FEW_FIELDS = "The row has {found} fields, fewer than the {expected} of the header."
TOO_MANY_FIELDS = "The row has {found} fields, more than the {expected} of the header; left out: «{text}»."
RENAMED_COLUMN = "The column name {name} occurs more than once; this one is now called {renamed}."
UNNAMED_COLUMN = "A column without a name is now called {renamed}."
ERROR_VALUE = "The cell holds the error {error} and counts as blank."
MORE_ERRORS = "{count} more cells hold errors and count as blank."
NO_RESULT = (
    "{count} formulas in this column have no saved result, so their cells are blank. "
    "Open the file in Excel once and save it."
)
NO_HEADER = "No header row was found; the columns are named by their position."

# Excel's error values, as text and as cells.
ERROR_TEXTS = frozenset(
    "#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #SPILL! #CALC! #FIELD! #GETTING_DATA #BLOCKED! "
    "#CONNECT! #UNKNOWN! #DATA!".split()
)

_MOST_NOTES_BELOW = 10
_MOST_LISTED = 500
_MOST_FILLED = 5_000_000


def find_table(
    grid: Grid, *, has_names: bool = False, header_row: int | None = None, sparse_rows: bool = False
) -> Table:
    """The table in a grid. `header_row` (as the file counts) overrides the search; 0 says there is none.

    sparse_rows: a row with a single cell is data also at the table's end, where it is a note otherwise.
    """
    filled = [index for index, row in enumerate(grid.rows) if any(cell is not None for cell in row)]
    if not filled:
        marks = _error_problems(dict.fromkeys(grid.errors, "#"), ()) + _formula_problems(grid, ())
        found = tuple(_on_sheet(problem, grid.name) for problem in (*grid.problems, *marks))
        return Table(grid.name, (), (), (), None, found)
    if has_names:
        header: int | None = filled[0]
    elif header_row is None:
        header = header_of(grid, filled)
    else:
        header = _given_header(grid, header_row)
    joined = None if header is None or has_names else joined_header(grid, filled, header)
    if joined is not None:
        grid, upper, header = joined
        filled.remove(upper)
    body = [index for index in filled if header is None or index > header]
    problems = list(grid.problems)
    problems += _notes_above(grid, filled, header)
    rows = _merged_rows(grid, header, body)
    if not sparse_rows:
        body, below = _split_notes_below(grid, rows, body)
        problems += below
    width, ragged = _width(grid, rows, header, body)
    problems += ragged
    columns, naming = _names(rows, grid, header, body, width)
    problems += naming
    cleaned, numbers, cell_problems = _clean_rows(grid, rows, header, body, columns)
    problems += cell_problems
    if header is None and len(columns) > 1:
        problems.append(RowProblem("no_header", sentence(NO_HEADER)))
    return Table(
        sheet=grid.name,
        columns=columns,
        rows=cleaned,
        numbers=numbers,
        header_row=None if header is None or has_names else grid.numbers[header],
        problems=tuple(_on_sheet(problem, grid.name) for problem in problems),
    )


def column_letter(index: int) -> str:
    """Excel's letter for a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _on_sheet(problem: RowProblem, sheet: str) -> RowProblem:
    return problem if problem.sheet or not sheet else replace(problem, sheet=sheet)


def _given_header(grid: Grid, header_row: int) -> int | None:
    if header_row <= 0:
        return None
    for index, number in enumerate(grid.numbers):
        if number == header_row:
            return index
    raise InputError("There is no row {row} to be the header.", where=grid.name, row=header_row)


def _notes_above(grid: Grid, filled: list[int], header: int | None) -> list[RowProblem]:
    if header is None:
        return []
    return [
        RowProblem("note_above", sentence(NOTE_ABOVE, text=_shown(grid.rows[index])), row=grid.numbers[index])
        for index in filled
        if index < header
    ]


def _shown(row: Sequence[Cell]) -> str:
    text = " ".join(str(cell) for cell in row if cell is not None)
    return text if len(text) <= 80 else text[:79] + "…"


def _merged_rows(grid: Grid, header: int | None, body: list[int]) -> Sequence[Sequence[Cell]]:
    """The rows with merged cells filled from their first cell: header names to the right, data everywhere."""
    if not grid.merged:
        return grid.rows
    rows = [list(row) for row in grid.rows]
    start = 0 if header is None else header
    last = body[-1] if body else start
    budget = _MOST_FILLED
    for top, left, bottom, right in grid.merged:
        first_row, last_row = top - 1, min(bottom - 1, last)
        if first_row < start or first_row > last or left >= len(rows[first_row]):
            continue
        if header is not None and first_row == header:
            last_row = header
        value = rows[first_row][left]
        budget -= max(last_row - first_row + 1, 0) * (right - left + 1)
        if value is None or budget < 0:
            continue
        for row in rows[first_row : last_row + 1]:
            row.extend([None] * (right + 1 - len(row)))
            row[left : right + 1] = [value] * (right + 1 - left)
    return rows


def _split_notes_below(
    grid: Grid, rows: Sequence[Sequence[Cell]], body: list[int]
) -> tuple[list[int], list[RowProblem]]:
    """Part off the few nearly empty rows at the end of a full table."""
    counts = [_filled(rows[index]) for index in body]
    usual = sorted(counts)[len(counts) // 2] if counts else 0
    if usual < 2 or len(body) < 3:
        return body, []
    end = len(body)
    while end > 0 and counts[end - 1] <= max(1, 0.35 * usual):
        end -= 1
    notes = body[end:]
    if not notes or len(notes) > _MOST_NOTES_BELOW or end < 2:
        return body, []
    after_gap = notes[0] - body[end - 1] > 1
    # Where rows above are just as empty (a query written once for its documents), they are data.
    sparse = sum(1 for count in counts[:end] if count <= max(1, 0.35 * usual))
    if (usual < 3 and not after_gap) or sparse:
        return body, []
    problems = [
        RowProblem(
            "note_below",
            sentence(NOTE_BELOW, text=_shown(rows[index])),
            row=grid.numbers[index],
            skipped=True,
        )
        for index in notes
    ]
    return body[:end], problems


def _filled(row: Sequence[Cell]) -> int:
    """Cells that hold something; one that is merged over several columns counts once."""
    previous: Cell = None
    count = 0
    for cell in row:
        count += cell is not None and cell != previous
        previous = cell
    return count


def _width(
    grid: Grid, rows: Sequence[Sequence[Cell]], header: int | None, body: list[int]
) -> tuple[int, list[RowProblem]]:
    """How many columns the table has, and the rows of a text file that have more or fewer fields."""
    widths = Counter(len(rows[index]) for index in body)
    widest = max(widths, default=0)
    if header is None:
        return max(widest, 1), []
    named = len(rows[header])
    if not grid.widths:
        return max(widest, named), []
    expected = grid.widths[header]
    beyond = sum(count for width, count in widths.items() if width > expected)
    if beyond > 0.5 * len(body):
        expected = widest  # names are missing, not the rows wrong
    problems = []
    for index in body:
        found, number = grid.widths[index], grid.numbers[index]
        if found < expected:
            facts: dict[str, object] = {"found": found, "expected": expected}
            problems.append(RowProblem("too_few_fields", sentence(TOO_FEW_FIELDS, **facts), row=number))
        elif len(rows[index]) > expected:
            facts = {"found": found, "expected": expected, "text": _shown(rows[index][expected:])}
            problems.append(RowProblem("too_many_fields", sentence(TOO_MANY_FIELDS, **facts), row=number))
    return max(expected, named), problems


def _names(
    rows: Sequence[Sequence[Cell]], grid: Grid, header: int | None, body: list[int], width: int
) -> tuple[tuple[str, ...], list[RowProblem]]:
    """Distinct column names; blank columns at the end without a name are dropped."""
    head = list(rows[header]) if header is not None else []
    head += [None] * (width - len(head))
    used = [False] * width
    for index in body:
        for column, cell in enumerate(rows[index][:width]):
            used[column] = used[column] or cell is not None
    while width > 1 and head[width - 1] is None and not used[width - 1]:
        width -= 1
    taken: set[str] = set()
    names: list[str] = []
    problems: list[RowProblem] = []
    row = None if header is None else grid.numbers[header] or None
    given = [_clean_name(head[column]) for column in range(width)]
    wanted = set(given)
    # Where the search for a free number goes on, so that a thousand equal names do not each begin at 2.
    numbers: dict[str, int] = {}
    for column, name in enumerate(given):
        plain = name or f"Column {column_letter(column)}"
        final, number = plain, numbers.get(plain, 1)
        while final in taken or (final != name and final in wanted):
            number += 1
            final = f"{plain} ({number})"
        numbers[plain] = number
        taken.add(final)
        names.append(final)
        if header is not None and not name:
            problems.append(
                RowProblem("unnamed_column", sentence(UNNAMED_COLUMN, renamed=final), row=row, column=final)
            )
        elif header is not None and final != name:
            facts = {"name": name, "renamed": final}
            problems.append(
                RowProblem("renamed_column", sentence(RENAMED_COLUMN, **facts), row=row, column=final)
            )
    return tuple(names), problems


def _clean_name(cell: Cell) -> str:
    if cell is None:
        return ""
    return re.sub(r"\s+", " ", str(cell).replace("\ufeff", "").replace("\u200b", "")).strip()


def _clean_rows(
    grid: Grid,
    rows: Sequence[Sequence[Cell]],
    header: int | None,
    body: list[int],
    columns: tuple[str, ...],
) -> tuple[list[tuple[Cell, ...]], list[int], list[RowProblem]]:
    """Body rows of equal width, with error values blanked and repeated headers left out."""
    width = len(columns)
    header_cells = tuple(rows[header][:width]) if header is not None else ()
    cleaned: list[tuple[Cell, ...]] = []
    numbers: list[int] = []
    problems: list[RowProblem] = []
    errors = dict.fromkeys(grid.errors, "#")
    for index in body:
        row = rows[index]
        number = grid.numbers[index]
        cells = tuple(row[:width]) if len(row) >= width else (*row, *[None] * (width - len(row)))
        if header_cells and cells[: len(header_cells)] == header_cells and width > 1:
            problems.append(
                RowProblem("repeated_header", sentence(REPEATED_HEADER), row=number, skipped=True)
            )
            continue
        if not ERROR_TEXTS.isdisjoint(cells):
            errors |= {
                (number, column): str(cell) for column, cell in enumerate(cells) if cell in ERROR_TEXTS
            }
            cells = tuple(None if cell in ERROR_TEXTS else cell for cell in cells)
        cleaned.append(cells)
        numbers.append(number)
    return cleaned, numbers, problems + _error_problems(errors, columns) + _formula_problems(grid, columns)


def _error_problems(errors: dict[tuple[int, int], str], columns: tuple[str, ...]) -> list[RowProblem]:
    problems = []
    for (row, column), error in sorted(errors.items())[:_MOST_LISTED]:
        name = columns[column] if column < len(columns) else column_letter(column)
        shown = error if error != "#" else "#…!"
        problems.append(RowProblem("error_value", sentence(ERROR_VALUE, error=shown), row=row, column=name))
    if len(errors) > _MOST_LISTED:
        problems.append(RowProblem("error_value", sentence(MORE_ERRORS, count=len(errors) - _MOST_LISTED)))
    return problems


def _formula_problems(grid: Grid, columns: tuple[str, ...]) -> list[RowProblem]:
    counts, first = Counter(column for _, column in grid.uncached), dict[int, int]()
    for row, column in grid.uncached:
        first[column] = min(row, first.get(column, row))
    problems = []
    for column, count in sorted(counts.items()):
        name = columns[column] if column < len(columns) else column_letter(column)
        row = first[column]
        problems.append(
            RowProblem("formula_without_result", sentence(NO_RESULT, count=count), row=row, column=name)
        )
    return problems
