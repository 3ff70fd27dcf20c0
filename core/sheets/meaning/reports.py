"""What the importer sees in a file: its sheets, their columns with guessed roles, and what is doubtful.

A report is made before anything is imported; a person or the command line corrects it with a mapping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from core.errors import InputError
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.roles import CERTAIN, ColumnGuess, Layout, RoleGuesses, guess_roles
from core.sheets.meaning.score_direction import ScoreDirection, mapped_direction, named_direction
from core.sheets.meaning.vocabulary import ROLES, Role, normalise
from core.sheets.reading.sources import read_source
from core.sheets.records import FileFormat, ReadLimits, RowProblem, SheetKind, Source, Table, Visibility

# A role to the column (or, for documents over several columns, the columns) that has it; "" for none.
ColumnMapping = Mapping[str, str | Sequence[str]]
ResolvedRoles = Mapping[Role, tuple[str, ...]]

UNCERTAIN = "It is not certain which column is the {role}; candidates: {candidates}."
MISSING = "No column looks like the {role}; the columns are: {candidates}."
MAP_HINT = "Choose the column; on the command line with --map {role}=COLUMN."


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One sheet. rows: data rows, without header and notes. layout: what its columns make by themselves."""

    name: str
    kind: SheetKind
    visibility: Visibility
    rows: int
    header_row: int | None
    columns: tuple[ColumnGuess, ...]
    layout: Layout | None
    confidence: float
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file as the importer sees it.

    sheet: the sheet that would be imported; pool_sheet: the sheet of documents when queries and documents
    are on two. certain: the guessed roles are good enough to import without asking.
    """

    name: str
    format: FileFormat
    sha256: str
    size: int
    encoding: str
    encoding_certain: bool
    separator: str
    sheets: tuple[SheetReport, ...]
    sheet: str
    pool_sheet: str | None
    layout: Layout | None
    certain: bool
    problems: tuple[RowProblem, ...]

    def sheet_report(self, name: str) -> SheetReport:
        """The report of one sheet."""
        return _sheet_named(self.name, self.sheets, name)

    @property
    def chosen(self) -> SheetReport:
        """The sheet that would be imported."""
        return self.sheet_report(self.sheet)


def inspect_file(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    limits: ReadLimits | None = None,
) -> FileReport:
    """Read a file and report what it holds. InputError when it cannot be read at all."""
    return inspect_source(read_source(path, encoding=encoding, limits=limits), sheet=sheet)


def inspect_source(source: Source, *, sheet: str | None = None, header_row: int | None = None) -> FileReport:
    """The report of a file already read. `header_row` applies to the chosen `sheet`."""
    return survey(source, sheet=sheet, header_row=header_row)[0]


def survey(
    source: Source, *, sheet: str | None = None, header_row: int | None = None
) -> tuple[FileReport, Mapping[str, Table]]:
    """The report together with the tables it speaks of, by sheet name."""
    sheets = []
    tables: dict[str, Table] = {}
    for grid in source.grids:
        given = header_row if sheet in (None, grid.name) else None
        table = find_table(grid, has_names=source.has_names, header_row=given)
        tables[grid.name] = table
        guesses = guess_roles(table) if table.rows else RoleGuesses((), None, 0.0)
        sheets.append(
            SheetReport(
                name=grid.name,
                kind=grid.kind,
                visibility=grid.visibility,
                rows=len(table.rows),
                header_row=table.header_row,
                columns=guesses.columns or _empty_columns(table),
                layout=guesses.layout,
                confidence=guesses.confidence,
                problems=table.problems,
            )
        )
    chosen, pool, layout, confidence = _choose(source, sheets, sheet)
    report = FileReport(
        name=source.name,
        format=source.format,
        sha256=source.sha256,
        size=source.size,
        encoding=source.encoding,
        encoding_certain=source.encoding_certain,
        separator=source.separator,
        sheets=tuple(sheets),
        sheet=chosen.name,
        pool_sheet=pool.name if pool else None,
        layout=layout,
        certain=confidence >= CERTAIN and layout is not None,
        problems=(*source.problems, *chosen.problems, *(pool.problems if pool else ())),
    )
    return report, tables


def _empty_columns(table: Table) -> tuple[ColumnGuess, ...]:
    return tuple(ColumnGuess(name, None, 0.0) for name in table.columns)


def _choose(
    source: Source, sheets: list[SheetReport], wanted: str | None
) -> tuple[SheetReport, SheetReport | None, Layout | None, float]:
    """The sheet to import, the pool beside it, the layout and its confidence.

    Hidden sheets are never chosen unasked. A wanted sheet that has queries only keeps its pool.
    """
    usable = [sheet for sheet in sheets if sheet.visibility == "visible" and sheet.rows]
    if wanted is not None:
        best = _sheet_named(source.name, sheets, wanted)
    elif not usable:
        raise _nothing_to_import(source, sheets)
    else:
        best = max(usable, key=lambda sheet: (_completeness(sheet), sheet.confidence))
    if _completeness(best) < 2 or best.confidence < CERTAIN:
        candidates = usable if wanted is None else [best]
        queries = [sheet for sheet in candidates if _has(sheet, "query") and not _has(sheet, "document")]
        pools = [sheet for sheet in usable if _has(sheet, "document") and not _has(sheet, "query")]
        if queries and pools:
            confidence = min(_sureness(queries[0], "query"), _sureness(pools[0], "document"))
            return queries[0], pools[0], "two_sheets", confidence
    return best, None, best.layout, best.confidence


def _sheet_named(where: str, sheets: Sequence[SheetReport], name: str) -> SheetReport:
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    raise InputError(
        "There is no sheet {sheet}; the sheets are: {sheets}.",
        where=where,
        sheet=name,
        sheets=", ".join(sheet.name for sheet in sheets),
    )


def _nothing_to_import(source: Source, sheets: list[SheetReport]) -> InputError:
    hidden = [sheet.name for sheet in sheets if sheet.visibility != "visible" and sheet.rows]
    if hidden:
        return InputError(
            "Only hidden sheets hold data: {sheets}.",
            where=source.name,
            hint="Choose the sheet explicitly.",
            sheets=", ".join(hidden),
        )
    kinds = {problem.kind for sheet in sheets for problem in sheet.problems}
    if "formula_without_result" in kinds:
        return formulas_without_results(source.name)
    if "error_value" in kinds:
        return InputError(
            "Every cell holds an error value such as #DIV/0!; there is nothing to import.",
            where=source.name,
            hint="Repair the formulas, save the file and upload it again.",
        )
    return InputError("The file is empty: it holds no data.", where=source.name, hint="Choose another file.")


def formulas_without_results(where: str) -> InputError:
    """The error for cells whose formulas were never calculated."""
    return InputError(
        "The cells hold formulas without saved results, so there is nothing to read.",
        where=where,
        hint="Open the file in Excel once, save it, and upload it again.",
    )


def _completeness(sheet: SheetReport) -> int:
    """2 for queries with documents, 1 for documents alone, 0 for neither."""
    if sheet.layout is None:
        return 0
    return 1 if sheet.layout == "documents" else 2


def _has(sheet: SheetReport, role: Role) -> bool:
    return _sureness(sheet, role) > 0.5


def _sureness(sheet: SheetReport, role: Role) -> float:
    return max((column.confidence for column in sheet.columns if column.role == role), default=0.0)


def resolve_roles(
    sheet: SheetReport,
    mapping: ColumnMapping | None = None,
    *,
    needed: tuple[Role, ...] = ("query", "document"),
    where: str = "",
) -> ResolvedRoles:
    """Settle which column has which role: the mapping first, then guesses that are certain.

    Raises InputError naming the candidates when a needed role is neither mapped nor certain.
    """
    names = [column.name for column in sheet.columns]
    roles: dict[Role, tuple[str, ...]] = {}
    for key, value in (mapping or {}).items():
        role = _role(key)
        wanted = (value,) if isinstance(value, str) else tuple(value)
        if role == "initial_score":
            wanted = tuple(mapped_direction(part, names)[0] for part in wanted)
        roles[role] = tuple(
            name for part in wanted if part for name in _columns_named(part, names, sheet.name)
        )
    taken = {name for columns in roles.values() for name in columns}
    for role in ROLES:
        if role in roles:
            continue
        guesses = [
            column
            for column in sheet.columns
            if column.role == role and column.name not in taken and column.confidence >= CERTAIN
        ]
        if guesses:
            roles[role] = tuple(column.name for column in guesses)
    for role in needed:
        if not roles.get(role):
            raise _unresolved(role, sheet, where, taken)
    return {role: columns for role, columns in roles.items() if columns}


def score_direction(
    roles: ResolvedRoles, mapping: ColumnMapping | None, names: Sequence[str]
) -> tuple[ScoreDirection, bool]:
    """Whether low or high initial scores are better, and whether a person said so."""
    value = (mapping or {}).get("initial_score", ())
    for part in (value,) if isinstance(value, str) else value:
        direction = mapped_direction(part, names)[1]
        if direction is not None:
            return direction, True
    columns = roles.get("initial_score", ())
    return (named_direction(columns[0]) if columns else "desc"), False


def _role(key: str) -> Role:
    for role in ROLES:
        if role == key.strip():
            return role
    raise InputError(
        "There is no column role {role}; the roles are: {roles}.", role=key, roles=", ".join(ROLES)
    )


def _columns_named(wanted: str, names: list[str], sheet: str) -> list[str]:
    """Columns by exact name, by a pattern with «*», by a comma-separated list, or by a name up to case."""
    if wanted in names:
        return [wanted]
    if "*" in wanted:
        found = [name for name in names if fnmatchcase(name, wanted)]
        if found:
            return found
    parts = [part.strip() for part in wanted.split(",")]
    if len(parts) > 1 and all(part in names for part in parts):
        return parts
    close = [name for name in names if normalise(name) == normalise(wanted)]
    if len(close) == 1:
        return close
    raise InputError(
        "There is no column {column}; the columns are: {columns}.",
        where=sheet,
        column=wanted,
        columns=", ".join(names),
    )


def _unresolved(role: Role, sheet: SheetReport, where: str, taken: set[str]) -> InputError:
    free = [column for column in sheet.columns if column.name not in taken]
    candidates = [column.name for column in free if column.role == role]
    for column in list(candidates):
        guess = next(guess for guess in free if guess.name == column)
        rival = guess.reason.facts.get("other")
        if isinstance(rival, str):
            candidates.append(rival)
    template = UNCERTAIN if candidates else MISSING
    return InputError(
        template,
        where=where or sheet.name,
        hint=MAP_HINT,
        role=role,
        candidates=", ".join(candidates or [column.name for column in free]),
    )


def report_record(report: FileReport) -> dict[str, object]:
    """The report as plain data for JSON, in English."""
    return {
        "file": report.name,
        "format": report.format,
        "sha256": report.sha256,
        "bytes": report.size,
        "encoding": report.encoding or None,
        "encoding_certain": report.encoding_certain,
        "separator": report.separator or None,
        "sheet": report.sheet,
        "pool_sheet": report.pool_sheet,
        "layout": report.layout,
        "certain": report.certain,
        "sheets": [_sheet_record(sheet) for sheet in report.sheets],
        "problems": [problem_record(problem) for problem in report.problems],
    }


def _sheet_record(sheet: SheetReport) -> dict[str, object]:
    return {
        "name": sheet.name,
        "kind": sheet.kind,
        "visibility": sheet.visibility,
        "rows": sheet.rows,
        "header_row": sheet.header_row,
        "layout": sheet.layout,
        "columns": [
            {
                "name": column.name,
                "role": column.role,
                **({"direction": named_direction(column.name)} if column.role == "initial_score" else {}),
                "confidence": round(column.confidence, 2),
                "reason": column.because,
                "samples": list(column.samples),
            }
            for column in sheet.columns
        ],
    }


def problem_record(problem: RowProblem) -> dict[str, object]:
    """A problem as plain data for JSON and tables, in English."""
    return {
        "kind": problem.kind,
        "message": problem.message,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "skipped": problem.skipped,
    }
