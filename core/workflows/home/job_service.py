"""The jobs of one home folder: their store, score cache and runner. It knows no kind of job by itself.

A process has one, beside the workbench whose model scores (`core.workflows.kinds`). The command line makes
its own, with the model it was told to use.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import ModelMissingError, StorageError
from core.jobs import InputFile, Job, JobKind, JobKinds, JobPlan, JobRunner, JobStore, ScoreCache
from core.jobs.uploads import FOLDER
from core.records import Scorer, ScoringRequest
from core.storage.private import close_home
from core.workflows.home.other_model import check_other_model
from core.workflows.home.plan import plan_scoring
from core.workflows.home.provenance import Rows
from core.workflows.home.workbench import Workbench

# A job that starts with the program waits this long for the model to load.
MODEL_SECONDS = 600.0
# How `keep_upload` names a file; nothing else may be asked for.
_KEPT_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,10})?")


class JobService:
    """Owns the jobs of a home folder from the process's start to its end. Safe to use from many threads."""

    def __init__(self, home: Path, scorer_for: Callable[[Job], Scorer], kinds: JobKinds) -> None:
        with suppress(OSError):
            # A home that cannot be written is refused by whatever writes to it first.
            close_home(home)
        self.store = JobStore(home)
        try:
            self.cache = ScoreCache(home)
        except StorageError:
            self.store.close()
            raise
        self._kinds, self._model_for = kinds, scorer_for
        self.runner = JobRunner(self.store, self._scorer_for, cache=self.cache)
        # Tokens per second by fingerprint, where no job has told them yet.
        self._rates: dict[str, float] = {}

    def close(self) -> None:
        """Stop after the running micro-batch and close the files; unfinished jobs can be resumed."""
        self.runner.close()
        self.store.close()
        self.cache.close()

    def kind_of(self, job: Job) -> JobKind | None:
        """What the job's kind declares; None for one of a newer version of this program."""
        return self._kinds.get(job.kind)

    def details(self, job: Job) -> Rows:
        """What the job was asked to do and of which file, as rows of a report; none for an unknown kind."""
        kind = self.kind_of(job)
        return kind.details(job) if kind is not None else []

    def plan(self, requests: tuple[ScoringRequest, ...], scorer: Scorer) -> JobPlan:
        """What scoring some requests will take."""
        return plan_scoring(requests, scorer, self.store, self.cache, self._rates)

    def start_afresh(self, job_id: str, scorer: Scorer) -> Job:
        """Forget a stopped job's scores and have all of it scored by this model, the one in use.

        InputError, with nothing forgotten, where its texts were made for another one.
        """
        job = self.store.job(job_id)
        check_other_model(self.store, job, self.kind_of(job), scorer)
        return self.runner.resume(job_id, afresh={**job.settings, "model": scorer.info.name})

    def delete(self, job_id: str) -> None:
        """Remove a job with its results and what its kind keeps beside it. InputError while it runs."""
        kind = self.kind_of(self.store.job(job_id))
        self.runner.delete(job_id)
        if kind is not None:
            kind.forget(self.store.home, job_id)

    def _scorer_for(self, job: Job) -> Scorer:
        """The model at hand, in the way that the job's kind scores with it."""
        scorer, kind = self._model_for(job), self.kind_of(job)
        return scorer if kind is None else kind.scorer_of(scorer, job, self.store)

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


def scorer_of(bench: Workbench) -> Callable[[Job], Scorer]:
    """Gives each job the workbench's model, and refuses one that was asked of another model."""

    def scorer_for(job: Job) -> Scorer:
        scorer = bench.scorer(wait=MODEL_SECONDS)
        wanted = str(job.settings.get("model", ""))
        if wanted != scorer.info.name:
            raise ModelMissingError(
                "This job was made for {wanted}, but {active} is in use.",
                hint="Switch the model on the Model page, then resume the job.",
                wanted=wanted,
                active=scorer.info.label,
            )
        return scorer

    return scorer_for
