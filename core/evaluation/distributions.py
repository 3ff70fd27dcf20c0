"""What scores alone suggest when nobody has judged anything.

Each reading is a hint with its rule, never a finding: without labels a high score may be wrong and a low
one right. Probabilities in, one reading per query out.
"""

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
    """Counts of probabilities in HISTOGRAM_BINS equal steps from 0 to 1; edges has one entry more."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


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


def histogram(probabilities: Sequence[float]) -> Histogram:
    """How the probabilities of all queries spread; no bin is fitted to the data, so runs compare."""
    counts = [0] * HISTOGRAM_BINS
    for value in probabilities:
        counts[min(HISTOGRAM_BINS - 1, max(0, int(value * HISTOGRAM_BINS)))] += 1
    return Histogram(tuple(i / HISTOGRAM_BINS for i in range(HISTOGRAM_BINS + 1)), tuple(counts))
