"""Agreement of a judge with people: figures by hand, intervals that cover, biases found where they are."""

import numpy as np
import pytest

from core.judging.agreement import Both, Estimate, JudgeAgreement, agreement


def _compared(pairs: list[Both], **settings: int) -> JudgeAgreement:
    found = agreement(pairs, "m", "people", **settings)
    assert found is not None
    return found


def _spread(queries: int, *pairs: tuple[int, int]) -> list[Both]:
    return [Both(f"q{query}", reference, judged) for query in range(queries) for reference, judged in pairs]


def test_weighted_kappa_is_that_of_a_hand_calculation() -> None:
    # Observed squared distances (0, 0, 0, 9) have mean 2.25. By chance: variances 1.25 and 0.6875, and the
    # squared distance of the means 0.5625, together 2.5. Kappa is 1 - 2.25 / 2.5.
    found = _compared(_spread(1, (0, 0), (1, 1), (2, 2), (3, 0)))
    assert found.kappa is not None and found.kappa.value == pytest.approx(0.1)
    assert found.over == Estimate(-0.75, None)
    assert found.same == 0.75
    assert found.confusion == ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 0, 0, 0))


def test_a_judge_who_is_always_right_is_said_to_be() -> None:
    (said,) = _compared(_spread(6, (0, 0), (3, 3))).sentences
    assert said.text == "«m» and people gave the same grade to each of 12 documents of 6 queries."


def test_nothing_in_common_is_nothing_to_say() -> None:
    assert agreement([], "m", "people") is None


def test_few_queries_say_nothing_about_agreement() -> None:
    (said,) = _compared(_spread(4, (0, 1), (3, 3))).sentences
    assert "too few" in said.text


def _simulated(
    seed: int, queries: int = 40, *, over: float = 0.0, by_length: bool = False, guess: bool = False
) -> list[Both]:
    """Queries with a level of their own; the judge is as often too high as too low but for what is named."""
    generator = np.random.default_rng(seed)
    pairs = []
    for query in range(queries):
        level = generator.normal(0, 0.4)
        for _ in range(8):
            truth = int(np.clip(round(1.5 + level + generator.normal(0, 1)), 0, 3))
            length = float(generator.exponential(300))
            noise = generator.choice([-1, 0, 1], p=[0.15, 0.7, 0.15]) + (generator.random() < over)
            noise += by_length and length > 400
            judged = int(generator.integers(0, 4)) if guess else int(np.clip(truth + noise, 0, 3))
            shared = 0.2 * truth + generator.random() * 0.2
            pairs.append(Both(f"q{query}", truth, judged, length, shared))
    return pairs


def test_a_judge_who_errs_both_ways_is_not_called_biased() -> None:
    found = _compared(_simulated(1))
    assert found.kappa is not None and found.kappa.interval is not None
    assert 0.6 < found.kappa.value < 0.9
    assert found.over.sign == 0 and "No sign of grading too high" in found.sentences[1].text
    assert "almost perfectly" in found.sentences[0].text


def test_over_rating_and_a_bias_by_length_are_found_and_said() -> None:
    over = _compared(_simulated(2, over=0.5))
    assert over.over.sign == 1 and "grades higher than people" in over.sentences[1].text
    longer = _compared(_simulated(3, by_length=True))
    assert longer.length is not None and longer.length.sign == 1
    assert any("favours long documents" in said.text for said in longer.sentences)


def test_a_judge_who_guesses_hardly_agrees_and_is_not_called_biased_by_words() -> None:
    # Relevant documents share more words; a guess falls short of them, which is no bias of the judge's.
    found = _compared(_simulated(4, guess=True))
    assert "hardly, or not surely" in found.sentences[0].text
    assert found.words is not None and found.words.sign == 0


@pytest.mark.parametrize("queries", [10, 30])
def test_intervals_cover_the_truth_and_no_bias_is_found_where_there_is_none(queries: int) -> None:
    large = _compared(_simulated(99, queries=6000), resamples=2)
    assert large.kappa is not None
    counted = dict.fromkeys(("over", "kappa", "length", "words"), 0)
    for seed in range(200):
        found = _compared(_simulated(1000 + seed, queries), resamples=600)
        assert found.over.interval and found.kappa and found.kappa.interval and found.length and found.words
        counted["over"] += found.over.interval.low <= large.over.value <= found.over.interval.high
        counted["kappa"] += found.kappa.interval.low <= large.kappa.value <= found.kappa.interval.high
        counted["length"] += found.length.sign == 0
        counted["words"] += found.words.sign == 0
    # Of 200, 180 to 199 are what 95 % gives or takes three standard errors.
    assert {name: 180 <= count <= 199 for name, count in counted.items()} == dict.fromkeys(counted, True)
