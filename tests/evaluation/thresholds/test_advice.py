import math
import random
from itertools import pairwise

import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedQuery, Run, rank_by_score
from core.evaluation.thresholds.advice import ThresholdSettings, advise
from core.evaluation.thresholds.cuts import decimal_between


def data(*queries: tuple[dict[str, float], dict[str, int]]) -> tuple[dict[str, JudgedQuery], Run]:
    judgements = {f"q{i}": JudgedQuery(f"q{i}", labels) for i, (_, labels) in enumerate(queries)}
    rankings = {
        f"q{i}": rank_by_score(f"q{i}", list(scores), list(scores.values()))
        for i, (scores, _) in enumerate(queries)
    }
    return judgements, Run("model", rankings)


# Pooled, by falling score: .9 relevant, .8 not, .7 relevant, .3 relevant, .2 not, .1 unjudged.
# The third query has no relevant candidate.
TOY = data(
    ({"a": 0.9, "b": 0.8, "c": 0.1}, {"a": 1, "b": 0}),
    ({"a": 0.7, "b": 0.3}, {"a": 2, "b": 1, "not retrieved": 1}),
    ({"a": 0.2}, {"a": 0}),
)


def test_every_cut_equals_the_hand_calculation() -> None:
    advice = advise(*TOY)
    by_threshold = {cut.threshold: cut for cut in advice.curve}
    assert list(by_threshold) == [0.9, 0.8, 0.7, 0.3, 0.2, 0.1]
    cut = by_threshold[0.7]
    assert (cut.precision, cut.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert cut.f_beta == pytest.approx(2 / 3)
    assert cut.kept == pytest.approx(3 / 6)
    assert cut.queries_with_relevant == 1.0
    assert cut.empty == pytest.approx(1 / 3)
    assert by_threshold[0.9].queries_with_relevant == 0.5
    assert by_threshold[0.1].precision == pytest.approx(3 / 6)


def test_best_cut_has_the_highest_f_and_coverage_the_strictest_that_serves_enough_queries() -> None:
    advice = advise(*TOY)
    assert advice.best.threshold == 0.3  # precision 3/4, recall 1, F1 6/7
    assert advice.best.f_beta == pytest.approx(6 / 7)
    assert advice.coverage.threshold == 0.7
    assert (advice.queries, advice.without_relevant_candidate, advice.unjudged) == (3, 1, 1)
    assert advise(*TOY, ThresholdSettings(keep_share=0.5)).coverage.threshold == 0.9
    texts = [s.text for s in advice.sentences]
    assert texts[0] == (
        "Keep documents scored 0.3 or more: precision 75%, recall 100% of the relevant candidates; "
        "33% of the queries keep nothing."
    )
    assert texts[1] == (
        "Keep documents scored 0.7 or more: of the queries with a relevant candidate 100% keep one, "
        "precision 67%; 33% of all queries keep nothing."
    )
    assert "no threshold can help: 1 of 3" in texts[2]


@pytest.mark.parametrize(
    ("below", "score", "written"),
    [
        (0.1, 0.7, 0.7),
        (0.2, 0.743_219, 0.7432),
        (0.9999, 0.999_978_1, 0.999_97),
        (0.743_218_9, 0.743_219_4, 0.743_219),
        (-math.inf, -3.141_59, -3.142),
        (0.0, 1.234_567e-9, 1.234e-9),
        (0.1 + 0.2 - 2**-54, 0.1 + 0.2, 0.1 + 0.2),
        (-1.0, 0.0, 0.0),
    ],
)
def test_a_threshold_is_written_so_that_it_keeps_the_same_documents(
    below: float, score: float, written: float
) -> None:
    assert decimal_between(below, score) == written
    assert below < written <= score


def test_a_threshold_near_1_still_keeps_what_it_was_chosen_for() -> None:
    run = [({"a": 0.999_98 - i * 1e-7, "b": 0.9999 - i * 1e-6}, {"a": 1, "b": 0}) for i in range(20)]
    advice = advise(*data(*run))
    assert advice.best.threshold == 0.999_97
    assert "scored 0.99997 or more" in advice.sentences[0].text
    assert sum(score >= 0.999_97 for scores, _ in run for score in scores.values()) == 20


def test_queries_that_nobody_judged_have_no_say() -> None:
    judged = [({"a": 0.9, "b": 0.2}, {"a": 1, "b": 0})] * 3
    unseen = [({"a": 0.95, "b": 0.92}, {})] * 30
    alone, among = advise(*data(*judged)), advise(*data(*judged, *unseen))
    assert (among.best, among.queries, among.without_relevant_candidate) == (alone.best, 3, 0)


def test_beta_below_1_prefers_precision() -> None:
    assert advise(*TOY, ThresholdSettings(beta=0.1)).best.threshold == 0.9


def test_higher_grade_and_left_out_unjudged_change_what_counts() -> None:
    assert advise(*TOY, ThresholdSettings(rel=2)).best.threshold == 0.7
    left_out = advise(*TOY, ThresholdSettings(unjudged="left_out"))
    assert left_out.curve[-1].precision == pytest.approx(3 / 5)


def test_equal_scores_are_kept_or_dropped_together() -> None:
    advice = advise(*data(({"a": 0.5, "b": 0.5, "c": 0.5}, {"a": 1, "b": 0, "c": 0})))
    assert [(cut.threshold, cut.precision) for cut in advice.curve] == [(0.5, pytest.approx(1 / 3))]


def test_a_threshold_fitted_to_noise_does_not_hold_on_other_queries() -> None:
    chance = random.Random(5)
    noise = [
        ({str(d): chance.random() for d in range(6)}, {str(d): int(chance.random() < 0.3) for d in range(6)})
        for _ in range(12)
    ]
    advice = advise(*data(*noise))
    assert advice.held_out is not None
    assert advice.held_out <= advice.best.f_beta
    assert advice == advise(*data(*noise))
    assert advise(*TOY).held_out is None


def test_a_clean_split_holds_on_other_queries() -> None:
    clean = [({"a": 0.9, "b": 0.1}, {"a": 1, "b": 0})] * 10
    assert advise(*data(*clean)).held_out == 1.0


def test_long_curves_are_thinned_but_keep_both_ends() -> None:
    many = data(({str(i): i / 1000 for i in range(1000)}, {"500": 1, "700": 1}))
    curve = advise(*many).curve
    assert 100 <= len(curve) <= 202
    assert (curve[0].threshold, curve[-1].threshold) == (0.999, 0.0)
    assert all(a.threshold > b.threshold for a, b in pairwise(curve))


def test_nothing_to_cut_or_nothing_relevant_is_refused() -> None:
    with pytest.raises(InputError, match="No candidate is relevant"):
        advise(*data(({"a": 0.5}, {"a": 0})))
    with pytest.raises(InputError, match="No candidate is relevant"):
        advise({}, Run("empty", {}))
    with pytest.raises(InputError, match="between 0 and 1"):
        advise(*TOY, ThresholdSettings(keep_share=95))
    with pytest.raises(InputError, match="above 0"):
        advise(*TOY, ThresholdSettings(beta=0))


def test_a_threshold_that_beats_nothing_beyond_chance_is_not_recommended() -> None:
    """The score tells nothing across queries, but every query's first document is relevant."""
    chance = random.Random(11)
    levels = [(base := chance.random() * 8, {"a": base + 1, "b": base, "c": base - 1}) for _ in range(30)]
    advice = advise(*data(*((scores, {"a": 1, "b": 0, "c": 0}) for _, scores in levels)))
    assert advice.rivals is not None and not advice.recommended
    assert (advice.rivals.first, advice.rivals.top) == (1, 1.0)
    assert advice.rivals.everything == pytest.approx(0.5)  # precision 1/3, recall 1
    texts = [sentence.text for sentence in advice.sentences]
    assert texts[0].startswith("No threshold is recommended") and "first 1 of each query" in texts[0]
    assert not any("Keep documents scored" in text for text in texts)


def test_a_threshold_that_beats_both_says_by_how_much() -> None:
    """Queries have two, one or no relevant document, which the score knows and a fixed number does not."""
    kinds = [
        ({"a": 0.9, "b": 0.8, "c": 0.1}, {"a": 1, "b": 1, "c": 0}),
        ({"a": 0.9, "b": 0.2, "c": 0.1}, {"a": 1, "b": 0, "c": 0}),
        ({"a": 0.3, "b": 0.2, "c": 0.1}, {"a": 0, "b": 0, "c": 0}),
    ]
    advice = advise(*data(*(kinds * 10), *([kinds[1]] * 10)))
    assert advice.recommended and advice.held_out == 1.0
    assert advice.rivals is not None
    assert advice.rivals.beats_everything and advice.rivals.beats_first
    # All 120 kept, 40 relevant: F1 = 80 / 160. The first of each: 30 of 40 hit: 60 / 80.
    assert advice.rivals.everything == pytest.approx(0.5)
    assert (advice.rivals.top, advice.rivals.first) == (pytest.approx(0.75), 1)
    assert any("keeping everything reaches F1 0.50" in sentence.text for sentence in advice.sentences)


def test_precision_is_called_a_lower_bound_only_where_documents_are_unjudged() -> None:
    judged = [({"a": 0.9, "b": 0.1}, {"a": 1, "b": 0})] * 6
    partly = [*judged, ({"a": 0.9, "b": 0.1}, {"a": 1})]
    assert not any("lower bound" in sentence.text for sentence in advise(*data(*judged)).sentences)
    assert any("lower bound" in sentence.text for sentence in advise(*data(*partly)).sentences)
