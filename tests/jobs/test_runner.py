"""The runner in one process: queue, pause, resume, cancel and failures."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.errors import BusyError, InputError, ModelMissingError
from core.jobs import Job, JobStore, NewJob, Progress, ScoreCache
from core.records import Score, ScoredPair, Scorer, ScoringRequest
from tests.jobs.conftest import RunnerFactory
from tests.jobs.running import PATIENCE, new_job
from tests.jobs.stub_scorer import StubScorer, expected_scores, info, some_requests


class Turnstile:
    """Holds a scorer before each micro-batch until it is let through."""

    def __init__(self) -> None:
        self._passes = threading.Semaphore(0)
        self._arrived = threading.Semaphore(0)

    def __call__(self, number: int) -> None:
        self._arrived.release()
        assert self._passes.acquire(timeout=PATIENCE)

    def wait_for_arrival(self) -> None:
        assert self._arrived.acquire(timeout=PATIENCE)

    def let_through(self, batches: int = 1) -> None:
        self._passes.release(batches)


def test_a_job_runs_to_its_end_and_its_result_can_be_read(store: JobStore, runner_for: RunnerFactory) -> None:
    scorer = StubScorer()
    runner = runner_for(lambda job: scorer)
    seen: list[Progress] = []
    job = runner.wait(runner.submit(new_job()).id, on_progress=seen.append)
    assert (job.state, job.done, job.pairs, job.from_cache, job.scored) == ("done", 120, 120, 0, 120)
    assert job.model == info()
    assert job.notice is None
    assert job.started is not None
    assert job.finished is not None
    assert job.tokens == sum(score.tokens for row in expected_scores(some_requests()) for score in row)
    assert store.scores(job.id) == expected_scores(some_requests())
    assert seen[-1].job == job


def test_the_scorer_is_asked_for_with_the_job(runner_for: RunnerFactory) -> None:
    asked: list[Job] = []

    def scorer_for(job: Job) -> Scorer:
        asked.append(job)
        return StubScorer()

    runner = runner_for(scorer_for)
    job = runner.submit(NewJob("n", "batch", some_requests(), {"model": "embedded"}))
    runner.wait(job.id)
    assert [(a.id, a.state, a.settings) for a in asked] == [(job.id, "running", {"model": "embedded"})]


def test_two_jobs_run_one_after_the_other(store: JobStore, runner_for: RunnerFactory) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    first, second = runner.submit(new_job("1")), runner.submit(new_job("2", tag="other"))
    turnstile.wait_for_arrival()
    assert runner.progress(first.id).job.state == "running"
    assert runner.progress(second.id).job.state == "queued"
    turnstile.let_through(100)
    first, second = runner.wait(first.id), runner.wait(second.id)
    assert (first.state, second.state) == ("done", "done")
    assert first.finished is not None
    assert second.started is not None
    assert first.finished <= second.started


def test_a_paused_job_lets_the_next_one_run_and_resumes_where_it_was(
    store: JobStore, runner_for: RunnerFactory
) -> None:
    turnstile = Turnstile()
    scorers = {"1": StubScorer(before_batch=turnstile), "2": StubScorer()}
    runner = runner_for(lambda job: scorers[job.name])
    first, second = runner.submit(new_job("1")), runner.submit(new_job("2", tag="other"))
    turnstile.let_through(2)
    for _ in range(3):
        turnstile.wait_for_arrival()
    runner.pause(first.id)
    assert runner.progress(first.id).stopping
    turnstile.let_through()
    paused = runner.wait(first.id)
    # Two batches were through, the third was asked to be the last.
    assert (paused.state, paused.done, paused.resumable) == ("paused", 24, True)
    assert runner.wait(second.id).state == "done"
    turnstile.let_through(100)
    runner.resume(first.id)
    done = runner.wait(first.id)
    assert (done.state, done.done, done.from_cache) == ("done", 120, 0)
    assert len(scorers["1"].scored) == 120
    assert store.scores(first.id) == expected_scores(some_requests())


def test_a_cancelled_job_keeps_its_scores(store: JobStore, runner_for: RunnerFactory) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    job = runner.submit(new_job())
    turnstile.wait_for_arrival()
    runner.cancel(job.id)
    turnstile.let_through()
    job = runner.wait(job.id)
    assert (job.state, job.done) == ("cancelled", 8)
    assert sum(score is not None for score in store.pair_scores(job.id)) == 8


def test_a_queued_job_can_be_paused_and_cancelled_without_running(runner_for: RunnerFactory) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    first, second = runner.submit(new_job("1")), runner.submit(new_job("2"))
    assert runner.pause(second.id).state == "paused"
    assert runner.cancel(second.id).state == "cancelled"
    with pytest.raises(InputError, match="is cancelled"):
        runner.pause(second.id)
    turnstile.let_through(100)
    runner.wait(first.id)
    with pytest.raises(InputError, match="is done"):
        runner.cancel(first.id)
    with pytest.raises(InputError, match="already finished"):
        runner.resume(first.id)


def test_resuming_a_running_job_changes_nothing(runner_for: RunnerFactory) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    job = runner.submit(new_job())
    turnstile.wait_for_arrival()
    assert runner.resume(job.id).state == "running"
    turnstile.let_through(100)
    assert runner.wait(job.id).state == "done"


def test_progress_tells_measured_rates_while_scoring(runner_for: RunnerFactory) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    job = runner.submit(new_job())
    turnstile.wait_for_arrival()
    first = runner.progress(job.id)
    assert (first.stage, first.pairs_per_second, first.seconds_left) == ("scoring", None, None)
    turnstile.let_through()
    turnstile.wait_for_arrival()
    progress = runner.progress(job.id)
    assert progress.job.done == 8
    assert progress.pairs_per_second is not None
    assert progress.tokens_per_second is not None
    assert progress.seconds_left is not None
    assert progress.tokens_per_second > progress.pairs_per_second > 0
    assert progress.seconds_left > 0
    turnstile.let_through(100)
    runner.wait(job.id)
    assert runner.progress(job.id).pairs_per_second is None


def test_a_stop_during_loading_is_heeded_before_the_first_micro_batch(runner_for: RunnerFactory) -> None:
    asked, loaded = threading.Event(), threading.Event()
    scorer = StubScorer()

    def scorer_for(job: Job) -> Scorer:
        asked.set()
        assert loaded.wait(PATIENCE)
        return scorer

    runner = runner_for(scorer_for)
    job = runner.submit(new_job())
    assert asked.wait(PATIENCE)
    assert runner.progress(job.id).stage == "loading"
    runner.pause(job.id)
    loaded.set()
    assert runner.wait(job.id).state == "paused"
    assert scorer.scored == []


def test_pairs_in_the_cache_and_repeated_pairs_do_not_reach_the_model(
    store: JobStore, runner_for: RunnerFactory, cache: ScoreCache
) -> None:
    scorer = StubScorer()
    runner = runner_for(lambda job: scorer, cache=cache)
    runner.wait(runner.submit(new_job()).id)
    requests = [*some_requests(), ScoringRequest("new", ("a", "b", "a"))]
    job = runner.wait(runner.submit(NewJob("more", "batch", requests)).id)
    assert (job.state, job.pairs, job.scored, job.from_cache) == ("done", 123, 2, 121)
    assert len(scorer.scored) == 122
    assert store.scores(job.id) == expected_scores(requests)


def test_a_job_whose_model_is_missing_fails_with_its_sentence_and_can_be_resumed(
    store: JobStore, runner_for: RunnerFactory
) -> None:
    available: list[Scorer] = []

    def scorer_for(job: Job) -> Scorer:
        if not available:
            raise ModelMissingError("The model {model} is not here.", hint="Download it.", model="M")
        return available[0]

    runner = runner_for(scorer_for)
    job = runner.wait(runner.submit(new_job()).id)
    assert job.state == "failed"
    assert job.notice is not None
    assert (job.notice.message, job.notice.hint) == ("The model M is not here.", "Download it.")
    available.append(StubScorer())
    runner.resume(job.id)
    job = runner.wait(job.id)
    assert (job.state, job.notice) == ("done", None)


def test_a_scorer_that_breaks_fails_its_job_and_not_the_queue(
    store: JobStore, runner_for: RunnerFactory
) -> None:
    def breaks(number: int) -> None:
        if number == 3:
            raise RuntimeError("device lost {1}")

    runner = runner_for(lambda job: StubScorer(before_batch=breaks if job.name == "1" else None))
    first, second = runner.submit(new_job("1")), runner.submit(new_job("2"))
    failed = runner.wait(first.id)
    assert (failed.state, failed.done) == ("failed", 16)
    assert failed.notice is not None
    assert "RuntimeError: device lost {1}" in failed.notice.message
    assert runner.wait(second.id).state == "done"


def test_a_micro_batch_without_a_finished_pair_does_not_stop_the_job(runner_for: RunnerFactory) -> None:
    class InParts(StubScorer):
        def score_many(
            self,
            requests: Sequence[ScoringRequest],
            *,
            on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
            **callbacks: Any,  # noqa: ANN401  handed on as they are
        ) -> list[list[Score]]:
            assert on_scored is not None
            on_scored([])
            return super().score_many(requests, on_scored=on_scored, **callbacks)

    runner = runner_for(lambda job: InParts())
    job = runner.submit(new_job())
    assert runner.wait(job.id).state == "done"


def test_scores_of_two_models_are_never_mixed(store: JobStore, runner_for: RunnerFactory) -> None:
    models = {"current": "one"}

    def stop(number: int) -> None:
        if number == 2 and models["current"] == "one":
            raise RuntimeError("stop here")

    runner = runner_for(lambda job: StubScorer(fingerprint=models["current"], before_batch=stop))
    job = runner.wait(runner.submit(new_job()).id)
    assert (job.state, job.done) == ("failed", 8)
    models["current"] = "two"
    runner.resume(job.id)
    job = runner.wait(job.id)
    assert (job.state, job.done) == ("failed", 8)
    assert job.notice is not None
    assert "began with Stub one (exact) and cannot go on with Stub two (exact)" in job.notice.message
    runner.resume(job.id, afresh={"model": "two"})
    job = runner.wait(job.id)
    assert (job.state, job.done, job.from_cache) == ("done", 120, 0)
    assert (job.model, job.settings) == (info("two"), {"model": "two"})


def test_closing_interrupts_running_and_queued_jobs_and_a_new_runner_offers_them(
    store: JobStore, runner_for: RunnerFactory
) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    first, second = runner.submit(new_job("1")), runner.submit(new_job("2", tag="other"))
    turnstile.wait_for_arrival()
    turnstile.let_through(100)
    runner.close()
    assert {store.job(first.id).state, store.job(second.id).state} <= {"interrupted", "done"}
    with pytest.raises(BusyError, match="closing"):
        runner.submit(new_job())
    later = runner_for(lambda job: StubScorer())
    for job in later.start():
        later.resume(job.id)
    assert [later.wait(job.id).state for job in (first, second)] == ["done", "done"]
    assert store.scores(first.id) == expected_scores(some_requests())


def test_only_one_runner_takes_jobs_and_the_other_reads(
    store: JobStore, runner_for: RunnerFactory, tmp_path: Path
) -> None:
    turnstile = Turnstile()
    runner = runner_for(lambda job: StubScorer(before_batch=turnstile))
    job = runner.submit(new_job())
    turnstile.wait_for_arrival()
    other_store = JobStore(tmp_path)
    other = runner_for(lambda job: StubScorer(), on=other_store)
    assert other.start() == []
    for refused in (
        lambda: other.submit(new_job()),
        lambda: other.resume(job.id),
        lambda: other.pause(job.id),
        lambda: other.cancel(job.id),
    ):
        with pytest.raises(BusyError, match="Another workbench process .* is running jobs"):
            refused()
    assert other.progress(job.id).job.state == "running"
    assert other.elsewhere() is not None
    assert runner.elsewhere() is None
    turnstile.let_through(100)
    assert other.wait(job.id).state == "done"
    assert other_store.scores(job.id) == expected_scores(some_requests())
    # The lease is given back when the queue is empty.
    assert other.wait(other.submit(new_job()).id).state == "done"
    other.close()
    other_store.close()


def test_a_finished_job_can_be_deleted(runner_for: RunnerFactory) -> None:
    runner = runner_for(lambda job: StubScorer())
    job = runner.wait(runner.submit(new_job()).id)
    runner.delete(job.id)
    with pytest.raises(InputError, match="no job"):
        runner.progress(job.id)
