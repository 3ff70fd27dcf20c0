"""A batch's results in a copy of the workbook it was made from: beside the rows, sorted, or as a sheet.

The copy is made by `core.sheets.own_workbook`; here it is said which rows belong to which results.
"""

from dataclasses import replace
from pathlib import Path

from core.errors import InputError
from core.sentences import Say, Sentence, english
from core.sheets.own_workbook.writing import (
    OwnWorkbook,
    Placement,
    fill_own_workbook,
    require_own_workbook,
    what_is_lost,
)
from core.sheets.tables import SheetTable
from core.storage.private import to_disk
from core.workflows.batch.export import BatchTables, added_columns, result_row, results_table
from core.workflows.batch.results import BatchRun
from core.workflows.batch.sheets import batch_settings_rows
from core.workflows.home.provenance import settings_sheet
from core.workflows.home.score_columns import for_people

NO_FILE = "The file that this run was made from is no longer kept."
NO_FILE_HINT = "Run it again from the file; its scores come from the cache."
SEVERAL = "A row of this sheet holds several documents, so results cannot stand beside it."
SEVERAL_HINT = "Put the results on a sheet of their own."


def own_workbook_of(run: BatchRun) -> OwnWorkbook:
    """The workbook a run was made from. InputError where there is none, or it is another kind of file."""
    if not run.job.inputs:
        raise InputError(NO_FILE, hint=NO_FILE_HINT)
    given = run.job.inputs[0]
    require_own_workbook(given.name)
    if not Path(given.path).is_file():
        raise InputError(NO_FILE, where=given.name, hint=NO_FILE_HINT)
    header = run.origin.header[0] if run.origin.header else None
    return OwnWorkbook(Path(given.path), given.name, run.settings.sheet, header)


def placements(run: BatchRun) -> tuple[Placement, ...]:
    """Where results can stand: beside rows only where each row is one document."""
    return ("rows", "sorted", "sheet") if _one_row_each(run) else ("sheet",)


def lost_in_copy(run: BatchRun) -> tuple[Sentence, ...]:
    """What a copy of the workbook would not have."""
    return what_is_lost(own_workbook_of(run))


def write_into_workbook(tables: BatchTables, placement: Placement, target: Path, say: Say = english) -> None:
    """Write the copy to a new file. InputError says what stands in the way; the original is only read."""
    run = tables.run
    own = own_workbook_of(run)
    if placement not in placements(run):
        raise InputError(SEVERAL, where=own.name, hint=SEVERAL_HINT)
    settings = settings_sheet(batch_settings_rows(run, tables.top if placement == "sheet" else None))
    results, rows = (results_table(tables, people=True), ()) if placement == "sheet" else _beside(run)
    partial = target.with_name(f".{target.name}.partial")
    try:
        fill_own_workbook(own, placement, results, rows, settings, partial, say)
        to_disk(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _one_row_each(run: BatchRun) -> bool:
    rows = run.origin.file_rows
    return bool(rows) and not run.origin.pool_rows and len(set(rows)) == len(rows)


def _beside(run: BatchRun) -> tuple[SheetTable, tuple[int, ...]]:
    """The added columns of every scored pair, by query and new rank; and the rows they belong to."""
    pairs = [pair for outcome in run.outcomes for pair in run.kept(outcome.position)]
    ranks = [at for one in run.outcomes for at in range(1, len(run.kept(one.position)) + 1)]
    blend = {pair: value for one in run.outcomes for pair, value in run.blend_of(one.position).items()}
    columns = for_people(added_columns(run), run.job.model)

    results = SheetTable(
        "Results",
        tuple(replace(column.column, bar=False) for column in columns),
        lambda: (
            [column.cell(result_row(run, pair, rank, blend.get(pair))) for column in columns]
            for pair, rank in zip(pairs, ranks, strict=True)
        ),
    )
    return results, tuple(run.origin.file_rows[pair] for pair in pairs)
