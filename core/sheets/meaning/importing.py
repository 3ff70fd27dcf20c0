"""Imports a spreadsheet as query–document pairs: the front door for batch jobs and evaluation.

It joins the steps: read, find the header, settle the roles, lay the pairs out. Scoring is not its business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.sheets.meaning.layouts import make_pairs
from core.sheets.meaning.pairs import PairColumns, RoleTable
from core.sheets.meaning.reports import (
    ColumnMapping,
    FileReport,
    ResolvedRoles,
    formulas_without_results,
    resolve_roles,
    survey,
)
from core.sheets.meaning.roles import Layout
from core.sheets.meaning.vocabulary import Role
from core.sheets.reading.sources import read_source
from core.sheets.records import ReadLimits, RowProblem, Source, Table
from core.sheets.tables import clean_text

if TYPE_CHECKING:
    import pandas as pd

# The columns of ImportedTable.pairs, in order.
PAIR_COLUMNS = (
    "query_number",
    "query_id",
    "query",
    "document_id",
    "document",
    "label",
    "initial_rank",
    "initial_score",
    "group",
    "instruction",
    "origin",
    "pool_origin",
    "row",
)

NO_LAYOUT = "The table has documents in {count} columns but the layout {layout} takes one."


@dataclass(frozen=True, slots=True)
class Pool:
    """Where the documents are when they are not beside the queries: another sheet, or another file."""

    path: Path | None = None
    sheet: str | None = None
    encoding: str | None = None
    mapping: ColumnMapping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """What a person corrected; everything left out is guessed.

    mapping: role → column(s). header_row: as the file counts, 0 for none. query: for files of documents
    only. pool: the documents' sheet or file, for queries that come without.
    """

    mapping: ColumnMapping = field(default_factory=dict)
    sheet: str | None = None
    layout: Layout | None = None
    header_row: int | None = None
    query: str | None = None
    pool: Pool | None = None


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Query–document pairs in input order, with the file's own columns kept apart for export.

    pairs, one row per pair:
        query_number  int64    0, 1, … by first appearance; equal for one query
        query_id      str      the file's id (also of another row with this text), else «q1», «q2», …
        query         str
        document_id   str      the file's id, else «d1», «d2», …, equal for equal texts
        document      str
        label         float64  NaN = unjudged
        initial_rank  float64  NaN = unknown; in wide and cell layouts the position, from 1
        initial_score float64  NaN = unknown
        group         str or None
        instruction   str or None
        origin        int64    row of `originals` this pair comes from
        pool_origin   int64    row of `pool_originals`, -1 without a pool
        row           int64    row (or line) in the file, as the file counts
    originals: the file's columns as read, one row per data row, Python values (str, int, float, bool,
        date, datetime, time, None). pool_originals: the same of the pool; None without one.
    roles: which columns were used as what.
    """

    pairs: "pd.DataFrame"
    originals: "pd.DataFrame"
    pool_originals: "pd.DataFrame | None"
    layout: Layout
    roles: ResolvedRoles
    problems: tuple[RowProblem, ...]
    report: FileReport

    @property
    def queries(self) -> int:
        """How many different queries there are."""
        return int(self.pairs["query_number"].max()) + 1 if len(self.pairs) else 0


def import_table(
    path: Path,
    *,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    layout: Layout | None = None,
    query: str | None = None,
    pool: Pool | None = None,
    limits: ReadLimits | None = None,
) -> ImportedTable:
    """Read a file and import it. InputError says what is wrong with the file, or which role is uncertain."""
    choices = ImportChoices(mapping or {}, sheet, layout, None, query, pool)
    return import_source(read_source(path, encoding=encoding, limits=limits), choices, limits=limits)


def import_source(
    source: Source, choices: ImportChoices | None = None, *, limits: ReadLimits | None = None
) -> ImportedTable:
    """Import a file already read, so that a page can correct its choices without reading again."""
    choices = choices or ImportChoices()
    report, tables = survey(source, sheet=choices.sheet, header_row=choices.header_row)
    chosen = report.chosen
    pool = _pool(source, report, choices, limits)
    layout = _layout(report, choices, pool is not None)
    needed: tuple[Role, ...] = ("query", "document")
    if pool is not None:
        needed = ("query",)
    elif layout == "documents":
        needed = ("document",)
    roles = dict(resolve_roles(chosen, choices.mapping, needed=needed, where=report.name))
    if layout == "documents":
        roles.pop("query", None)
        _require_query(choices, report)
    elif pool is not None:
        roles.pop("document", None)
    layout = _fitting(layout, roles, choices)
    main = RoleTable.of(tables[chosen.name], roles)
    query = clean_text(choices.query.strip()) if choices.query and layout == "documents" else None
    columns = make_pairs(main, layout, pool=pool.table if pool else None, query=query)
    if not columns.query:
        raise _no_pairs(report, columns)
    problems = (*source.problems, *main.table.problems, *(pool.problems if pool else ()), *columns.problems)
    return ImportedTable(
        pairs=_pairs_frame(columns),
        originals=_frame(main.table),
        pool_originals=_frame(pool.table.table) if pool else None,
        layout=layout,
        roles=roles,
        problems=problems,
        report=replace(report, layout=layout),
    )


@dataclass(frozen=True, slots=True)
class _FoundPool:
    table: RoleTable
    problems: tuple[RowProblem, ...]


def _pool(
    source: Source, report: FileReport, choices: ImportChoices, limits: ReadLimits | None
) -> _FoundPool | None:
    """The documents' table, when the choices or the guess say that it is apart from the queries."""
    wanted = choices.pool
    if wanted is None:
        two = choices.layout == "two_sheets" or (choices.layout is None and report.layout == "two_sheets")
        if not two or report.pool_sheet is None:
            if choices.layout == "two_sheets":
                raise InputError(
                    "The layout needs a second sheet or file with the documents, and none was found.",
                    where=report.name,
                    hint="Choose the sheet or the file that holds them.",
                )
            return None
        wanted = Pool(sheet=report.pool_sheet)
    pool_source = source
    problems: tuple[RowProblem, ...] = ()
    if wanted.path is not None:
        pool_source = read_source(wanted.path, encoding=wanted.encoding, limits=limits)
        problems = pool_source.problems
    pool_report, tables = survey(pool_source, sheet=wanted.sheet)
    sheet = pool_report.chosen
    roles = resolve_roles(sheet, wanted.mapping, needed=("document",), where=pool_report.name)
    table = tables[sheet.name]
    return _FoundPool(RoleTable.of(table, roles), (*problems, *table.problems))


def _layout(report: FileReport, choices: ImportChoices, has_pool: bool) -> Layout:
    if has_pool:
        return "two_sheets"
    if choices.layout is not None:
        return choices.layout
    if choices.query is not None and not choices.mapping.get("query"):
        return "documents"
    own = report.chosen.layout
    if own in (None, "documents") and choices.mapping.get("query"):
        return "long"
    return own or "long"


def _require_query(choices: ImportChoices, report: FileReport) -> None:
    if not (choices.query and choices.query.strip()):
        raise InputError(
            "The file holds documents but no queries.",
            where=report.name,
            hint="Give the query with --query, or name its column with --map query=COLUMN.",
        )


def _fitting(layout: Layout, roles: Mapping[Role, tuple[str, ...]], choices: ImportChoices) -> Layout:
    """Mapping several columns to the document makes the layout wide; one column makes it long."""
    documents = len(roles.get("document", ()))
    if choices.layout is not None:
        if documents > 1 and choices.layout in ("long", "cell", "documents"):
            raise InputError(NO_LAYOUT, count=documents, layout=choices.layout)
        return choices.layout
    if documents > 1 and layout in ("long", "cell"):
        return "wide"
    if documents == 1 and layout == "wide" and choices.mapping.get("document"):
        return "long"
    return layout


def _no_pairs(report: FileReport, columns: PairColumns) -> InputError:
    if any(problem.kind == "formula_without_result" for problem in report.problems):
        return formulas_without_results(report.name)
    reasons = {problem.kind: problem.message for problem in columns.problems}
    return InputError(
        "The file gives no query–document pair. {reason}",
        where=report.name,
        hint="Check which columns are the query and the document.",
        reason=" ".join(reasons.values()) or "Its table has no rows.",
    )


def _pairs_frame(columns: PairColumns) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    queries: dict[str, int] = {}
    numbers = [queries.setdefault(key, len(queries)) for key in columns.query_key]
    documents: dict[str, int] = {}
    document_numbers = [documents.setdefault(text, len(documents)) for text in columns.document]
    query_ids = _with_made_ids(columns.query_id, numbers, "q")
    document_ids = _with_made_ids(columns.document_id, document_numbers, "d")

    def floats(values: list[float | None]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    return pd.DataFrame(
        {
            "query_number": np.array(numbers, dtype=np.int64),
            "query_id": pd.array(query_ids, dtype="str"),
            "query": pd.array(columns.query, dtype="str"),
            "document_id": pd.array(document_ids, dtype="str"),
            "document": pd.array(columns.document, dtype="str"),
            "label": floats(columns.label),
            "initial_rank": floats(columns.initial_rank),
            "initial_score": floats(columns.initial_score),
            "group": pd.Series(columns.group, dtype=object),
            "instruction": pd.Series(columns.instruction, dtype=object),
            "origin": np.array(columns.origin, dtype=np.int64),
            "pool_origin": np.array(columns.pool_origin, dtype=np.int64),
            "row": np.array(columns.row, dtype=np.int64),
        },
        columns=list(PAIR_COLUMNS),
    )


def _with_made_ids(given: list[str | None], numbers: list[int], letter: str) -> list[str]:
    """The file's ids; blank ones become «q1», «q2», … by number, passing over those that the file uses."""
    taken = {own for own in given if own is not None}
    made: dict[int, str] = {}
    place = 0
    for own, number in zip(given, numbers, strict=True):
        if own is None and number not in made:
            place = max(place, number) + 1
            while f"{letter}{place}" in taken:
                place += 1
            made[number] = f"{letter}{place}"
    return [made[number] if own is None else own for own, number in zip(given, numbers, strict=True)]


def _frame(table: Table) -> "pd.DataFrame":
    """The file's own columns, cells as they were read; no type is guessed, so ids stay ids."""
    import pandas as pd

    columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    return pd.DataFrame(
        {
            name: pd.Series(list(cells), dtype=object)
            for name, cells in zip(table.columns, columns, strict=True)
        }
    )
