"""What a job will take, told before it runs, with the tokens counted and the rate measured.

The rate is that of this model's earlier jobs here; without one, a few pairs are scored once. Estimating
from the counts is for `core.jobs`.
"""

import time
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import islice
from typing import Protocol, runtime_checkable

from core.errors import InputError
from core.jobs import JobPlan, JobStore, ScoreCache, ScorerPace, pair_keys, plan_job, score_with_cache
from core.records import ReadsPartly, Scorer, ScoringRequest

# Enough text for a rate that is right to about a fifth, and on two CPU cores a matter of seconds.
MEASURED_TOKENS = 2000
MEASURED_PAIRS = 16
# Of how many requests the cache is asked at a time for pairs to measure with.
REQUESTS_LOOKED_UP = 200
# A byte-level vocabulary never makes more tokens than bytes; the template around a query has fewer than this.
TEMPLATE_BYTES = 1000


@runtime_checkable
class CountsTokens(Scorer, Protocol):
    """A scorer that can say how long a pair is without scoring it."""

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair; above `info.max_tokens` where the document will be cut."""
        ...


def plan_scoring(
    requests: Sequence[ScoringRequest],
    scorer: Scorer,
    store: JobStore,
    cache: ScoreCache,
    measured: MutableMapping[str, float] | None = None,
) -> JobPlan:
    """Count pairs, duplicates, cached pairs, tokens and truncation, and estimate the time.

    measured: tokens per second by fingerprint; a rate found there is not measured again, a new one is put in.
    """
    info = scorer.info
    if not isinstance(scorer, CountsTokens):
        return plan_job(requests, ScorerPace(info.fingerprint, info.max_tokens), cache)
    known = {} if measured is None else measured
    rate = store.tokens_per_second(info.fingerprint) or known.get(info.fingerprint)
    if rate is None:
        rate = _measured_rate(requests, scorer, cache)
        if rate is not None:
            known[info.fingerprint] = rate
    partly = scorer.tokens_read if isinstance(scorer, ReadsPartly) else None
    pace = ScorerPace(info.fingerprint, info.max_tokens, scorer.count_tokens, rate, partly)
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
    """Tokens per second over a few pairs that have no score yet; None when there are not two.

    Their scores are kept nowhere: a look at the time must not change what a run is made of.
    """
    pairs = list(islice(unscored_pairs(requests, scorer, cache), MEASURED_PAIRS))
    # The first pass sets up threads and memory, which a job does once: it is not measured.
    score_with_cache(scorer, pairs[:1], None)
    measured: list[ScoringRequest] = []
    tokens = 0
    for pair in pairs[1:]:
        if tokens >= MEASURED_TOKENS:
            break
        (count,) = scorer.count_tokens(pair.query, pair.documents, pair.instruction)
        tokens += min(count, scorer.info.max_tokens)
        measured.append(pair)
    started = time.perf_counter()
    score_with_cache(scorer, measured, None)
    seconds = time.perf_counter() - started
    return tokens / seconds if tokens and seconds > 0 else None


def unscored_pairs(
    requests: Sequence[ScoringRequest], scorer: Scorer, cache: ScoreCache
) -> Iterator[ScoringRequest]:
    """The distinct pairs that the cache does not know, one request each."""
    seen: set[bytes] = set()
    for start in range(0, len(requests), REQUESTS_LOOKED_UP):
        portion = requests[start : start + REQUESTS_LOOKED_UP]
        keys = pair_keys(scorer.info.fingerprint, portion)
        seen |= cache.find_known(keys)
        pairs = ((request, document) for request in portion for document in request.documents)
        for key, (request, document) in zip(keys, pairs, strict=True):
            if key not in seen:
                seen.add(key)
                yield ScoringRequest(request.query, (document,), request.instruction)
