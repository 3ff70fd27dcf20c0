"""How far two orders of the same queries agree, without any label.

Says how much changed, never whether it changed for the better.
"""

import math
import statistics
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from core.evaluation.judged import Ranking, Run

# Weight of the next rank against the last: 0.9 puts 86 % of the weight on the first ten (Webber et al.).
PERSISTENCE = 0.9
TOP = 10

EXPLANATIONS = {
    "kendall": "Kendall's tau: share of document pairs in the same order minus share in reversed order.",
    "spearman": "Spearman's rho: correlation of the ranks.",
    "rbo": "Rank-biased overlap: agreement from 0 to 1, weighted towards the top.",
    "overlap": "Share of the first {top} that both orders have in common.",
    "movement": "By how many places documents moved, on average.",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two orders of one query.

    kendall, spearman: over the documents in both, None below two of them.
    rbo: extrapolated rank-biased overlap. overlap: of the first `top`, which are fewer than the documents.
    mean_movement, largest_movement: in places, over the documents in both; moved: their share that moved.
    """

    query_id: str
    shared: int
    kendall: float | None
    spearman: float | None
    rbo: float
    top: int
    overlap: float
    first_kept: bool
    mean_movement: float
    largest_movement: int
    moved: float


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """Means over the queries that both runs answer; None where no query has the value."""

    first: str
    second: str
    queries: tuple[Agreement, ...]
    kendall: float | None
    spearman: float | None
    rbo: float | None
    overlap: float | None
    first_kept: float | None
    mean_movement: float | None


def rank_biased_overlap(
    first: Sequence[str], second: Sequence[str], persistence: float = PERSISTENCE
) -> float:
    """RBO_ext of two rankings that may differ in length and content; 1 for equal ones.

    Equation 32 of Webber, Moffat & Zobel, "A similarity measure for indefinite rankings", ACM TOIS 28(4),
    2010. Two empty rankings agree; an empty and a non-empty one do not.
    """
    short, long = sorted((first, second), key=len)
    s, l = len(short), len(long)  # noqa: E741  the paper's letters
    if s == 0:
        return 1.0 if l == 0 else 0.0
    seen_short: set[str] = set()
    seen_long: set[str] = set()
    overlap = overlap_at_s = 0
    total = 0.0
    for depth in range(1, l + 1):
        seen_long.add(long[depth - 1])
        overlap += long[depth - 1] in seen_short
        if depth <= s:
            seen_short.add(short[depth - 1])
            overlap += short[depth - 1] in seen_long
            overlap_at_s = overlap
        extrapolated = overlap_at_s * (depth - s) / (depth * s) if depth > s else 0.0
        total += (overlap / depth + extrapolated) * persistence**depth
    tail = ((overlap - overlap_at_s) / l + overlap_at_s / s) * persistence**l
    return (1 - persistence) / persistence * total + tail


def agreement(first: Ranking, second: Ranking, top: int = TOP) -> Agreement:
    """Compare two orders of one query."""
    old, new = first.ranks(), second.ranks()
    shared = [document for document in first.documents if document in new]
    moves = [abs(new[document] - old[document]) for document in shared]
    kendall, spearman = _correlations([old[d] for d in shared], [new[d] for d in shared])
    # Two orders of the same five documents always share all five: fewer places than there are documents.
    longest = max(len(first.documents), len(second.documents))
    depth = min(top, max(1, longest - 1))
    common = set(first.documents[:depth]) & set(second.documents[:depth])
    return Agreement(
        query_id=first.query_id,
        shared=len(shared),
        kendall=kendall,
        spearman=spearman,
        rbo=rank_biased_overlap(first.documents, second.documents),
        top=depth,
        overlap=len(common) / depth if common or longest else 1.0,
        first_kept=first.documents[:1] == second.documents[:1],
        mean_movement=statistics.fmean(moves) if moves else 0.0,
        largest_movement=max(moves, default=0),
        moved=sum(move > 0 for move in moves) / len(moves) if moves else 0.0,
    )


def agree(first: Run, second: Run, top: int = TOP) -> AgreementSummary:
    """Compare two runs on the queries that both answer."""
    found = tuple(
        agreement(ranking, second.rankings[query], top)
        for query, ranking in first.rankings.items()
        if query in second.rankings
    )
    return AgreementSummary(
        first.name,
        second.name,
        found,
        kendall=_mean([a.kendall for a in found]),
        spearman=_mean([a.spearman for a in found]),
        rbo=_mean([a.rbo for a in found]),
        overlap=_mean([a.overlap for a in found]),
        first_kept=_mean([float(a.first_kept) for a in found]),
        mean_movement=_mean([a.mean_movement for a in found]),
    )


def _correlations(first: Sequence[int], second: Sequence[int]) -> tuple[float | None, float | None]:
    """Kendall's tau and Spearman's rho of distinct ranks, by their formulas without ties.

    scipy takes two milliseconds a query for the same numbers, which is minutes for many systems.
    """
    count = len(first)
    if count < 2:
        return None, None
    in_first_order = [rank for _, rank in sorted(zip(first, second, strict=True))]
    seen: list[int] = []
    inversions = 0
    for rank in in_first_order:
        at = bisect(seen, rank)
        inversions += len(seen) - at
        seen.insert(at, rank)
    place = {rank: at for at, rank in enumerate(seen)}
    squares = sum((at - place[rank]) ** 2 for at, rank in enumerate(in_first_order))
    kendall = 1 - 4 * inversions / (count * (count - 1))
    return kendall, 1 - 6 * squares / (count * (count * count - 1))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None and not math.isnan(value)]
    return statistics.fmean(known) if known else None
