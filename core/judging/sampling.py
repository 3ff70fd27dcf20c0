"""Which queries to judge next so that the verdict's interval shrinks fastest and still tells of all of them.

A query is drawn by how far its labels can move the difference between two orders; where both orders begin
alike they cannot, and nothing has to be judged. Drawing is priority sampling (Duffield, Lund & Thorup,
«Priority sampling for estimation of arbitrary subset sums», J. ACM 54(6), 2007): whenever one stops, every
query that was judged has a known inclusion probability, and sums weighted by its inverse are unbiased.
Measures and labels come from elsewhere.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.evaluation.inference import Interval
from core.evaluation.judged import Ranking, Run

# Every query has at least this share of the mean chance, so that no weight grows large.
LEAST_SHARE = 0.2
# Below so many drawn and judged queries nothing is said: the spread is not known yet.
FEWEST = 8
POWER = 0.8
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Drawing:
    """order: the queries that can matter, to be judged in turn. sizes: by which they are drawn. alike: those
    whose first documents stand in the same order in both, so that their difference is 0 whatever the labels.
    """

    order: tuple[str, ...]
    sizes: Mapping[str, float]
    alike: tuple[str, ...]
    seed: int = SEED

    def probabilities(self, judged: int) -> dict[str, float]:
        """Inclusion probability of each of the first so many of the order, when one stops there."""
        if judged >= len(self.order):
            return dict.fromkeys(self.order, 1.0)
        threshold = _key(self.order[judged], self.sizes, self.seed)
        return {query: min(1.0, self.sizes[query] * threshold) for query in self.order[:judged]}


@dataclass(frozen=True, slots=True)
class Progress:
    """What the drawn sample says so far of all queries.

    drawn: judged ones of the order; left: those of the order that are not. total: all queries of the file.
    difference: the mean over all of them, an unbiased estimate, with its 95 % interval; None before there are
    FEWEST. more: about how many further queries decide, with a chance of 80 %; 0 once it is decided, None
    where judging all that is left would probably not.
    """

    drawn: int
    left: int
    total: int
    difference: float | None = None
    interval: Interval | None = None
    more: int | None = None

    @property
    def decided(self) -> bool:
        """Whether the interval excludes 0."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


def draw(before: Run, after: Run, depth: int, passed: Collection[str] = (), *, seed: int = SEED) -> Drawing:
    """The order in which to judge. depth: of the measure that decides. passed: queries judged already.

    The size of a query is the root of the summed squares of what its documents' discounts differ by: with
    labels that are not known, the standard deviation of its difference grows with it.
    """
    queries = [query for query in before.rankings if query in after.rankings and query not in set(passed)]
    stakes = {query: _stake(before.rankings[query], after.rankings[query], depth) for query in queries}
    moving = {query: stake for query, stake in stakes.items() if stake > 0}
    least = LEAST_SHARE * sum(moving.values()) / len(moving) if moving else 0.0
    sizes = {query: stake + least for query, stake in moving.items()}
    order = sorted(sizes, key=lambda query: _key(query, sizes, seed))
    return Drawing(tuple(order), sizes, tuple(query for query in queries if query not in moving), seed)


def pool(before: Ranking, after: Ranking, depth: int) -> tuple[str, ...]:
    """The documents of a query that have to be judged: the first of both orders."""
    return tuple(dict.fromkeys((*before.documents[:depth], *after.documents[:depth])))


def progress(
    drawing: Drawing, differences: Mapping[str, float], certain: Mapping[str, float], judged: int
) -> Progress:
    """Where judging stands. differences: of the first `judged` queries of the order. certain: of the queries
    that were judged without being drawn; each speaks for itself alone.

    The mean is that over the file's queries; its interval tells of queries like them: to what is not known
    of the file yet it adds how much queries differ.
    """
    total = len(drawing.order) + len(drawing.alike) + len(certain)
    left = len(drawing.order) - judged
    if not total or (judged < FEWEST and left):
        return Progress(judged, left, total)
    weights = {query: 1 / p for query, p in drawing.probabilities(judged).items()}
    known = [(1.0, value) for value in certain.values()]
    known += [(weight, differences[query]) for query, weight in weights.items()]
    mean = sum(weight * value for weight, value in known) / total
    # Of priority samples no two inclusions covary, so the variance is a sum over what was drawn.
    unseen = sum(weight * (weight - 1) * value * value for weight, value in known) / total**2
    spread = _spread(known, mean, total)
    effective = max(1, judged + len(certain) - 1)
    half = _student(effective) * math.sqrt(unseen + spread)
    interval = Interval(mean - half, mean + half)
    found = Progress(judged, left, total, mean, interval)
    if found.decided:
        return Progress(judged, left, total, mean, interval, 0)
    return Progress(judged, left, total, mean, interval, _more(mean, unseen, spread, judged, left))


def _more(mean: float, unseen: float, spread: float, judged: int, left: int) -> int | None:
    """How many more decide if the difference is the one seen: what is unseen falls as 1 / number drawn."""
    from scipy import stats  # type: ignore[import-untyped]

    wanted = (abs(mean) / float(stats.norm.ppf(0.975) + stats.norm.ppf(POWER))) ** 2
    for more in range(1, left + 1):
        rest = unseen * (judged / (judged + more)) * (1 - more / left)
        if rest + spread <= wanted:
            return more
    return None


def _spread(known: Sequence[tuple[float, float]], mean: float, total: int) -> float:
    """The variance of the mean of so many queries: of how much they differ, estimated for all of them."""
    if total < 2:
        return 0.0
    squares = sum(weight * value * value for weight, value in known) / total
    return max(0.0, squares - mean * mean) / (total - 1)


def _student(freedom: int) -> float:
    from scipy import stats

    return float(stats.t.ppf(0.975, freedom))


def _stake(before: Ranking, after: Ranking, depth: int) -> float:
    first = {document: _discount(rank, depth) for document, rank in before.ranks().items()}
    second = {document: _discount(rank, depth) for document, rank in after.ranks().items()}
    return math.sqrt(
        sum((first.get(one, 0.0) - second.get(one, 0.0)) ** 2 for one in first.keys() | second.keys())
    )


def _discount(rank: int, depth: int) -> float:
    return 1 / math.log2(rank + 1) if rank <= depth else 0.0


def _key(query: str, sizes: Mapping[str, float], seed: int) -> float:
    """A number that follows from seed and id alone, over the size: who comes back finds the same order."""
    digest = hashlib.blake2b(f"{seed}\0{query}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    uniform = (int.from_bytes(digest, "big") + 0.5) / 2**64
    return uniform / sizes[query]
