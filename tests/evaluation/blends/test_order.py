"""Blends of one query, by hand."""

import math

import pytest

from core.errors import InputError
from core.evaluation.blends.order import Blend, FirstStage, blended, keeps_first, margin, standardised

THREE = FirstStage((1, 2, 3), (9.0, 6.0, 3.0))
LOGITS = [-1.0, 2.0, 1.0]  # ranks 3, 1, 2


def test_rank_fusion_adds_reciprocal_ranks() -> None:
    assert blended(Blend("rrf"), THREE, LOGITS) == pytest.approx(
        [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62]
    )


def test_ranks_run_from_one_to_nothing() -> None:
    assert blended(Blend("ranks", 0.25), THREE, LOGITS) == pytest.approx([0.75, 0.625, 0.125])


@pytest.mark.parametrize(("weight", "order"), [(0.0, [0, 1, 2]), (1.0, [1, 2, 0])])
def test_the_ends_are_either_order_alone(weight: float, order: list[int]) -> None:
    values = blended(Blend("ranks", weight), THREE, LOGITS)
    assert sorted(range(3), key=lambda at: -values[at]) == order


def test_scores_are_standardised_within_the_query() -> None:
    # (9, 6, 3) and (-1, 2, 1): means 6 and 2/3, deviations sqrt(6) and sqrt(14/9).
    first = [3 / math.sqrt(6), 0.0, -3 / math.sqrt(6)]
    second = [(value - 2 / 3) / math.sqrt(14 / 9) for value in LOGITS]
    expected = [0.6 * b + 0.4 * a for a, b in zip(first, second, strict=True)]
    assert blended(Blend("scores", 0.6), THREE, LOGITS) == pytest.approx(expected)


def test_equal_scores_say_nothing() -> None:
    assert standardised([4.0, 4.0]) == [0.0, 0.0]
    assert margin([4.0, 4.0]) == 0.0 and margin([4.0]) == math.inf


def test_a_sure_first_stage_keeps_its_order() -> None:
    # The margin is (9 - 6) / sqrt(6) = 1.2247.
    assert margin(THREE.scores or ()) == pytest.approx(1.2247, abs=1e-4)
    sure, unsure = Blend("ranks", 1.0, gate=1.2), Blend("ranks", 1.0, gate=1.3)
    assert keeps_first(sure, THREE) and not keeps_first(unsure, THREE)
    assert blended(sure, THREE, LOGITS) == [-1.0, -2.0, -3.0]
    assert blended(unsure, THREE, LOGITS) == [0.0, 1.0, 0.5]


@pytest.mark.parametrize("blend", [Blend("scores", 0.5), Blend("ranks", 1.0, gate=1.0)])
def test_scores_that_are_missing_are_asked_for(blend: Blend) -> None:
    with pytest.raises(InputError, match="first stage's scores"):
        blended(blend, FirstStage((1, 2)), [0.0, 1.0])


def test_one_document_has_one_order() -> None:
    assert len(blended(Blend("ranks", 0.5), FirstStage((1,), (2.0,)), [0.3])) == 1
