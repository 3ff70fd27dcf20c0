"""From logits to probabilities that mean something: of the documents given 0.8, eight in ten are relevant.

Fitted on labels, for one model: Platt's line on the log-odds, or an isotonic curve where there are enough
labels. How good it is, is told on queries that it was not fitted on (`reliability`).
"""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.errors import InputError
from core.records import sigmoid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Method = Literal["platt", "isotonic"]
# An isotonic curve follows chance where it has fewer; Niculescu-Mizil & Caruana (ICML 2005) want about 1000
# for it to beat Platt's line.
FEWEST_FOR_ISOTONIC = 200
FEWEST_LABELS, FEWEST_OF_EACH = 20, 5
_NEWTON_STEPS = 100

TOO_FEW = "Too few labels to calibrate: {labels}, of them {relevant} relevant."
TOO_FEW_HINT = "At least {fewest} labelled candidates are needed, {each} of them relevant and {each} not."


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a logit becomes the probability that a document is relevant.

    fingerprint: of the model whose logits these are. platt: sigmoid(slope * logit + intercept). isotonic:
    `values` at `logits`, straight lines between. base_rate: the share of relevant candidates that it stands
    for. labels: how many it was fitted on.
    """

    method: Method
    fingerprint: str
    labels: int
    base_rate: float
    slope: float = 1.0
    intercept: float = 0.0
    logits: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    shift: float = 0.0

    def probability(self, logit: float) -> float:
        """The calibrated probability, in [0, 1]."""
        if self.method == "platt":
            return sigmoid(self.slope * logit + self.intercept + self.shift)
        return _shifted(_between(self.logits, self.values, logit), self.shift)


def fit(logits: Sequence[float], relevant: Sequence[bool], method: Method, fingerprint: str) -> Calibration:
    """A calibration of labelled pairs; InputError when there are too few, or too few of either kind."""
    labels, hits = len(relevant), sum(relevant)
    fewest = FEWEST_FOR_ISOTONIC if method == "isotonic" else FEWEST_LABELS
    if labels < fewest or min(hits, labels - hits) < FEWEST_OF_EACH:
        raise InputError(
            TOO_FEW, hint=TOO_FEW_HINT, labels=labels, relevant=hits, fewest=fewest, each=FEWEST_OF_EACH
        )
    made = Calibration(method, fingerprint, labels, hits / labels)
    if method == "platt":
        slope, intercept = _platt(logits, relevant)
        return replace(made, slope=slope, intercept=intercept)
    places, values = _isotonic(logits, relevant)
    return replace(made, logits=places, values=values)


def for_base_rate(calibration: Calibration, share: float) -> Calibration:
    """The same for candidates of which another share is relevant, by the odds of either share (Elkan 2001).

    Labelled candidates are seldom a fair sample: lists that were judged because they looked good hold more
    relevant documents than what is served.
    """
    if not 0 < share < 1:
        raise InputError("The share must lie between 0 and 1, not {share}.", where="base rate", share=share)
    added = _log_odds(share) - _log_odds(calibration.base_rate)
    return replace(calibration, base_rate=share, shift=calibration.shift + added)


def _platt(logits: Sequence[float], relevant: Sequence[bool]) -> tuple[float, float]:
    """Slope and intercept by Newton's method, on targets drawn in from 0 and 1.

    Platt 1999 with the numerics of Lin, Lin & Weng 2007.
    """
    import numpy as np

    hits = sum(relevant)
    high, low = (hits + 1) / (hits + 2), 1 / (len(relevant) - hits + 2)
    targets = np.where(np.asarray(relevant), high, low)
    design = np.stack([np.asarray(logits, dtype=np.float64), np.ones(len(logits))], axis=1)
    weights = np.array([0.0, math.log((hits + 1) / (len(relevant) - hits + 1))])

    def loss(at: "Floats") -> float:
        line = design @ at
        return float(np.sum(np.logaddexp(0, line) - targets * line))

    known = loss(weights)
    for _ in range(_NEWTON_STEPS):
        probabilities = 1 / (1 + np.exp(-np.clip(design @ weights, -700, 700)))
        gradient = design.T @ (probabilities - targets)
        curvature = design.T @ (design * (probabilities * (1 - probabilities))[:, None]) + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > 1e-10 and (found := loss(weights - size * step)) > known - 1e-4 * size * float(
            gradient @ step
        ):
            size /= 2
        if size <= 1e-10:
            break
        weights, gained, known = weights - size * step, known - found, found
        if gained < 1e-10:
            break
    return float(weights[0]), float(weights[1])


def _isotonic(
    logits: Sequence[float], relevant: Sequence[bool]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The rising steps nearest to the labels (pool adjacent violators), as corners of lines.

    Each step stands at the mean logit of its pairs. All are drawn in as Platt's targets are: no finite sample
    proves a probability of 0 or 1.
    """
    blocks: list[list[float]] = []  # pairs, relevant ones, sum of logits
    merged: dict[float, list[float]] = {}
    for logit, hit in zip(logits, relevant, strict=True):
        one = merged.setdefault(logit, [0.0, 0.0, 0.0])
        one[0] += 1
        one[1] += hit
        one[2] += logit
    for logit in sorted(merged):
        blocks.append(merged[logit])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][0] >= blocks[-1][1] * blocks[-2][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    places = tuple(block[2] / block[0] for block in blocks)
    values = tuple(
        min(max(hits / pairs, 1 / (pairs + 2)), (pairs + 1) / (pairs + 2)) for pairs, hits, _ in blocks
    )
    # Drawing in must not turn the order of two steps.
    rising: list[float] = []
    for value in values:
        rising.append(max(value, rising[-1]) if rising else value)
    return places, tuple(rising)


def _between(places: Sequence[float], values: Sequence[float], logit: float) -> float:
    at = bisect.bisect_left(places, logit)
    if at == 0:
        return values[0]
    if at == len(places):
        return values[-1]
    left, right = places[at - 1], places[at]
    share = (logit - left) / (right - left)
    return values[at - 1] + share * (values[at] - values[at - 1])


def _shifted(probability: float, shift: float) -> float:
    if not shift or not 0 < probability < 1:
        return probability
    return sigmoid(_log_odds(probability) + shift)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
