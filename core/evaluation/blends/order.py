"""One query's order from the first stage and the reranker together.

A recipe says how; which way is worth it is found in `choice`. Works on numbers of one query: what the
documents are is left to others.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import InputError

BlendKind = Literal["rrf", "scores", "ranks"]
# Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion outperforms Condorcet …" (SIGIR 2009).
RRF_CONSTANT = 60

NO_SCORES = "The recipe blends with the first stage's scores, and there are none."
NO_SCORES_HINT = "Give the column initial_score, or over HTTP «first_scores», a number for each document."


@dataclass(frozen=True, slots=True)
class Blend:
    """How the first stage counts beside the reranker.

    rrf: reciprocal rank fusion. scores: both scores standardised per query; ranks: both ranks, from 1 (first)
    to 0 (last). weight: the reranker's share of `scores` or `ranks`. gate: a query whose first-stage `margin`
    is at least this keeps the first stage's order; None reranks every query.
    """

    kind: BlendKind
    weight: float = 0.5
    gate: float | None = None

    @property
    def needs_scores(self) -> bool:
        """Whether the first stage's ranks are not enough."""
        return self.kind == "scores" or self.gate is not None


@dataclass(frozen=True, slots=True)
class FirstStage:
    """What came before the reranker, a value per document. ranks: from 1. scores: None where unknown."""

    ranks: Sequence[int]
    scores: Sequence[float] | None = None


def blended(blend: Blend, first: FirstStage, logits: Sequence[float]) -> list[float]:
    """A value per document; the higher, the better. InputError where scores are needed and unknown.

    Equal values are to be ordered by the reranker's logit, then by the first stage's rank.
    """
    if blend.needs_scores and first.scores is None:
        raise InputError(NO_SCORES, where="recipe", hint=NO_SCORES_HINT)
    if keeps_first(blend, first):
        return [-float(rank) for rank in first.ranks]
    if blend.kind == "rrf":
        return [
            1 / (RRF_CONSTANT + before) + 1 / (RRF_CONSTANT + after)
            for before, after in zip(first.ranks, ranks_of(logits, first.ranks), strict=True)
        ]
    if blend.kind == "ranks":
        before, after = _relative(first.ranks), _relative(ranks_of(logits, first.ranks))
    else:
        assert first.scores is not None  # asked for above
        before, after = standardised(first.scores), standardised(logits)
    share = blend.weight
    return [share * new + (1 - share) * old for old, new in zip(before, after, strict=True)]


def keeps_first(blend: Blend, first: FirstStage) -> bool:
    """Whether the first stage is sure enough of this query, so that nothing has to be reranked."""
    return blend.gate is not None and first.scores is not None and margin(first.scores) >= blend.gate


def margin(scores: Sequence[float]) -> float:
    """How far the best first-stage score is above the second, in standard deviations of the query's scores.

    Infinite for a single document, whose order nothing can change; 0 where all are equal.
    """
    if len(scores) < 2:
        return float("inf")
    best, second = sorted(scores, reverse=True)[:2]
    deviation = statistics.pstdev(scores)
    return (best - second) / deviation if deviation > 0 else 0.0


def ranks_of(values: Sequence[float], ties: Sequence[int]) -> list[int]:
    """Each document's rank from 1, the highest value first; equal ones by `ties`, the lowest first."""
    ranks = [0] * len(values)
    order = sorted(range(len(values)), key=lambda at: (-values[at], ties[at]))
    for rank, at in enumerate(order, start=1):
        ranks[at] = rank
    return ranks


def standardised(values: Sequence[float]) -> list[float]:
    """Mean 0 and standard deviation 1; all 0 where they are equal."""
    mean, deviation = statistics.fmean(values), statistics.pstdev(values)
    return [(value - mean) / deviation if deviation > 0 else 0.0 for value in values]


def _relative(ranks: Sequence[int]) -> list[float]:
    last = max(len(ranks) - 1, 1)
    return [1 - (rank - 1) / last for rank in ranks]
