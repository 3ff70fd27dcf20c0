"""Calibration: known answers, held-out errors, base rates, and what is refused."""

import math
import random

import pytest

from core.errors import InputError
from core.evaluation.calibrations.curve import Calibration, fit, for_base_rate
from core.evaluation.calibrations.reliability import LabelledPair, calibrate
from core.records import sigmoid


def pairs(
    queries: int, each: int, slope: float, intercept: float, seed: int = 3, scale: float = 2.0
) -> list[LabelledPair]:
    """Labels drawn with probability sigmoid(slope * logit + intercept)."""
    random_numbers = random.Random(seed)
    made = []
    for query in range(queries):
        for _ in range(each):
            logit = random_numbers.gauss(0, scale)
            relevant = random_numbers.random() < sigmoid(slope * logit + intercept)
            made.append(LabelledPair(f"q{query}", logit, relevant))
    return made


def fitted(made: list[LabelledPair], method: str) -> Calibration:
    return fit([one.logit for one in made], [one.relevant for one in made], method, "f")  # type: ignore[arg-type]


def test_platts_line_finds_the_line_that_made_the_labels() -> None:
    found = fitted(pairs(200, 50, 0.7, -1.2), "platt")
    assert found.slope == pytest.approx(0.7, abs=0.05) and found.intercept == pytest.approx(-1.2, abs=0.06)
    assert found.probability(2.0) == pytest.approx(sigmoid(0.7 * 2 - 1.2), abs=0.02)


def test_platts_line_agrees_with_scikit_learns_regression() -> None:
    sklearn = pytest.importorskip("sklearn.linear_model")
    made = pairs(100, 20, 0.7, -1.2)
    model = sklearn.LogisticRegression(C=1e9).fit(
        [[one.logit] for one in made], [one.relevant for one in made]
    )
    found = fitted(made, "platt")
    # Platt's targets are drawn in by one in the number of either kind.
    assert found.slope == pytest.approx(float(model.coef_[0][0]), rel=0.02)


def test_the_isotonic_curve_pools_what_falls() -> None:
    # Shares by logit: 0 of 70, 10 of 30 and 6 of 40 (pooled: 16 of 70), 60 of 60.
    groups = [(-2.0, 70, 0), (0.0, 30, 10), (1.0, 40, 6), (3.0, 60, 60)]
    logits = [logit for logit, count, _ in groups for _ in range(count)]
    relevant = [at < hits for _, count, hits in groups for at in range(count)]
    found = fit(logits, relevant, "isotonic", "f")
    pooled = (30 * 0.0 + 40 * 1.0) / 70
    assert found.logits == pytest.approx((-2.0, pooled, 3.0))
    assert found.values == pytest.approx((1 / 72, 16 / 70, 61 / 62))
    assert found.probability(-9) == found.values[0] and found.probability(9) == found.values[-1]
    middle = (pooled + 3.0) / 2
    assert found.probability(middle) == pytest.approx((16 / 70 + 61 / 62) / 2)


@pytest.mark.parametrize("method", ["platt", "isotonic"])
def test_a_higher_logit_is_never_less_probable(method: str) -> None:
    found = fitted(pairs(60, 20, 1.0, 0.0), method)
    values = [found.probability(at / 10) for at in range(-80, 81)]
    assert values == sorted(values) and 0 < values[0] and values[-1] < 1


def test_wrong_confidence_is_seen_and_mended_on_held_out_queries() -> None:
    report = calibrate(pairs(80, 20, 0.4, -1.0), "f")
    assert [row.method for row in report.rows] == ["none", "platt", "isotonic"]
    assert report.own.error > 0.15 and report.own.low > 0.1
    assert report.best.error < 0.06 and report.best.log_loss < report.own.log_loss
    for row in report.rows:
        assert sum(one.pairs for one in row.bins) == 1600
        assert row.low <= row.high


def test_probabilities_that_are_right_already_have_a_small_error() -> None:
    report = calibrate(pairs(100, 20, 1.0, 0.0), "f")
    assert report.own.error < 0.03


def test_another_base_rate_moves_the_odds() -> None:
    made = for_base_rate(Calibration("platt", "f", 100, 0.5), 0.1)
    # Odds of a half are one; at one in ten they are one to nine.
    assert made.probability(0.0) == pytest.approx(0.1) and made.base_rate == 0.1
    back = for_base_rate(made, 0.5)
    assert back.probability(1.3) == pytest.approx(sigmoid(1.3))
    curve = Calibration("isotonic", "f", 300, 0.5, logits=(0.0,), values=(0.5,))
    assert for_base_rate(curve, 0.2).probability(7.0) == pytest.approx(0.2)


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, math.nan])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InputError):
        for_base_rate(Calibration("platt", "f", 100, 0.5), share)


@pytest.mark.parametrize("method", ["platt", "isotonic"])
def test_too_few_labels_are_refused(method: str) -> None:
    with pytest.raises(InputError, match="Too few labels"):
        fitted(pairs(1, 19, 1.0, 0.0), method)
    with pytest.raises(InputError, match="Too few labels"):
        fit([float(at) for at in range(300)], [at < 4 for at in range(300)], method, "f")  # type: ignore[arg-type]


def test_below_two_hundred_labels_no_isotonic_curve_is_offered() -> None:
    assert [row.method for row in calibrate(pairs(20, 12, 1.0, 0.0), "f").rows] == ["none", "platt"]


def test_logits_that_fall_with_relevance_are_refused() -> None:
    with pytest.raises(InputError, match="do not rise"):
        calibrate(pairs(20, 9, -1.0, 0.0), "f")


def test_few_queries_are_refused() -> None:
    with pytest.raises(InputError, match="9 queries are too few"):
        calibrate(pairs(9, 50, 1.0, 0.0), "f")


def test_separable_labels_end_at_a_finite_line() -> None:
    found = fit([float(at) for at in range(-20, 20)], [at >= 0 for at in range(-20, 20)], "platt", "f")
    assert math.isfinite(found.slope) and 0.5 < found.probability(1.0) < 1
