"""What the Retrieve page remembers in a browser session."""

from dataclasses import dataclass, field

from core.errors import WorkbenchError
from core.jobs import InputFile, JobPlan
from core.retrieval.passages import Passage
from core.text.answering.running import Arrived, RunningAnswer
from core.workflows.retrieve.measuring import Pipeline
from core.workflows.retrieve.searching import SearchAsked, SearchResult
from pages.parts.frame.session import session_of
from pages.parts.job.opened import looked_at, open_job


@dataclass(slots=True)
class Answered:
    """What has arrived of an answer, and from which passages."""

    passages: tuple[Passage, ...]
    arrived: Arrived


@dataclass(slots=True)
class RetrieveSession:
    """The last search, the questions' file, and the measurement that is looked at.

    by_words: the result is of words alone, because no passage had a vector yet.
    obeys: whether the language model obeyed a hostile passage; None before it was tested.
    """

    corpus: str | None = None
    result: SearchResult | None = None
    asked: tuple[str, str, SearchAsked, bool, str] | None = None
    by_words: bool = False
    error: WorkbenchError | None = None
    upload: InputFile | None = None
    upload_id: str = ""
    job_id: str | None = None
    plan: JobPlan | None = None
    pipeline: Pipeline | None = None
    pipeline_key: tuple[str, str] | None = None
    answers: dict[str, Answered] = field(default_factory=dict)
    running: dict[str, tuple[tuple[Passage, ...], RunningAnswer]] = field(default_factory=dict)
    obeys: bool | None = None


def retrieve_session() -> RetrieveSession:
    """This browser session's Retrieve state."""
    return session_of(RetrieveSession, "retrieve.session")


def open_run(job_id: str | None) -> None:
    """Look at a measurement, or at none."""
    open_job(retrieve_session(), job_id)


def run_in_view() -> str | None:
    """The measurement that the address names."""
    return looked_at(retrieve_session())
