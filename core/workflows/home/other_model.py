"""Whether a job's texts can be scored by another model than the one that they were prepared for.

Some jobs are made for a model: instructions written in front of queries or left out because it takes none,
documents cut by its token count, queries left out because it reads no more. Scored by another model, such
texts would give results that its own run of the file would not.
"""

from collections.abc import Sequence

from core.errors import InputError
from core.jobs import Job, JobKind, JobStore
from core.records import Scorer, ScorerInfo, ScoringRequest
from core.workflows.home.plan import unreadable_queries

OTHER_TEXTS = "The texts of this run were prepared for {wanted}, so {active} cannot score them."
OTHER_TEXTS_HINT = "Run the file again with {active}; this run keeps its scores."


def check_other_model(store: JobStore, job: Job, kind: JobKind | None, scorer: Scorer) -> None:
    """InputError where the scorer would not be given these requests for the same file and settings."""
    requests = store.requests(job.id)
    other = job.settings.get("model") != scorer.info.name
    if (
        _used_otherwise(job, kind, requests, scorer.info)
        or (other and kind is not None and kind.cut_to_measure(store, job))
        or unreadable_queries(requests, scorer)
    ):
        raise InputError(
            OTHER_TEXTS,
            hint=OTHER_TEXTS_HINT,
            wanted=job.model.label if job.model else str(job.settings.get("model", "")),
            active=scorer.info.label,
        )


def _used_otherwise(
    job: Job, kind: JobKind | None, requests: Sequence[ScoringRequest], info: ScorerInfo
) -> bool:
    """Whether instructions stand elsewhere in the requests than this model would have them."""
    if job.model is not None and job.model.uses_instruction == info.uses_instruction:
        return False
    if "as_words" in job.settings:
        return bool(job.settings["as_words"]) == info.uses_instruction
    if kind is not None and kind.names_instructions(job.settings):
        given = any(request.instruction for request in requests)
        return given != info.uses_instruction
    return bool(job.settings.get("instruction")) and not info.uses_instruction
