"""Evaluations as jobs: what is kept with one, and reopening it without the file.

Scoring is the job runner's business. The labels are kept as they were read; grades given by hand are kept
apart (`evaluate_judging`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from core import __version__
from core.errors import InputError
from core.jobs import InputFile, Job, JobKind, JobStore, NewJob
from core.workflows.evaluate.data import EvaluationData, from_bytes, to_bytes
from core.workflows.evaluate.scores import Cost, ScoredSystem, scored_system
from core.workflows.home.provenance import kept_settings, run_rows

KIND = "evaluate"
DATA = "evaluation"

NOT_AN_EVALUATION = "The run {name} is not an evaluation, so it cannot be opened here."
NOT_STARTED = "The run {name} has not scored anything yet."


@dataclass(frozen=True, slots=True)
class EvaluateJob:
    """What a job was asked to do, as it is kept.

    model: the scorer's name, by which the runner finds it. columns: role → columns. depth: candidates of each
    query, None for all. data: the fingerprint by which runs on the same data are found.
    """

    model: str
    data: str
    instruction: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    encoding: str = ""
    depth: int | None = None
    version: str = __version__

    @classmethod
    def of(cls, job: Job) -> "EvaluateJob":
        """What a stored job was asked to do; InputError when it is no evaluation."""
        if job.kind != KIND:
            raise InputError(NOT_AN_EVALUATION, name=job.name)
        known = kept_settings(cls, job.settings)
        return cls(**known)


def new_evaluation(name: str, data: EvaluationData, asked: EvaluateJob, file: InputFile) -> NewJob:
    """A job that scores the candidates and keeps what is needed to evaluate them later."""
    return NewJob(
        name, KIND, data.requests(asked.instruction), asdict(asked), (file,), {DATA: to_bytes(data)}
    )


def kept_data(store: JobStore, job: Job) -> EvaluationData:
    """The data of an evaluation, as it was read from the file."""
    body = store.attachment(job.id, DATA)
    if job.kind != KIND or body is None:
        raise InputError(NOT_AN_EVALUATION, name=job.name)
    return from_bytes(body)


def kept_system(store: JobStore, job: Job, data: EvaluationData, name: str) -> ScoredSystem:
    """A finished job's scores under a name; InputError while some are missing."""
    asked = EvaluateJob.of(job)
    if job.model is None:
        raise InputError(NOT_STARTED, name=job.name)
    cost = Cost(job.pairs, job.scored, job.tokens, job.seconds, job.model.memory_bytes)
    return scored_system(name, job.model, asked.instruction, data, store.scores(job.id), cost)


def finished_on(store: JobStore, data: str) -> list[Job]:
    """The finished evaluations of data with this fingerprint, the newest first."""
    return [job for job in store.history(kind=KIND, states=("done",)) if job.settings.get("data") == data]


def comparable(store: JobStore, job: Job) -> list[Job]:
    """Other finished evaluations of the same queries and candidates, the newest first."""
    found = finished_on(store, str(job.settings.get("data")))
    return [other for other in found if other.id != job.id]


def job_details(job: Job) -> list[tuple[str, str]]:
    """What was evaluated, as (name, value) rows for a report."""
    asked = EvaluateJob.of(job)
    rows = run_rows(job, sheet=asked.sheet, encoding=asked.encoding, columns=asked.columns)
    rows.append(("candidates per query", str(asked.depth) if asked.depth else "all"))
    return rows


def judged_set(job: Job) -> str:
    """The name under which grades given by hand are kept: the content of the file."""
    return job.inputs[0].sha256 if job.inputs else job.id


EVALUATION = JobKind(KIND, title="Evaluation", page="evaluate", details=job_details)
