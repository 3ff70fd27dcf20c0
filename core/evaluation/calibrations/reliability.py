"""How far probabilities can be trusted: what was said beside what was so, on queries nothing was fitted on.

Folds are of queries, not of pairs: candidates of one query are alike. Which calibration is the best is told
by the log loss, which punishes wrong confidence; the expected calibration error says how far off it is on
average.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import InputError
from core.evaluation.calibrations.curve import FEWEST_FOR_ISOTONIC, Calibration, Method, fit
from core.records import sigmoid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Fitted = Literal["none", "platt", "isotonic"]
FOLDS, BINS, RESAMPLES = 5, 10, 1_000
SEED = 20_260_101
# A probability of 0 or 1 that turns out wrong must not cost everything.
_LEAST = 1e-6

FEW_QUERIES = "A calibration is tried on queries that it was not fitted on; {queries} queries are too few."
FEW_QUERIES_HINT = "Label candidates of at least {fewest} queries."
FALLING = "The model's logits do not rise with relevance here, so no probability can be read from them."


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A judged candidate: its query, what the model said, and whether it is relevant."""

    query: str
    logit: float
    relevant: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs with like probabilities. said: their mean; so: the share that is relevant."""

    said: float
    so: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """One way to read logits, on queries that it was not fitted on. low, high: 95 % interval of the error."""

    method: Fitted
    error: float
    low: float
    high: float
    log_loss: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """rows: the model's own probabilities, then each method. calibration: the best, fitted on all pairs."""

    rows: tuple[Reliability, ...]
    calibration: Calibration

    @property
    def own(self) -> Reliability:
        """The model's own probabilities."""
        return self.rows[0]

    @property
    def best(self) -> Reliability:
        """The row of the calibration."""
        return next(row for row in self.rows if row.method == self.calibration.method)


def calibrate(pairs: Sequence[LabelledPair], fingerprint: str) -> CalibrationReport:
    """Fit and try every method that there are labels for; InputError when there are too few for any."""
    queries = list(dict.fromkeys(pair.query for pair in pairs))
    if len(queries) < 2 * FOLDS:
        raise InputError(FEW_QUERIES, hint=FEW_QUERIES_HINT, queries=len(queries), fewest=2 * FOLDS)
    folds = _folds(queries)
    methods: tuple[Method, ...] = ("platt",)
    # Every fold's fit needs its labels, too.
    fewest_training = min(sum(folds[pair.query] != fold for pair in pairs) for fold in range(FOLDS))
    if fewest_training >= FEWEST_FOR_ISOTONIC:
        methods = ("platt", "isotonic")
    rows = [_reliability("none", pairs, [sigmoid(pair.logit) for pair in pairs])]
    rows += [_reliability(method, pairs, _held_out(pairs, folds, method, fingerprint)) for method in methods]
    best = min(rows[1:], key=lambda row: row.log_loss).method
    assert best != "none"  # the rows after the first are fitted
    made = _fit(pairs, best, fingerprint)
    if made.method == "platt" and made.slope <= 0:
        raise InputError(FALLING)
    return CalibrationReport(tuple(rows), made)


def _fit(pairs: Sequence[LabelledPair], method: Method, fingerprint: str) -> Calibration:
    return fit([pair.logit for pair in pairs], [pair.relevant for pair in pairs], method, fingerprint)


def _folds(queries: Sequence[str]) -> Mapping[str, int]:
    import numpy as np

    order = np.random.default_rng(SEED).permutation(len(queries))
    return {queries[at]: place % FOLDS for place, at in enumerate(order)}


def _held_out(
    pairs: Sequence[LabelledPair], folds: Mapping[str, int], method: Method, fingerprint: str
) -> list[float]:
    """Each pair's probability by a fit that saw no candidate of its query."""
    read: list[Callable[[float], float]] = [
        _fit([pair for pair in pairs if folds[pair.query] != fold], method, fingerprint).probability
        for fold in range(FOLDS)
    ]
    return [read[folds[pair.query]](pair.logit) for pair in pairs]


def _reliability(method: Fitted, pairs: Sequence[LabelledPair], said: Sequence[float]) -> Reliability:
    import numpy as np

    probabilities = np.asarray(said, dtype=np.float64)
    relevant = np.asarray([pair.relevant for pair in pairs], dtype=np.float64)
    bins = _bins(probabilities)
    counts, sums, hits = _totals(bins, probabilities, relevant)
    error = _error(counts, sums, hits)
    low, high = _interval(pairs, bins, probabilities, relevant)
    clipped = np.clip(probabilities, _LEAST, 1 - _LEAST)
    loss = -np.mean(relevant * np.log(clipped) + (1 - relevant) * np.log(1 - clipped))
    filled = [
        Bin(float(total / count), float(hit / count), int(count))
        for count, total, hit in zip(counts, sums, hits, strict=True)
        if count
    ]
    return Reliability(method, float(error), low, high, float(loss), tuple(filled))


def _bins(probabilities: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """Ten bins of as many pairs; equal probabilities share one."""
    import numpy as np

    ordered = np.sort(probabilities)
    edges = ordered[[math.floor(at * len(ordered) / BINS) for at in range(1, BINS)]]
    return np.searchsorted(edges, probabilities, side="right").astype(np.int64)


def _totals(
    bins: "NDArray[np.int64]", said: "NDArray[np.float64]", relevant: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]":
    import numpy as np

    return (
        np.bincount(bins, minlength=BINS).astype(np.float64),
        np.bincount(bins, weights=said, minlength=BINS).astype(np.float64),
        np.bincount(bins, weights=relevant, minlength=BINS).astype(np.float64),
    )


def _error(
    counts: "NDArray[np.float64]", sums: "NDArray[np.float64]", hits: "NDArray[np.float64]"
) -> "np.float64":
    """The expected calibration error: the mean distance of said and so, weighted by pairs."""
    import numpy as np

    distance: np.float64 = np.abs(sums - hits).sum(axis=-1) / counts.sum(axis=-1)
    return distance


def _interval(
    pairs: Sequence[LabelledPair],
    bins: "NDArray[np.int64]",
    said: "NDArray[np.float64]",
    relevant: "NDArray[np.float64]",
) -> tuple[float, float]:
    """Percentiles over queries drawn with replacement, candidates together."""
    import numpy as np

    numbers = {query: at for at, query in enumerate(dict.fromkeys(pair.query for pair in pairs))}
    places = np.asarray([numbers[pair.query] for pair in pairs]) * BINS + bins
    size = len(numbers) * BINS
    totals = [
        np.bincount(places, weights=weights, minlength=size).reshape(len(numbers), BINS)
        for weights in (np.ones(len(pairs)), said, relevant)
    ]
    drawn = np.random.default_rng(SEED).multinomial(
        len(numbers), np.full(len(numbers), 1 / len(numbers)), size=RESAMPLES
    )
    counts, sums, hits = (drawn @ total for total in totals)
    errors = np.abs(sums - hits).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    low, high = np.quantile(errors, [0.025, 0.975])
    return float(low), float(high)
