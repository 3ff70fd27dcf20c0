"""A process that runs a job is killed with SIGKILL; the next one resumes it, and the result is the same."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import BusyError
from core.jobs import JobRunner, JobStore, NewJob, ScoreCache
from tests.jobs.stub_scorer import MICRO_BATCH, StubScorer, expected_scores, some_requests

REPOSITORY = Path(__file__).resolve().parents[2]
BATCHES = 120 // MICRO_BATCH

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


@contextmanager
def job_process(home: Path, action: str, where: str, batch: int = 0) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.job_process", str(home), action, where, str(batch)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            try:
                yield process
            finally:
                process.kill()
    finally:
        assert process.returncode is not None


def read_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.strip())
        if lines[-1] == wanted:
            return lines
    raise AssertionError(f"The process ended after {lines[-3:]}.")


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def finish_here(home: Path, cache: ScoreCache | None = None) -> tuple[JobStore, StubScorer, str]:
    """What the next process does: find the job, resume it, run it to its end."""
    store = JobStore(home)
    scorer = StubScorer()
    runner = JobRunner(store, lambda job: scorer, cache=cache)
    (offered,) = runner.start()
    assert offered.state == "interrupted"
    assert offered.notice is not None
    assert "ended while this job was not finished" in offered.notice.message
    runner.resume(offered.id)
    done = runner.wait(offered.id)
    runner.close()
    assert (done.state, done.done, done.from_cache) == ("done", 120, 0)
    return store, scorer, offered.id


def assert_equal_to_an_uninterrupted_run(store: JobStore, job_id: str, folder: Path) -> None:
    other = JobStore(folder / "uninterrupted")
    runner = JobRunner(other, lambda job: StubScorer())
    job = runner.wait(runner.submit(NewJob("test", "batch", some_requests())).id)
    runner.close()
    assert store.requests(job_id) == other.requests(job.id)
    assert store.scores(job_id) == other.scores(job.id) == expected_scores(some_requests())
    one, two = store.job(job_id), other.job(job.id)
    assert (one.pairs, one.done, one.from_cache, one.tokens, one.model) == (
        two.pairs,
        two.done,
        two.from_cache,
        two.tokens,
        two.model,
    )
    other.close()


@pytest.mark.parametrize(
    ("where", "batch", "stored"),
    [
        ("before", 1, 0),  # nothing scored yet
        ("scored", 1, 0),  # the first micro-batch is scored but not reported: it is the one that is lost
        ("after", 1, 1),
        ("scored", 7, 6),
        ("after", 7, 7),
        ("scored", BATCHES, BATCHES - 1),
        ("after", BATCHES, BATCHES),  # everything stored, but the job is not marked done
    ],
)
def test_a_killed_job_loses_at_most_its_micro_batch_and_ends_like_an_uninterrupted_one(
    tmp_path: Path, where: str, batch: int, stored: int
) -> None:
    home = tmp_path / "home"
    with job_process(home, "submit", where, batch) as process:
        read_until(process, "here")
        kill(process)
    store, scorer, job_id = finish_here(home)
    assert len(scorer.scored) == 120 - stored * MICRO_BATCH
    assert_equal_to_an_uninterrupted_run(store, job_id, tmp_path)
    store.close()


def test_kills_at_any_moment_one_after_the_other_do_no_harm(tmp_path: Path) -> None:
    home = tmp_path / "home"
    moments = random.Random(4)
    reported = 0
    for attempt in range(4):
        action = "submit" if attempt == 0 else "resume"
        with job_process(home, action, "free") as process:
            # The kill falls somewhere after this line: while scoring, storing or caching.
            moment = f"{moments.choice(['before', 'scored', 'after'])} 2"
            assert process.stdout is not None
            lines: list[str] = []
            for line in process.stdout:
                lines.append(line.strip())
                if lines[-1] == moment:
                    kill(process)
        reported += sum(line.startswith("after") for line in lines)
        store = JobStore(home)
        (job,) = store.history()
        store.close()
        if job.state == "done":
            # It was faster than the kill.
            break
    store = JobStore(home)
    if job.state == "done":
        scorer_pairs = 0
    else:
        store.close()
        store, scorer, _ = finish_here(home)
        scorer_pairs = len(scorer.scored)
    # Every micro-batch that was reported as stored still is.
    assert scorer_pairs <= 120 - reported * MICRO_BATCH
    assert_equal_to_an_uninterrupted_run(store, job.id, tmp_path)
    store.close()


def test_scores_stored_before_the_kill_are_in_the_cache_after_the_resume(tmp_path: Path) -> None:
    with job_process(tmp_path, "submit", "after", 5) as process:
        read_until(process, "here")
        kill(process)
    cache = ScoreCache(tmp_path)
    store, scorer, job_id = finish_here(tmp_path, cache)
    assert len(scorer.scored) == 120 - 5 * MICRO_BATCH
    assert store.scores(job_id) == expected_scores(some_requests())
    assert cache.statistics().entries == 120
    store.close()
    cache.close()


def test_a_second_process_is_told_who_runs_the_jobs_and_can_read(tmp_path: Path) -> None:
    with job_process(tmp_path, "submit", "after", 3) as process:
        read_until(process, "here")
        store = JobStore(tmp_path)
        runner = JobRunner(store, lambda job: StubScorer())
        assert runner.start() == []
        holder = runner.elsewhere()
        assert holder is not None
        assert holder.process == process.pid
        with pytest.raises(BusyError, match=rf"process \({process.pid}\) is running jobs"):
            runner.submit(NewJob("mine", "batch", some_requests()))
        (job,) = store.history()
        assert (job.state, job.done) == ("running", 3 * MICRO_BATCH)
        assert runner.progress(job.id).job == job
        assert sum(score is not None for score in store.pair_scores(job.id)) == 3 * MICRO_BATCH
        assert process.stdin is not None
        process.stdin.close()
        read_until(process, "done")
        assert process.wait() == 0
    assert store.scores(job.id) == expected_scores(some_requests())
    mine = runner.wait(runner.submit(NewJob("mine", "batch", some_requests(tag="mine"))).id)
    assert mine.state == "done"
    runner.close()
    store.close()


def test_a_dead_process_holds_nothing_back(tmp_path: Path) -> None:
    with job_process(tmp_path, "submit", "after", 1) as process:
        read_until(process, "here")
        kill(process)
    store = JobStore(tmp_path)
    runner = JobRunner(store, lambda job: StubScorer())
    assert runner.elsewhere() is None
    # Submitting without `start` first recovers as well, and does not run the dead process's job.
    job = runner.wait(runner.submit(NewJob("mine", "batch", some_requests(tag="mine"))).id)
    assert job.state == "done"
    assert {job.name: job.state for job in store.history()} == {"mine": "done", "test": "interrupted"}
    runner.close()
    store.close()
