"""How far one reranking is, what it has found so far, and the way to stop it. The scoring thread writes it,
readers look on.

The order that the scores so far give is `core.workflows.rerank.provisional`'s affair.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.jobs.pace import Pace, most_work, total_work, work_of
from core.records import Score, ScoredPair

if TYPE_CHECKING:
    from core.workflows.rerank.reranking import Prepared


@dataclass(slots=True)
class Course:
    """done, total: texts that the model reads, of which a document that is cut has several.

    asked: what is scored; None before the model is there.
    """

    done: int = 0
    total: int = 0
    stopped: bool = False
    asked: "Prepared | None" = field(default=None, repr=False)
    _scores: dict[int, Score] = field(default_factory=dict, repr=False)
    _most: int = field(default=0, repr=False)
    _pace: Pace | None = field(default=None, repr=False)

    def begin(self, asked: "Prepared") -> None:
        """The model is there and reads these texts next."""
        self.asked, self.total, self._most = asked, len(asked.texts), most_work(asked.scorer)
        self._pace = Pace(time.monotonic(), total_work(asked.texts, self._most))

    def add(self, pairs: Sequence[ScoredPair]) -> None:
        """Note a pass that the model finished."""
        self._scores.update({pair.document: pair.score for pair in pairs})
        self.done += len(pairs)
        if self._pace is not None and self.asked is not None:
            work = sum(work_of(self.asked.texts[pair.document], self._most) for pair in pairs)
            self._pace.add(time.monotonic(), len(pairs), sum(pair.score.tokens for pair in pairs), work)

    @property
    def scores(self) -> dict[int, Score]:
        """The scores so far, by their texts' positions: a copy, because the scoring thread goes on."""
        return self._scores.copy()

    @property
    def seconds_left(self) -> float | None:
        """Time for the rest at the measured speed; None before the first pass."""
        return None if self._pace is None else self._pace.seconds_left
