"""A process whose children work on a home folder and are killed in the middle of it, at any call.

    python -m tests.faults.dying_process

Each line of its input is a JSON list of tasks; a child is forked for each, all at once, and a line says how
each ended: its exit status (negative: the signal) and how many calls it made. A task names what to do, with
the `home`, and `dies_at`: at that call, counted over all its threads, the child kills itself with SIGKILL,
between any two steps of any library that is written in Python, and before any call into SQLite or the system.
"""

import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.evaluation.judgements import Judgement
from core.jobs import Job, ScoreCache, keep_upload, pair_keys
from core.records import Score, ScoringRequest
from core.sheets.meaning.importing import import_table
from core.workflows.batch.export import BatchTables, write_batch
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job
from core.workflows.batch.opened import open_run, original_rows, row_problems
from core.workflows.evaluate.judging import JudgementStore
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.decisions import DecisionStore
from tests.workflows.batch.batches import INFO, WrittenScorer

Task = dict[str, Any]


def service_of(home: Path, scorer: WrittenScorer | None = None) -> JobService:
    """What a process opens on a home."""
    return JobService(home, lambda job: scorer or WrittenScorer(), JOB_KINDS)


def submit_file(service: JobService, path: Path) -> Job:
    """Import a file, keep it, and queue a job of it, as the Batch page does."""
    batch = batch_input(import_table(path))
    with path.open("rb") as stream:
        kept = keep_upload(service.store.home, path.name, stream)
    return service.runner.submit(new_batch_job(path.name, batch, batch_settings(batch, INFO.name), (kept,)))


def tables_of(service: JobService, job_id: str) -> BatchTables:
    """A job as its export takes it."""
    store = service.store
    return BatchTables(open_run(store, job_id), original_rows(store, job_id), row_problems(store, job_id))


def _import(task: Task) -> None:
    submit_file(service_of(Path(task["home"])), Path(task["file"]))


def _score(task: Task) -> None:
    service = service_of(Path(task["home"]))
    (job,) = service.runner.start()
    service.runner.resume(job.id)
    service.runner.wait(job.id, every=0.01)
    service.close()


def _export(task: Task) -> None:
    service = service_of(Path(task["home"]))
    (job,) = service.store.history()
    write_batch(Path(task["file"]), tables_of(service, job.id))
    service.close()


def _decide(task: Task) -> None:
    decisions = DecisionStore(Path(task["home"]))
    for number in range(task["times"]):
        decisions.change("job", rewrites={(f"{task['name']} {number}", "a wording"): True})


def _grade(task: Task) -> None:
    store = JudgementStore(Path(task["home"]))
    for number in range(task["times"]):
        store.save("set", [Judgement(f"{task['name']} {number}", "d", number % 4)])
    store.close()


def _cache(task: Task) -> None:
    cache = ScoreCache(Path(task["home"]))
    for number in range(task["times"]):
        request = ScoringRequest(f"{task['name']} {number}", ("d",))
        cache.put_many({pair_keys("stub", [request])[0]: Score(float(number), 1, False)})
    cache.close()


ACTIONS: dict[str, Callable[[Task], None]] = {
    "import": _import,
    "score": _score,
    "export": _export,
    "decide": _decide,
    "grade": _grade,
    "cache": _cache,
}


def _work(task: Task, report: int) -> None:
    """In the child: do the task, and die when it is time."""
    calls = itertools.count(1)
    dies_at = task.get("dies_at", 0)

    def count(frame: object, event: str, argument: object) -> None:  # noqa: ARG001
        if event in ("call", "c_call") and next(calls) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)
    ACTIONS[task["action"]](task)
    sys.setprofile(None)
    os.write(report, str(next(calls) - 1).encode())
    os._exit(0)


def _fork(task: Task) -> tuple[int, int]:
    """A child that does the task: its number, and where it writes how many calls that took."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            _work(task, writer)
        finally:
            # An error has been printed by nobody: the status tells.
            os._exit(1)
    os.close(writer)
    return child, reader


def _say(line: str) -> None:
    os.write(1, (line + "\n").encode())


def main() -> None:
    _say("ready")
    for line in sys.stdin:
        children = [_fork(task) for task in json.loads(line)]
        ends = []
        for child, reader in children:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with os.fdopen(reader) as report:
                ends.append([status, int(report.read() or 0)])
        _say(json.dumps(ends))


if __name__ == "__main__":
    main()
