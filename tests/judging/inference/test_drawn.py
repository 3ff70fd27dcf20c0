"""Drawn documents: unbiased over every possible draw, whatever the model says, and tuned so that it helps."""

from itertools import product

import numpy as np
import pytest

from core.evaluation.measures import parse_measure
from core.judging.inference.drawn import DrawnGain, drawn_mean, drawn_query
from core.judging.inference.sums import as_sum, gain_of, largest_of, worths_of

WORTHS = {"a": 0.4, "b": -0.3, "c": 0.2}
GRADES = {"a": 3.0, "b": 1.0, "c": 0.0}
MODEL = {"a": 0.0, "b": 2.0, "c": 3.0}
DRAW = {"a": 0.5, "b": 0.25, "c": 0.8}


@pytest.mark.parametrize("trust", [0.0, 0.3, 1.0])
def test_the_expectation_over_every_draw_is_the_sum_by_peoples_labels(trust: float) -> None:
    true = sum(WORTHS[document] * GRADES[document] for document in WORTHS)
    expected = 0.0
    for taken in product((False, True), repeat=3):
        drawn = {document for document, one in zip(WORTHS, taken, strict=True) if one}
        chance = 1.0
        for document in WORTHS:
            chance *= DRAW[document] if document in drawn else 1 - DRAW[document]
        people = {document: DrawnGain(GRADES[document], DRAW[document]) for document in drawn}
        query = drawn_query(WORTHS, people, MODEL)
        expected += chance * (query.people + trust * (query.model - query.model_drawn))
    assert expected == pytest.approx(true)


def test_a_model_that_agrees_with_people_narrows_the_interval() -> None:
    random = np.random.default_rng(5)
    good, guessing = [], []
    for _ in range(200):
        worths = dict(zip("abcdef", random.normal(size=6), strict=True))
        grades = dict(zip("abcdef", random.integers(0, 4, 6).astype(float), strict=True))
        people = {one: DrawnGain(grades[one], 0.3) for one in worths if random.random() < 0.3}
        near = {one: grade + random.normal(scale=0.3) for one, grade in grades.items()}
        good.append(drawn_query(worths, people, near))
        guessed = dict(zip("abcdef", random.integers(0, 4, 6).astype(float), strict=True))
        guessing.append(drawn_query(worths, people, guessed))
    powered, other = drawn_mean(good), drawn_mean(guessing)
    assert powered is not None and other is not None
    assert powered.worth > 2 and powered.trust > 0.8
    assert other.worth >= 1 and other.alone == pytest.approx(powered.alone)


def test_sums_are_the_measures_that_the_evaluation_computes() -> None:
    order = ["a", "b", "c", "d"]
    grades = {"a": 2, "b": 0, "c": 1, "d": 3}
    for spelling, value in {"P@2": 0.5, "DCG@3": 2 + 1 / 2, "P(rel=2)@4": 0.5}.items():
        measure = parse_measure(spelling)
        worths = worths_of(measure, order)
        assert sum(worths[one] * gain_of(measure, grades[one]) for one in worths) == pytest.approx(value)


def test_ndcg_is_stood_in_for_by_dcg_and_others_by_nothing() -> None:
    assert as_sum(parse_measure("nDCG@10")) == parse_measure("DCG@10")
    assert as_sum(parse_measure("P@5")) == parse_measure("P@5")
    assert as_sum(parse_measure("RR@10")) is None
    assert largest_of(parse_measure("P@5"), 3) == pytest.approx(1)
