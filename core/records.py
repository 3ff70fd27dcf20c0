"""The values that travel between modules. They hold data and know nothing of models, files or pages."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from core.sentences import Sentence

# What is kept and written of a score. What else is in a pass moves an fp32 logit by up to 5e-6, and a step of
# the last decimal moves a probability by at most 2.5e-5.
LOGIT_DECIMALS = 4
PROBABILITY_DECIMALS = 6

ScorerKind = Literal["qwen3", "embedded", "cross-encoder", "remote"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user should know that stopped nothing.

    where: the place as the user knows it («document 3»); empty when it concerns everything.
    """

    sentence: Sentence
    where: str = ""

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.sentence.text


def sigmoid(logit: float) -> float:
    """1 / (1 + e^-logit) without overflow."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    power = math.exp(logit)
    return power / (1 + power)


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of one (instruction, query, document).

    logit: log-odds of «yes», unbounded; the value to rank by.
    tokens: tokens of the pair that the model read, template included.
    truncated: the document lost its end: longer than the model reads, or left after the first of two looks.
    """

    logit: float
    tokens: int
    truncated: bool

    @property
    def probability(self) -> float:
        """sigmoid(logit), in (0, 1); it saturates, so the logit is shown beside it."""
        return sigmoid(self.logit)


@dataclass(frozen=True, slots=True)
class ChunkedScore(Score):
    """The score of a document that was read in chunks: that of its best chunk.

    tokens: read over all chunks. winning_chunk: counted from 0. chunks: how many there were.
    """

    winning_chunk: int = 0
    chunks: int = 1


@dataclass(frozen=True, slots=True)
class ScoringRequest:
    """One query with its candidates. `instruction=None` means the model's default instruction."""

    query: str
    documents: tuple[str, ...]
    instruction: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """One finished pair: `request` and `document` are positions in the caller's lists."""

    request: int
    document: int
    score: Score


@dataclass(frozen=True, slots=True)
class ScorerInfo:
    """Which model scored, and how. Every result carries it.

    name: catalogue name («embedded», «Qwen/Qwen3-Reranker-0.6B») or the folder's path.
    label: short name for people; never claims more than the model is.
    fingerprint: equal fingerprints give interchangeable scores (weights, template, precision, length).
    max_tokens: the longest pair it reads, template included.
    memory_bytes: what weights and buffers hold in memory on `device`.
    uses_instruction: False when the model ignores instructions.
    notes: sentences a user should read beside every score (English).
    reads_whole: documents longer than `max_tokens` are read in parts instead of being cut.
    two_looks: 0 where every document is read; else the places at the top that were to be found with a first
    look at the beginnings, so that other documents were read no further.
    """

    name: str
    kind: ScorerKind
    label: str
    device: str
    precision: str
    fingerprint: str
    max_tokens: int
    parameters: int
    memory_bytes: int
    uses_instruction: bool
    notes: tuple[str, ...] = ()
    reads_whole: bool = False
    two_looks: int = 0

    @property
    def gives_probabilities(self) -> bool:
        """Whether sigmoid(logit) may be read as a probability; a bi-encoder's is a similarity on a scale."""
        return self.kind != "embedded"


class Scorer(Protocol):
    """A loaded model. Safe to call from several threads; `score` goes before a running `score_many`.

    Every logit is a finite number: a model that gives another for a document is refused with a
    NoNumberError that names it, after the pairs that were scored with it have been handed over.
    """

    @property
    def info(self) -> ScorerInfo:
        """Which model this is and how it runs."""
        ...

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        """Score one query's documents; the result is in the caller's order.

        on_progress(done, total): documents, after every micro-batch, from the calling thread.
        """
        ...

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """Score many queries; the result mirrors `requests`.

        on_progress(done, total): pairs, after every micro-batch, from the calling thread.
        on_scored: each micro-batch's finished pairs, every pair exactly once, so that a job can save them.
        cancelled: asked between micro-batches; when true, StoppedError is raised.
        interactive: somebody waits, so that these go before the work of jobs, as `score` does.
        """
        ...


@runtime_checkable
class CountsDocumentTokens(Protocol):
    """A scorer that has its model's tokenizer at hand; one that asks a distant server may not."""

    def document_tokens(self, text: str) -> int:
        """Tokens of a document alone, however long: no template, nothing cut."""
        ...


@runtime_checkable
class RepeatsPasses(Protocol):
    """A scorer whose passes follow from the list of pairs alone, also when some of their scores are known.

    What else is in a pass moves the last bits of a score. A run that was cut off and goes on in the passes it
    would have had anyway ends with the same bits.
    """

    def score_rest(
        self,
        requests: Sequence[ScoringRequest],
        known: Sequence[Sequence[bool]],
        *,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """`score_many` for the pairs that are not `known`, in the passes that all of `requests` make.

        known: mirrors `requests`. A known pair is reported to nobody; a pass of known pairs is not run, and
        one with some runs without them, unless it holds a part of a text that is read in several.
        """
        ...


@runtime_checkable
class PlansPasses(Protocol):
    """A scorer that reads many pairs in one pass, so that requests of several callers are worth merging."""

    @property
    def pass_tokens(self) -> int:
        """Tokens that a pass takes best, while somebody waits."""
        ...


# Told of a query that was read whole to see what two looks change: its request's position, and how many of
# the first places two looks would have given to other documents.
OnChecked = Callable[[int, int], None]


@runtime_checkable
class LooksTwice(Protocol):
    """A scorer that can read the beginnings of long documents first."""

    def two_looks(self, top: int, on_checked: OnChecked | None = None) -> Scorer:
        """A scorer of the same model that reads on only what could still reach the first `top` places.

        on_checked: asks for a sample of the queries to be read whole, and is told of each. InputError for
        less than one place.
        """
        ...


@runtime_checkable
class ReadsPartly(Protocol):
    """A scorer that does not read all of each document."""

    def tokens_read(self, tokens: int, candidates: int) -> int:
        """Of a pair of so many tokens among so many candidates, those that are read on average."""
        ...
