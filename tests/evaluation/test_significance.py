import numpy as np
import pytest

from core.evaluation.judged import JudgedQuery
from core.evaluation.measures import parse_measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import ComparisonSettings, compare, compare_groups, compare_many

MEASURE = parse_measure("nDCG@10")


def evaluation(name: str, values: list[float], measure: str = "nDCG@10") -> Evaluation:
    queries = tuple(f"q{i}" for i in range(len(values)))
    by_query = dict(zip(queries, values, strict=True))
    return Evaluation(name, {parse_measure(measure): by_query}, queries, (), (), (), 0, 0)


def shifted(differences: list[float], name: str = "after") -> tuple[Evaluation, Evaluation]:
    return evaluation("before", [0.4] * len(differences)), evaluation(name, [0.4 + d for d in differences])


def test_clear_gain_is_called_better_in_a_plain_sentence() -> None:
    before, after = shifted([0.05] * 30 + [0.0] * 5 + [0.1] * 15)
    (found,) = compare(before, after)
    assert found.verdict == "better"
    assert (found.wins, found.ties, found.losses) == (45, 5, 0)
    assert found.difference == pytest.approx((0.05 * 30 + 0.1 * 15) / 50)
    assert found.sentence.text.startswith("Better by 0.060 nDCG@10, 95 % interval 0.0")
    assert found.sentence.text.endswith("50 queries.")
    assert found.more_queries is None


def test_clear_loss_is_called_worse() -> None:
    before, after = shifted([-0.05] * 30 + [0.02] * 5)
    (found,) = compare(before, after)
    assert found.verdict == "worse"
    assert found.sentence.text.startswith("Worse by 0.040 nDCG@10")


def test_undecided_result_says_how_many_more_queries_are_needed() -> None:
    # 40 differences of mean 0.02 and standard deviation 0.2026 (half +0.22, half -0.18):
    # ((1.9600 + 0.8416) * 0.20255 / 0.02)^2 + 1.92 = 807.0 -> 808 in all, 768 more, rounded up to 770.
    before, after = shifted([0.22] * 20 + [-0.18] * 20)
    (found,) = compare(before, after)
    assert found.verdict == "cannot_tell"
    assert found.more_queries == 770
    assert "about 770 more judged queries would be needed" in found.sentence.text
    assert any("80 % chance" in note.text for note in found.notes)


def test_hopelessly_small_difference_names_the_limit_instead_of_a_number() -> None:
    before, after = shifted([0.2001] * 20 + [-0.2] * 20)
    (found,) = compare(before, after)
    assert found.verdict == "cannot_tell"
    assert found.more_queries is None
    assert "more than 10000 judged queries" in found.sentence.text


def test_identical_orders_are_no_difference() -> None:
    before, after = shifted([0.0] * 40)
    (found,) = compare(before, after)
    assert (found.verdict, found.p_value) == ("no_difference", 1.0)
    assert (
        found.sentence.text
        == "No difference: nDCG@10 is the same before and after for each of the 40 queries."
    )


def test_fewer_than_ten_queries_give_no_verdict_however_good_they_look() -> None:
    before, after = shifted([0.3] * 9)
    (found,) = compare(before, after)
    assert found.verdict == "too_few"
    assert "Too few judged queries for a verdict: 9." in found.sentence.text
    assert "better in 9, worse in 0" in found.sentence.text


def test_no_query_at_all_is_said() -> None:
    before, after = shifted([])
    (found,) = compare(before, after)
    assert found.verdict == "too_few"
    assert found.sentence.text == "No judged query can be compared."


def test_few_changed_queries_are_noted() -> None:
    before, after = shifted([0.3] * 8 + [0.0] * 92)
    (found,) = compare(before, after)
    assert found.verdict == "better"
    assert [note.text for note in found.notes] == [
        "Queries whose nDCG@10 changed at all: 8; read the interval as a rough one."
    ]


def test_holm_correction_makes_one_lucky_system_among_many_undecided() -> None:
    before, lucky = shifted([0.2] * 6 + [0.0] * 24, "lucky")  # p = 2 / 2^6 = 0.03125
    assert compare(before, lucky)[0].verdict == "better"
    others = [shifted([0.1, -0.1] * 15, f"other {i}")[1] for i in range(3)]
    found = compare_many(before, [lucky, *others])
    assert [c.system for c in found] == ["lucky", "other 0", "other 1", "other 2"]
    assert found[0].p_value == pytest.approx(0.03125)
    assert found[0].p_adjusted == pytest.approx(4 * 0.03125)
    assert found[0].verdict == "cannot_tell"
    assert any("4 systems were compared" in note.text for note in found[0].notes)


def test_groups_are_compared_apart_and_corrected_together() -> None:
    before, after = shifted([0.05] * 20 + [-0.05] * 20)
    judgements = {
        f"q{i}": JudgedQuery(f"q{i}", {"a": 1}, group="short" if i < 20 else "long") for i in range(40)
    }
    groups = compare_groups(before, after, judgements)
    assert list(groups) == ["long", "short"]
    assert (groups["short"][0].verdict, groups["long"][0].verdict) == ("better", "worse")
    assert groups["short"][0].p_adjusted >= groups["short"][0].p_value
    assert (groups["short"][0].queries, groups["short"][0].before) == (20, pytest.approx(0.4))
    assert compare_groups(before, after, {q: JudgedQuery(q, {"a": 1}) for q in before.queries}) == {}


def test_only_queries_measured_in_both_are_compared() -> None:
    before, after = evaluation("before", [0.1] * 12), evaluation("after", [0.5] * 15)
    assert compare(before, after)[0].queries == 12


def test_share_judged_is_not_a_quality_and_is_not_compared() -> None:
    before = evaluation("before", [0.5] * 20, "Judged@10")
    assert compare(before, evaluation("after", [1.0] * 20, "Judged@10")) == ()


def test_settings_change_confidence_and_the_same_data_give_the_same_numbers() -> None:
    values = np.random.default_rng(3).normal(0.02, 0.2, 60).tolist()
    before, after = shifted(values)
    assert compare(before, after) == compare(before, after)
    wide = compare(before, after, ComparisonSettings(confidence=0.99))[0]
    narrow = compare(before, after, ComparisonSettings(confidence=0.9))[0]
    assert wide.interval is not None and narrow.interval is not None
    assert wide.interval.low < narrow.interval.low
    assert "99 % interval" in wide.sentence.text
