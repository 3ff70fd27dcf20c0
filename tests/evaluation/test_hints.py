from core.evaluation.distributions import ScoreSpread, read_all, read_scores
from core.evaluation.hints import KINDS, SAID, HintRate, hint_rates, hints_of, kinds_that_hold
from core.evaluation.judged import JudgedQuery, Ranking

SPREAD = ScoreSpread(
    100, low_best=-5.0, narrow_gap=0.2, clear_gap=3.0, flat_deviation=0.5, high_mean=2.0, deviation=1.5
)


def kinds(*logits: float) -> list[str]:
    reading = read_scores("q", logits)
    assert reading is not None
    return [hint.kind for hint in hints_of(reading, SPREAD, KINDS)]


def test_each_hint_is_measured_against_the_models_own_lists() -> None:
    assert kinds(2.5, 2.4, 2.3) == ["broad", "narrow first"]
    assert kinds(-5.5, -6.0, -7.0) == ["low"]
    assert kinds(4.0, 0.5, 0.4) == ["clear first"]
    assert kinds(1.0, 0.5, -3.0) == []
    assert kinds(1.0) == []


def test_scores_that_are_low_for_one_model_are_usual_for_another() -> None:
    reading = read_scores("q", [-5.5, -6.0, -7.0])
    lower = ScoreSpread(100, -9.0, 0.2, 3.0, 0.1, 2.0, 1.5)
    assert reading is not None
    assert hints_of(reading, lower) == () == hints_of(reading, None)


def test_every_hint_is_worded_as_one_and_filled() -> None:
    for logits in ((2.5, 2.4, 2.3), (-5.5, -6.0), (4.0, 0.5)):
        reading = read_scores("q", logits)
        assert reading is not None
        for hint in hints_of(reading, SPREAD, KINDS):
            assert hint.sentence.text.startswith("Hint:") and "{" not in hint.sentence.text
    assert set(SAID) == set(KINDS)


def test_labels_tell_how_often_a_hint_was_right() -> None:
    logits = {"right": [-5.5, -6.0], "wrong": [-5.6, -6.2], "unlabelled": [-7.0, -8.0], "clear": [4.0, 0.5]}
    readings = read_all(logits)
    rankings = {query: Ranking(query, ("a", "b")) for query in logits}
    judgements = {
        "right": JudgedQuery("right", {"a": 0, "b": 0}),
        "wrong": JudgedQuery("wrong", {"a": 0, "b": 1}),
        "unlabelled": JudgedQuery("unlabelled", {}),
        "clear": JudgedQuery("clear", {"a": 1}),
    }
    rates = hint_rates(readings, SPREAD, judgements, rankings)
    assert rates["low"] == HintRate(1, 1)
    assert rates["clear first"] == HintRate(1, 0)


def test_a_hint_that_labels_disprove_is_not_given() -> None:
    rates = {
        "broad": HintRate(3, 2),
        "low": HintRate(2, 3),
        "clear first": HintRate(0, 1),
        "narrow first": HintRate(5, 5),
    }
    assert kinds_that_hold(rates) == {"broad", "clear first", "narrow first"}
    assert "broad" not in kinds_that_hold(rates | {"broad": HintRate(0, 0)})
