import itertools
from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from benchmarks.interval_coverage import SCENARIOS, Scenario, population, without_difference
from core.evaluation.inference import (
    bootstrap_interval,
    holm,
    queries_needed,
    randomisation_test,
)

# Darwin's Zea mays data as Fisher analysed them (The Design of Experiments, 1935, sections 17 and 21):
# cross- minus self-fertilised height in eighths of an inch. 1,726 of the 2^15 sign patterns reach a
# total of 314 in either direction: 863 each way, p = 5.267 %.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def test_randomisation_test_equals_fishers_count_for_darwins_maize() -> None:
    exact = randomisation_test(DARWIN, resamples=2**15)
    assert exact.exact
    assert exact.p_value == pytest.approx(1726 / 2**15, abs=1e-12)
    sampled = randomisation_test(DARWIN, resamples=9_999, seed=3)
    assert not sampled.exact
    assert sampled.p_value == pytest.approx(1726 / 2**15, abs=0.007)  # three standard errors


def test_randomisation_test_equals_counting_every_sign_pattern() -> None:
    values = [0.2, -0.1, 0.0, 0.35, 0.05, 0.0, -0.4, 0.3]
    reached = [
        abs(sum(s * v for s, v in zip(signs, values, strict=True))) >= abs(sum(values)) - 1e-12
        for signs in itertools.product((1, -1), repeat=len(values))
    ]
    assert randomisation_test(values).p_value == pytest.approx(fmean(reached))


def test_too_few_changed_queries_can_never_convince_the_test() -> None:
    assert randomisation_test([0.0, 0.0]).p_value == 1.0
    assert randomisation_test([0.4, 0.0]).p_value == 1.0
    assert randomisation_test([0.4] * 5).p_value == pytest.approx(2 / 32)


def test_thousands_of_changed_queries_are_no_overflow() -> None:
    test = randomisation_test([0.1, -0.1] * 1000, resamples=99)
    assert test.p_value > 0.5 and not test.exact


def test_interval_is_symmetric_and_near_students_for_normal_differences() -> None:
    values = np.random.default_rng(7).normal(0.03, 0.2, 120)
    interval = bootstrap_interval(values.tolist(), seed=1)
    assert interval is not None
    low, high = stats.t.interval(0.95, 119, values.mean(), stats.sem(values))
    assert interval.low == pytest.approx(low, abs=0.002)
    assert interval.high == pytest.approx(high, abs=0.002)
    assert (interval.low + interval.high) / 2 == pytest.approx(values.mean())


def test_interval_resamples_as_scipys_bootstrap_does() -> None:
    values = np.random.default_rng(8).exponential(0.1, 40)
    ours = bootstrap_interval(values.tolist(), resamples=20_000, seed=2)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(3)
    )
    assert ours is not None
    spread = np.quantile(np.abs(theirs.bootstrap_distribution - values.mean()), 0.95)
    widened = spread * np.sqrt(40 / 39) * stats.t.ppf(0.975, 39) / stats.norm.ppf(0.975)
    assert (ours.high - ours.low) / 2 == pytest.approx(widened, rel=0.02)


def test_interval_and_test_are_deterministic_for_a_seed() -> None:
    values = np.random.default_rng(9).normal(0.02, 0.1, 50).tolist()
    assert bootstrap_interval(values, seed=5) == bootstrap_interval(values, seed=5)
    assert bootstrap_interval(values, seed=5) != bootstrap_interval(values, seed=6)
    assert randomisation_test(values, seed=5) == randomisation_test(values, seed=5)


def test_one_query_has_no_interval_and_equal_differences_a_point() -> None:
    assert bootstrap_interval([0.3]) is None
    point = bootstrap_interval([0.25] * 12)
    assert point is not None
    assert (point.low, point.high) == (0.25, 0.25)


def test_holm_equals_the_textbook_example() -> None:
    # As R's p.adjust(..., "holm"): 4 x 0.005, 3 x 0.01, 2 x 0.03, then never below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.01, 0.04, 0.20, 0.03, 0.005, 0.07]) == pytest.approx([0.05, 0.12, 0.2, 0.12, 0.03, 0.14])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_sample_size_equals_the_textbook_values() -> None:
    # Paired t-test, two-sided 5 %, power 80 %: Cohen's d 0.5 needs 34 pairs, 0.2 needs 199, 0.8 needs 15
    # (G*Power).
    assert queries_needed(0.5, 1.0) == 34
    assert queries_needed(0.2, 1.0) == 199
    assert queries_needed(-0.8, 1.0) == 15
    assert queries_needed(0.0, 1.0) is None


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@pytest.mark.parametrize("n", [20, 50, 150])
def test_95_percent_interval_covers_the_truth_93_to_97_percent_of_the_time(
    scenario: Scenario, n: int
) -> None:
    differences = population("nDCG@10", scenario, size=20_000)
    generator = np.random.default_rng(n)
    covered, samples = 0, 1_000  # standard error 0.7 points; benchmarks/interval_coverage.py takes more
    for number in range(samples):
        interval = bootstrap_interval(generator.choice(differences, n).tolist(), resamples=600, seed=number)
        assert interval is not None
        covered += interval.low <= differences.mean() <= interval.high
    assert 0.93 <= covered / samples <= 0.97


@pytest.mark.parametrize("n", [20, 100])
def test_false_alarms_are_at_most_6_percent(n: int) -> None:
    differences = without_difference(population("nDCG@10", Scenario("equal", 0.0, 0.6), size=20_000))
    generator = np.random.default_rng(n)
    samples = 800
    alarms = sum(
        randomisation_test(generator.choice(differences, n).tolist(), resamples=499, seed=i).p_value <= 0.05
        for i in range(samples)
    )
    assert alarms / samples <= 0.06
