"""Every system with every other, on one measure: corrected tests, and the front of quality against cost.

Turns evaluations that were measured elsewhere into pairs; which systems there are and what they cost is told.
"""

from collections.abc import Sequence
from itertools import combinations

from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import Comparison, ComparisonSettings, compare_together

# How far two costs or means must lie apart to differ.
_SAME = 1e-12


def compare_pairs(
    evaluations: Sequence[Evaluation], measure: Measure, settings: ComparisonSettings | None = None
) -> dict[tuple[int, int], Comparison]:
    """(first, second) → second minus first, by their places; Holm's correction is over all pairs."""
    places = list(combinations(range(len(evaluations)), 2))
    pairs = [(evaluations[first], evaluations[second]) for first, second in places]
    return dict(zip(places, compare_together(pairs, measure, settings or ComparisonSettings()), strict=True))


def pareto_front(points: Sequence[tuple[float, float] | None]) -> tuple[bool, ...]:
    """Which (cost, quality) no other one beats: cheaper or as cheap, better or as good, and not both equal.

    None, where either is unknown, is not on the front and beats nobody.
    """

    def beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
        cheaper, better = other[0] - one[0], one[1] - other[1]
        return cheaper >= -_SAME and better >= -_SAME and (cheaper > _SAME or better > _SAME)

    known = [point for point in points if point is not None]
    return tuple(point is not None and not any(beats(other, point) for other in known) for point in points)
