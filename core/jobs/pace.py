"""How fast a job goes and how long it still takes, from what was measured and nothing else.

Pairs differ in length, so the time left is taken from the text still to read, not from the pair count.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

# Rates follow the last half minute: a busy machine or longer documents show soon.
WINDOW_SECONDS = 30.0
# The prompt around a document costs about as much as this many bytes of text.
PROMPT_BYTES = 60


@dataclass(frozen=True, slots=True)
class _Mark:
    at: float
    pairs: int
    tokens: int
    work: int


class Pace:
    """Totals over time. `work` is in bytes of document text, as `work_of` counts them."""

    def __init__(self, started: float, work: int) -> None:
        self._total_work = work
        self._marks: deque[_Mark] = deque([_Mark(started, 0, 0, 0)])

    def add(self, at: float, pairs: int, tokens: int, work: int) -> None:
        """Note a micro-batch the model finished at time `at` (seconds, any steady clock)."""
        last = self._marks[-1]
        self._marks.append(_Mark(at, last.pairs + pairs, last.tokens + tokens, last.work + work))
        while len(self._marks) > 2 and at - self._marks[1].at > WINDOW_SECONDS:
            self._marks.popleft()

    @property
    def pairs_per_second(self) -> float | None:
        """Pairs the model scored per second; None before the first micro-batch."""
        first, last, seconds = self._span()
        return (last.pairs - first.pairs) / seconds if seconds > 0 else None

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens the model read per second; None before the first micro-batch."""
        first, last, seconds = self._span()
        return (last.tokens - first.tokens) / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Time for the rest at the measured rate; None before the first micro-batch."""
        first, last, seconds = self._span()
        gone = last.work - first.work
        return (self._total_work - last.work) * seconds / gone if seconds > 0 and gone else None

    def _span(self) -> tuple[_Mark, _Mark, float]:
        # The worker appends while a page reads: take each end once.
        first, last = self._marks[0], self._marks[-1]
        return first, last, last.at - first.at


def work_of(document: str) -> int:
    """What scoring a document costs, in bytes: closer to tokens than characters, in Chinese too."""
    size = len(document) if document.isascii() else len(document.encode("utf-8", "surrogatepass"))
    return size + PROMPT_BYTES


def total_work(documents: Iterable[str]) -> int:
    """The sum of `work_of`."""
    return sum(map(work_of, documents))
