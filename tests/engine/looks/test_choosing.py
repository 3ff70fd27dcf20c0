"""Who is read on, from logits that are given."""

import pytest

from core.engine.looks.choosing import looks_twice, read_on_first, read_on_then, top_of

LOGITS = {0: 1.0, 1: 5.0, 2: 3.0, 3: 5.0, 4: -1.0, 5: 2.0}


def test_twice_as_many_as_there_are_places_are_read_on_equal_ones_in_order() -> None:
    assert read_on_first(LOGITS, top=1) == [1, 3]
    assert read_on_first(LOGITS, top=2) == [1, 3, 2, 5]
    assert sorted(read_on_first(LOGITS, top=5)) == [0, 1, 2, 3, 4, 5]


def test_whoever_scores_as_well_as_the_last_place_is_read_on_too() -> None:
    # 1 and 3 were read to their end and fell: 2 and 5 reach the last of two places now.
    fallen = {**LOGITS, 1: 2.0, 3: 2.5}
    assert read_on_then(fallen, 2, whole={1, 3}) == [2, 5]
    risen = {**LOGITS, 1: 9.0, 3: 8.0}
    assert read_on_then(risen, 2, whole={1, 3}) == []


def test_with_fewer_read_than_places_all_are_read() -> None:
    assert read_on_then(LOGITS, 3, whole={1, 3}) == [0, 2, 4, 5]


@pytest.mark.parametrize(("candidates", "twice"), [(20, False), (21, True)])
def test_a_short_list_is_read_whole(candidates: int, twice: bool) -> None:
    assert looks_twice(candidates, top=10) is twice


def test_the_top_holds_equal_documents_in_order() -> None:
    assert top_of(LOGITS, 1) == {1}
    assert top_of(LOGITS, 3) == {1, 2, 3}
