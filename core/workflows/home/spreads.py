"""How the scores of the models that ship with the program lie, as measured in `benchmarks/quality.md`.

Of other models it is learnt from the run that is looked at.
"""

from collections.abc import Mapping, Sequence

from core.evaluation.distributions import ScoreReading, ScoreSpread, spread_of
from core.evaluation.hints import USUAL, HintKind
from core.records import ScorerInfo

# By the beginning of a model's label. `python -m benchmarks.hints` prints them.
SHIPPED: Mapping[str, ScoreSpread] = {
    "embedded multilingual-e5-small": ScoreSpread(
        lists=200,
        low_best=-4.76,
        narrow_gap=0.24,
        clear_gap=4.47,
        flat_deviation=1.01,
        high_mean=-3.69,
        deviation=1.95,
    ),
    "embedded USE-m3": ScoreSpread(
        lists=269,
        low_best=-4.05,
        narrow_gap=0.05,
        clear_gap=1.40,
        flat_deviation=0.46,
        high_mean=-2.94,
        deviation=0.75,
    ),
}
# Hints that were wrong more often than right on a model's labelled lists.
DISPROVED: Mapping[str, frozenset[HintKind]] = {"embedded USE-m3": frozenset(("low",))}


def shipped_spread(model: ScorerInfo) -> ScoreSpread | None:
    """The recorded spread of a model; None where none ships."""
    return next((spread for label, spread in SHIPPED.items() if model.label.startswith(label)), None)


def usual_hints(model: ScorerInfo) -> frozenset[HintKind]:
    """The kinds of hints that are given of a model where no labels say more."""
    wrong = (kinds for label, kinds in DISPROVED.items() if model.label.startswith(label))
    return USUAL - next(wrong, frozenset())


def known_spread(model: ScorerInfo, readings: Sequence[ScoreReading]) -> ScoreSpread | None:
    """The recorded spread of a model, else that of a run's own lists; None where these are too few."""
    return shipped_spread(model) or spread_of(readings)
