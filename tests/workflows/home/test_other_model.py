"""A stopped job starts afresh with another model, unless its texts were made for its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, ModelMissingError
from core.jobs import Job, NewJob
from core.records import Score, Scorer, ScorerInfo, ScoringRequest
from core.sentences import sentence
from core.sheets.records import RowProblem
from core.text.chunking import ChunkSettings
from core.workflows.batch.records import PROBLEMS, pack_problems
from core.workflows.care.preparing import CareSettings
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from tests.workflows.batch.batches import INFO, WrittenScorer

OTHER = replace(INFO, name="other", label="Other", fingerprint="other-1")
WORDLESS = replace(OTHER, uses_instruction=False)
REQUESTS = tuple(ScoringRequest(f"q{n}", tuple(f"{n}{d} = {d}" for d in range(5))) for n in range(4))


class ShortReader(WrittenScorer):
    """Reads ten tokens, which long queries fill alone."""

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        if len(query) > 10:
            raise InputError("The query is too long.")
        return [len(document) for document in documents]


class InUse:
    """Stands for the workbench: which model is in use, and when scoring fails."""

    def __init__(self) -> None:
        self.scorer: Scorer = WrittenScorer(after_batch=self._fail)

    def __call__(self, job: Job) -> Scorer:
        if job.settings["model"] != self.scorer.info.name:
            raise ModelMissingError("Another model is in use.")
        return self.scorer

    def _fail(self, done: int) -> None:
        raise RuntimeError("boom")


@pytest.fixture
def in_use() -> InUse:
    return InUse()


@pytest.fixture
def service(tmp_path: Path, in_use: InUse) -> Iterator[JobService]:
    opened = JobService(tmp_path, in_use, JOB_KINDS)
    yield opened
    opened.close()


def _half(
    service: JobService,
    kind: str = "batch",
    requests: tuple[ScoringRequest, ...] = REQUESTS,
    problems: tuple[RowProblem, ...] = (),
    **settings: object,
) -> Job:
    attachments = {PROBLEMS: pack_problems(problems)}
    new = NewJob("half", kind, requests, {"model": "stub", **settings}, (), attachments)
    job = service.runner.wait(service.runner.submit(new).id)
    assert (job.state, job.done) == ("failed", 8)
    return job


def _instructed(requests: tuple[ScoringRequest, ...]) -> tuple[ScoringRequest, ...]:
    return tuple(replace(request, instruction="Find the answer") for request in requests)


def test_another_model_scores_all_of_a_job_that_starts_afresh(service: JobService, in_use: InUse) -> None:
    job = _half(service, top=3)
    in_use.scorer = WrittenScorer(OTHER)
    service.start_afresh(job.id, in_use.scorer)
    job = service.runner.wait(job.id)
    assert (job.state, job.done, job.model) == ("done", 20, OTHER)
    assert job.settings == {"model": "other", "top": 3}


CHUNKED = CareSettings(chunks=ChunkSettings()).stored()
LEFT_OUT = (RowProblem("query_too_long", sentence("Too long."), row=3, skipped=True),)


@pytest.mark.parametrize(
    ("info", "job"),
    [
        pytest.param(OTHER, {"care": CHUNKED}, id="chunks of another tokenizer"),
        pytest.param(OTHER, {"problems": LEFT_OUT}, id="queries that the old model could not read"),
        pytest.param(WORDLESS, {"kind": "sandbox", "as_words": False}, id="instructions in a slot"),
        pytest.param(WORDLESS, {"instruction": "Find the answer"}, id="an instruction"),
        pytest.param(
            WORDLESS,
            {"columns": {"instruction": ["i"]}, "requests": _instructed(REQUESTS)},
            id="instructions of rows",
        ),
    ],
)
def test_a_job_made_for_its_model_keeps_its_scores(
    service: JobService, in_use: InUse, info: ScorerInfo, job: dict[str, Any]
) -> None:
    stopped = _half(service, **job)
    in_use.scorer = WrittenScorer(info)
    with pytest.raises(InputError, match="prepared for Stub, so Other cannot score them"):
        service.start_afresh(stopped.id, in_use.scorer)
    assert service.store.job(stopped.id) == stopped
    assert _known(service, stopped) == 8


@pytest.mark.parametrize(
    "job",
    [
        pytest.param({"kind": "sandbox", "as_words": True}, id="words in front of the queries"),
        pytest.param({"columns": {"instruction": ["i"]}}, id="instructions of rows that were dropped"),
    ],
)
def test_a_job_made_for_a_model_without_instructions_keeps_its_scores(
    service: JobService, in_use: InUse, job: dict[str, Any]
) -> None:
    first = replace(INFO, uses_instruction=False)
    in_use.scorer = WrittenScorer(first, after_batch=in_use._fail)
    stopped = _half(service, **job)
    in_use.scorer = WrittenScorer(OTHER)
    with pytest.raises(InputError, match="prepared for Stub"):
        service.start_afresh(stopped.id, in_use.scorer)
    assert _known(service, stopped) == 8


def test_queries_longer_than_the_model_in_use_reads_keep_their_scores(
    service: JobService, in_use: InUse
) -> None:
    job = _half(service, requests=(ScoringRequest("a long question", tuple(f"{n} = 1" for n in range(9))),))
    short = ShortReader(replace(OTHER, max_tokens=10))
    with pytest.raises(InputError, match="prepared for Stub"):
        service.start_afresh(job.id, short)
    assert _known(service, job) == 8


def test_the_same_model_in_another_precision_takes_its_own_chunks(service: JobService, in_use: InUse) -> None:
    job = _half(service, kind="evaluate", care=CHUNKED)
    in_use.scorer = WrittenScorer(replace(INFO, precision="int8", fingerprint="stub-2"))
    service.start_afresh(job.id, in_use.scorer)
    assert service.runner.wait(job.id).state == "done"


def _known(service: JobService, job: Job) -> int:
    scores: list[Score | None] = service.store.pair_scores(job.id)
    return sum(score is not None for score in scores)
