"""Measures that are sums over documents, which labels of drawn documents estimate without bias.

Precision@k and DCG@k are: what a label is worth times what its rank is worth. nDCG divides by an ideal order
that needs every label of the query, so DCG stands in for it; others have no such form.
"""

import math
from collections.abc import Sequence

from core.evaluation.kinds import KINDS_BY_NAME
from core.evaluation.measures import Measure


def as_sum(measure: Measure) -> Measure | None:
    """The measure, or the sum that stands in for it; None where there is none."""
    if measure.kind.name in ("DCG", "P"):
        return measure
    if measure.kind.name == "nDCG":
        return Measure(KINDS_BY_NAME["dcg"], measure.cutoff, measure.rel, measure.gain)
    return None


def gain_of(measure: Measure, grade: int) -> float:
    """What a label is worth."""
    if measure.kind.name == "P":
        return 1.0 if grade >= measure.rel else 0.0
    if grade <= 0:
        return 0.0
    return 2.0**grade - 1 if measure.gain == "exponential" else float(grade)


def worths_of(measure: Measure, documents: Sequence[str]) -> dict[str, float]:
    """What each document's rank is worth, the best first; those beyond the depth are not listed."""
    shown = documents[: measure.cutoff]
    if measure.kind.name == "P":
        assert measure.cutoff is not None  # required of the measure
        return dict.fromkeys(shown, 1 / measure.cutoff)
    return {document: 1 / math.log2(rank + 1) for rank, document in enumerate(shown, start=1)}


def largest_of(measure: Measure, highest_grade: int) -> float:
    """The largest value that one query can show; of DCG without a depth, that of ten ranks."""
    places = worths_of(measure, [str(place) for place in range(measure.cutoff or 10)])
    return gain_of(measure, highest_grade) * math.fsum(places.values())
