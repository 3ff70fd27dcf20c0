"""Instructions tried on a whole file as one job: what is kept with it, and reopening it without the file.

The job scores every candidate once under each instruction, one instruction after the other. What the scores
say is for `sandbox_matrix`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from core import __version__
from core.errors import InputError
from core.evaluation.judgements import Judgement
from core.jobs import InputFile, Job, JobKind, JobStore, NewJob
from core.records import ScorerInfo, ScoringRequest
from core.workflows.evaluate.data import EvaluationData, from_bytes, to_bytes
from core.workflows.evaluate.scores import Cost, ScoredSystem, scored_system
from core.workflows.home.provenance import kept_settings, run_rows
from core.workflows.instructions.use import instructed
from core.workflows.sandbox.side_by_side import TriedInstruction

KIND = "sandbox"
DATA = "evaluation"

NOT_A_TRIAL = "The run {name} is not a trial of instructions, so it cannot be opened here."
NOT_STARTED = "The run {name} has not scored anything yet."


@dataclass(frozen=True, slots=True)
class TrialJob:
    """What a job was asked to do, as it is kept.

    model: the scorer's name, by which the runner finds it. as_words: the model takes no instruction, so they
    stand in front of the queries. columns: role → columns. depth: candidates of each query, None for all.
    """

    model: str
    variants: tuple[TriedInstruction, ...]
    as_words: bool
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    encoding: str = ""
    depth: int | None = None
    version: str = __version__

    @classmethod
    def of(cls, job: Job) -> "TrialJob":
        """What a stored job was asked to do; InputError when it is no trial."""
        if job.kind != KIND:
            raise InputError(NOT_A_TRIAL, name=job.name)
        known = kept_settings(cls, job.settings)
        known["variants"] = tuple(TriedInstruction(**variant) for variant in known["variants"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Trial:
    """A finished trial: the data and one set of scores per instruction, the default first."""

    data: EvaluationData
    variants: tuple[TriedInstruction, ...]
    systems: tuple[ScoredSystem, ...]
    model: ScorerInfo
    as_words: bool


def trial_data(data: EvaluationData) -> EvaluationData:
    """The data without the instructions that its rows name: they would stand in place of those tried."""
    return replace(data, instructions={}) if data.instructions else data


def trial_requests(
    data: EvaluationData, variants: Sequence[TriedInstruction], *, as_words: bool
) -> tuple[ScoringRequest, ...]:
    """What a model has to score: every query under the first instruction, then under the second, …"""
    return tuple(
        instructed(request.query, request.documents, variant.instruction, not as_words)
        for variant in variants
        for request in data.requests()
    )


def new_trial(name: str, data: EvaluationData, asked: TrialJob, file: InputFile) -> NewJob:
    """A job that scores the candidates under each instruction and keeps what is needed to read it later."""
    requests = trial_requests(data, asked.variants, as_words=asked.as_words)
    return NewJob(name, KIND, requests, asdict(asked), (file,), {DATA: to_bytes(data)})


def kept_trial(store: JobStore, job: Job, grades: Iterable[Judgement] = ()) -> Trial:
    """A finished job's data and scores, with labels given by hand; InputError while scores are missing."""
    asked = TrialJob.of(job)
    body = store.attachment(job.id, DATA)
    if body is None:
        raise InputError(NOT_A_TRIAL, name=job.name)
    if job.model is None:
        raise InputError(NOT_STARTED, name=job.name)
    data, scores = from_bytes(body).with_grades(grades), store.scores(job.id)
    queries = len(scores) // len(asked.variants)
    cost = Cost(job.pairs, job.scored, job.tokens, job.seconds, job.model.memory_bytes)
    systems = tuple(
        scored_system(
            variant.name,
            job.model,
            variant.instruction,
            data,
            scores[at * queries : (at + 1) * queries],
            cost if at == 0 else None,
        )
        for at, variant in enumerate(asked.variants)
    )
    return Trial(data, asked.variants, systems, job.model, asked.as_words)


def trial_details(job: Job) -> list[tuple[str, str]]:
    """What was tried, as (name, value) rows for a report."""
    asked = TrialJob.of(job)
    rows = run_rows(job, sheet=asked.sheet, encoding=asked.encoding, columns=asked.columns)
    rows.append(("candidates per query", str(asked.depth) if asked.depth else "all"))
    rows.append(("pairs", f"{job.pairs}, {job.scored} scored for this run in {job.seconds:.1f} s"))
    return rows


TRIAL = JobKind(KIND, title="Instructions", page="sandbox", details=trial_details)
