"""Joining two lists: which passages, in which order, found by whom."""

import pytest

from core.retrieval.first_stages import Stage, join, reciprocal_rank_fusion

BM25, EMBEDDING = ["a", "b", "c", "d"], ["c", "x", "a", "y"]


@pytest.mark.parametrize(
    ("stage", "k", "expected"),
    [
        ("bm25", 3, ["a", "b", "c"]),
        ("embedding", 2, ["c", "x"]),
        ("union", 2, ["a", "c", "b", "x"]),
        ("union", 4, ["a", "c", "b", "x", "d", "y"]),
        ("interleaved", 3, ["a", "c", "b"]),
        # a: 1/61 + 1/63; c: 1/63 + 1/61, equal sums; b and x 1/62.
        ("rrf", 4, ["a", "c", "b", "x"]),
    ],
)
def test_each_stage_gives_its_pool(stage: Stage, k: int, expected: list[str]) -> None:
    found = join({"bm25": BM25, "embedding": EMBEDDING}, stage, k)
    assert [one.id for one in found] == expected


def test_a_candidate_tells_who_found_it_at_which_rank() -> None:
    found = {one.id: one.ranks for one in join({"bm25": BM25, "embedding": EMBEDDING}, "union", 3)}
    assert found["a"] == {"bm25": 1, "embedding": 3}
    assert found["b"] == {"bm25": 2} and found["x"] == {"embedding": 2}


def test_fusion_prefers_what_both_found() -> None:
    assert reciprocal_rank_fusion([["a", "b"], ["z", "b"]]) == ["b", "a", "z"]
