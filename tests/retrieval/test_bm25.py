"""BM25 in memory, against the formula calculated by hand."""

import math

import pytest

from core.retrieval.bm25 import Bm25


def test_a_score_is_what_the_formula_gives() -> None:
    index = Bm25(["apple banana", "apple apple cherry", "date"])
    first, second, third = index.scores("apple", ["apple banana", "apple apple cherry", "date"])
    # Two of three documents hold the word; lengths 2, 3, 1, mean 2.
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert first == pytest.approx(idf * 1 / (1 + 1.2))
    assert second == pytest.approx(idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2)))
    assert third == 0.0


def test_a_document_given_twice_counts_once() -> None:
    once, twice = Bm25(["退款期限", "发票"]), Bm25(["退款期限", "退款期限", "发票"])
    assert once.scores("退款", ["退款期限"]) == twice.scores("退款", ["退款期限"])
    assert once.scores("退款", ["发票"]) == [0.0]


def test_nothing_to_search_gives_no_score() -> None:
    assert Bm25([]).scores("apple", []) == []
    assert Bm25([""]).scores("apple", [""]) == [0.0]
