"""How scores lie: of one query beside those of a model's other lists, and counted in bins.

What is high or near for one model is not for another, so every figure is measured against the model's own
lists. Logits in. What a reading suggests is left to `hints`.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Of fewer lists nothing can be said of the hundredth that is unusual.
FEWEST_LISTS = 20
# Neighbours that differ by less than this share of the model's usual deviation in a list are near ties.
TIE_SHARE = 0.01
HISTOGRAM_BINS = 20
# A twentieth is one bin: with nearly all in the outer bins a histogram of probabilities is two bars.
NEAR_THE_END, MOST = 0.05, 0.9
# Shares of lists below which a value is low and above which it is high.
RARE, OFTEN = 0.05, 0.1


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """What is usual and what is rare in one model's lists of candidates, in logits.

    lists: how many it was learnt from. low_best: 5 % of lists have a lower first score. narrow_gap and
    clear_gap: in 10 % first and second are closer, in 10 % they are further apart. flat_deviation and
    high_mean: 5 % of lists are flatter, 5 % score higher. deviation: the median list's.
    """

    lists: int
    low_best: float
    narrow_gap: float
    clear_gap: float
    flat_deviation: float
    high_mean: float
    deviation: float

    @property
    def tie_gap(self) -> float:
        """The distance below which two neighbours can hardly be told apart."""
        return TIE_SHARE * self.deviation


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """One query's logits in four numbers. `gap`: first minus second, None for a single document."""

    query_id: str
    documents: int
    best: float
    mean: float
    deviation: float
    gap: float | None


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of values in equal bins from `low` to `high`; the last bin includes `high`."""

    low: float
    high: float
    counts: tuple[int, ...]

    @property
    def width(self) -> float:
        """Of one bin."""
        return (self.high - self.low) / len(self.counts)

    @property
    def middles(self) -> tuple[float, ...]:
        """The middle of each bin."""
        return tuple(self.low + self.width * (place + 0.5) for place in range(len(self.counts)))


def read_scores(query_id: str, logits: Sequence[float]) -> ScoreReading | None:
    """Describe one query's logits (any order); None when there is no document."""
    if not logits:
        return None
    ordered = sorted(logits, reverse=True)
    gap = ordered[0] - ordered[1] if len(ordered) > 1 else None
    mean = statistics.fmean(ordered)
    # `statistics.pstdev` is exact, and a hundred times slower.
    deviation = math.sqrt(math.fsum((logit - mean) ** 2 for logit in ordered) / len(ordered))
    return ScoreReading(query_id, len(ordered), ordered[0], mean, deviation, gap)


def read_all(logits: Mapping[str, Sequence[float]]) -> tuple[ScoreReading, ...]:
    """A reading per query that has documents, in the order given."""
    readings = (read_scores(query, values) for query, values in logits.items())
    return tuple(reading for reading in readings if reading is not None)


def spread_of(readings: Iterable[ScoreReading]) -> ScoreSpread | None:
    """What is usual in these lists; None where fewer than FEWEST_LISTS have two documents."""
    known = [(reading, reading.gap) for reading in readings if reading.gap is not None]
    if len(known) < FEWEST_LISTS:
        return None
    bests = [reading.best for reading, _ in known]
    gaps = [gap for _, gap in known]
    deviations = [reading.deviation for reading, _ in known]
    return ScoreSpread(
        len(known),
        _quantile(bests, RARE),
        _quantile(gaps, OFTEN),
        _quantile(gaps, 1 - OFTEN),
        _quantile(deviations, RARE),
        _quantile([reading.mean for reading, _ in known], 1 - RARE),
        statistics.median(deviations),
    )


def histogram(
    values: Sequence[float], low: float = 0.0, high: float = 1.0, bins: int = HISTOGRAM_BINS
) -> Histogram:
    """Count values in equal bins, of probabilities unless told; bins fixed beforehand let runs compare.

    Values that are all equal fall into the first of bins of width 1.
    """
    if high <= low:
        high = low + bins
    counts = [0] * bins
    for value in values:
        place = math.floor((value - low) / (high - low) * bins)
        counts[min(max(place, 0), bins - 1)] += 1
    return Histogram(low, high, tuple(counts))


def saturated(probabilities: Sequence[float]) -> bool:
    """Whether nearly all lie so close to 0 or 1 that their spread shows nothing."""
    crowded = [min(value, 1 - value) < NEAR_THE_END for value in probabilities]
    return bool(crowded) and sum(crowded) >= MOST * len(crowded)


def _quantile(values: Sequence[float], share: float) -> float:
    """By linear interpolation, as numpy does it."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
