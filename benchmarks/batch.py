"""100,000 pairs through the whole way of a batch: import, job with a stub scorer, reopening, export.

    python -m benchmarks.batch [--queries 1000] [--documents 100] [--runs 3]

Each input format is run in a fresh process with a fresh home folder; the figures are the medians of the runs.
The stub's own time is measured alone and taken off. «Bookkeeping» is everything between import and export;
its goal is 50 µs a pair. Processor time (without the confined reader's) shows what other work on the machine
added to the seconds. Peak memory is that of the process so far, so a later stage shows at least what an
earlier one needed; the import's confined reader stands apart. Prints a table and ends with one JSON line.
"""

import argparse
import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from benchmarks.jobs import StubScorer, timed
from benchmarks.sheets import peak_mb, result_rows
from core.jobs import keep_upload
from core.sheets.meaning.importing import import_table
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.exports import write_csv
from core.sheets.writing.workbook import write_workbook
from core.workflows.batch.export import BatchTables, write_batch
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job
from core.workflows.batch.opened import open_run
from core.workflows.batch.results import reranking_of, summary_of
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS

INPUTS = ("xlsx", "csv")
MICRO_BATCH = 32
TARGET_MICROSECONDS = 50.0
BOOKKEEPING = ("keep the upload", "lay out", "submit", "run (stub taken off)", "reopen")
COLUMNS = (
    TableColumn("query_id"),
    TableColumn("query"),
    TableColumn("doc_id"),
    TableColumn("document"),
    TableColumn("label", "integer"),
    TableColumn("initial_rank", "integer"),
)

Result = TypeVar("Result")


class Stages:
    """Seconds, processor time and peak memory of each step, in the order they were taken."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self.peak_mb: dict[str, float] = {}

    def take(self, name: str, action: Callable[[], Result]) -> Result:
        """Do it and note what it took."""
        started, processor = time.perf_counter(), time.process_time()
        result = action()
        self.seconds[name] = time.perf_counter() - started
        self.processor[name] = time.process_time() - processor
        self.peak_mb[name] = peak_mb(resource.getrusage(resource.RUSAGE_SELF))
        return result


def write_input(path: Path, pairs: int) -> None:
    """A labelled sheet of queries with documents of about 120 characters."""

    def rows() -> Iterator[tuple[object, ...]]:
        return (row[: len(COLUMNS)] for row in result_rows(pairs))

    table = SheetTable("Candidates", COLUMNS, rows)
    if path.suffix == ".xlsx":
        write_workbook(path, [table])
    else:
        write_csv(path, table)


def one_way(source: Path) -> dict[str, object]:
    """One file from import to export, in this process."""
    scorer, stages = StubScorer(MICRO_BATCH), Stages()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        table = stages.take("import", lambda: import_table(source))
        child = peak_mb(resource.getrusage(resource.RUSAGE_CHILDREN))
        with source.open("rb") as stream:
            kept = stages.take("keep the upload", lambda: keep_upload(home, source.name, stream))
        batch = stages.take("lay out", lambda: batch_input(table))
        stub = timed(lambda: scorer.score_many(batch.requests, on_scored=lambda portion: None))
        asked = batch_settings(batch, scorer.info.name)
        service = JobService(home, lambda job: scorer, JOB_KINDS)
        job = stages.take(
            "submit", lambda: service.runner.submit(new_batch_job(source.name, batch, asked, (kept,)))
        )
        done = stages.take("run (stub taken off)", lambda: service.runner.wait(job.id, every=1.0))
        stages.seconds["run (stub taken off)"] -= stub
        stages.processor["run (stub taken off)"] -= stub
        if done.state != "done" or done.done != batch.pairs:
            raise SystemExit(f"the job ended as {done.state} with {done.done} of {batch.pairs} pairs")
        run = stages.take("reopen", lambda: open_run(service.store, job.id))
        stages.take("summary", lambda: summary_of(run))
        stages.take("one query", lambda: reranking_of(run, len(run.requests) // 2))
        tables = BatchTables(run, batch.rows, batch.problems)
        for suffix in (".xlsx", ".csv", ".jsonl", ".parquet"):
            target = home / f"out{suffix}"
            written = stages.take(f"export {suffix}", lambda to=target: write_batch(to, tables))
            if written.rows != batch.pairs:
                raise SystemExit(f"{suffix} has {written.rows} of {batch.pairs} rows")
        service.close()
    return {
        "pairs": batch.pairs,
        "seconds": stages.seconds,
        "processor": stages.processor,
        "peak_mb": stages.peak_mb,
        "reader_mb": child,
    }


def measured(source: Path, runs: int) -> dict[str, object]:
    """Medians over fresh processes; the largest peaks."""
    command = [sys.executable, "-m", "benchmarks.batch", "--source", str(source)]
    found = [
        json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        )
        for _ in range(runs)
    ]
    return {
        "pairs": found[0]["pairs"],
        "reader_mb": max(one["reader_mb"] for one in found),
        **{
            kind: {name: statistics.median(one[kind][name] for one in found) for name in found[0][kind]}
            for kind in ("seconds", "processor")
        },
        "peak_mb": {name: max(one["peak_mb"][name] for one in found) for name in found[0]["peak_mb"]},
    }


def show(name: str, result: dict[str, object]) -> dict[str, float]:
    """Print one input's stages; returns the bookkeeping per pair in µs, by the clock and by the processor."""
    pairs, peaks = result["pairs"], result["peak_mb"]
    seconds, processor = result["seconds"], result["processor"]
    assert isinstance(pairs, int) and isinstance(peaks, dict)
    assert isinstance(seconds, dict) and isinstance(processor, dict)
    print(f"\n{name}, {pairs:,} pairs; the confined reader took {result['reader_mb']:.0f} MiB")
    print(f"{'stage':22} {'seconds':>8} {'processor':>10} {'µs/pair':>8} {'peak MiB':>9}")
    for stage, took in seconds.items():
        each = took / pairs * 1e6
        print(f"{stage:22} {took:8.2f} {processor[stage]:10.2f} {each:8.1f} {peaks[stage]:9.0f}")
    found = {
        f"bookkeeping_{kind}_us_per_pair": round(sum(times[stage] for stage in BOOKKEEPING) / pairs * 1e6, 1)
        for kind, times in (("clock", seconds), ("processor", processor))
    }
    print("bookkeeping, µs a pair: {:.1f} by the clock, {:.1f} of processor time".format(*found.values()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.source:
        print(json.dumps(one_way(options.source)))
        return
    record: dict[str, object] = {
        "benchmark": "batch",
        "target_us_per_pair": TARGET_MICROSECONDS,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in INPUTS:
            source = Path(folder) / f"candidates.{name}"
            write_input(source, options.queries * options.documents)
            result = measured(source, options.runs)
            record[name] = result | show(name, result)
    print(json.dumps(record))


if __name__ == "__main__":
    main()
