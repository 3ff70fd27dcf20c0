"""Whether a job's texts can be scored by another model than the one that they were prepared for.

Some jobs are made for a model: instructions written in front of queries or left out because it takes none,
documents cut by its token count, queries left out because it reads no more. Scored by another model, such
texts would give results that its own run of the file would not.
"""

from collections.abc import Sequence

from core.errors import InputError
from core.jobs import Job
from core.records import Scorer, ScorerInfo, ScoringRequest
from core.sheets.records import RowProblem
from core.workflows.batch.plan import unreadable_queries
from core.workflows.batch.records import KIND, BatchSettings
from core.workflows.care.preparing import CareSettings

OTHER_TEXTS = "The texts of this run were prepared for {wanted}, so {active} cannot score them."
OTHER_TEXTS_HINT = "Run the file again with {active}; this run keeps its scores."


def check_other_model(
    job: Job, requests: Sequence[ScoringRequest], problems: Sequence[RowProblem], scorer: Scorer
) -> None:
    """InputError where the scorer would not be given these requests for the same file and settings.

    problems: what the job's file was found to have; rows left out for the length of their query tell.
    """
    if (
        _used_otherwise(job, requests, scorer.info)
        or (job.settings.get("model") != scorer.info.name and _is_cut_to_measure(job, problems))
        or unreadable_queries(requests, scorer)
    ):
        raise InputError(
            OTHER_TEXTS,
            hint=OTHER_TEXTS_HINT,
            wanted=job.model.label if job.model else str(job.settings.get("model", "")),
            active=scorer.info.label,
        )


def _used_otherwise(job: Job, requests: Sequence[ScoringRequest], info: ScorerInfo) -> bool:
    """Whether instructions stand elsewhere in the requests than this model would have them."""
    if job.model is not None and job.model.uses_instruction == info.uses_instruction:
        return False
    if "as_words" in job.settings:
        return bool(job.settings["as_words"]) == info.uses_instruction
    given = any(request.instruction for request in requests)
    if job.kind == KIND and job.settings.get("columns", {}).get("instruction"):
        return given != info.uses_instruction
    return bool(job.settings.get("instruction")) and not info.uses_instruction


def _is_cut_to_measure(job: Job, problems: Sequence[RowProblem]) -> bool:
    """Whether documents were cut, or queries left out, by the token count of the job's model."""
    if any(problem.kind == "query_too_long" for problem in problems):
        return True
    return job.kind == KIND and CareSettings.read(BatchSettings.read(job.settings).care).chunks is not None
