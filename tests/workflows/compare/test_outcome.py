"""What a comparison says of quality and cost, in figures that were calculated by hand."""

import pytest

from core.errors import ModelMissingError
from core.settings import Settings
from core.workflows.compare.contenders import Contender, from_stored, refused
from core.workflows.compare.outcome import (
    FREE_BEST,
    NOT_SHOWN,
    TOO_FEW,
    WORTH,
    ComparisonOutcome,
)
from core.workflows.evaluate.outcome import EvaluateSettings
from tests.workflows.compare.contenders import contender, small_data

RR = EvaluateSettings("RR@10")


def compared(*contenders: Contender, price: float | None = None, queries: int = 20) -> ComparisonOutcome:
    return ComparisonOutcome(small_data(queries), contenders, RR, price)


def test_the_table_has_measures_times_and_the_front() -> None:
    found = compared(contender("small", 12, 0.1), contender("large", 20, 0.4), contender("slow", 10, 0.9))
    before, small, large, slow = found.standings
    measure = found.measures[0]
    assert [one.means[measure] for one in found.standings] == pytest.approx([0.5, 0.8, 1.0, 0.75])
    interval = small.intervals[measure]
    assert interval is not None and 0.5 < interval.low < 0.8 < interval.high <= 1.0
    assert [one.on_front for one in found.standings] == [True, True, True, False]
    assert before.contender is None and before.cost == 0.0
    assert small.contender is not None and small.contender.pairs_per_second == pytest.approx(20)
    assert small.contender.slow_seconds == pytest.approx(0.1)
    assert (small.cost, large.cost, slow.cost) == pytest.approx((0.1, 0.4, 0.9))


def test_the_slow_end_is_the_time_within_which_95_of_100_were_answered() -> None:
    times = tuple(float(number) for number in range(100, 0, -1))
    assert Contender("m", "m", seconds=times).slow_seconds == 95.0
    assert Contender("m", "m", seconds=times[:7]).slow_seconds is None


def test_pairs_are_all_and_name_both_sides() -> None:
    found = compared(contender("small", 12, 0.1), contender("large", 20, 0.4))
    assert [(pair.first, pair.second) for pair in found.pairs] == [
        ("before", "small"),
        ("before", "large"),
        ("small", "large"),
    ]
    assert found.pairs[2].comparison.difference == pytest.approx(0.2)
    # In 8 of 20 queries the two documents stand the other way round.
    assert found.pairs[2].agreement.kendall == pytest.approx((12 - 8) / 20)


def test_a_proven_gain_is_named_with_its_price() -> None:
    said = compared(contender("small", 8, 0.1), contender("large", 20, 0.4)).worth
    assert said.template == WORTH
    assert "large is better than every cheaper one: +0.300 RR@10 over small" in said.text
    assert "for 4.0 times the time" in said.text


def test_a_lead_that_may_be_chance_is_not_worth_its_cost() -> None:
    said = compared(contender("small", 18, 0.1), contender("large", 20, 2.0)).worth
    assert said.template == NOT_SHOWN
    assert (
        "its lead over small (+0.050), which takes 1/20 of the time, may be chance on these 20" in said.text
    )


def test_a_gain_over_the_order_before_is_named_with_its_time() -> None:
    said = compared(contender("quick", 20, 0.1), contender("slow", 8, 0.4)).worth
    assert said.template == WORTH  # over the order before, which is free
    assert "over the order before" in said.text and "for 100 ms a query on top of the search" in said.text


def test_no_gain_over_the_order_before_is_said_as_such() -> None:
    assert compared(contender("idle", 1, 0.1), contender("blind", 0, 0.4)).worth.template == FREE_BEST


def test_few_queries_decide_nothing() -> None:
    few = [contender("a", 4, 0.1, queries=5), contender("b", 5, 0.4, queries=5)]
    assert compared(*few, queries=5).worth.template == TOO_FEW


def test_cost_is_money_once_every_model_has_a_price() -> None:
    local, hosted = contender("local", 12, 0.36), contender("hosted", 20, 1.0, dollars=0.02, remote=True)
    by_time = compared(local, hosted)
    assert not by_time.by_money and by_time.standings[1].dollars_per_1000 is None
    by_money = compared(local, hosted, price=2.0)
    assert by_money.by_money
    # 0.36 s of a machine at US$2 an hour, 1,000 times; US$0.02 for 20 queries, 50 times.
    assert [one.dollars_per_1000 for one in by_money.standings[1:]] == pytest.approx([0.2, 1.0])
    assert [one.cost for one in by_money.standings] == pytest.approx([0.0, 0.2, 1.0])
    assert "for 5.0 times the money" in by_money.worth.text


def test_a_model_that_cannot_be_had_stands_in_the_table_with_the_reason() -> None:
    missing = refused(
        "Qwen/Qwen3-Reranker-4B", ModelMissingError("It is not here.", hint="Fetch it."), Settings()
    )
    found = compared(contender("small", 12, 0.1), missing)
    line = found.standings[2]
    assert line.contender is not None and line.contender.problem.text == "It is not here."
    assert (line.title, line.contender.licence) == ("Qwen3-Reranker-4B", "Apache-2.0")
    assert line.means == {} and line.cost is None and not line.on_front
    assert len(found.pairs) == 1


def test_two_of_one_name_are_told_apart() -> None:
    found = compared(contender("twin", 12, 0.1), contender("twin", 13, 0.1))
    assert [one.title for one in found.standings] == ["before", "twin", "twin (2)"]


def test_a_result_is_stored_and_read_back_whole() -> None:
    for one in (
        contender("a", 3, 0.2, dollars=0.5, remote=True),
        refused("x", ModelMissingError("No."), Settings()),
    ):
        assert from_stored(one.stored()) == one
