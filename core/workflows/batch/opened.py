"""Reopening batches: a finished or running job becomes a run with texts, scores and origin again."""

import gc
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import InputError
from core.jobs import Job, JobKind, JobStore
from core.sheets.records import RowProblem
from core.workflows.batch.care import CARE, fold_batch
from core.workflows.batch.records import (
    KIND,
    ORIGIN,
    PROBLEMS,
    ROWS,
    BatchSettings,
    Origin,
    OriginalRows,
    unpack_origin,
    unpack_problems,
    unpack_rows,
)
from core.workflows.batch.results import BatchRun
from core.workflows.batch.sheets import asked_rows
from core.workflows.batch.two_looks import batch_scorer, tops_checked
from core.workflows.care.preparing import CareSettings

# Runs kept in memory: a person looks at one or compares two.
OPEN_RUNS = 2

_open: OrderedDict[tuple[str, str, int, str, str], BatchRun] = OrderedDict()
_opening = threading.Lock()


def open_run(store: JobStore, job_id: str) -> BatchRun:
    """A batch's texts, scores and origin as they stand; the last two opened stay in memory."""
    job = store.job(job_id)
    key = (str(store.home), job.id, job.done, job.name, job.model.fingerprint if job.model else "")
    with _opening:
        if key in _open:
            _open.move_to_end(key)
            return _open[key]
    run = _run_of(store, job)
    # Streamlit collects garbage after every script run, and would visit each of a large run's objects.
    gc.collect()
    gc.freeze()
    with _opening:
        _open[key] = run
        while len(_open) > OPEN_RUNS:
            _open.popitem(last=False)
    return run


def original_rows(store: JobStore, job_id: str) -> OriginalRows:
    """The original cells of a batch, for an export."""
    body = store.attachment(job_id, ROWS)
    if body is None:
        return OriginalRows((), (), adds_query=True, adds_document=True)
    return unpack_rows(body)


def row_problems(store: JobStore, job_id: str) -> tuple[RowProblem, ...]:
    """What the import and the checks found wrong in a batch's file."""
    body = store.attachment(job_id, PROBLEMS)
    return unpack_problems(body) if body is not None else ()


def unfinished_like(
    store: JobStore, settings: BatchSettings, sha256: tuple[str, ...], fingerprint: str
) -> Job | None:
    """The newest job that stopped before its end and can go on as a run of these settings and files."""
    for job in store.resumable():
        if (
            job.kind == KIND
            and tuple(file.sha256 for file in job.inputs) == sha256
            and BatchSettings.read(job.settings).same_scores(settings)
            and (job.model is None or job.model.fingerprint == fingerprint)
        ):
            return job
    return None


def _run_of(store: JobStore, job: Job) -> BatchRun:
    return replace(_scored(store, job), tops=tops_checked(store, job))


def _scored(store: JobStore, job: Job) -> BatchRun:
    requests, scores = store.requests(job.id), store.pair_scores(job.id)
    origin, care = _origin(store, job), store.attachment(job.id, CARE)
    if care is None:
        return BatchRun.of(job, requests, scores, origin)
    settings = CareSettings.read(BatchSettings.read(job.settings).care)
    whole = fold_batch(care, requests, scores, origin.ranks, settings)
    return BatchRun.of(job, whole.requests, whole.scores, origin, whole.cares)


def _origin(store: JobStore, job: Job) -> Origin:
    body = store.attachment(job.id, ORIGIN)
    if body is None:
        raise InputError("The run {name} is not a batch, so it cannot be opened here.", name=job.name)
    return unpack_origin(body)


def _cut_to_measure(store: JobStore, job: Job) -> bool:
    """Documents were cut, or queries left out, by the token count of the job's model."""
    if any(problem.kind == "query_too_long" for problem in row_problems(store, job.id)):
        return True
    return CareSettings.read(BatchSettings.read(job.settings).care).chunks is not None


def _names_instructions(settings: Mapping[str, Any]) -> bool:
    return bool(settings.get("columns", {}).get("instruction"))


BATCH = JobKind(
    name=KIND,
    title="Batch",
    page="batch",
    details=lambda job: asked_rows(job, BatchSettings.read(job.settings)),
    names_instructions=_names_instructions,
    cut_to_measure=_cut_to_measure,
    scorer_of=batch_scorer,
)
