import numpy as np
import pytest

from core.evaluation.inference import mean_interval, queries_for_power, queries_needed, randomisation_test
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


def test_the_deciding_test_stands_in_the_sentence_and_the_interval_agrees_with_it() -> None:
    """4 gains and no loss among 13 queries: p = 2 / 2^4, which excludes nothing."""
    before, after = shifted([0.5, 0.4, 0.5, 0.6] + [0.0] * 9)
    (found,) = compare(before, after)
    assert (found.verdict, found.p_value) == ("cannot_tell", 0.125)
    assert found.interval is not None and found.interval.low <= 0 < found.interval.high
    assert "randomisation test p = 0.125, 13 queries" in found.sentence.text
    assert any("reaches to 0" in note.text and "4 queries changed" in note.text for note in found.notes)


def test_p_after_correction_is_named_as_such() -> None:
    before, lucky = shifted([0.2] * 6 + [0.0] * 24, "lucky")
    others = [shifted([0.1, -0.1] * 15, f"other {i}")[1] for i in range(3)]
    first = compare_many(before, [lucky, *others])[0]
    assert "randomisation test p = 0.125 after Holm's correction" in first.sentence.text
    assert "p = 0.0312, 30" in compare(before, lucky)[0].sentence.text


@pytest.mark.parametrize("changes", [[1.0] * 14, [0.25] * 30, [-0.5] * 12])
def test_equal_differences_have_an_interval_with_a_width(changes: list[float]) -> None:
    (found,) = compare(*shifted(changes))
    low, high = found.interval.low, found.interval.high  # type: ignore[union-attr]
    # At least a share of (0.05 / 2)^(1/n) of queries changes like these (Clopper & Pearson), the rest back.
    least = changes[0] * (2 * 0.025 ** (1 / len(changes)) - 1)
    assert sorted((low, high)) == pytest.approx(sorted((changes[0], least)))
    assert found.verdict == ("better" if changes[0] > 0 else "worse")


def test_no_change_in_a_few_queries_does_not_prove_that_there_is_none() -> None:
    (found,) = compare(*shifted([0.0] * 20))
    assert found.interval is not None
    # 0.025^(1/20) = 0.8316: up to 16.8 % of queries may change, each by at most 1.
    assert (found.interval.low, found.interval.high) == (
        pytest.approx(-0.1684, abs=1e-4),
        pytest.approx(0.1684, abs=1e-4),
    )


def test_a_bound_close_to_zero_is_written_with_the_digits_that_show_its_side() -> None:
    values = [0.0004] * 30 + [0.0002] * 20
    (found,) = compare(*shifted(values))
    assert found.verdict == "better"
    assert "Better by 0.0003 nDCG@10, 95 % interval 0.0003 to 0.0003" in found.sentence.text


def test_noise_of_floating_point_is_no_difference() -> None:
    before = evaluation("before", [0.1 + 0.2] * 12 + [0.3] * 12)
    after = evaluation("after", [0.3] * 12 + [0.1 + 0.2] * 11 + [0.3 - 2.7e-15])
    (found,) = compare(before, after)
    assert (found.difference, found.verdict, found.losses) == (0.0, "no_difference", 0)
    small = compare(*shifted([0.1, -0.1] * 10 + [0.1, -0.1 - 1e-13]))[0]
    assert small.difference == 0.0 and "difference +0.000" in small.sentence.text


@pytest.mark.parametrize(
    ("values", "more_than_the_textbook"),
    [
        # 6 changed queries decide at the earliest (2 / 2^6); of 14 queries 4 changed.
        ([1.0] * 4 + [0.0] * 10, 3),
        ([0.4, 0.3, 0.5, -0.2] + [0.0] * 16, 0),
    ],
)
def test_the_number_of_queries_gives_the_test_its_power(
    values: list[float], more_than_the_textbook: int
) -> None:
    """Drawn and tested as the verdict is, by the functions that it uses."""
    needed = queries_for_power(values, seed=1)
    assert needed is not None
    generator, decided, samples = np.random.default_rng(8), 0, 400
    for number in range(samples):
        drawn = generator.choice(values, needed).tolist()
        test = randomisation_test(drawn, resamples=999, seed=number)
        interval = mean_interval(drawn, test.p_value, resamples=400, seed=number)
        decided += interval is not None and interval.low > 0 and test.p_value <= 0.05
    assert decided / samples >= 0.76  # 0.8 less two standard errors of 400 samples
    textbook = queries_needed(float(np.mean(values)), float(np.std(values, ddof=1)))
    assert textbook is not None and needed >= textbook + more_than_the_textbook
