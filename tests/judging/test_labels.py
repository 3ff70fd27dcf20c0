"""Labels say whose they are, and grades are taken from the sources that are wanted and no others."""

import pytest

from core.errors import InputError
from core.judging.labels import Label, Source, by_people, grades_of, sources_of

ANNA = Source("person", "Anna")
MODEL = Source("model", "judge-1", "ab12")


def test_grades_come_only_from_the_sources_that_are_wanted() -> None:
    labels = [Label("q", "d1", 3, MODEL), Label("q", "d2", 2, ANNA), Label("p", "d1", 0, MODEL)]
    assert grades_of(labels, by_people) == {"q": {"d2": 2}}
    assert grades_of(labels, lambda source: source == MODEL) == {"q": {"d1": 3}, "p": {"d1": 0}}


def test_the_latest_of_several_grades_for_a_pair_counts() -> None:
    labels = [Label("q", "d", 1, ANNA, written=20.0), Label("q", "d", 3, ANNA, written=10.0)]
    assert grades_of(labels, by_people) == {"q": {"d": 1}}


def test_sources_are_counted_in_the_order_of_their_first_label() -> None:
    labels = [Label("q", "a", 1, MODEL), Label("q", "b", 1, ANNA), Label("q", "c", 1, MODEL)]
    assert list(sources_of(labels).items()) == [(MODEL, 2), (ANNA, 1)]


def test_the_weight_is_the_inverse_of_the_inclusion_probability() -> None:
    assert Label("q", "d", 1, ANNA, probability=0.25).weight == 4.0
    assert Label("q", "d", 1, ANNA).weight == 1.0


@pytest.mark.parametrize("grade", [-1, 4])
def test_a_grade_outside_the_scale_is_refused_with_its_place(grade: int) -> None:
    with pytest.raises(InputError) as caught:
        Label("q7", "d9", grade, MODEL)
    assert caught.value.where == "query q7, document d9"
    assert str(grade) in caught.value.message


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.5])
def test_an_inclusion_probability_that_is_none_is_refused(probability: float) -> None:
    with pytest.raises(InputError):
        Label("q", "d", 1, ANNA, probability=probability)
