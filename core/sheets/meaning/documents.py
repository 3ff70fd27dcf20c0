"""Reads an uploaded file as a plain list of candidate documents for one query.

A text file is a document per line; in a table the document column is found by header and content.
Whole spreadsheets of queries are the business of `importing`.
"""

from dataclasses import dataclass

from core.errors import InputError
from core.sentences import sentence
from core.sheets.meaning.cells import split_cell
from core.sheets.meaning.headers import find_table
from core.sheets.meaning.roles import RoleGuesses, guess_roles
from core.sheets.reading.sources import read_source
from core.sheets.records import FileFormat, Grid, ReadLimits, RowProblem, Source, Table
from core.sheets.tables import as_text

BLANK_LINE = "The document is blank; the row was left out."
SEVERAL_QUERIES = "The file holds {count} different queries; all their documents were read as one list."


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The documents of a file in its order, and what it was read as.

    query: the query the file names, when it names exactly one; else None.
    sheet, column: where the documents were; "" where the format has no such thing.
    encoding_certain: False when a person should check the characters.
    """

    documents: tuple[str, ...]
    query: str | None
    problems: tuple[RowProblem, ...]
    format: FileFormat
    encoding: str
    encoding_certain: bool
    sheet: str
    column: str


def read_documents(content: bytes, filename: str, *, limits: ReadLimits | None = None) -> DocumentList:
    """Read an upload as a list of documents. InputError when it cannot be read or holds none."""
    source = read_source(content, filename, limits=limits)
    if source.format == "text":
        return _from_lines(source)
    grid, table, guesses = _choose_sheet(source)
    columns = [index for index, guess in enumerate(guesses.columns) if guess.role == "document"]
    if not columns:
        raise InputError(
            "The file has no column of documents.",
            where=filename,
            hint='Name the column that holds them "document" or «文档».',
        )
    queries, documents, problems = _collect(table, guesses, columns)
    if not documents:
        raise _no_documents(filename, table)
    query = queries[0] if len(queries) == 1 else None
    if len(queries) > 1:
        problems.append(RowProblem("several_queries", sentence(SEVERAL_QUERIES, count=len(queries))))
    return DocumentList(
        documents=tuple(documents),
        query=query,
        problems=(*source.problems, *table.problems, *problems),
        format=source.format,
        encoding=source.encoding,
        encoding_certain=source.encoding_certain,
        sheet=grid.name,
        column=", ".join(table.columns[index] for index in columns),
    )


def _from_lines(source: Source) -> DocumentList:
    grid = source.grids[0]
    documents = [as_text(row[0]).strip() for row in grid.rows if row and row[0] is not None]
    return DocumentList(
        documents=tuple(documents),
        query=None,
        problems=(*source.problems, *grid.problems),
        format=source.format,
        encoding=source.encoding,
        encoding_certain=source.encoding_certain,
        sheet="",
        column="",
    )


def _choose_sheet(source: Source) -> tuple[Grid, Table, RoleGuesses]:
    """The first visible sheet with a document column of the highest confidence; hidden ones last."""
    candidates = []
    for grid in source.grids:
        if grid.kind == "worksheet" and grid.rows:
            table = find_table(grid, has_names=source.has_names)
            guesses = guess_roles(table)
            confidence = max((guess.confidence for guess in guesses.of("document")), default=0.0)
            if table.rows:
                candidates.append((grid.visibility == "visible", confidence, grid, table, guesses))
    if not candidates:
        raise InputError(
            "The file is empty: it holds no data.", where=source.name, hint="Choose another file."
        )
    best = max(candidates, key=lambda candidate: candidate[:2])
    return best[2], best[3], best[4]


def _collect(
    table: Table, guesses: RoleGuesses, columns: list[int]
) -> tuple[list[str], list[str], list[RowProblem]]:
    """Distinct queries, documents in reading order, and rows without a document."""
    query_columns = [index for index, guess in enumerate(guesses.columns) if guess.role == "query"]
    queries: dict[str, None] = {}
    documents: list[str] = []
    problems: list[RowProblem] = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        for index in query_columns:
            if row[index] is not None:
                queries.setdefault(as_text(row[index]).strip())
        found: list[str] = []
        for index in columns:
            cell = row[index]
            if cell is None:
                continue
            text = as_text(cell)
            found += split_cell(text) if guesses.layout == "cell" else [text.strip()]
        if not found and any(cell is not None for cell in row):
            column = table.columns[columns[0]]
            problems.append(
                RowProblem(
                    "blank_document",
                    sentence(BLANK_LINE),
                    sheet=table.sheet,
                    row=number,
                    column=column,
                    skipped=True,
                )
            )
        documents += found
    return list(queries), documents, problems


def _no_documents(filename: str, table: Table) -> InputError:
    if any(problem.kind == "formula_without_result" for problem in table.problems):
        return InputError(
            "The cells hold formulas without saved results, so there is nothing to read.",
            where=filename,
            hint="Open the file in Excel once, save it, and upload it again.",
        )
    return InputError("The file holds no documents.", where=filename, hint="Choose another file.")
