"""The runner when storage stops taking scores: a full disk, a locked database."""

import sqlite3
from pathlib import Path
from typing import Any

from core.jobs import JobStore, NewJob
from core.records import ScoringRequest
from tests.jobs.conftest import RunnerFactory
from tests.jobs.running import PATIENCE, new_job, once_at, wait_until
from tests.jobs.stub_scorer import StubScorer, expected_scores, some_requests


class Storage:
    """Connections whose database can be made full and roomy again."""

    def __init__(self) -> None:
        self.writers: list[sqlite3.Connection] = []

    def connect(self, database: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401  handed on
        connection = sqlite3.connect(database, **options)
        if "mode=rwc" in database:
            self.writers.append(connection)
        return connection

    def fill(self) -> None:
        (pages,) = self.writers[0].execute("PRAGMA page_count").fetchone()
        self.writers[0].execute(f"PRAGMA max_page_count = {pages}")

    def make_room(self) -> None:
        self.writers[0].execute("PRAGMA max_page_count = 1000000")


def wide_requests() -> list[ScoringRequest]:
    """Enough pairs that a micro-batch of 500 needs new pages."""
    return some_requests(queries=20, documents=100)


def test_a_full_disk_pauses_the_job_and_loses_no_score(tmp_path: Path, runner_for: RunnerFactory) -> None:
    storage = Storage()
    store = JobStore(tmp_path, connect=storage.connect)
    scorer = StubScorer(micro_batch=500, before_batch=once_at(3, storage.fill))
    runner = runner_for(lambda job: scorer, on=store, storage_patience=0.0, retry_seconds=0.01)
    job = runner.submit(NewJob("n", "batch", wide_requests()))
    paused = runner.wait(job.id)
    assert paused.state == "paused"
    assert paused.notice is not None
    assert paused.notice.message == "The disk that holds jobs.sqlite3 is full."
    assert paused.notice.hint == "Free some space, then try again."
    assert len(scorer.scored) == 1500
    storage.make_room()
    wait_until(runner, job.id, lambda progress: progress.job.done == 1500)
    runner.resume(job.id)
    done = runner.wait(job.id)
    assert (done.state, done.done) == ("done", 2000)
    # The batch that did not fit was kept in memory: nothing was scored twice.
    assert len(scorer.scored) == 2000
    assert store.scores(job.id) == expected_scores(wide_requests())
    runner.close()
    store.close()


def test_a_database_that_is_locked_for_a_while_only_delays_the_job(
    tmp_path: Path, runner_for: RunnerFactory
) -> None:
    store = JobStore(tmp_path, busy_seconds=0)
    other = sqlite3.connect(tmp_path / "jobs.sqlite3", isolation_level=None, check_same_thread=False)
    scorer = StubScorer(before_batch=once_at(2, lambda: other.execute("BEGIN IMMEDIATE")))
    runner = runner_for(lambda job: scorer, on=store, storage_patience=PATIENCE, retry_seconds=0.01)
    job = runner.submit(new_job())
    troubled = wait_until(runner, job.id, lambda progress: progress.job.notice is not None)
    assert troubled.job.state == "running"
    assert troubled.job.notice is not None
    assert "locked by another program" in troubled.job.notice.message
    other.execute("ROLLBACK")
    done = runner.wait(job.id)
    assert (done.state, done.done, done.notice) == ("done", 120, None)
    assert len(scorer.scored) == 120
    other.close()
    runner.close()
    store.close()


def test_a_database_that_stays_locked_pauses_the_job_until_it_is_free(
    tmp_path: Path, runner_for: RunnerFactory
) -> None:
    store = JobStore(tmp_path, busy_seconds=0)
    other = sqlite3.connect(tmp_path / "jobs.sqlite3", isolation_level=None, check_same_thread=False)
    scorer = StubScorer(before_batch=once_at(2, lambda: other.execute("BEGIN IMMEDIATE")))
    runner = runner_for(lambda job: scorer, on=store, storage_patience=0.0, retry_seconds=0.01)
    job = runner.wait(runner.submit(new_job()).id)
    assert job.state == "paused"
    assert store.job(job.id).state == "running"
    other.execute("ROLLBACK")
    runner.resume(job.id)
    done = runner.wait(job.id)
    assert (done.state, done.done) == ("done", 120)
    assert len(scorer.scored) == 120
    other.close()
    runner.close()
    store.close()


def test_closing_stores_what_could_not_be_stored_before(tmp_path: Path, runner_for: RunnerFactory) -> None:
    storage = Storage()
    store = JobStore(tmp_path, connect=storage.connect)
    scorer = StubScorer(micro_batch=500, before_batch=once_at(2, storage.fill))
    runner = runner_for(lambda job: scorer, on=store, storage_patience=0.0, retry_seconds=PATIENCE)
    job = runner.wait(runner.submit(NewJob("n", "batch", wide_requests())).id)
    assert store.job(job.id).done == 500
    storage.make_room()
    runner.close()
    assert (store.job(job.id).state, store.job(job.id).done) == ("paused", 1000)
    store.close()
