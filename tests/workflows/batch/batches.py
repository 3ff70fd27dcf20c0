"""Small batches whose outcome is worked out by hand: a scorer that reads the score from the document."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import StoppedError
from core.jobs import InputFile, Job
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest
from core.sheets.meaning.importing import ImportedTable, import_table
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS

INFO = ScorerInfo(
    name="stub",
    kind="qwen3",
    label="Stub",
    device="cpu",
    precision="fp32",
    fingerprint="stub-1",
    max_tokens=1000,
    parameters=0,
    memory_bytes=0,
    uses_instruction=True,
)


def written_score(document: str) -> Score:
    """«… = 1.5» has the logit 1.5; «cut» in the text says that it was truncated."""
    logit = float(document.rpartition("=")[2])
    return Score(logit, len(document), "cut" in document)


class WrittenScorer:
    """Scores what is written in the documents, eight pairs at a time.

    after_batch: called with the number of pairs scored so far.
    """

    def __init__(self, info: ScorerInfo = INFO, after_batch: Callable[[int], None] | None = None) -> None:
        self.info = info
        self._after = after_batch or (lambda done: None)
        self.scored = 0

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        request = ScoringRequest(query, tuple(documents), instruction)
        return self.score_many([request], on_progress=on_progress)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        pairs = [
            (at, index) for at, request in enumerate(requests) for index in range(len(request.documents))
        ]
        for start in range(0, len(pairs), 8):
            if cancelled is not None and cancelled():
                raise StoppedError("Scoring was stopped.")
            batch = [
                ScoredPair(at, index, written_score(requests[at].documents[index]))
                for at, index in pairs[start : start + 8]
            ]
            self.scored += len(batch)
            if on_scored is not None:
                on_scored(batch)
            if on_progress is not None:
                on_progress(min(start + 8, len(pairs)), len(pairs))
            self._after(self.scored)
        return [[written_score(document) for document in request.documents] for request in requests]

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        return [len(document) for document in documents]


# Query, document (its logit after «=»), initial score. The order before is by score.
LONG = """\
编号,问题,候选文档,bm25得分,备注
0007,苹果多少钱?,a1 = -1,9.5,=1+1
0007,苹果多少钱?,a2 = 2,8,x
0007,苹果多少钱?,a3 = 0.5,7.25,
0008,who wrote it?,b1 = 3,5,y
0008,who wrote it?,b2 = 2.95,4,y
0009,lonely,c1 cut = -4,1,z
0010,,d1 = 1,1,blank query
0011,far,e1 = 1,9,
0011,far,e2 = 2,8,
0011,far,e3 = 3,7,
0011,far,e4 = 4,6,
0011,far,e5 = 5,5,
0011,far,e6 = 6,4,
0011,far,e7 = 7,3,
"""
QUERIES = ["苹果多少钱?", "who wrote it?", "lonely", "far"]


def import_text(folder: Path, text: str = LONG, name: str = "batch.csv", **choices: str) -> ImportedTable:
    """A CSV text as an imported table."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_table(path, **choices)  # type: ignore[arg-type]


def run_batch(
    home: Path,
    table: ImportedTable,
    scorer: WrittenScorer | None = None,
    *,
    instruction: str | None = None,
    name: str = "batch.csv",
) -> tuple[JobService, Job]:
    """Score an imported table to its end; the caller closes the service."""
    scorer = scorer or WrittenScorer()
    batch = batch_input(table, instruction)
    file = InputFile(name, str(home / name), table.report.sha256, table.report.size)
    settings = batch_settings(batch, scorer.info.name, instruction=instruction)
    service = JobService(home, lambda job: scorer, JOB_KINDS)
    job = service.runner.submit(new_batch_job(name, batch, settings, (file,)))
    return service, service.runner.wait(job.id)
