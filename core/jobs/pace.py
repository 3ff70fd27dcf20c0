"""How fast a job goes and how long it still takes, from what was measured and nothing else.

Pairs differ in length, so the time left is taken from the text still to read, not from the pair count; of a
text of megabytes, which the model cuts, only what it reads counts.
"""

import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from core.records import ScorerInfo

# Rates follow the last half minute: a busy machine or longer documents show soon.
WINDOW_SECONDS = 30.0
# The prompt around a document costs about as much as this many bytes of text.
PROMPT_BYTES = 60
# Of English and of Chinese text alike, in the vocabularies of the models that there are.
BYTES_PER_TOKEN = 4.5


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


def work_of(document: str, most: int = sys.maxsize) -> int:
    """What scoring a document costs, in bytes: closer to tokens than characters, in Chinese too.

    most: `most_work` of the model, where it does not read a long document to its end.
    """
    size = len(document) if document.isascii() else len(document.encode("utf-8", "surrogatepass"))
    return min(size + PROMPT_BYTES, most)


def total_work(documents: Iterable[str], most: int = sys.maxsize) -> int:
    """The sum of `work_of`."""
    return sum(work_of(document, most) for document in documents)


def most_work(info: ScorerInfo) -> int:
    """What one document can cost: a model that cuts long ones reads no more than its limit of them."""
    return sys.maxsize if info.reads_whole else int(info.max_tokens * BYTES_PER_TOKEN)
