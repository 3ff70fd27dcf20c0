"""One query in several wordings: every wording is scored, and their orders are merged.

Where the wordings come from is left to `core.text`; whole sheets are for `rewrite_data` and `rewrite_ledger`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.jobs import ScoreCache, score_with_cache
from core.records import Notice, Score, Scorer, ScorerInfo, ScoringRequest
from core.text.rewriting.variants import Variant
from core.workflows.rerank.candidates import check_candidates
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rewrite.merge import MergeRule, merged_values, ranks_of


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording, scored. variant: None for the query as it was typed. scores, ranks: by document."""

    text: str
    variant: Variant | None
    scores: tuple[Score, ...]
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RewriteResult:
    """All wordings of a query over the same documents; the first wording is the query itself.

    scored: pairs the model read; the others were known.
    """

    query: str
    documents: tuple[str, ...]
    instruction: str | None
    wordings: tuple[Wording, ...]
    scorer: ScorerInfo
    seconds: float
    scored: int
    notices: tuple[Notice, ...]

    def values(self, how: MergeRule) -> list[float]:
        """What the merged order goes by, per document."""
        return merged_values([[score.logit for score in w.scores] for w in self.wordings], how)

    def merged(self, how: MergeRule) -> Reranking:
        """The merged order, best first; «original rank» is the rank under the query as it was typed.

        A document's score is the one of the wording that suits it best.
        """
        values = self.values(how)
        ranks, before = ranks_of(values), self.wordings[0].ranks
        ranked = [
            RankedDocument(
                index=at,
                document=document,
                scored=max((w.scores[at] for w in self.wordings), key=lambda score: score.logit),
                original_rank=before[at],
                new_rank=ranks[at],
                near_tie=False,
            )
            for at, document in enumerate(self.documents)
        ]
        ranked.sort(key=lambda one: one.new_rank)
        return Reranking(self.query, self.instruction, tuple(ranked), self.scorer, self.seconds, self.notices)


def rerank_wordings(
    scorer: Scorer,
    query: str,
    variants: Sequence[Variant],
    documents: Sequence[str],
    instruction: str | None = None,
    *,
    cache: ScoreCache | None = None,
    max_documents: int = 1000,
    on_progress: Callable[[int, int], None] | None = None,
) -> RewriteResult:
    """Score the documents for the query and each variant; pairs the cache knows cost nothing.

    on_progress(done, total): pairs. Raises InputError and TooLargeError as `check_candidates` does.
    """
    notices = check_candidates(query, documents, max_documents=max_documents)
    wording = (instruction or "").strip() or None if scorer.info.uses_instruction else None
    texts = [query, *(variant.text for variant in variants)]
    requests = [ScoringRequest(text, tuple(documents), wording) for text in texts]
    start = time.perf_counter()
    found = score_with_cache(scorer, requests, cache, on_progress=on_progress, interactive=True)
    seconds = time.perf_counter() - start
    wordings = tuple(
        Wording(text, variant, tuple(scores), tuple(ranks_of([score.logit for score in scores])))
        for text, variant, scores in zip(texts, (None, *variants), found.scores, strict=True)
    )
    return RewriteResult(
        query, tuple(documents), wording, wordings, scorer.info, seconds, found.scored, tuple(notices)
    )
