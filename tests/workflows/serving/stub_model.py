"""A model whose passes a test lets through one by one, and which remembers what each of them held."""

import threading
from collections.abc import Callable, Sequence

from core.errors import NoNumberError
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest


class SteppedScorer:
    """Scores a text by its length; a text with «bad» has no number, one with «crash» breaks the pass."""

    info = ScorerInfo("stepped", "embedded", "stepped", "cpu", "fp32", "0", 512, 1, 1, True)
    pass_tokens = 1000

    def __init__(self, *, stepped: bool = False) -> None:
        self.passes: list[list[ScoringRequest]] = []
        self.entered = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self._stepped = stepped

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_scored: Callable[[Sequence[ScoredPair]], None],
        cancelled: Callable[[], bool],
        interactive: bool,
    ) -> list[list[Score]]:
        """One pass; a stepped one waits to be let go."""
        assert interactive
        self.passes.append(list(requests))
        self.entered.release()
        if self._stepped:
            assert self.go.acquire(timeout=60)
        for at, request in enumerate(requests):
            scored = []
            for place, text in enumerate(request.documents):
                if "crash" in text:
                    raise RuntimeError("out of order")
                if "bad" in text:
                    raise NoNumberError.of(at, place, queries=len(requests), text=text)
                scored.append(ScoredPair(at, place, Score(float(len(text)), len(text), False)))
            on_scored(scored)
        return []
