"""`batch`: rerank a whole spreadsheet as a job that survives being stopped, and write the results.

The job is kept in the home folder like one of the Batch page: it can be opened there afterwards.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from core.commands.column_mapping import add_mapping_argument, column_mapping
from core.commands.inspect import problem_line
from core.commands.options.care_options import add_care_arguments, care_of
from core.commands.options.recipe_option import add_recipe_argument, recipe_of
from core.commands.options.two_looks_option import add_two_looks_argument, two_looks_of
from core.commands.progress import ProgressLine, duration
from core.commands.scale_out import add_scale_arguments, run_at_scale
from core.commands.spending import agree_to_cost
from core.errors import InputError, StoppedError, WorkbenchError
from core.jobs import InputFile, Job, keep_upload
from core.records import Scorer
from core.settings import Settings
from core.sheets.meaning.importing import ImportedTable, Pool, import_table
from core.sheets.own_workbook.writing import OwnWorkbook, require_own_workbook, what_is_lost
from core.workflows.batch.export import BatchTables, WrittenBatch, check_output, row_count, write_batch
from core.workflows.batch.input import (
    BatchInput,
    batch_input,
    batch_settings,
    new_batch_job,
    with_care,
    without_queries,
)
from core.workflows.batch.opened import open_run, unfinished_like
from core.workflows.batch.own_workbook import write_into_workbook
from core.workflows.batch.records import BatchSettings
from core.workflows.batch.under_recipe import under_recipe
from core.workflows.care.preparing import token_counter
from core.workflows.home.inventory import open_scorer
from core.workflows.home.job_service import JobService
from core.workflows.home.plan import unreadable_queries
from core.workflows.home.two_looks import looking_twice
from core.workflows.instructions.library import asked_instruction
from core.workflows.kinds import JOB_KINDS
from core.workflows.recipes.loading import open_recipe_scorer

HELP = "rerank a spreadsheet of queries and documents"
IGNORED = "{model} takes no instruction; it was ignored."
PROBLEMS_SHOWN = 10
SCALE_WHOLE = "Two looks are taken by --engine local only."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, what its columns mean, how to judge, and where the results go."""
    parser.add_argument(
        "input", metavar="INPUT", help=".xlsx, .xls, .xlsb, .ods, .csv, .txt, .jsonl, .parquet"
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="results: .xlsx, .csv, .jsonl or .parquet"
    )
    add_mapping_argument(parser)
    parser.add_argument("--sheet", help="the sheet to read; default: the one that looks like queries")
    parser.add_argument("--encoding", help="of a text file; default: found out")
    parser.add_argument("--query", help="the query, for a file that holds only documents")
    parser.add_argument("--pool", metavar="FILE", help="a second file with the documents of all queries")
    add_recipe_argument(parser)
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="what makes a document relevant, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")
    add_care_arguments(parser)
    add_two_looks_argument(parser)
    parser.add_argument(
        "--into-workbook",
        nargs="?",
        const="rows",
        choices=("rows", "sorted", "sheet"),
        help="write a copy of INPUT (.xlsx, .xlsm) with the results: beside its rows (rows, the default), "
        "its rows sorted by query and new rank (sorted), or on a sheet of their own (sheet)",
    )
    parser.add_argument("--top", type=int, metavar="N", help="write only the best N of each query")
    parser.add_argument(
        "--model", help="embedded, a Qwen3-Reranker name, or a folder; default: the best on disk"
    )
    parser.add_argument(
        "--spend",
        type=float,
        metavar="SUM",
        help="agree to a hosted model's estimated cost up to this sum, in the currency of its price",
    )
    add_scale_arguments(parser)
    parser.add_argument(
        "--resume", action="store_true", help="go on with the stopped run of this file, if there is one"
    )


def run(options: argparse.Namespace) -> int:
    """Import, score what is missing, write; prints what came of it."""
    if options.engine != "local":
        return _run_at_scale(options)
    if options.top is not None and options.top < 1:
        raise InputError("--top must be at least 1.", where="--top")
    output = Path(options.output)
    notes = _check_output(options, output)
    settings = Settings()
    used = recipe_of(options, settings)
    instruction = used.recipe.instruction if used else None
    if used is None:
        instruction = asked_instruction(options.instruction, options.preset, settings.home)
    care = used.care if used else care_of(options)
    table = _import(options)
    if used is not None:
        scorer = open_recipe_scorer(used, options.model, settings)
    else:
        scorer = open_scorer(options.model, settings)
    if not scorer.info.uses_instruction and (instruction or table.roles.get("instruction")):
        notes.append(IGNORED.format(model=scorer.info.label))
        instruction = None
    batch = batch_input(table, instruction, uses_instruction=scorer.info.uses_instruction)
    if used is not None:
        batch = under_recipe(batch, used, scorer.info)
    batch = without_queries(batch, unreadable_queries(batch.requests, scorer))
    batch = with_care(batch, care, token_counter(scorer))
    two_looks = two_looks_of(options)
    fingerprint = looking_twice(scorer, two_looks, in_chunks=care.chunks is not None).info.fingerprint
    asked = batch_settings(
        batch,
        scorer.info.name,
        instruction=instruction,
        top=options.top,
        recipe=used,
        two_looks=two_looks,
    )
    job, tables = _score(options, settings, scorer, batch, asked, fingerprint)
    tops = tables.run.tops
    written = _write(options, output, tables)
    if written.full_text:
        notes.append(
            f"{len(written.cut_cells)} texts were too long for Excel; all of them: {written.full_text}"
        )
    saved = sum(len(batch.requests[at].documents) for at in batch.left)
    record = {
        "pairs": job.pairs + saved,
        "scored": job.scored,
        "from_cache": job.from_cache,
        "seconds": round(job.seconds, 3),
        "model": scorer.info.name,
        **({"recipe": used.title} if used else {}),
        **({"two_looks": tops.record()} if tops else {}),
        **({"left_to_first_stage": len(batch.left), "saved_pairs": saved} if batch.left else {}),
        "queries": job.queries + len(batch.left),
        "job": job.id,
        "output": str(output),
        "rows": written.rows,
        "problems": len(batch.problems),
        "notes": [*notes, *(job.model or scorer.info).notes, *([tops.sentence.text] if tops else [])],
    }
    if options.json:
        print(json.dumps(record, ensure_ascii=False))
    else:
        _print(record, batch, scorer)
    return 0


def _run_at_scale(options: argparse.Namespace) -> int:
    if options.two_looks:
        raise InputError(SCALE_WHOLE, where="--two-looks")
    return run_at_scale(options)


def _check_output(options: argparse.Namespace, output: Path) -> list[str]:
    """InputError before anything is scored; else what a copy of the workbook will not have."""
    given = Path(options.input)
    if not options.into_workbook:
        check_output(output, _input_paths(options))
        return []
    require_own_workbook(given.name)
    check_output(output, _input_paths(options), (given.suffix.lower(),))
    own = OwnWorkbook(given, given.name, options.sheet or "", None)
    notes = [lost.text for lost in what_is_lost(own)]
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return notes


def _write(options: argparse.Namespace, output: Path, tables: BatchTables) -> WrittenBatch:
    if not options.into_workbook:
        return write_batch(output, tables)
    write_into_workbook(tables, options.into_workbook, output)
    return WrittenBatch(output, row_count(tables))


def _import(options: argparse.Namespace) -> ImportedTable:
    return import_table(
        Path(options.input),
        mapping=column_mapping(options.map),
        sheet=options.sheet,
        encoding=options.encoding,
        query=options.query,
        pool=Pool(path=Path(options.pool)) if options.pool else None,
    )


def _score(
    options: argparse.Namespace,
    settings: Settings,
    scorer: Scorer,
    batch: BatchInput,
    asked: BatchSettings,
    fingerprint: str,
) -> tuple[Job, BatchTables]:
    """Run the job to its end. StoppedError when it was stopped before, with everything scored kept.

    fingerprint: of what scores it, which a run that goes on must have too.
    """
    service = JobService(settings.home, lambda job: scorer, JOB_KINDS)
    line = ProgressLine()
    try:
        service.runner.start()
        files = _kept_files(options, settings)
        job = None
        if options.resume:
            sha256 = tuple(file.sha256 for file in files)
            job = unfinished_like(service.store, asked, sha256, fingerprint)
            if job is None:
                print("There is no stopped run of this file; starting anew.", file=sys.stderr)
        agree_to_cost(batch.scored_requests, scorer, service.cache, options.spend)
        if job is None:
            job = service.runner.submit(new_batch_job(Path(options.input).name, batch, asked, files))
        else:
            service.runner.resume(job.id)
        try:
            with _interrupted_by_sigterm():
                job = service.runner.wait(job.id, on_progress=line.show)
        except KeyboardInterrupt:
            line.finish()
            print("Stopping after the running micro-batch …", file=sys.stderr)
            service.runner.close()
            job = service.store.job(job.id)
        line.finish()
        _require_done(job)
        return job, BatchTables(open_run(service.store, job.id), batch.rows, batch.problems, options.top)
    finally:
        service.close()


def _input_paths(options: argparse.Namespace) -> tuple[Path, ...]:
    return tuple(Path(one) for one in (options.input, options.pool) if one)


def _kept_files(options: argparse.Namespace, settings: Settings) -> tuple[InputFile, ...]:
    kept = []
    for path in _input_paths(options):
        with path.open("rb") as stream:
            kept.append(keep_upload(settings.home, path.name, stream))
    return tuple(kept)


def _require_done(job: Job) -> None:
    if job.state == "done":
        return
    if job.state == "failed" and job.notice is not None:
        raise WorkbenchError.saying(job.notice.sentence, where=job.id, hint=job.notice.hint_template)
    reason = f" {job.notice.message}" if job.state == "paused" and job.notice else ""
    raise StoppedError(
        "Stopped after {done} of {pairs} pairs.{reason}",
        where=job.id,
        hint="Run the same command with --resume; it scores only what is missing.",
        done=job.done,
        pairs=job.pairs,
        reason=reason,
    )


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Inside, a polite kill (systemd, a container's stop, `timeout`) stops like Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(record: dict[str, object], batch: BatchInput, scorer: Scorer) -> None:
    seconds = float(str(record["seconds"]))
    print(
        f"{record['output']}: {record['rows']:,} rows of {record['queries']:,} queries, "
        f"{record['scored']:,} pairs scored in {duration(seconds)}, {record['from_cache']:,} from the cache, "
        f"by {scorer.info.label}"
    )
    if batch.left:
        print(
            f"{record['left_to_first_stage']:,} queries left to the first stage by the recipe's gate: "
            f"{record['saved_pairs']:,} pairs were not scored"
        )
    notes = record["notes"]
    for note in notes if isinstance(notes, list) else []:
        print(f"note: {note}", file=sys.stderr)
    for problem in batch.problems[:PROBLEMS_SHOWN]:
        print(problem_line(problem), file=sys.stderr)
    if len(batch.problems) > PROBLEMS_SHOWN:
        print(
            f"… and {len(batch.problems) - PROBLEMS_SHOWN} more; see Problems in an .xlsx output.",
            file=sys.stderr,
        )
