"""A deterministic scorer without a model: it keeps the protocol and scores by hashing the pair's text."""

import hashlib
from collections.abc import Callable, Sequence

from core.errors import StoppedError
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

MICRO_BATCH = 8


def expected_score(query: str, document: str, instruction: str | None = None) -> Score:
    """The score every stub gives this pair, whatever else is scored with it."""
    text = repr((query, document, instruction)).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(text).digest()[:7], "little")
    # Four decimals, as they are kept.
    logit = round((number / 2**56 - 0.5) * 20, 4)
    return Score(logit, 10 + len(document), len(document) > 1000)


def info(fingerprint: str = "stub-1") -> ScorerInfo:
    return ScorerInfo(
        name="stub",
        kind="embedded",
        label=f"Stub {fingerprint}",
        device="cpu",
        precision="exact",
        fingerprint=fingerprint,
        max_tokens=1000,
        parameters=0,
        memory_bytes=0,
        uses_instruction=True,
        notes=("A stub.",),
    )


class StubScorer:
    """before_batch and after_batch are called with the batch's number, around scoring it and reporting it.

    scored: every pair this object scored, as (query, document, instruction).
    """

    def __init__(
        self,
        *,
        fingerprint: str = "stub-1",
        micro_batch: int = MICRO_BATCH,
        before_batch: Callable[[int], None] | None = None,
        scored_batch: Callable[[int], None] | None = None,
        after_batch: Callable[[int], None] | None = None,
    ) -> None:
        self._info = info(fingerprint)
        self._micro_batch = micro_batch
        self._before = before_batch or (lambda number: None)
        self._scored = scored_batch or (lambda number: None)
        self._after = after_batch or (lambda number: None)
        self.scored: list[tuple[str, str, str | None]] = []

    @property
    def info(self) -> ScorerInfo:
        return self._info

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        request = ScoringRequest(query, tuple(documents), instruction)
        return self.score_many([request], on_progress=on_progress)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        result: list[list[Score | None]] = [[None] * len(r.documents) for r in requests]
        # Not in the caller's order: a real scorer packs pairs of like length.
        pairs = sorted(
            ((at, index) for at, r in enumerate(requests) for index in range(len(r.documents))),
            key=lambda pair: len(requests[pair[0]].documents[pair[1]]),
        )
        for number, start in enumerate(range(0, len(pairs), self._micro_batch), 1):
            if cancelled is not None and cancelled():
                raise StoppedError("Scoring was stopped.")
            self._before(number)
            batch = []
            for at, index in pairs[start : start + self._micro_batch]:
                request = requests[at]
                score = expected_score(request.query, request.documents[index], request.instruction)
                self.scored.append((request.query, request.documents[index], request.instruction))
                result[at][index] = score
                batch.append(ScoredPair(at, index, score))
            self._scored(number)
            if on_scored is not None:
                on_scored(batch)
            if on_progress is not None:
                on_progress(min(start + self._micro_batch, len(pairs)), len(pairs))
            self._after(number)
        return [[score for score in row if score is not None] for row in result]


def some_requests(queries: int = 10, documents: int = 12, tag: str = "") -> list[ScoringRequest]:
    """Distinct pairs with Chinese text and documents of different lengths."""
    return [
        ScoringRequest(
            f"查询 {tag}{q}",
            tuple(f"文档 {tag}{q}-{d} " + "word " * (d % 5) for d in range(documents)),
            None if q % 2 else "Find the answer.",
        )
        for q in range(queries)
    ]


def expected_scores(requests: Sequence[ScoringRequest]) -> list[list[Score]]:
    return [[expected_score(r.query, d, r.instruction) for d in r.documents] for r in requests]
