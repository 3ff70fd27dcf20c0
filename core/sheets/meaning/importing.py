"""Imports a spreadsheet as query–document pairs: the front door for batch jobs and evaluation.

It joins the steps: read, find the header, settle the roles, lay the pairs out. Scoring is not its business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import InputError
from core.sentences import sentence
from core.sheets.meaning.cells import label_parts
from core.sheets.meaning.layouts import make_pairs
from core.sheets.meaning.pairs import PairColumns, RoleTable, cell_text
from core.sheets.meaning.reports import (
    ColumnMapping,
    FileReport,
    ResolvedRoles,
    formulas_without_results,
    resolve_roles,
    score_direction,
    survey,
)
from core.sheets.meaning.roles import Layout
from core.sheets.meaning.scales import LabelScale, scale_of
from core.sheets.meaning.score_direction import ScoreDirection, contradiction
from core.sheets.meaning.vocabulary import Role
from core.sheets.pair_table import PairTable
from core.sheets.reading.sources import read_source
from core.sheets.records import Cell, ReadLimits, RowProblem, Source, Table
from core.sheets.tables import clean_text

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
    only. pool: the documents' sheet or file, for queries that come without. grades: of labels, by label.
    """

    mapping: ColumnMapping = field(default_factory=dict)
    sheet: str | None = None
    layout: Layout | None = None
    header_row: int | None = None
    query: str | None = None
    pool: Pool | None = None
    grades: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """Query–document pairs in input order, with the file's own columns kept apart for export.

    originals: the file's own rows as read; no type is guessed, so ids stay ids. pool_originals: the same of
    the pool; None without one.
    roles: which columns were used as what. score_direction: «asc» where low initial scores are better.
    scale: how the labels were read.
    """

    pairs: PairTable
    originals: Table
    pool_originals: Table | None
    layout: Layout
    roles: ResolvedRoles
    problems: tuple[RowProblem, ...]
    report: FileReport
    score_direction: ScoreDirection = "desc"
    scale: LabelScale = LabelScale()

    @property
    def queries(self) -> int:
        """How many different queries there are."""
        return self.pairs.queries


def import_table(
    path: Path,
    *,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    layout: Layout | None = None,
    query: str | None = None,
    pool: Pool | None = None,
    grades: Mapping[str, float] | None = None,
    limits: ReadLimits | None = None,
) -> ImportedTable:
    """Read a file and import it. InputError says what is wrong with the file, or which role is uncertain."""
    choices = ImportChoices(mapping or {}, sheet, layout, None, query, pool, grades or {})
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
    main, scale = _graded(RoleTable.of(tables[chosen.name], roles), layout, choices.grades)
    if pool is not None and not roles.get("label"):
        graded, scale = _graded(pool.table, layout, choices.grades)
        pool = replace(pool, table=graded)
    query = clean_text(choices.query.strip()) if choices.query and layout == "documents" else None
    columns = make_pairs(main, layout, pool=pool.table if pool else None, query=query)
    if not columns.query:
        raise _no_pairs(report, columns)
    direction, doubt = _direction(main, roles, choices, pool, columns)
    read_as = scale.read_as()
    graded_columns = ", ".join(roles.get("label", ()))
    problems = (
        *((RowProblem("label_scale", read_as, chosen.name, None, graded_columns),) if read_as else ()),
        *source.problems,
        *main.table.problems,
        *(pool.problems if pool else ()),
        *columns.problems,
        *doubt,
    )
    return ImportedTable(
        pairs=_pair_table(columns),
        originals=main.table,
        pool_originals=pool.table.table if pool else None,
        layout=layout,
        roles=roles,
        problems=problems,
        report=replace(report, layout=layout),
        score_direction=direction,
        scale=scale,
    )


def _graded(table: RoleTable, layout: Layout, given: Mapping[str, float]) -> tuple[RoleTable, LabelScale]:
    """The table with the grades of its labels. Labels that share a cell are looked up one by one."""
    places = table.places.get("label", ())
    cells: list[Cell] = [row[place] for place in places for row in table.table.rows]
    if layout == "cell":
        cells = [part or None for cell in cells for part in label_parts(cell_text(cell) or "", 2)]
    scale = scale_of(cells, given) if places else LabelScale()
    return replace(table, grades=dict(scale.grades)), scale


def _direction(
    main: RoleTable,
    roles: ResolvedRoles,
    choices: ImportChoices,
    pool: "_FoundPool | None",
    columns: PairColumns,
) -> tuple[ScoreDirection, tuple[RowProblem, ...]]:
    """Whether low initial scores are better, and a remark where the order of the lists says otherwise."""
    table, mapping = main, choices.mapping
    if not roles.get("initial_score") and pool is not None and pool.roles.get("initial_score"):
        table, roles = pool.table, pool.roles
        mapping = choices.pool.mapping if choices.pool else {}
    direction, said = score_direction(roles, mapping, table.table.columns)
    template = None if said else contradiction(columns, direction)
    if template is None:
        return direction, ()
    (column, *_) = roles["initial_score"]
    remark = sentence(template, column=column)
    return direction, (RowProblem("score_direction", remark, table.table.sheet, None, column),)


@dataclass(frozen=True, slots=True)
class _FoundPool:
    table: RoleTable
    roles: ResolvedRoles
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
    return _FoundPool(RoleTable.of(table, roles), roles, (*problems, *table.problems))


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


def _pair_table(columns: PairColumns) -> PairTable:
    queries: dict[str, int] = {}
    numbers = [queries.setdefault(key, len(queries)) for key in columns.query_key]
    documents: dict[str, int] = {}
    document_numbers = [documents.setdefault(text, len(documents)) for text in columns.document]
    return PairTable(
        query_number=tuple(numbers),
        query_id=tuple(_with_made_ids(columns.query_id, numbers, "q")),
        query=tuple(columns.query),
        document_id=tuple(_with_made_ids(columns.document_id, document_numbers, "d")),
        document=tuple(columns.document),
        label=tuple(columns.label),
        initial_rank=tuple(columns.initial_rank),
        initial_score=tuple(columns.initial_score),
        group=tuple(columns.group),
        instruction=tuple(columns.instruction),
        origin=tuple(columns.origin),
        pool_origin=tuple(columns.pool_origin),
        row=tuple(columns.row),
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
