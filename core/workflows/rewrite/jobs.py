"""Rewritings as jobs: what is kept with one, and reopening it without the file or the glossary."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from core import __version__
from core.errors import InputError
from core.jobs import InputFile, Job, JobKind, JobStore, NewJob
from core.text.rewriting.variants import RULES, Rule
from core.workflows.evaluate.data import from_bytes, to_bytes
from core.workflows.home.provenance import instruction_words, kept_settings, model_rows, run_rows
from core.workflows.rewrite.data import (
    RewrittenData,
    ScoredRewriting,
    rewritings_from_bytes,
    rewritings_to_bytes,
    scored_rewriting,
)
from core.workflows.rewrite.decisions import forget_decisions

KIND = "rewrite"
DATA, WORDINGS = "evaluation", "wordings"

NOT_A_REWRITING = "The run {name} is not a rewriting, so it cannot be opened here."


@dataclass(frozen=True, slots=True)
class RewriteJob:
    """What a job was asked to do, as it is kept.

    model: the scorer's name. columns: role → columns. glossary: the file's name. context_column: where each
    query's context stood; context: one text for all queries.
    """

    model: str
    instruction: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    encoding: str = ""
    rules: tuple[Rule, ...] = RULES
    limit: int = 3
    glossary: str = ""
    context_column: str = ""
    context: str = ""
    version: str = __version__

    @classmethod
    def of(cls, job: Job) -> "RewriteJob":
        """What a stored job was asked to do; InputError when it is no rewriting."""
        if job.kind != KIND:
            raise InputError(NOT_A_REWRITING, name=job.name)
        known = kept_settings(cls, job.settings)
        known["rules"] = tuple(known.get("rules", RULES))
        return cls(**known)


def new_rewriting(name: str, rewritten: RewrittenData, asked: RewriteJob, file: InputFile) -> NewJob:
    """A job that scores every wording and keeps what is needed to measure them later."""
    attachments = {DATA: to_bytes(rewritten.data), WORDINGS: rewritings_to_bytes(rewritten.rewritings)}
    return NewJob(name, KIND, rewritten.requests(asked.instruction), asdict(asked), (file,), attachments)


def kept_rewriting(store: JobStore, job: Job) -> ScoredRewriting:
    """A finished job's wordings with their scores."""
    data, wordings = store.attachment(job.id, DATA), store.attachment(job.id, WORDINGS)
    if job.kind != KIND or data is None or wordings is None:
        raise InputError(NOT_A_REWRITING, name=job.name)
    return scored_rewriting(
        RewrittenData(from_bytes(data), rewritings_from_bytes(wordings)), store.scores(job.id)
    )


def rewrite_details(job: Job) -> list[tuple[str, str]]:
    """What was rewritten and by whom it was scored, as (name, value) rows for a report."""
    asked = RewriteJob.of(job)
    rows = run_rows(job, sheet=asked.sheet, columns=asked.columns)
    rows += [("rules", ", ".join(asked.rules)), ("variants per query at most", str(asked.limit))]
    rows += [("glossary", asked.glossary)] if asked.glossary else []
    rows += [("context column", asked.context_column)] if asked.context_column else []
    rows += [("context", asked.context)] if asked.context else []
    rows.append(("instruction", instruction_words(asked.instruction)))
    return rows + (model_rows(job.model, longest=False) if job.model is not None else [])


REWRITING = JobKind(KIND, title="Rewriting", page="rewrite", details=rewrite_details, forget=forget_decisions)
