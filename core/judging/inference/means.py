"""The mean of a value per query, from queries that people judged and many more that only a model judged.

Prediction-powered inference with power tuning: Angelopoulos, Duchi & Zrnic, "PPI++: Efficient
Prediction-Powered Inference" (arXiv 2311.01453). With y the value by people's labels, f the value by the
model's, n queries judged by both and N only by the model:

    estimate = mean(y) - trust * (mean of f over the n - mean of f over the N)
    trust    = cov(y, f) / ((1 + n / N) var(f)), kept between 0 and 1

At any trust it is unbiased, because both means of f have the same expectation; a judge whose values do not go
with people's gets a trust near 0. Works on plain numbers: what they measure, and which queries are alike, is
left to others.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from core.evaluation.inference import SAME, Interval, settled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

# Fewer queries than this estimate no trust that is worth its noise.
FEWEST_FOR_TRUST = 10


@dataclass(frozen=True, slots=True)
class PoweredMean:
    """A mean with both kinds of label, beside that of people's labels alone.

    trust: the weight of the model's values, from 0 to 1. judged, further: queries that people judged, and
    that only the model did.
    """

    mean: float
    interval: Interval
    alone: float
    alone_interval: Interval
    trust: float
    judged: int
    further: int

    @property
    def worth(self) -> float:
        """As how many times as many labels by people it is good: the squared ratio of the two widths."""
        powered, alone = (one.high - one.low for one in (self.interval, self.alone_interval))
        return (alone / powered) ** 2 if powered > SAME else 1.0


def powered_mean(
    people: Sequence[float],
    model: Sequence[float],
    further: Sequence[float],
    *,
    confidence: float = 0.95,
    largest: float = 1.0,
) -> PoweredMean | None:
    """people, model: values of the same queries by either kind of label; further: by the model alone.

    None below two queries. largest: the largest value that a query can show, for the interval where all are
    equal. The variance is that of leaving out each of the n queries in turn (jackknife), the choice of trust
    included, with Student's quantile of n - 2; that keeps its promise from 30 queries on
    (`benchmarks/judges.py`). Where it would be wider than people's labels alone, these are what is returned.
    """
    import numpy as np

    y, f = np.asarray(people, dtype=np.float64), np.asarray(model, dtype=np.float64)
    u = np.asarray(further, dtype=np.float64)
    if len(y) < 2:
        return None
    alone = float(y.mean())
    bounds = mean_bounds(y, confidence, largest)
    nothing = PoweredMean(alone, bounds, alone, bounds, 0.0, len(y), len(u))
    if len(y) < FEWEST_FOR_TRUST or len(u) < 2:
        return nothing
    found = tuned(y, f, u)
    trust = found.trust
    if trust <= SAME:
        return nothing
    error = math.sqrt(found.variance + trust**2 * float(u.var(ddof=1)) / len(u))
    half = error * quantile(confidence, len(y) - 2)
    if half >= (bounds.high - bounds.low) / 2:
        return nothing
    interval = Interval(settled(found.mean - half), settled(found.mean + half))
    return PoweredMean(settled(found.mean), interval, alone, bounds, trust, len(y), len(u))


@dataclass(frozen=True, slots=True)
class Tuned:
    """variance: of the mean, as far as it comes from the queries that people judged."""

    mean: float
    trust: float
    variance: float


def tuned(y: "Floats", f: "Floats", u: "Floats") -> Tuned:
    """The estimate, its trust, and its jackknife variance over the queries with both values."""
    import numpy as np

    n, spread, elsewhere = len(y), float(np.concatenate((f, u)).var(ddof=1)), float(u.mean())
    if spread <= SAME**2:
        return Tuned(float(y.mean()), 0.0, float(y.var(ddof=1)) / n)
    # Means and covariances of all, then of all but each one.
    sums = np.array([n, y.sum(), f.sum(), (y * f).sum()])
    left = sums[:, None] - np.stack((np.ones(n), y, f, y * f))

    def estimates(counted: "Floats") -> tuple["Floats", "Floats"]:
        size, of_y, of_f, of_both = counted
        covariance = (of_both - of_y * of_f / size) / (size - 1)
        trust = np.clip(covariance / ((1 + size / len(u)) * spread), 0.0, 1.0)
        return of_y / size - trust * (of_f / size - elsewhere), trust

    mean, trust = estimates(sums)
    without, _ = estimates(left)
    variance = (n - 1) / n * float(((without - without.mean()) ** 2).sum())
    return Tuned(float(mean), float(trust), variance)


def mean_bounds(values: "Floats", confidence: float, largest: float) -> Interval:
    """Student's interval of a mean. Equal values have no spread to learn from: then the share of queries that
    may differ is bounded by Clopper & Pearson (1934), none of n having done so, by as much as a query can.
    """
    n, mean = len(values), float(values.mean())
    if float(values.max() - values.min()) <= SAME:
        half = largest * (1 - ((1 - confidence) / 2) ** (1 / n))
    else:
        half = float(values.std(ddof=1)) / math.sqrt(n) * quantile(confidence, n - 1)
    return Interval(settled(mean - half), settled(mean + half))


@functools.cache
def quantile(confidence: float, freedom: int) -> float:
    """Student's, two-sided."""
    from scipy import stats  # type: ignore[import-untyped]

    return float(stats.t.ppf(0.5 + confidence / 2, max(1, freedom)))
