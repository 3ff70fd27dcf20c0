"""What the jobs package hands out: plain values, never database rows.

The worker, the store and the pages share these; they hold data and open nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from core.errors import WorkbenchError
from core.records import Score, ScorerInfo, ScoringRequest
from core.sentences import Sentence

JobState = Literal["queued", "running", "paused", "done", "failed", "cancelled", "interrupted"]
Stage = Literal["idle", "loading", "looking up", "scoring"]

WAITING_OR_RUNNING: frozenset[JobState] = frozenset({"queued", "running"})
RESUMABLE: frozenset[JobState] = frozenset({"paused", "failed", "cancelled", "interrupted"})


@dataclass(frozen=True, slots=True)
class JobNotice:
    """Why a job stands where it stands, kept with it.

    hint_template: what to do next, filled from the sentence's facts; may be empty.
    """

    sentence: Sentence
    hint_template: str = ""

    @classmethod
    def of(cls, error: WorkbenchError) -> "JobNotice":
        """The same sentence and advice as the error."""
        return cls(error.sentence, error.advice.template)

    @property
    def advice(self) -> Sentence:
        """What to do next; says nothing when there is no hint."""
        return Sentence(self.hint_template, self.sentence.facts)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.sentence.text

    @property
    def hint(self) -> str:
        """The advice in English; empty when there is none."""
        return self.advice.text

    def stored(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "template": self.sentence.template,
            "hint_template": self.hint_template,
            "facts": self.sentence.facts,
        }

    @classmethod
    def restored(cls, content: Mapping[str, Any]) -> "JobNotice":
        """What was stored."""
        return cls(Sentence(content["template"], content["facts"]), content["hint_template"])


@dataclass(frozen=True, slots=True)
class InputFile:
    """A kept copy of what the user gave. `name` is the user's, `path` is the copy's, `sha256` is in hex."""

    name: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a caller submits.

    kind: what the caller calls this work («batch», «evaluate»); the runner does not read it.
    settings: JSON values: model, instruction, column mapping … whatever reopening the job needs.
    attachments: named bytes kept with the job and returned as they are (ids and source rows, say).
    """

    name: str
    kind: str
    requests: Sequence[ScoringRequest]
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = ()
    attachments: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands in the store.

    model: which scorer scored it; None until it first ran.
    done: pairs that have a score, of `pairs`.
    from_cache: those of them that took an existing score: from the cache, or from an equal pair of this job.
    tokens: read by the model for this job; seconds: spent looking up and scoring, over all its runs.
    started, finished: of the first start and the last stop; UTC.
    """

    id: str
    name: str
    kind: str
    state: JobState
    settings: Mapping[str, Any]
    model: ScorerInfo | None
    inputs: tuple[InputFile, ...]
    created: datetime
    started: datetime | None
    finished: datetime | None
    queries: int
    pairs: int
    done: int
    from_cache: int
    tokens: int
    seconds: float
    notice: JobNotice | None

    @property
    def scored(self) -> int:
        """Pairs that the model itself scored."""
        return self.done - self.from_cache

    @property
    def resumable(self) -> bool:
        """True when the job stopped before its end and can go on."""
        return self.state in RESUMABLE


@dataclass(frozen=True, slots=True)
class Standing:
    """How a finished run came out by one measure: two orders of the same labelled queries.

    measure: its spelling. against: what it is compared with, in English. before, after: means; difference:
    after minus before, low and high its interval, None below two queries; p: of the test. verdict: a word of
    the statistics.
    """

    measure: str
    against: str
    queries: int
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    p: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person noted about a run. tags: words to find it by, each once."""

    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """A job at one moment. Rates are None until measured, and in a process that does not run the job.

    stopping: a pause or cancel was asked for and the running micro-batch is being finished.
    """

    job: Job
    stage: Stage = "idle"
    stopping: bool = False
    pairs_per_second: float | None = None
    tokens_per_second: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class PairScore:
    """A score with its pair's ordinal: pairs are counted through all requests, from 0."""

    pair: int
    score: Score


@dataclass(frozen=True, slots=True)
class Portion:
    """Pairs that got their scores together: a micro-batch with the copies it answers, or cached pairs.

    scored: how many of them went through the model; the others took an existing score.
    tokens: read by the model; work: document bytes it read, as `pace.work_of` counts them.
    """

    pairs: Sequence[PairScore]
    scored: int = 0
    tokens: int = 0
    work: int = 0
