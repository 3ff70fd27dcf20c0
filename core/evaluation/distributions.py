"""What scores alone suggest when nobody has judged anything.

Each reading is a hint with its rule, never a finding: without labels a high score may be wrong and a low
one right. Probabilities in, one reading per query out.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.sentences import Sentence, sentence

FLAT_DEVIATION = 0.05
HIGH_MEAN = 0.5
LOW_MEAN = 0.1
CLEAR_GAP = 0.3
NARROW_GAP = 0.01
HISTOGRAM_BINS = 20
# A twentieth is one bin: with nearly all in the outer bins a histogram of probabilities is two bars.
NEAR_THE_END, MOST = 0.05, 0.9

BROAD = (
    "Hint: {documents} candidates score alike and high (mean {mean:.2f}, standard deviation {deviation:.3f} "
    "below 0.05). The query may be broad; a more specific one could tell them apart."
)
LOW = (
    "Hint: scores are low throughout (mean {mean:.2f} below 0.1, best {best:.2f}). The documents may not "
    "hold the answer, or the query or instruction may need work."
)
CLEAR_WINNER = "Hint: the first stands out from the second by {gap:.2f}; one document seems to answer."
NARROW_FIRST = (
    "Hint: first and second differ by only {gap:.3f}; their order may change with the wording or precision."
)


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """One query's probabilities in four numbers. `gap`: first minus second, None for a single document."""

    query_id: str
    documents: int
    best: float
    mean: float
    deviation: float
    gap: float | None
    hints: tuple[Sentence, ...]


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


def read_scores(query_id: str, probabilities: Sequence[float]) -> ScoreReading | None:
    """Describe one query's probabilities (any order); None when there is no document."""
    if not probabilities:
        return None
    ordered = sorted(probabilities, reverse=True)
    mean, deviation = statistics.fmean(ordered), statistics.pstdev(ordered)
    gap = ordered[0] - ordered[1] if len(ordered) > 1 else None
    hints: list[Sentence] = []
    if mean < LOW_MEAN and ordered[0] < HIGH_MEAN:
        hints.append(sentence(LOW, mean=mean, best=ordered[0]))
    if gap is not None:
        if deviation < FLAT_DEVIATION and mean >= HIGH_MEAN:
            hints.append(sentence(BROAD, documents=len(ordered), mean=mean, deviation=deviation))
        if gap >= CLEAR_GAP:
            hints.append(sentence(CLEAR_WINNER, gap=gap))
        elif gap < NARROW_GAP:
            hints.append(sentence(NARROW_FIRST, gap=gap))
    return ScoreReading(query_id, len(ordered), ordered[0], mean, deviation, gap, tuple(hints))


def read_all(probabilities: Mapping[str, Sequence[float]]) -> tuple[ScoreReading, ...]:
    """A reading per query that has documents, in the order given."""
    readings = (read_scores(query, values) for query, values in probabilities.items())
    return tuple(reading for reading in readings if reading is not None)


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
