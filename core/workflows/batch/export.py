"""A batch as files: an Excel workbook for people; CSV, JSON Lines and Parquet for programs.

Every pair of a complete query is a row: the original columns, then what reranking found. Rows come by query
in input order, then by new rank. Files for programs are English in every interface language. How cells are
written safely is for `core.sheets`.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import IO

from core.errors import InputError
from core.records import Score
from core.sentences import Say, english, sentence
from core.sheets.columns import ExportColumn, record_table
from core.sheets.records import Cell, RowProblem
from core.sheets.tables import ColumnKind, Row, SheetTable, TableColumn
from core.sheets.writing.cells import LONGEST_CELL, CutCell
from core.sheets.writing.exports import csv_bytes, jsonl_bytes, write_csv, write_jsonl, write_parquet
from core.sheets.writing.workbook import Wording, write_workbook
from core.storage.private import to_disk
from core.workflows.batch.records import OriginalRows
from core.workflows.batch.results import BatchRun, summary_of
from core.workflows.batch.sheets import batch_settings_rows, before_after_table, chart_data, summary_page
from core.workflows.care.cells import care_columns
from core.workflows.care.preparing import DocumentCare
from core.workflows.home.provenance import settings_sheet
from core.workflows.home.score_columns import for_people, score_columns, truncated_column
from core.workflows.recipes.columns import chosen_columns, recipe_columns

SUFFIXES = (".xlsx", ".csv", ".jsonl", ".parquet")
# Where the whole of a text is that an Excel cell could not hold.
FULL_TEXT_ENDING = ".full.csv"
TEXT_CUT = (
    "The text has {length} characters and was cut: an Excel cell holds {limit}. The CSV and Parquet files "
    "have all of it."
)
# Lines of a long document that a row of Results shows; the cell holds all of it.
LINES_SHOWN = 8
# Up to here a double, and so a Parquet column of numbers, holds every whole number.
_LARGEST_IN_DOUBLE = 2**53

Cells = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A pair in its new place. movement: places gained. score: None where a gate left its query alone."""

    new_rank: int
    movement: int
    score: Score | None
    care: DocumentCare | None
    blend: float | None = None
    calibrated: float | None = None


ADDED: tuple[ExportColumn[ResultRow], ...] = (
    ExportColumn(
        "new_rank",
        "Rank within its query after reranking, from 1",
        lambda row: row.new_rank,
        "integer",
        width=10,
    ),
    ExportColumn(
        "movement",
        "Places gained (positive) or lost (negative) within its query",
        lambda row: row.movement,
        "integer",
        "+0;-0;0",
        11,
    ),
    *score_columns(lambda row: row.score),
    truncated_column(lambda row: row.score),
)
GATE_ADDED: tuple[ExportColumn[ResultRow], ...] = (
    ExportColumn(
        "reranked",
        "no where the recipe's gate left the query to the first stage, so that nothing was scored",
        lambda row: row.score is not None,
        "boolean",
        width=10,
    ),
)
RECIPE_ADDED: tuple[ExportColumn[ResultRow], ...] = recipe_columns(
    lambda row: row.blend, lambda row: row.calibrated
)
CARE_ADDED: tuple[ExportColumn[ResultRow], ...] = care_columns(lambda row: row.care)
PROBLEM_COLUMNS: tuple[ExportColumn[RowProblem], ...] = (
    ExportColumn(
        "sheet",
        "The sheet of the input; Results for texts that were cut in this file",
        lambda p: p.sheet,
        width=16,
    ),
    ExportColumn(
        "row", "The row as the file counts; blank for the whole sheet", lambda p: p.row, "integer", width=8
    ),
    ExportColumn("column", "The column", lambda p: p.column, width=18),
    ExportColumn("kind", "A stable word for what is odd", lambda p: p.kind, width=22),
    ExportColumn("message", "What is odd", lambda p: p.message, width=90),
    ExportColumn("left_out", "The row gave no pair", lambda p: p.skipped, "boolean", width=10),
)
# For people: a problem in their language.
SAID_PROBLEM_COLUMNS: tuple[ExportColumn[RowProblem], ...] = tuple(
    replace(column, value=lambda p: p.sentence) if column.name == "message" else column
    for column in PROBLEM_COLUMNS
)


@dataclass(frozen=True, slots=True)
class BatchTables:
    """What an export is made of. top: how many documents of each query it holds; None for all."""

    run: BatchRun
    rows: OriginalRows
    problems: tuple[RowProblem, ...]
    top: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenBatch:
    """What was written: rows of results, cut cells, and the companion with their whole text, if any."""

    path: Path
    rows: int
    cut_cells: tuple[CutCell, ...] = ()
    full_text: Path | None = None


def check_output(path: Path, inputs: Sequence[Path] = (), suffixes: Sequence[str] = SUFFIXES) -> None:
    """Refuse, before anything is scored, a file whose format or folder would fail or that is an input."""
    if path.suffix.lower() not in suffixes:
        raise InputError(
            "{name} is no format that results are written in.",
            where=str(path),
            hint="Use a name that ends in {suffixes}.",
            name=path.name,
            suffixes=", ".join(suffixes),
        )
    if not path.parent.is_dir():
        raise InputError(
            "There is no folder {folder}.",
            where=str(path),
            hint="Make it, or choose another place.",
            folder=str(path.parent),
        )
    companions = (_full_text_path(path),) if path.suffix.lower() == ".xlsx" else ()
    for written in (path, *companions):
        for given in inputs:
            if written.exists() and given.exists() and written.samefile(given):
                raise InputError(
                    "The results would replace the file {name} that they are made from.",
                    where=str(path),
                    hint="Choose another name for the results.",
                    name=given.name,
                )


def write_batch(path: Path, tables: BatchTables) -> WrittenBatch:
    """Write a file in the format its name ends in. An older file stays until the new one is whole."""
    check_output(path)
    suffix = path.suffix.lower()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if suffix == ".xlsx":
            with partial.open("wb") as stream:
                cut = write_batch_workbook(stream, tables)
            written = WrittenBatch(path, row_count(tables), cut)
        else:
            write = {".csv": write_csv, ".jsonl": write_jsonl, ".parquet": write_parquet}[suffix]
            written = WrittenBatch(path, write(partial, results_table(tables)))
        to_disk(partial)
        partial.replace(path)
        if not written.cut_cells:
            return written
        full_text = _full_text_path(path)
        write_csv(partial, results_table(tables))
        to_disk(partial)
        partial.replace(full_text)
        return WrittenBatch(path, written.rows, written.cut_cells, full_text)
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {reason}.",
            where=str(path),
            hint="Close the program that has it open, or choose another place; the scores are kept.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _full_text_path(path: Path) -> Path:
    return path.with_name(path.stem + FULL_TEXT_ENDING)


def batch_excel(tables: BatchTables, say: Say = english) -> bytes:
    """The workbook of `write_batch_workbook`."""
    buffer = io.BytesIO()
    write_batch_workbook(buffer, tables, say)
    return buffer.getvalue()


def batch_csv(tables: BatchTables) -> bytes:
    """The results as CSV with a byte-order mark."""
    return csv_bytes(results_table(tables))


def batch_jsonl(tables: BatchTables) -> bytes:
    """The results as JSON Lines."""
    return jsonl_bytes(results_table(tables))


def batch_parquet(tables: BatchTables) -> bytes:
    """The results as Parquet."""
    buffer = io.BytesIO()
    write_parquet(buffer, results_table(tables))
    return buffer.getvalue()


def problems_csv(problems: Sequence[RowProblem]) -> bytes:
    """Row problems as CSV, in English."""
    return csv_bytes(problems_table(problems))


def write_batch_workbook(target: IO[bytes], tables: BatchTables, say: Say = english) -> tuple[CutCell, ...]:
    """Write Summary (with charts), Results, Before-After, Problems and Settings; returns what was cut."""
    summary = summary_of(tables.run)
    results = results_table(tables, people=True)
    cut: list[RowProblem] = []
    sheets = (
        SheetTable("Results", results.columns, lambda: _noting_cuts(results, cut), LINES_SHOWN),
        before_after_table(tables.run),
        # Walked after Results has been written, so it lists the cuts too.
        record_table("Problems", SAID_PROBLEM_COLUMNS, lambda: (*tables.problems, *cut)),
        settings_sheet(batch_settings_rows(tables.run, tables.top)),
        chart_data(summary),
    )
    cover = summary_page(summary, tables.run.job)
    wording = Wording(say, tables.run.job.name)
    return write_workbook(target, sheets, cover=cover, wording=wording).cut_cells


def problems_table(problems: Sequence[RowProblem]) -> SheetTable:
    """Row problems, one a row."""
    return record_table("Problems", PROBLEM_COLUMNS, lambda: problems)


def results_table(tables: BatchTables, *, people: bool = False) -> SheetTable:
    """One row per pair. An original column named like an added one gets «(input)» after its name.

    Documents are as in the file; after document care, what was done to them stands in further columns.
    people: for a workbook, which calls a similarity one.
    """
    originals, cells = _original_columns(tables)
    run, top = tables.run, tables.top
    added = for_people(added_columns(run), run.job.model) if people else added_columns(run)

    def rows() -> Iterator[Row]:
        for outcome in run.outcomes:
            blend = run.blend_of(outcome.position)
            for new_rank, pair in enumerate(run.kept(outcome.position)[:top], start=1):
                row = result_row(run, pair, new_rank, blend.get(pair))
                yield (*[cell(pair) for cell in cells], *[column.cell(row) for column in added])

    return SheetTable("Results", (*originals, *(column.column for column in added)), rows)


def result_row(run: BatchRun, pair: int, new_rank: int, blend: float | None = None) -> ResultRow:
    """A scored pair in its new place. blend: what a recipe's blend gives it."""
    movement = run.origin.ranks[pair] - new_rank
    care = run.cares[pair] if run.cares else None
    return ResultRow(new_rank, movement, run.scores[pair], care, blend, run.calibrated(pair))


def added_columns(run: BatchRun) -> tuple[ExportColumn[ResultRow], ...]:
    """What reranking adds to a row."""
    gate = run.recipe is not None and run.recipe.recipe.blend is not None and run.recipe.recipe.blend.gate
    return (
        *ADDED,
        *(GATE_ADDED if gate else ()),
        *chosen_columns(RECIPE_ADDED, run.recipe),
        *(CARE_ADDED if run.cares else ()),
    )


def _original_columns(tables: BatchTables) -> tuple[list[TableColumn], list[Cells]]:
    """The columns an export keeps, and for each how to find a pair's cell."""
    run, kept = tables.run, tables.rows
    columns: list[TableColumn] = []
    cells: list[Cells] = []
    taken = {column.name for column in added_columns(run)}

    def add(name: str, kind: ColumnKind, cell: Cells) -> None:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name} (input)" if number == 2 else f"{name} (input {number - 1})"
        taken.add(free)
        columns.append(TableColumn(free, kind, own=True))
        cells.append(cell)

    if kept.adds_query or kept.adds_document:
        query_of, document_of = _texts(run)
    if kept.adds_query:
        add("query", "text", query_of)
    for name, column in zip(kept.names, kept.columns, strict=True):
        add(name, column_kind(column), _lookup(column, run.origin.rows))
    for name, column in zip(kept.pool_names, kept.pool_columns, strict=True):
        add(name, column_kind(column), _lookup(column, run.origin.pool_rows))
    if kept.adds_document:
        add("document", "text", document_of)
    return columns, cells


def _lookup(column: Sequence[Cell], rows: Sequence[int]) -> Cells:
    return lambda pair: column[rows[pair]]


def _texts(run: BatchRun) -> tuple[Cells, Cells]:
    """Each pair's query and document."""
    queries: list[str] = []
    documents: list[str] = []
    for request in run.requests:
        queries += [request.query] * len(request.documents)
        documents += request.documents
    return queries.__getitem__, documents.__getitem__


def column_kind(cells: Sequence[Cell]) -> ColumnKind:
    """The kind that all filled cells of a column have; «any» where they are mixed.

    Whole numbers beside decimal ones are numbers only while a double holds every digit of them.
    """
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds == {int}:
        fits = all(cell is None or -(2**63) <= int(cell) < 2**63 for cell in cells)  # type: ignore[arg-type]
        return "integer" if fits else "any"
    if kinds == {int, float} and any(type(cell) is int and abs(cell) > _LARGEST_IN_DOUBLE for cell in cells):
        return "any"
    known: dict[frozenset[type], ColumnKind] = {
        frozenset({str}): "text",
        frozenset({float}): "number",
        frozenset({int, float}): "number",
        frozenset({bool}): "boolean",
        frozenset({datetime}): "datetime",
        frozenset({date}): "date",
        frozenset({time}): "any",
    }
    return known.get(frozenset(kinds), "any")


def _noting_cuts(results: SheetTable, cut: list[RowProblem]) -> Iterator[Row]:
    """The rows unchanged; texts that a cell cannot hold are added to `cut` on the way."""
    for number, row in enumerate(results.rows(), start=2):
        for column, value in zip(results.columns, row, strict=True):
            # Only beyond half the limit can surrogate pairs make a text too long.
            if isinstance(value, str) and len(value) * 2 > LONGEST_CELL:
                units = len(value.encode("utf-16-le", "surrogatepass")) // 2
                if units > LONGEST_CELL:
                    facts = {"length": len(value), "limit": LONGEST_CELL}
                    cut.append(
                        RowProblem("text_cut", sentence(TEXT_CUT, **facts), "Results", number, column.name)
                    )
        yield row


def row_count(tables: BatchTables) -> int:
    """How many results an export holds."""
    top = tables.top
    counts = (len(tables.run.kept(outcome.position)) for outcome in tables.run.outcomes)
    return sum(count if top is None else min(count, top) for count in counts)
