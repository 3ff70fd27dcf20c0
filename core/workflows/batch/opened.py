"""Reopening batches: a finished or running job becomes a run with texts, scores and origin again."""

import gc
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.errors import InputError
from core.jobs import Job, JobKind, JobStore
from core.records import Score
from core.sheets.records import RowProblem
from core.workflows.batch.care import CARE, care_lengths, fold_batch
from core.workflows.batch.gate import LEFT, LeftQueries, unpack_left
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
from core.workflows.care.preparing import CareSettings, DocumentCare

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
    requests = store.requests(job.id)
    scores: Sequence[Score | None] = store.pair_scores(job.id)
    origin, care = _origin(store, job), store.attachment(job.id, CARE)
    left = unpack_left(store.attachment(job.id, LEFT))
    cares: tuple[DocumentCare | None, ...] = ()
    if care is not None:
        settings = CareSettings.read(BatchSettings.read(job.settings).care)
        ranks = _ranks_of_scored(left, care_lengths(care), origin.ranks)
        whole = fold_batch(care, requests, scores, ranks, settings)
        requests, scores, cares = whole.requests, whole.scores, whole.cares
    if left.requests:
        requests = left.joined(requests)
        scores = left.spread(requests, scores)
        cares = tuple(left.spread(requests, cares)) if cares else ()
    return BatchRun.of(job, requests, scores, origin, cares, frozenset(left.requests))


def _ranks_of_scored(left: LeftQueries, lengths: Sequence[int], ranks: Sequence[int]) -> Sequence[int]:
    """The former ranks of the pairs that are scored, query by query. lengths: documents of those queries."""
    if not left.requests:
        return ranks
    waiting, found, start = iter(lengths), list[int](), 0
    for at in range(len(lengths) + len(left.requests)):
        gone = left.requests.get(at)
        length = len(gone.documents) if gone is not None else next(waiting)
        found += [] if gone is not None else ranks[start : start + length]
        start += length
    return found


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
