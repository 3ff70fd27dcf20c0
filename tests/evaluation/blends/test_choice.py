"""Choosing a blend: what is chosen, that it is tried on other queries, and what is said."""

import random

import pytest

from core.evaluation.blends.choice import FIRST, RERANKER, Tried, blends_to_try, choose_blend, way_of
from core.evaluation.blends.order import Blend
from core.evaluation.held_out import split_queries
from core.evaluation.measures import parse_measure

MEASURE = parse_measure("nDCG@10")
QUERIES = [f"q{at}" for at in range(80)]
PAIRS = dict.fromkeys(QUERIES, 10)
HALF = Blend("ranks", 0.5)
GATE = Blend("ranks", 1.0, gate=1.0)
SURE = frozenset(QUERIES[::2])


def tried(blend: Blend, mean: float, *, spread: float = 0.1, kept: frozenset[str] = frozenset()) -> Tried:
    noise = random.Random(repr(blend))
    return Tried(blend, {query: mean + noise.uniform(-spread, spread) for query in QUERIES}, kept)


def test_a_better_reranker_replaces() -> None:
    found = choose_blend(MEASURE, [tried(FIRST, 0.4), tried(RERANKER, 0.6), tried(HALF, 0.5)], PAIRS)
    assert (found.verdict, found.blend, found.saved) == ("replace", RERANKER, 0.0)
    assert found.confirmation is not None and found.confirmation.queries == 40
    assert found.against_reranker is None
    assert found.sentences[0].text.startswith("Replace the first stage's order by the reranker's")


def test_a_better_blend_is_said_with_what_it_is_against_the_reranker() -> None:
    found = choose_blend(MEASURE, [tried(FIRST, 0.4), tried(RERANKER, 0.45), tried(HALF, 0.6)], PAIRS)
    assert (found.verdict, found.blend) == ("blend", HALF)
    assert found.against_reranker is not None and found.against_reranker.verdict == "better"
    assert "50% reranker" in found.sentences[0].text
    assert found.sentences[1].text.startswith("Against the reranker alone")


def test_a_gate_that_keeps_the_gain_saves_pairs() -> None:
    gate = tried(GATE, 0.6, kept=SURE)
    found = choose_blend(MEASURE, [tried(FIRST, 0.4), tried(RERANKER, 0.6), gate], PAIRS)
    assert (found.verdict, found.saved) == ("gate", 0.5)
    assert "saves 50% of the pairs" in found.sentences[0].text


def test_a_gate_that_loses_the_gain_or_saves_nothing_is_not_taken() -> None:
    for gate in (tried(GATE, 0.5, kept=SURE), tried(GATE, 0.6, kept=frozenset(QUERIES[:4]))):
        found = choose_blend(MEASURE, [tried(FIRST, 0.4), tried(RERANKER, 0.6), gate], PAIRS)
        assert found.verdict == "replace"


def test_a_worse_reranker_keeps_the_first_stage_and_every_pair() -> None:
    found = choose_blend(MEASURE, [tried(FIRST, 0.6), tried(RERANKER, 0.4)], PAIRS)
    assert (found.verdict, found.saved) == ("keep", 1.0)


def test_luck_on_the_choosing_half_is_not_confirmed() -> None:
    split = split_queries(QUERIES)
    first = tried(FIRST, 0.5)
    lucky = dict.fromkeys(split.choosing, 0.9)
    lucky |= {query: first.values[query] + 0.05 * (-1) ** at for at, query in enumerate(split.confirming)}
    found = choose_blend(MEASURE, [first, tried(RERANKER, 0.4), Tried(HALF, lucky)], PAIRS)
    assert (found.verdict, found.blend) == ("cannot_tell", HALF)
    unlucky = dict.fromkeys(split.choosing, 0.9) | dict.fromkeys(split.confirming, 0.2)
    found = choose_blend(MEASURE, [first, tried(RERANKER, 0.4), Tried(HALF, unlucky)], PAIRS)
    assert found.verdict == "keep" and "worse on the other 40" in found.sentences[0].text


def test_weights_are_tried_on_queries_that_did_not_choose_them() -> None:
    """Two weights, each perfect where the other fails: choosing on the same queries would show a gain."""
    choosing = split_queries(QUERIES).choosing
    one = {query: 1.0 if query in choosing[::2] else 0.0 for query in QUERIES}
    other = {query: 1.0 - value for query, value in one.items()}
    members = [Tried(Blend("ranks", 0.3), one), Tried(Blend("ranks", 0.7), other)]
    found = choose_blend(MEASURE, [tried(FIRST, 0.5), tried(RERANKER, 0.4), *members], PAIRS)
    (row,) = [row for row in found.ways if row.way == "ranks"]
    assert row.choosing <= 0.55


def test_few_queries_choose_nothing() -> None:
    few = QUERIES[:19]
    found = choose_blend(
        MEASURE, [Tried(FIRST, dict.fromkeys(few, 0.4)), Tried(RERANKER, dict.fromkeys(few, 0.6))], PAIRS
    )
    assert (found.verdict, found.blend) == ("too_few", None)


def test_without_scores_only_ranks_are_tried() -> None:
    assert {way_of(blend) for blend in blends_to_try(None)} == {"first", "reranker", "rrf", "ranks"}
    with_scores = blends_to_try([0.1 * at for at in range(50)] + [float("inf")])
    assert {way_of(blend) for blend in with_scores} == {"first", "reranker", "rrf", "ranks", "scores", "gate"}
    assert len(set(with_scores)) == len(with_scores)


@pytest.mark.parametrize("margins", [[], [0.0, 0.0], [float("inf")]])
def test_margins_that_tell_nothing_make_no_gate(margins: list[float]) -> None:
    assert "gate" not in {way_of(blend) for blend in blends_to_try(margins)}
