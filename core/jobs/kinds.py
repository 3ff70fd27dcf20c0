"""What a kind of job declares of itself. The feature that makes such jobs fills one; a registry holds them.

The list of runs, reopening, another model and deleting work for every kind by what stands here, so a new kind
touches its own folder and the registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.jobs.records import Job
from core.jobs.store import JobStore
from core.records import Scorer


def _never(store: JobStore, job: Job) -> bool:  # noqa: ARG001
    return False


def _the_model(scorer: Scorer, job: Job, store: JobStore) -> Scorer:  # noqa: ARG001
    return scorer


def _nothing(home: Path, job_id: str) -> None:  # noqa: ARG001
    return None


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind.

    name: as jobs keep it. title: in the list of runs, English. page: slug of the page that opens such a job.
    details: a job's settings and where it came from, as (name, value) rows for a report.
    names_instructions: whether the rows of its file gave instructions, by its settings.
    cut_to_measure: whether texts were cut, or queries left out, by the token count of its model; another
    model would have been given other texts. forget: removes what is kept beside a deleted job.
    scorer_of: what scores such a job with the model at hand.
    """

    name: str
    title: str
    page: str
    details: Callable[[Job], list[tuple[str, str]]]
    names_instructions: Callable[[Mapping[str, Any]], bool] = lambda _: False
    cut_to_measure: Callable[[JobStore, Job], bool] = _never
    forget: Callable[[Path, str], None] = _nothing
    scorer_of: Callable[[Scorer, Job, JobStore], Scorer] = _the_model


JobKinds = Mapping[str, JobKind]


def registry(*kinds: JobKind) -> JobKinds:
    """The kinds by name; ValueError where two share one."""
    found = {kind.name: kind for kind in kinds}
    if len(found) != len(kinds):
        raise ValueError(f"two kinds of job of one name among {', '.join(kind.name for kind in kinds)}")
    return found
