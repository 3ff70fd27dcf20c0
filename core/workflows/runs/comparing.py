"""Two or more measured runs side by side: each against the first, over the queries that all of them measured.

Queries are matched by their text, so that a batch, an evaluation and runs of other files can stand beside one
another. Each run is measured by the labels of its own file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import InputError
from core.evaluation.matched import names_by_text, renamed
from core.evaluation.measures import Measure
from core.evaluation.significance import Comparison, compare_many
from core.jobs import Job, JobStore
from core.sentences import Sentence, sentence
from core.workflows.runs.measured import MeasuredRun, measured

NOT_MEASURED = "Nothing of the run {name} can be measured: no query has a document labelled relevant."
NONE_IN_COMMON = "No query was measured in all of these runs."
NONE_IN_COMMON_HINT = "Compare runs of the same questions."
ONLY_COMMON = "Queries that not all of these runs measured, left out: {count}."
FIRST_IS_OLDEST = "Each run is compared with the first, the oldest; each by the labels of its own file."


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One run. mean: over the common queries. comparison: with the first run; None for the first itself."""

    job: Job
    mean: float
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class ComparedRuns:
    """runs: the oldest first. queries: measured in all of them. notes: what the table rests on."""

    measure: Measure
    queries: int
    runs: tuple[ComparedRun, ...]
    notes: tuple[Sentence, ...]


def compare_measured(store: JobStore, jobs: Sequence[Job], measure: Measure) -> ComparedRuns:
    """Compare at least two runs. InputError where one is not measured, or no query is in all of them."""
    ordered = sorted(jobs, key=lambda job: job.created)
    found = [_measured(store, job, measure) for job in ordered]
    names = [names_by_text(one.texts) for one in found]
    common = set(names[0].values()).intersection(*(set(own.values()) for own in names[1:]))
    if not common:
        raise InputError(NONE_IN_COMMON, hint=NONE_IN_COMMON_HINT)
    # Their places tell them apart: two runs may have one name.
    first, *others = (
        replace(renamed(one.after, own, common), run=str(place))
        for place, (one, own) in enumerate(zip(found, names, strict=True))
    )
    compared = compare_many(first, others)
    rows = [ComparedRun(ordered[0], compared[0].before, None)]
    rows += [
        ComparedRun(job, comparison.after, comparison)
        for job, comparison in zip(ordered[1:], compared, strict=True)
    ]
    left_out = len({name for own in names for name in own.values()}) - len(common)
    notes = [sentence(FIRST_IS_OLDEST)]
    notes += [sentence(ONLY_COMMON, count=left_out)] if left_out else []
    return ComparedRuns(measure, len(common), tuple(rows), tuple(notes))


def _measured(store: JobStore, job: Job, measure: Measure) -> MeasuredRun:
    found = measured(store, job, measure)
    if found is None:
        raise InputError(NOT_MEASURED, name=job.name)
    return found
