"""What a job will take, told before it runs: pairs, duplicates, what is cached, tokens, truncation, time.

Counting tokens is a callable's work, the rate is a measured one; neither is guessed here. Large jobs are
counted on a sample, and the plan says so.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.jobs.cache import ScoreCache, pair_keys
from core.jobs.pace import BYTES_PER_TOKEN, work_of
from core.records import ScoringRequest

# Tokenising 2,000 pairs takes well under a second.
SAMPLE_PAIRS = 2000


class CountTokens(Protocol):
    """Tokens of each pair of one query, template included, before any cut."""

    def __call__(self, query: str, documents: Sequence[str], instruction: str | None) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What scoring some requests takes.

    duplicates: pairs equal to an earlier pair; cached: distinct pairs whose score is known;
    to_score: distinct pairs left for the model.
    tokens: the model reads for them; truncated: pairs whose document it cuts. None when nobody counted.
    sampled: how many pairs those two were estimated from; None when all were counted.
    seconds: at the measured rate, 0 with nothing to score; None without a rate.
    """

    queries: int
    pairs: int
    duplicates: int
    cached: int
    to_score: int
    tokens: int | None
    truncated: int | None
    sampled: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ScorerPace:
    """What the plan needs to know of a scorer.

    tokens_per_second: measured, by an earlier job or a benchmark; None when never measured. tokens_read: of a
    pair of so many tokens among so many candidates those that are read, where that is not all of them.
    """

    fingerprint: str
    max_tokens: int
    count_tokens: CountTokens | None = None
    tokens_per_second: float | None = None
    tokens_read: Callable[[int, int], int] | None = None


@dataclass(frozen=True, slots=True)
class _Distinct:
    request: int
    document: int
    copies: int
    cached: bool


def plan_job(
    requests: Sequence[ScoringRequest],
    scorer: ScorerPace,
    cache: ScoreCache | None = None,
    *,
    sample: int = SAMPLE_PAIRS,
) -> JobPlan:
    """Look before the run. Reads the cache, scores nothing. The same input gives the same sample."""
    distinct = _distinct(requests, scorer.fingerprint, cache)
    pairs = sum(pair.copies for pair in distinct)
    left = [pair for pair in distinct if not pair.cached]
    tokens: int | None = None
    truncated: int | None = None
    sampled: int | None = None
    if scorer.count_tokens is not None and distinct:
        chosen = distinct
        if len(distinct) > sample:
            chosen = sorted(
                random.Random(len(distinct)).sample(distinct, sample), key=lambda p: (p.request, p.document)
            )
            sampled = sample
        counts = _count(requests, chosen, scorer.count_tokens)
        long = sum(
            pair.copies for pair, count in zip(chosen, counts, strict=True) if count > scorer.max_tokens
        )
        read = [min(count, scorer.max_tokens) for count in counts]
        if scorer.tokens_read is not None:
            among = [len(requests[pair.request].documents) for pair in chosen]
            read = [scorer.tokens_read(*facts) for facts in zip(read, among, strict=True)]
        if sampled is None:
            tokens = sum(count for pair, count in zip(chosen, read, strict=True) if not pair.cached)
            truncated = long
        else:
            # Tokens follow the text's length: their ratio varies far less than tokens per pair do.
            # Of a text of megabytes the limit is read, and one of them must not set the ratio for all.
            most = int(scorer.max_tokens * BYTES_PER_TOKEN)
            per_work = sum(read) / sum(_work(requests, pair, most) for pair in chosen)
            tokens = round(per_work * sum(_work(requests, pair, most) for pair in left))
            truncated = round(long * pairs / sum(pair.copies for pair in chosen))
    return JobPlan(
        queries=len(requests),
        pairs=pairs,
        duplicates=pairs - len(distinct),
        cached=len(distinct) - len(left),
        to_score=len(left),
        tokens=tokens,
        truncated=truncated,
        sampled=sampled,
        seconds=_seconds(tokens, scorer.tokens_per_second),
    )


def _seconds(tokens: int | None, rate: float | None) -> float | None:
    if tokens == 0:
        return 0.0
    return tokens / rate if tokens is not None and rate else None


def _distinct(
    requests: Sequence[ScoringRequest], fingerprint: str, cache: ScoreCache | None
) -> list[_Distinct]:
    keys = pair_keys(fingerprint, requests)
    copies: dict[bytes, int] = {}
    for key in keys:
        copies[key] = copies.get(key, 0) + 1
    known = cache.find_known(list(copies)) if cache is not None else set()
    distinct: list[_Distinct] = []
    remaining = iter(keys)
    for at, request in enumerate(requests):
        for index in range(len(request.documents)):
            key = next(remaining)
            count = copies.pop(key, 0)
            if count:
                distinct.append(_Distinct(at, index, count, key in known))
    return distinct


def _count(
    requests: Sequence[ScoringRequest], pairs: Sequence[_Distinct], count_tokens: CountTokens
) -> list[int]:
    """Token counts of pairs that are in order of their requests."""
    grouped: dict[int, list[str]] = {}
    for pair in pairs:
        grouped.setdefault(pair.request, []).append(requests[pair.request].documents[pair.document])
    counts: list[int] = []
    for at, documents in grouped.items():
        counts.extend(count_tokens(requests[at].query, documents, requests[at].instruction))
    return counts


def _work(requests: Sequence[ScoringRequest], pair: _Distinct, most: int) -> int:
    return work_of(requests[pair.request].documents[pair.document], most)
