"""Where people differ, who has not looked yet, and what was settled."""

from core.judging.labels import Label, Source
from core.judging.opinions import (
    Disagreement,
    disagreements,
    opinions_of,
    people_of,
    person,
    second_looks,
    settling,
)


def _said(name: str, document: str, grade: int, written: float) -> Label:
    return Label("q", document, grade, person(name), written)


LABELS = [
    _said("Anna", "a", 2, 1.0),
    _said("Anna", "b", 3, 2.0),
    _said("Anna", "c", 0, 3.0),
    _said("Bo", "b", 1, 5.0),
    _said("Bo", "a", 2, 4.0),
    Label("q", "c", 3, Source("model", "m", "f"), 6.0),
]


def test_people_differ_where_their_grades_do_and_models_are_no_people() -> None:
    assert people_of(LABELS) == {"Anna": 3, "Bo": 2}
    assert disagreements(LABELS) == (Disagreement("q", "b", (("Anna", 3), ("Bo", 1))),)
    assert [label.document_id for label in opinions_of(LABELS, "Bo")] == ["b", "a"]


def test_what_is_settled_is_no_difference_any_more_and_no_opinion() -> None:
    settled = [*LABELS, Label("q", "b", 2, settling("Cy"), 7.0)]
    assert disagreements(settled) == ()
    assert people_of(settled) == {"Anna": 3, "Bo": 2}


def test_a_second_look_is_for_what_others_judged_and_one_has_not() -> None:
    assert second_looks(LABELS, "Bo") == (("q", "c"),)
    assert second_looks(LABELS, "Cy") == (("q", "a"), ("q", "b"), ("q", "c"))
    assert second_looks(LABELS, "Anna") == ()
