"""What a run stands on is taken away while it runs: the model's folder, the process that reads a file."""

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from core.errors import TooLargeError
from core.jobs import NewJob
from core.models import load_scorer
from core.records import ScoredPair, Scorer, ScoringRequest
from core.sheets.reading.confined import parse_confined
from core.sheets.records import ReadLimits
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from tests.qwen_fixture import tiny_qwen_folder

REQUESTS = [
    ScoringRequest(
        f"how long does refund {query} take", tuple(f"{query} answer {n} " * 20 for n in range(12))
    )
    for query in range(6)
]


class Watched:
    """A scorer of which every micro-batch is told about before the job has it."""

    def __init__(self, scorer: Scorer, on_batch: threading.Event, then: threading.Event) -> None:
        self._scorer, self._on_batch, self._then = scorer, on_batch, then
        self.info = scorer.info
        self.score, self.score_many = scorer.score, scorer.score_many

    def score_rest(
        self, requests: Sequence[ScoringRequest], known: object, *, on_scored: object, **more: object
    ) -> None:
        def told(batch: Sequence[ScoredPair]) -> None:
            on_scored(batch)  # type: ignore[operator]
            self._on_batch.set()
            assert self._then.wait(30)

        self._scorer.score_rest(requests, known, on_scored=told, **more)  # type: ignore[attr-defined]


def test_a_run_ends_without_its_models_folder_and_the_next_says_what_is_missing(tmp_path: Path) -> None:
    folder = tiny_qwen_folder(tmp_path)
    begun, gone = threading.Event(), threading.Event()
    loaded = load_scorer(str(folder))
    expected = [[round(score.logit, 4) for score in row] for row in loaded.score_many(REQUESTS)]
    service = JobService(tmp_path / "home", lambda job: Watched(loaded, begun, gone), JOB_KINDS)
    job = service.runner.submit(NewJob("test", "batch", REQUESTS))
    assert begun.wait(30)
    folder.rename(tmp_path / "elsewhere")
    gone.set()
    done = service.runner.wait(job.id, every=0.01)
    assert (done.state, done.done) == ("done", done.pairs)
    scores = service.store.scores(job.id)
    assert [[score.logit for score in row if score] for row in scores] == expected
    service.close()

    service = JobService(tmp_path / "home", lambda job: load_scorer(str(folder)), JOB_KINDS)
    other = [ScoringRequest("another query", request.documents) for request in REQUESTS]
    job = service.runner.submit(NewJob("next", "batch", other))
    failed = service.runner.wait(job.id, every=0.01)
    assert failed.state == "failed" and failed.notice is not None
    assert folder.name in failed.notice.message and failed.notice.hint
    (tmp_path / "elsewhere").rename(folder)
    service.runner.resume(job.id)
    assert service.runner.wait(job.id, every=0.01).state == "done"
    service.close()


def test_a_reader_that_the_system_kills_is_told_as_want_of_memory(tmp_path: Path) -> None:
    """The kernel's killer sends SIGKILL, as is done here."""
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.writelines(f"{number},question,answer {number}\n" for number in range(400_000))
    refused: list[Exception] = []

    def read() -> None:
        try:
            parse_confined(path, "text", ReadLimits(), name=path.name)
        except TooLargeError as error:
            refused.append(error)

    before = {child.pid for child in psutil.Process().children()}
    reading = threading.Thread(target=read)
    reading.start()
    reader: list[int] = []
    while reading.is_alive() and not reader:
        reader = [child.pid for child in psutil.Process().children() if child.pid not in before]
    os.kill(reader[0], signal.SIGKILL)
    reading.join(30)
    (error,) = refused
    assert "memory ran out" in str(error)


@pytest.fixture(autouse=True)
def _no_reader_is_left() -> None:
    """Children of other tests would be taken for ours."""
    assert not [
        child for child in psutil.Process().children() if "reader_process" in " ".join(child.cmdline())
    ]
