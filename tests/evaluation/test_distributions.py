import pytest

from core.evaluation.distributions import (
    FEWEST_LISTS,
    histogram,
    read_all,
    read_scores,
    saturated,
    spread_of,
)


def test_numbers_of_a_reading_by_hand() -> None:
    reading = read_scores("q", [2.0, 8.0])
    assert reading is not None
    assert (reading.best, reading.mean, reading.deviation) == (8.0, pytest.approx(5.0), pytest.approx(3.0))
    assert reading.gap == pytest.approx(6.0)


def test_queries_without_documents_are_passed_over() -> None:
    assert [r.query_id for r in read_all({"a": [0.1], "none": []})] == ["a"]


def test_the_spread_of_a_model_is_told_by_its_lists() -> None:
    """Lists of two: the first scores 1 … 101, the second is 1 … 101 lower."""
    readings = read_all({str(n): [float(n), 0.0] for n in range(1, 102)})
    spread = spread_of(readings)
    assert spread is not None
    assert spread.lists == 101
    assert (spread.low_best, spread.narrow_gap, spread.clear_gap) == (6.0, 11.0, pytest.approx(91.0))
    # Half of the median gap of 51, and a hundredth of that.
    assert spread.deviation == 25.5
    assert spread.tie_gap == pytest.approx(0.255)


def test_few_lists_say_nothing_of_a_model() -> None:
    readings = read_all({str(n): [1.0, 0.0] for n in range(FEWEST_LISTS - 1)} | {"single": [1.0]})
    assert spread_of(readings) is None


def test_histogram_has_fixed_bins_and_loses_no_value() -> None:
    found = histogram([0.0, 0.04, 0.05, 0.999, 1.0])
    assert (found.counts[0], found.counts[1], found.counts[19]) == (2, 1, 2)
    assert (found.low, found.high) == (0, 1) and len(found.middles) == len(found.counts) == 20
    assert (found.middles[0], found.middles[-1]) == (pytest.approx(0.025), pytest.approx(0.975))


def test_probabilities_near_both_ends_are_saturated() -> None:
    assert saturated([0.001, 0.01, 0.99, 0.999])
    assert not saturated([0.001, 0.01, 0.5, 0.999])
    assert not saturated([])
