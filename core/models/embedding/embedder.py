"""What every embedding model offers to search. Where vectors go is the caller's business."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import StoppedError

Vector: TypeAlias = NDArray[np.float32]  # [dimensions], unit length
Cancelled = Callable[[], bool]

# While people search, a background pass is short, so that a query waits little; else as long as is fast.
BUSY_SECONDS = 10.0
# What a query may wait for the pass before it.
WAIT_SECONDS = 0.03

STOPPED = "Making vectors was stopped; those made so far were handed over."


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """Which model embeds, and how.

    fingerprint: equal fingerprints give comparable vectors (weights, pooling, dimensions, query wording).
    max_tokens: the longest text it reads; what follows is left out. notes: what a user should know (English).
    """

    name: str
    label: str
    fingerprint: str
    dimensions: int
    device: str
    max_tokens: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """A finished part of the texts. positions: in the caller's list. vectors: [positions, dimensions]."""

    positions: list[int]
    vectors: NDArray[np.float32]


class Embedder(Protocol):
    """A loaded embedding model. Safe to use from several threads; queries go before passages."""

    @property
    def info(self) -> EmbedderInfo:
        """Which model this is."""
        ...

    def query(self, text: str) -> Vector:
        """The vector of a query, worded as the model wants queries."""
        ...

    def passages(self, texts: Sequence[str], cancelled: Cancelled | None = None) -> Iterator[Embedded]:
        """Vectors of passages, one micro-batch after the other, shortest texts first.

        cancelled: asked between micro-batches; when true, StoppedError is raised.
        """
        ...


class Pace:
    """How long the next background pass may be."""

    def __init__(self, short: int, long: int) -> None:
        """short, long: most tokens of a pass while people search, and when nobody does."""
        self._short, self._long = short, long
        self._last_query = -BUSY_SECONDS
        self._per_second: float | None = None

    def queried(self) -> None:
        """Somebody has searched just now."""
        self._last_query = time.monotonic()

    def took(self, tokens: int, seconds: float) -> None:
        """A pass has ended; the next short one takes as long as a query may wait, on the machine as it is."""
        self._per_second = tokens / max(seconds, 1e-6)

    def tokens(self) -> int:
        """The limit of a pass that begins now; a text that is longer is a pass by itself."""
        if time.monotonic() - self._last_query >= BUSY_SECONDS:
            return self._long
        if self._per_second is None:
            return self._short
        return min(self._short, int(self._per_second * WAIT_SECONDS))


def passes(
    texts: Sequence[str], length: Callable[[int], int], pace: Pace, cancelled: Cancelled | None = None
) -> Iterator[list[int]]:
    """Positions of texts by size, each pass within the limit that holds when it begins.

    length: tokens of the text at a position. Asked once for each, shortly before its pass: reading all texts
    ahead would hold up whoever searches meanwhile.
    """
    waiting = deque(sorted(range(len(texts)), key=lambda at: len(texts[at].encode("utf-8", "surrogatepass"))))
    tokens: int | None = None  # of the first that waits, where it has been asked
    while waiting:
        if cancelled and cancelled():
            raise StoppedError(STOPPED)
        limit, used = pace.tokens(), 0
        chosen: list[int] = []
        while waiting:
            tokens = length(waiting[0]) if tokens is None else tokens
            if chosen and used + tokens > limit:
                break
            chosen.append(waiting.popleft())
            used, tokens = used + tokens, None
        yield chosen


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows [n, dimensions] at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (rows / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return scaled
