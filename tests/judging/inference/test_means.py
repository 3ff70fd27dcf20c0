"""Means by few labels of people and many of a model: as published, and never worse than people alone."""

import numpy as np
import pytest
from scipy import stats

from core.judging.inference.means import PoweredMean, powered_mean


def sample(
    seed: int, judged: int, further: int, noise: float
) -> tuple[list[float], list[float], list[float]]:
    random = np.random.default_rng(seed)
    true = random.normal(0.05, 0.2, judged + further)
    model = true + noise * random.normal(size=judged + further) + 0.3
    return true[:judged].tolist(), model[:judged].tolist(), model[judged:].tolist()


def found(*values: list[float]) -> PoweredMean:
    mean = powered_mean(*values)
    assert mean is not None
    return mean


def test_the_estimate_is_that_of_ppi_with_power_tuning() -> None:
    people, model, further = sample(1, 40, 400, 0.1)
    n, more = len(people), len(further)
    # Angelopoulos, Duchi & Zrnic (2023), example 6.1 with the tuning of section 6, written out.
    covariance = np.cov(people, model, ddof=1)[0, 1]
    trust = covariance / ((1 + n / more) * np.var([*model, *further], ddof=1))
    estimate = trust * np.mean(further) + np.mean(np.array(people) - trust * np.array(model))
    powered = found(people, model, further)
    assert powered.trust == pytest.approx(trust) and 0 < trust < 1
    assert powered.mean == pytest.approx(estimate)
    assert powered.alone == pytest.approx(np.mean(people))


def test_a_good_judge_narrows_the_interval_and_a_bias_of_its_own_moves_nothing() -> None:
    people, model, further = sample(2, 40, 1_000, 0.1)
    powered = found(people, model, further)
    lifted = found(people, [one + 7 for one in model], [one + 7 for one in further])
    assert powered.worth > 2
    assert lifted.mean == pytest.approx(powered.mean) and lifted.worth == pytest.approx(powered.worth)


def test_people_alone_have_students_interval() -> None:
    people, model, further = sample(3, 30, 500, 0.1)
    low, high = stats.t.interval(0.95, 29, loc=np.mean(people), scale=stats.sem(people))
    alone = found(people, model, further).alone_interval
    assert (alone.low, alone.high) == pytest.approx((low, high))


def test_a_judge_who_guesses_never_widens_the_interval() -> None:
    for seed in range(200):
        people, _, _ = sample(seed, 30, 0, 0.0)
        _, model, further = sample(10_000 + seed, 30, 300, 1.0)
        powered = found(people, model, further)
        assert powered.worth >= 1
        if powered.trust == 0:
            assert powered.interval == powered.alone_interval and powered.mean == powered.alone


def test_without_further_queries_people_stand_alone() -> None:
    people, model, _ = sample(4, 30, 0, 0.1)
    powered = found(people, model, [])
    assert powered.trust == 0 and powered.interval == powered.alone_interval and powered.worth == 1


def test_equal_values_are_no_certainty() -> None:
    powered = found([0.0] * 30, [0.0] * 30, [0.1] * 300)
    # With none of 30 changed, up to 11.6 % of queries may change: 0.025 ** (1 / 30) = 0.884.
    assert powered.interval.high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert powered.interval.low == -powered.interval.high


def test_one_query_says_nothing() -> None:
    assert powered_mean([0.1], [0.2], [0.1, 0.3]) is None
