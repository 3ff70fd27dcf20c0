"""What a batch will take, told before it runs, with the tokens counted and the rate measured.

The rate is that of this model's earlier jobs here; without one, a few pairs are scored for it. Estimating
from the counts is for `core.jobs`.
"""

import time
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from core.errors import InputError
from core.jobs import JobPlan, JobStore, ScoreCache, ScorerPace, plan_job, score_with_cache
from core.records import Scorer, ScoringRequest

# Enough text for a rate that is right to about a fifth, and on two CPU cores a matter of seconds.
MEASURED_TOKENS = 2000
MEASURED_PAIRS = 16
# A byte-level vocabulary never makes more tokens than bytes; the template around a query has fewer than this.
TEMPLATE_BYTES = 1000


@runtime_checkable
class CountsTokens(Scorer, Protocol):
    """A scorer that can say how long a pair is without scoring it."""

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair; above `info.max_tokens` where the document will be cut."""
        ...


def plan_batch(
    requests: Sequence[ScoringRequest], scorer: Scorer, store: JobStore, cache: ScoreCache
) -> JobPlan:
    """Count pairs, duplicates, cached pairs, tokens and truncation, and estimate the time."""
    info = scorer.info
    if not isinstance(scorer, CountsTokens):
        return plan_job(requests, ScorerPace(info.fingerprint, info.max_tokens), cache)
    rate = store.tokens_per_second(info.fingerprint)
    if rate is None:
        rate = _measured_rate(requests, scorer, cache)
    pace = ScorerPace(info.fingerprint, info.max_tokens, scorer.count_tokens, rate)
    return plan_job(requests, pace, cache)


def unreadable_queries(requests: Sequence[ScoringRequest], scorer: Scorer) -> list[int]:
    """Positions of requests whose query and instruction leave the model no room for a document.

    One such query would stop a whole job; its rows are reported instead.
    """
    if not isinstance(scorer, CountsTokens):
        return []
    verdicts: dict[tuple[str, str | None], bool] = {}
    for request in requests:
        key = (request.query, request.instruction)
        if key not in verdicts:
            verdicts[key] = _is_unreadable(scorer, scorer.info.max_tokens, *key)
    return [at for at, request in enumerate(requests) if verdicts[request.query, request.instruction]]


def _is_unreadable(scorer: CountsTokens, limit: int, query: str, instruction: str | None) -> bool:
    size = len(query.encode("utf-8", "surrogatepass")) + len((instruction or "").encode("utf-8", "replace"))
    if size + TEMPLATE_BYTES <= limit:
        return False
    try:
        scorer.count_tokens(query, [""], instruction)
    except InputError:
        return True
    return False


def _measured_rate(
    requests: Sequence[ScoringRequest], scorer: CountsTokens, cache: ScoreCache
) -> float | None:
    """Tokens per second over a few pairs of the first queries; what they cost is kept in the cache."""
    chosen: list[ScoringRequest] = []
    tokens = pairs = 0
    for request in requests:
        documents: list[str] = []
        for document in request.documents:
            if tokens >= MEASURED_TOKENS or pairs >= MEASURED_PAIRS:
                break
            (count,) = scorer.count_tokens(request.query, [document], request.instruction)
            tokens += min(count, scorer.info.max_tokens)
            pairs += 1
            documents.append(document)
        if documents:
            chosen.append(ScoringRequest(request.query, tuple(documents), request.instruction))
        if tokens >= MEASURED_TOKENS or pairs >= MEASURED_PAIRS:
            break
    started = time.perf_counter()
    result = score_with_cache(scorer, chosen, cache)
    seconds = time.perf_counter() - started
    return tokens * result.scored / pairs / seconds if result.scored and seconds > 0 else None
