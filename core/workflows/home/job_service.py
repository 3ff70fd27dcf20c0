"""The batches of one home folder: their store, score cache and runner, and reopening what they found.

A process has one, beside the workbench whose model scores. The command line makes its own, with the model it
was told to use. What the results mean is for `batch_results`.
"""

import atexit
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from core.errors import InputError, ModelMissingError
from core.jobs import InputFile, Job, JobPlan, JobRunner, JobStore, ScoreCache
from core.jobs.uploads import FOLDER
from core.records import Scorer, ScoringRequest
from core.sheets.records import RowProblem
from core.workflows.batch.care import CARE, fold_batch
from core.workflows.batch.other_model import check_other_model
from core.workflows.batch.plan import plan_batch
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
from core.workflows.care.preparing import CareSettings
from core.workflows.home.workbench import Workbench, workbench

# Runs kept in memory: a person looks at one or compares two.
OPEN_RUNS = 2
# A job that starts with the program waits this long for the model to load.
MODEL_SECONDS = 600.0
# How `keep_upload` names a file; nothing else may be asked for.
_KEPT_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,10})?")


class BatchService:
    """Owns the jobs of a home folder from the process's start to its end. Safe to use from many threads."""

    def __init__(self, home: Path, scorer_for: Callable[[Job], Scorer]) -> None:
        self.store = JobStore(home)
        self.cache = ScoreCache(home)
        self.runner = JobRunner(self.store, scorer_for, cache=self.cache)
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, int, str, str], BatchRun] = OrderedDict()

    def close(self) -> None:
        """Stop after the running micro-batch and close the files; unfinished jobs can be resumed."""
        self.runner.close()
        self.store.close()
        self.cache.close()

    def plan(self, requests: tuple[ScoringRequest, ...], scorer: Scorer) -> JobPlan:
        """What scoring some requests will take."""
        return plan_batch(requests, scorer, self.store, self.cache)

    def open_run(self, job_id: str) -> BatchRun:
        """A batch's texts, scores and origin as they stand; the last two stay in memory."""
        job = self.store.job(job_id)
        key = (job.id, job.done, job.name, job.model.fingerprint if job.model else "")
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        run = self._run_of(job)
        with self._lock:
            self._open[key] = run
            while len(self._open) > OPEN_RUNS:
                self._open.popitem(last=False)
        return run

    def _run_of(self, job: Job) -> BatchRun:
        requests, scores = self.store.requests(job.id), self.store.pair_scores(job.id)
        origin, care = self._origin(job), self.store.attachment(job.id, CARE)
        if care is None:
            return BatchRun.of(job, requests, scores, origin)
        settings = CareSettings.read(BatchSettings.read(job.settings).care)
        whole = fold_batch(care, requests, scores, origin.ranks, settings)
        return BatchRun.of(job, whole.requests, whole.scores, origin, whole.cares)

    def rows(self, job_id: str) -> OriginalRows:
        """The original cells of a batch, for an export."""
        body = self.store.attachment(job_id, ROWS)
        return (
            unpack_rows(body)
            if body is not None
            else OriginalRows((), (), adds_query=True, adds_document=True)
        )

    def problems(self, job_id: str) -> tuple[RowProblem, ...]:
        """What the import and the checks found wrong in a batch's file."""
        body = self.store.attachment(job_id, PROBLEMS)
        return unpack_problems(body) if body is not None else ()

    def start_afresh(self, job_id: str, scorer: Scorer) -> Job:
        """Forget a stopped job's scores and have all of it scored by this model, the one in use.

        InputError, with nothing forgotten, where its texts were made for another one.
        """
        job = self.store.job(job_id)
        check_other_model(job, self.store.requests(job_id), self.problems(job_id), scorer)
        return self.runner.resume(job_id, afresh={**job.settings, "model": scorer.info.name})

    def upload_token(self, file: InputFile) -> str:
        """A kept upload as a word for an address, so that a reload finds it."""
        return f"{Path(file.path).name}/{file.name}"

    def upload_named(self, token: str) -> InputFile | None:
        """The kept upload of a token; None when there is none (any more)."""
        kept, _, name = token.partition("/")
        path = self.store.home / FOLDER / kept
        if not _KEPT_NAME.fullmatch(kept) or not name or not path.is_file():
            return None
        return InputFile(name, str(path), kept[:64], path.stat().st_size)

    def unfinished_like(
        self, settings: BatchSettings, sha256: tuple[str, ...], fingerprint: str
    ) -> Job | None:
        """The newest job that stopped before its end and can go on as a run of these settings and files."""
        for job in self.store.resumable():
            if (
                job.kind == KIND
                and tuple(file.sha256 for file in job.inputs) == sha256
                and BatchSettings.read(job.settings).same_scores(settings)
                and (job.model is None or job.model.fingerprint == fingerprint)
            ):
                return job
        return None

    def _origin(self, job: Job) -> Origin:
        body = self.store.attachment(job.id, ORIGIN)
        if body is None:
            raise InputError("The run {name} is not a batch, so it cannot be opened here.", name=job.name)
        return unpack_origin(body)


def scorer_of(bench: Workbench) -> Callable[[Job], Scorer]:
    """Gives each job the workbench's model, and refuses one that was asked of another model."""

    def scorer_for(job: Job) -> Scorer:
        scorer = bench.scorer(wait=MODEL_SECONDS)
        wanted = BatchSettings.read(job.settings).model
        if wanted != scorer.info.name:
            raise ModelMissingError(
                "This job was made for {wanted}, but {active} is in use.",
                hint="Switch the model on the Model page, then resume the job.",
                wanted=wanted,
                active=scorer.info.label,
            )
        return scorer

    return scorer_for


_the_service: BatchService | None = None
_creation = threading.Lock()


def batch_service() -> BatchService:
    """This process's service, on the workbench's home and model, started on first use."""
    global _the_service
    with _creation:
        if _the_service is None:
            bench = workbench()
            _the_service = BatchService(bench.settings.home, scorer_of(bench))
            _the_service.store.discard_unused_uploads()
            _the_service.runner.start()
            atexit.register(_the_service.close)
        return _the_service
