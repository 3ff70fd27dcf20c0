"""The published logits, typed a second time, and a scorer that returns given ones."""

from collections.abc import Callable, Sequence

from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

OFFICIAL = ScorerInfo(
    name="Qwen/Qwen3-Reranker-0.6B",
    kind="qwen3",
    label="Qwen3-Reranker-0.6B",
    device="cpu",
    precision="fp32",
    fingerprint="f",
    max_tokens=8192,
    parameters=595_776_512,
    memory_bytes=0,
    uses_instruction=True,
)
PLANETS = {"Venus": -3.1093, "Mars": 7.1204, "Jupiter": -0.37875, "Saturn": 3.54164}
CAPITALS = {"Beijing": 7.597, "Tianjin": 6.376, "Shanghai": 7.370}
CHINESE = {"法国的": 1.374, "德国的": -8.517, "香蕉": -12.289}
PUBLISHED = PLANETS | CAPITALS | CHINESE


class GivenLogits:
    """A scorer whose logit depends on how the document begins (or on the city it ends with)."""

    def __init__(self, info: ScorerInfo, logits: dict[str, float]) -> None:
        self.info = info
        self._logits = logits

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        assert instruction is None  # the published values hold for the default instruction
        found = []
        for document in documents:
            (logit,) = (
                logit
                for word, logit in self._logits.items()
                if document.startswith(word) or document.endswith(f"{word}.")
            )
            found.append(Score(logit, 10, False))
        return found

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        return [self.score(request.query, request.documents) for request in requests]
