"""How far one reranking is: written by who scores, read by who watches, and the wish that it stop."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.jobs.pace import Pace, total_work, work_of
from core.records import ScoredPair


@dataclass(slots=True)
class Course:
    """done, total: texts that the model reads, of which a document that is cut has several."""

    done: int = 0
    total: int = 0
    stopped: bool = False
    _texts: Sequence[str] = field(default=(), repr=False)
    _pace: Pace | None = field(default=None, repr=False)

    def begin(self, texts: Sequence[str]) -> None:
        """The model is there and reads these texts next."""
        self._texts, self.total = texts, len(texts)
        self._pace = Pace(time.monotonic(), total_work(texts))

    def add(self, pairs: Sequence[ScoredPair]) -> None:
        """Note a pass that the model finished."""
        self.done += len(pairs)
        if self._pace is not None:
            work = sum(work_of(self._texts[pair.document]) for pair in pairs)
            self._pace.add(time.monotonic(), len(pairs), sum(pair.score.tokens for pair in pairs), work)

    @property
    def seconds_left(self) -> float | None:
        """Time for the rest at the measured speed; None before the first pass."""
        return None if self._pace is None else self._pace.seconds_left
