"""The clock is set back or forward while the tool runs: order, times and what is kept stay right."""

import io
import os
import time
from pathlib import Path

import pytest

from core.jobs import InputFile, JobRunner, JobStore, NewJob, keep_upload
from core.jobs.lease import Lease
from core.workflows.evaluate.files import NamedFile
from core.workflows.evaluate.judging import JudgementStore, grade
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.instructions.library import InstructionLibrary
from tests.jobs.running import once_at
from tests.jobs.stub_scorer import StubScorer, expected_scores, some_requests

DAY = 24 * 3600.0


class Clock:
    """The system's clock, as somebody or a time server sets it."""

    def __init__(self) -> None:
        self._real = time.time
        self._set_by = 0.0

    def time(self) -> float:
        """What the clock shows."""
        return self._real() + self._set_by

    def set(self, seconds: float) -> None:
        """Forward, or back where negative."""
        self._set_by += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Every reader of `time.time` sees it; times that only run forward are the system's."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


def test_a_job_during_which_the_clock_goes_back_ends_like_any_other(tmp_path: Path, clock: Clock) -> None:
    store = JobStore(tmp_path)
    scorer = StubScorer(before_batch=once_at(5, lambda: clock.set(-DAY)))
    runner = JobRunner(store, lambda job: scorer)
    job = runner.wait(runner.submit(NewJob("first", "batch", some_requests())).id, every=0.01)
    later = runner.wait(runner.submit(NewJob("second", "batch", some_requests(tag="b"))).id, every=0.01)
    assert (job.state, later.state) == ("done", "done")
    assert store.scores(job.id) == expected_scores(some_requests())
    assert 0 <= job.seconds < 60
    assert later.created < job.created
    # Jobs are listed and queued by number, so the newest is still first.
    assert [one.name for one in store.history()] == ["second", "first"]
    speed = store.tokens_per_second("stub-1")
    assert speed is not None and speed > 0
    runner.close()
    store.close()


def test_a_file_that_a_job_has_stays_whatever_the_clock_says(tmp_path: Path, clock: Clock) -> None:
    store = JobStore(tmp_path)
    used = keep_upload(tmp_path, "used.csv", io.BytesIO(b"used"))
    store.create(NewJob("job", "batch", some_requests(), inputs=(used,)))
    clock.set(-400 * DAY)
    waiting = keep_upload(tmp_path, "waiting.csv", io.BytesIO(b"waiting"))
    assert store.discard_unused_uploads() == 0
    clock.set(400 * DAY)
    assert store.discard_unused_uploads() == 0, "uploaded a moment ago, whatever the clock showed then"
    assert Path(used.path).exists() and Path(waiting.path).exists()
    os.utime(waiting.path, (time.time() - 2 * DAY,) * 2)
    clock.set(400 * DAY)
    assert store.discard_unused_uploads() == 1
    assert isinstance(used, InputFile) and Path(used.path).read_bytes() == b"used"
    store.close()


def test_who_runs_the_jobs_is_known_after_the_clock_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    psutil = pytest.importorskip("psutil")
    if not psutil.LINUX:
        pytest.skip("Linux tells when a process started by the time of its boot")
    holder = Lease(tmp_path)
    holder.acquire()
    boot = psutil.boot_time()
    # What /proc/stat says of the boot moves along when the clock is set.
    monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: boot - DAY)
    known = Lease(tmp_path).holder()
    assert known is not None
    assert known.process == os.getpid()
    holder.release()


def test_what_was_kept_last_counts_although_the_clock_went_back(tmp_path: Path, clock: Clock) -> None:
    library, grades, files = InstructionLibrary(tmp_path), JudgementStore(tmp_path), KeptFiles(tmp_path)
    library.save("mine", "first")
    grades.save("set", [grade("q", "d", 1)])
    files.keep_runs("owner", [NamedFile("run", b"old")])
    seen = files.signature("owner")
    clock.set(-DAY)
    assert library.save("mine", "second").latest.instruction == "second"
    grades.save("set", [grade("q", "d", 3)])
    assert [one.label for one in grades.grades("set")] == [3]
    files.keep_runs("owner", [NamedFile("run", b"new")])
    assert files.signature("owner") != seen
    assert [file.content for file in files.runs("owner")] == [b"new"]
    for store in (grades, files):
        store.close()
