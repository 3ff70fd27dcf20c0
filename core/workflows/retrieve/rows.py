"""Tables as passages (a row a passage) or as labelled questions: which column is what, its cells as text.

Headers are known to `core.sheets`; what only passages have, title and source, is known here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from core.errors import InputError
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.roles import CERTAIN, ColumnGuess, guess_roles
from core.sheets.meaning.vocabulary import is_bare_id, normalise
from core.sheets.reading.sources import read_source
from core.sheets.records import Table
from core.sheets.tables import as_text, clean_text

Part = Literal["document_id", "document", "title", "source", "query_id", "query", "label", "group"]
PARTS: tuple[Part, ...] = (
    "document_id",
    "document",
    "title",
    "source",
    "query_id",
    "query",
    "label",
    "group",
)
_OWN_NAMES: dict[Part, frozenset[str]] = {
    "title": frozenset(
        "title doctitle heading subject 标题 題名 标题名称 文章标题 文档标题 題目 主题".split()
    ),
    "source": frozenset("source sources file filename url link 来源 來源 文件 文件名 出处 链接 网址".split()),
}

UNSURE = "Which column is the {part} is not certain."
UNSURE_HINT = "Say it: --map {part}=COLUMN. Columns: {columns}."
NO_SUCH_COLUMN = "There is no column «{column}»."
COLUMNS_HINT = "Columns: {columns}."
NO_SUCH_PART = "«{part}» is not a part of a passage or a question."
PARTS_HINT = "Parts: {parts}."
NO_SUCH_SHEET = "There is no sheet «{sheet}»."
SHEETS_HINT = "Sheets: {sheets}."
NO_ROWS = "The file holds no table with rows."


@dataclass(frozen=True, slots=True)
class PartTable:
    """A table whose columns are known. columns: part → position."""

    name: str
    table: Table
    columns: Mapping[Part, int]

    def cells(self, part: Part) -> list[str]:
        """A part's cells as text, one a row; "" where it is blank or there is no such column."""
        at = self.columns.get(part)
        return [""] * len(self.table.rows) if at is None else self._texts(at)

    def beside(self, parts: Collection[Part]) -> dict[str, list[str]]:
        """The cells of every column that is none of these parts, by its name."""
        taken = {at for part, at in self.columns.items() if part in parts}
        return {name: self._texts(at) for at, name in enumerate(self.table.columns) if at not in taken}

    def holding(self, part: Part, values: Collection[str]) -> "PartTable":
        """With the one column without a part that holds nothing but such values as this part; else as is."""
        taken = set(self.columns.values())
        found = []
        for at in range(len(self.table.columns)):
            cells = {cell for cell in self._texts(at) if cell} if at not in taken else set()
            if cells and cells <= set(values):
                found.append(at)
        return replace(self, columns={**self.columns, part: found[0]}) if len(found) == 1 else self

    def _texts(self, at: int) -> list[str]:
        cells = (row[at] for row in self.table.rows)
        return ["" if cell is None else clean_text(as_text(cell)).strip() for cell in cells]


def read_parts(
    path: Path,
    needed: Sequence[Part],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> PartTable:
    """The sheet that has the needed parts most surely, its columns guessed or as told.

    InputError when a needed part is not certain, or when a name in `mapping` does not exist.
    """
    best = _best(path, needed, mapping or {}, sheet, encoding)
    missing = next((part for part in needed if part not in best.columns), None)
    if missing is not None:
        raise InputError(
            UNSURE,
            where=path.name,
            hint=UNSURE_HINT,
            part=missing,
            columns=", ".join(best.table.columns),
        )
    return best


def guessed_parts(path: Path, needed: Sequence[Part]) -> tuple[tuple[str, ...], dict[Part, str]]:
    """The names of a table's columns, and which of them are certainly which part."""
    best = _best(path, needed, {}, None, None)
    return best.table.columns, {part: best.table.columns[at] for part, at in best.columns.items()}


def _best(
    path: Path, needed: Sequence[Part], mapping: Mapping[str, str], sheet: str | None, encoding: str | None
) -> PartTable:
    source = read_source(path, encoding=encoding)
    grids = [grid for grid in source.grids if grid.kind == "worksheet" and grid.rows]
    if sheet is not None:
        names = ", ".join(grid.name for grid in grids)
        grids = [grid for grid in grids if grid.name == sheet]
        if not grids:
            raise InputError(NO_SUCH_SHEET, where=source.name, hint=SHEETS_HINT, sheet=sheet, sheets=names)
    found: list[tuple[float, PartTable]] = []
    for grid in grids:
        # A question that nothing answers is a row with its question alone.
        table = find_table(grid, has_names=source.has_names, sparse_rows="query" in needed)
        if table.rows:
            columns, sureness = _columns(table, mapping, needed, source.name)
            found.append((sureness, PartTable(source.name, table, columns)))
    if not found:
        raise InputError(NO_ROWS, where=source.name)
    return max(found, key=lambda one: one[0])[1]


def _columns(
    table: Table, mapping: Mapping[str, str], needed: Sequence[Part], where: str
) -> tuple[dict[Part, int], float]:
    """Which column is what, and how sure the least sure needed one is; uncertain ones are left out.

    A part that `mapping` gives "" has no column.
    """
    refused = {_part(name) for name, column in mapping.items() if not column}
    told = {_part(name): _position(table, column, where) for name, column in mapping.items() if column}
    columns: dict[Part, int] = dict(told)
    taken = set(told.values())
    for part, names in _OWN_NAMES.items():
        for at, column in enumerate(table.columns):
            if part not in columns and part not in refused and at not in taken and normalise(column) in names:
                columns[part] = at
                taken.add(at)
    sure: dict[Part, float] = dict.fromkeys(told, 1.0)
    guesses = [(at, guess) for at, guess in enumerate(guess_roles(table).columns) if at not in taken]
    for at, guess in sorted(guesses, key=lambda one: -one[1].confidence):
        guessed = _as_part(guess)
        free = guessed is not None and guessed not in columns and guessed not in refused
        if guessed is not None and free and guess.confidence >= CERTAIN:
            columns[guessed], sure[guessed] = at, guess.confidence
            taken.add(at)
    if "document" in needed and "document_id" not in columns and "document_id" not in refused:
        bare = [at for at, column in enumerate(table.columns) if at not in taken and is_bare_id(column)]
        columns |= {"document_id": bare[0]} if bare else {}
    return columns, min((sure.get(part, 0.0) for part in needed), default=1.0)


def _as_part(guess: ColumnGuess) -> Part | None:
    return next((part for part in PARTS if part == guess.role), None)


def _part(name: str) -> Part:
    found = next((part for part in PARTS if part == name), None)
    if found is None:
        raise InputError(NO_SUCH_PART, where="--map", hint=PARTS_HINT, part=name, parts=", ".join(PARTS))
    return found


def _position(table: Table, column: str, where: str) -> int:
    if column in table.columns:
        return table.columns.index(column)
    wanted = normalise(column)
    same = [at for at, name in enumerate(table.columns) if normalise(name) == wanted]
    if not same:
        raise InputError(
            NO_SUCH_COLUMN, where=where, hint=COLUMNS_HINT, column=column, columns=", ".join(table.columns)
        )
    return same[0]
