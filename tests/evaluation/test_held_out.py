"""Choosing on one half and confirming on the other: what luck looks like, and what a real gain looks like."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.evaluation.held_out import HeldOut, held_out, split_queries
from core.evaluation.inference import randomisation_test
from core.evaluation.judged import JudgedQuery, Judgements
from core.evaluation.measures import parse_measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import ComparisonSettings

MEASURE = parse_measure("RR@10")
# What a reciprocal rank can be, and how often: many queries are answered at once, some not at all.
VALUES, CHANCES = np.array([1, 1 / 2, 1 / 3, 1 / 5, 0]), [0.45, 0.2, 0.1, 0.1, 0.15]
# Fewer resamples than a report takes; the level of a test does not depend on their number.
QUICK = ComparisonSettings(resamples=1000)
QUERIES, SYSTEMS = 60, 7


def _evaluation(name: str, values: Sequence[float]) -> Evaluation:
    by_query = {f"q{n}": float(value) for n, value in enumerate(values)}
    return Evaluation(name, {MEASURE: by_query}, tuple(by_query), (), (), (), 0, 0)


def _judgements(count: int, groups: int = 0) -> Judgements:
    return {
        f"q{n}": JudgedQuery(f"q{n}", {"d": 1}, group=f"g{n % groups}" if groups else None)
        for n in range(count)
    }


def _redrawn(generator: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    """The values with some queries drawn anew from the same distribution: another system, equally good."""
    fresh = generator.choice(VALUES, len(values), p=CHANCES)
    return np.where(generator.random(len(values)) < share, fresh, values)


def _simulated(seed: int, gain: float = 0.0, queries: int = QUERIES) -> tuple[Evaluation, list[Evaluation]]:
    """A baseline and systems that are as good, but for the fourth, which answers a share `gain` at once."""
    generator = np.random.default_rng(seed)
    # Systems of one model move away from a common order, the baseline as far as the others.
    common = generator.choice(VALUES, queries, p=CHANCES)
    baseline = _redrawn(generator, common, 0.4)
    systems = [_redrawn(generator, common, 0.4) for _ in range(SYSTEMS)]
    systems[3] = np.where(generator.random(queries) < gain, 1.0, systems[3])
    return _evaluation("default", baseline), [_evaluation(f"s{n}", s) for n, s in enumerate(systems)]


def _tried(seed: int, gain: float = 0.0, queries: int = QUERIES) -> HeldOut:
    baseline, systems = _simulated(seed, gain, queries)
    return held_out(_judgements(queries), baseline, systems, MEASURE, QUICK, seed=seed)


def test_without_a_true_difference_the_winner_is_confirmed_in_at_most_six_percent() -> None:
    runs = 600
    confirmed = sum(_tried(seed).verdict == "confirmed" for seed in range(runs))
    assert confirmed / runs <= 0.06


def test_picking_the_best_on_all_queries_would_call_luck_a_win_far_more_often() -> None:
    runs = 200
    wins = 0
    for seed in range(runs):
        baseline, systems = _simulated(seed)
        differences = [
            [s.values[MEASURE][q] - baseline.values[MEASURE][q] for q in baseline.queries] for s in systems
        ]
        best = max(differences, key=sum)
        wins += randomisation_test(best, resamples=999).p_value <= 0.05 and sum(best) > 0
    assert wins / runs > 0.1


def test_a_true_difference_is_confirmed_usually_and_it_is_the_right_system() -> None:
    # 120 queries: with 60, the 30 that confirm show this gain in three of four runs only.
    found = [_tried(seed, gain=0.6, queries=120) for seed in range(100)]
    confirmed = [one for one in found if one.verdict == "confirmed"]
    assert len(confirmed) >= 80
    assert {one.winner for one in confirmed} == {"s3"}


def test_the_halves_do_not_overlap_and_hold_every_query() -> None:
    queries = [f"q{n}" for n in range(101)]
    split = split_queries(queries)
    assert sorted((*split.choosing, *split.confirming)) == sorted(queries)
    assert abs(len(split.choosing) - len(split.confirming)) == 1


def test_the_split_depends_on_the_seed_and_not_on_the_order_of_the_rows() -> None:
    queries = [f"q{n}" for n in range(40)]
    assert split_queries(queries) == split_queries(queries[::-1])
    assert split_queries(queries, seed=1).choosing != split_queries(queries, seed=2).choosing


def test_each_group_is_divided_evenly_also_when_groups_are_odd() -> None:
    groups = {f"q{n}": ("a", "b", "c")[n % 3] for n in range(45)}
    split = split_queries(list(groups), groups)
    assert split.groups == 3
    for group in "abc":
        counts = [sum(groups[q] == group for q in half) for half in (split.choosing, split.confirming)]
        assert abs(counts[0] - counts[1]) <= 1
    assert abs(len(split.choosing) - len(split.confirming)) <= 1


def test_too_few_queries_choose_nothing() -> None:
    values = [0.0] * 19
    found = held_out(_judgements(19), _evaluation("a", values), [_evaluation("b", [1.0] * 19)], MEASURE)
    assert (found.verdict, found.winner) == ("too_few", None)
    assert "19; at least 20" in found.sentence.text


def test_nothing_is_confirmed_when_the_default_is_best_on_the_choosing_half() -> None:
    found = held_out(
        _judgements(40), _evaluation("a", [1.0] * 40), [_evaluation("b", [0.5] * 40)], MEASURE, QUICK
    )
    assert (found.verdict, found.winner, found.confirmation) == ("baseline_best", None, None)


def test_a_system_that_wins_only_where_it_was_chosen_is_refuted() -> None:
    queries = [f"q{n}" for n in range(60)]
    choosing = set(split_queries(queries).choosing)
    chance = np.random.default_rng(0)
    values = [(1.0 if q in choosing else 0.2) + 0.1 * chance.random() for q in queries]
    found = held_out(
        _judgements(60), _evaluation("a", [0.6] * 60), [_evaluation("b", values)], MEASURE, QUICK
    )
    assert (found.verdict, found.winner) == ("refuted", "b")
    (half,) = found.systems
    assert half.choosing == pytest.approx(0.45, abs=0.02) and half.confirming == pytest.approx(
        -0.35, abs=0.02
    )
    assert found.confirmation is not None and found.confirmation.queries == 30
