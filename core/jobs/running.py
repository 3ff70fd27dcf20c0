"""The job that runs: how it stands, what of it could not be stored yet, and why it may have ended early."""

from dataclasses import dataclass
from typing import Literal

from core.errors import StoppedError
from core.jobs.pace import Pace
from core.jobs.records import JobNotice, JobState, Portion, Stage
from core.sentences import sentence

INTERRUPTED = JobNotice(
    sentence("The program ended while this job was not finished."), "Resume it to score what is missing."
)
CLOSED = JobNotice(
    sentence("The program was closed before this job was finished."), "Resume it to score what is missing."
)


class NotSaved(StoppedError):
    """Unwinds the scorer when a micro-batch cannot be stored; the batch is kept in `Current.unsaved`."""


@dataclass(slots=True)
class Current:
    """The job that is running. Written by the worker; `stop` by whoever asks for it."""

    job_id: str
    last_save: float
    stage: Stage = "loading"
    stop: Literal["pause", "cancel", "close"] | None = None
    pace: Pace | None = None
    unsaved: tuple[Portion, ...] = ()
    trouble: JobNotice | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What the worker could not store yet: it stays in memory and is tried again until it is stored."""

    job_id: str
    state: JobState
    notice: JobNotice | None
    unsaved: tuple[Portion, ...]
