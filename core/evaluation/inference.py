"""The statistics of paired differences: an interval, a test, a correction, a sample size.

Everything here takes plain numbers, one difference per query, and is deterministic for a given seed.
What the numbers are differences of, and what to say about them, is left to `significance`.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

# Two values of a measure this close are the same order seen through floating point.
SAME = 1e-9
# A bound is written with at most so many decimals; what is smaller than these is shown as 0.
_MOST_DECIMALS = 6
# Above this many changed queries the sample size of the normal distribution holds for the test, too
# (`benchmarks/power.py`).
_ENOUGH_CHANGED = 100
# Samples for the power at one number of queries; their standard error is 0.9 points. Values drawn at most.
_POWER_SAMPLES, _MOST_DRAWN = 2_000, 4_000_000
# Up to this many changed queries every sign pattern is tried; above, the sum is near enough normal.
_ALL_PATTERNS = 12
# Index entries drawn at once: 2 million 8-byte numbers stay in cache range of a small machine.
_CHUNK = 2_000_000
# Signs tossed at once; scipy holds several copies of them (fastest of 30 thousand to 6 million).
_SIGNS = 600_000


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of the mean difference at the stated confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedTest:
    """Two-sided p-value of «no difference», and whether every sign pattern was tried."""

    p_value: float
    exact: bool


def bootstrap_interval(
    differences: Sequence[float], *, confidence: float = 0.95, resamples: int = 10_000, seed: int = 0
) -> Interval | None:
    """Interval of the mean by resampling queries with replacement; None for fewer than two queries.

    Symmetric percentile bootstrap: the half-width is the `confidence` quantile of |m* - m| over
    resampled means m*, widened for small samples by sqrt(n / (n - 1)) * t(n - 1) / z as in Hesterberg's
    expanded percentile interval ("What Teachers Should Know About the Bootstrap", 2015). Chosen by
    simulation (`benchmarks/interval_coverage.py`): on differences of nDCG and RR, many of them exactly 0,
    and 20 to 200 queries it covers the truth in 93-97 % of samples, where the other bootstrap intervals
    do not (percentile 87-96, BCa 80-96, bootstrap-t 85-98, symmetric bootstrap-t 94-99). No method holds when
    hardly any query changed, as Success@1 of two similar systems on 20 queries (79 %).
    """
    import numpy as np
    from scipy import stats  # type: ignore[import-untyped]

    values = np.asarray(differences, dtype=np.float64)
    n = len(values)
    if n < 2:
        return None
    means = _resampled_means(values, resamples, seed)
    mean = float(values.mean())
    upper = 0.5 + confidence / 2
    small_sample = math.sqrt(n / (n - 1)) * float(stats.t.ppf(upper, n - 1) / stats.norm.ppf(upper))
    half = float(np.quantile(np.abs(means - mean), confidence)) * small_sample
    return Interval(mean - half, mean + half)


def settled(value: float) -> float:
    """The value, or 0.0 where it is nothing but floating-point noise around it."""
    return 0.0 if abs(value) <= SAME else value


def mean_interval(
    differences: Sequence[float],
    p_value: float,
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
    largest: float = 1.0,
) -> Interval | None:
    """The bootstrap interval, made to agree with the test and never without width; None below two queries.

    p_value: of `randomisation_test` on the same differences. Where the test cannot exclude 0, nor does the
    interval: it reaches to 0, as the inverted test would. largest: the largest difference one query can show.

    Equal differences have nothing to resample. Then the share of queries that would gain as these did is
    bounded by Clopper & Pearson (1934), the others counted as losing as much, which inverts the sign test:
    n of n gains allow a share of no less than (alpha / 2)^(1 / n). Without any change, the share of queries
    that may change is bounded alike, by as much as a query can.
    """
    bootstrap = bootstrap_interval(differences, confidence=confidence, resamples=resamples, seed=seed)
    if bootstrap is None:
        return None
    low, high = bootstrap.low, bootstrap.high
    if max(differences) - min(differences) <= SAME:
        gaining = ((1 - confidence) / 2) ** (1 / len(differences))
        value = settled(differences[0])
        if value:
            low, high = sorted((value * (2 * gaining - 1), value))
        else:
            low, high = -largest * (1 - gaining), largest * (1 - gaining)
    if p_value > 1 - confidence:
        low, high = min(low, 0.0), max(high, 0.0)
    return Interval(settled(low), settled(high))


def decimals(*values: float) -> int:
    """How many decimals show each value as other than 0 unless it is: three, or more for a bound near 0."""
    shown = [abs(value) for value in values if settled(value)]
    wanted = [
        next((n for n in range(3, _MOST_DECIMALS) if value >= 10**-n / 2), _MOST_DECIMALS) for value in shown
    ]
    return max(wanted, default=3)


def randomisation_test(differences: Sequence[float], *, resamples: int = 9_999, seed: int = 0) -> PairedTest:
    """Paired randomisation test: under «no difference» the sign of every difference is a coin toss.

    Queries without a difference have no sign to toss: leaving them out changes no sum, and lets
    scipy try every sign pattern when at most log2(resamples) queries differ (exact test). Fisher's test
    as recommended for retrieval by Smucker, Allan & Carterette (CIKM 2007).
    """
    import numpy as np
    from scipy import stats

    values = np.asarray(differences, dtype=np.float64)
    changed = values[np.abs(values) > SAME]
    if len(changed) < 2:
        # scipy refuses a single observation; both of its signs are equally far from 0.
        return PairedTest(1.0, True)
    result = stats.permutation_test(
        (changed,),
        _distance,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=max(1, _SIGNS // len(changed)),
        alternative="greater",
        rng=np.random.default_rng(seed),
    )
    return PairedTest(float(result.pvalue), len(changed) <= math.log2(resamples))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979), in the order given: compare the results with the usual 0.05."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for position, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - position) * p_values[i]))
        adjusted[i] = largest
    return adjusted


def queries_needed(mean: float, deviation: float, *, alpha: float = 0.05, power: float = 0.8) -> int | None:
    """How many queries show a true mean difference of `mean` with probability `power`; None if it is 0.

    n = ((z(1 - alpha/2) + z(power)) * sd / mean)^2 + z(1 - alpha/2)^2 / 2: the paired t-test's sample
    size with Guenther's (1981) small-sample term; its use for retrieval experiments: Webber, Moffat &
    Zobel, "Statistical power in retrieval experimentation" (CIKM 2008).
    """
    from scipy import stats

    if abs(mean) <= SAME:
        return None
    z = float(stats.norm.ppf(1 - alpha / 2))
    return math.ceil(((z + float(stats.norm.ppf(power))) * deviation / mean) ** 2 + z * z / 2)


def queries_for_power(
    differences: Sequence[float],
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    most: int = 10_000,
    seed: int = 0,
) -> int | None:
    """How many queries decide, with probability `power`, if further ones are like these; None above `most`.

    The textbook number (`queries_needed`) holds for the mean of many changed queries. Where few change, the
    randomisation test has less power than that, so samples of these differences are drawn and tested as the
    verdict is: p at most `alpha`, and an interval without 0.
    """
    import numpy as np

    values = np.asarray(differences, dtype=np.float64)
    values = np.where(np.abs(values) <= SAME, 0.0, values)
    deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    needed = queries_needed(float(values.mean()), deviation, alpha=alpha, power=power)
    if needed is None:
        return None
    share = float(np.count_nonzero(values)) / len(values)
    while needed <= most and needed * share < _ENOUGH_CHANGED:
        reached, error = _power(values, needed, alpha, seed)
        if reached >= power - error:
            break
        needed = math.ceil(needed * 1.05) + 1
    return needed if needed <= most else None


def _power(values: "Floats", queries: int, alpha: float, seed: int) -> tuple[float, float]:
    """The share of samples of so many queries that decide, and its standard error."""
    import numpy as np
    from scipy import stats

    samples = max(200, min(_POWER_SAMPLES, _MOST_DRAWN // queries))
    generator = np.random.default_rng(seed)
    drawn = values[generator.integers(0, len(values), size=(samples, queries))]
    means = drawn.mean(axis=1)
    half = stats.t.ppf(1 - alpha / 2, queries - 1) * drawn.std(axis=1, ddof=1) / math.sqrt(queries)
    # The verdict's interval of equal values is never wider than to 0 where the test decides.
    decided = (_sign_p_values(drawn) <= alpha) & ((np.abs(means) > half) | (half <= SAME))
    reached = float(np.mean(decided & (np.sign(means) == np.sign(values.mean()))))
    return reached, math.sqrt(max(reached * (1 - reached), 1e-4) / samples)


def _sign_p_values(drawn: "Floats") -> "Floats":
    """p of the randomisation test, one a row: exact where few queries changed, else by the normal sum."""
    import numpy as np
    from scipy import stats

    changed = np.count_nonzero(drawn, axis=1)
    spread = np.sqrt(np.sum(drawn**2, axis=1))
    sums = np.abs(drawn.sum(axis=1))
    found: Floats = 2 * stats.norm.sf(sums / np.where(spread > 0, spread, 1.0))
    for row in np.flatnonzero(changed <= _ALL_PATTERNS):
        own = drawn[row][drawn[row] != 0]
        if len(own) < 2:
            found[row] = 1.0
            continue
        reached = np.abs(_patterns(len(own)) @ own) >= sums[row] * (1 - 1e-12) - 1e-12
        found[row] = float(reached.mean())
    return found


@functools.cache
def _patterns(count: int) -> "Floats":
    """Every pattern of signs, one a row."""
    import numpy as np

    bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    signs: Floats = (1.0 - 2.0 * bits).astype(np.float64)
    return signs


def _resampled_means(values: "Floats", resamples: int, seed: int) -> "Floats":
    import numpy as np

    generator = np.random.default_rng(seed)
    n = len(values)
    rows = max(1, _CHUNK // n)
    means = np.empty(resamples)
    for start in range(0, resamples, rows):
        stop = min(start + rows, resamples)
        means[start:stop] = values[generator.integers(0, n, size=(stop - start, n))].mean(axis=1)
    return means


def _distance(values: "Floats", axis: int) -> "Floats":
    import numpy as np

    # Both tails at once: half the Monte Carlo noise of doubling the smaller tail.
    distances: Floats = np.abs(values.sum(axis=axis))
    return distances
