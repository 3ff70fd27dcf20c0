"""What is kept beside a run: how it came out, and what people noted; both go with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.jobs import Job, JobStore, NewJob, Remark, Standing
from core.jobs.standings import KeptStanding
from core.records import ScoringRequest

STOOD = Standing("nDCG@10", "the order before", 40, 0.5, 0.75, 0.25, 0.125, 0.375, 0.001, "better")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    opened = JobStore(tmp_path)
    yield opened
    opened.close()


def _finished(store: JobStore) -> Job:
    job = store.create(NewJob("run", "batch", [ScoringRequest("q", ("d",))]))
    return store.set_state(job.id, "done")


def test_a_standing_is_kept_by_measure_and_replaced(store: JobStore) -> None:
    job, other = _finished(store), _finished(store)
    kept = {job.id: KeptStanding("a", STOOD), other.id: KeptStanding("a", None)}
    store.standings.keep("nDCG@10", kept)
    assert store.standings.kept("nDCG@10") == kept
    assert store.standings.kept("RR@10") == {}
    store.standings.keep("nDCG@10", {job.id: KeptStanding("b", None)})
    assert store.standings.kept("nDCG@10")[job.id] == KeptStanding("b", None)


def test_a_run_that_is_gone_takes_its_standing_and_remark_along(store: JobStore) -> None:
    job = _finished(store)
    store.standings.keep("nDCG@10", {job.id: KeptStanding("a", STOOD)})
    store.remarks.save(job.id, Remark("for the review", ("may",)))
    store.delete(job.id)
    # What was being worked out meanwhile is passed over.
    store.standings.keep("nDCG@10", {job.id: KeptStanding("a", STOOD)})
    store.remarks.save(job.id, Remark("too late"))
    assert store.standings.kept("nDCG@10") == {} and store.remarks.all() == {}


def test_a_remark_survives_closing_and_is_tidied(store: JobStore, tmp_path: Path) -> None:
    job = _finished(store)
    kept = store.remarks.save(job.id, Remark("  客户的问题 \ud800 ", (" 五月 ", "", "五月", "=1+1")))
    assert kept == Remark("客户的问题 \ud800", ("五月", "=1+1"))
    again = JobStore(tmp_path)
    assert again.remarks.all() == {job.id: kept}
    again.close()
