"""Tokens: what they are, and that neither store splits or folds them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.tokens import LONGEST, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退款期限 7 Days", ["退款", "款期", "期限", "7", "days"]),
        ("税", ["税"]),
        ("ＡＢＣ１２３型", ["abc123", "型"]),
        ("iPhone手机壳", ["iphone", "手机", "机壳"]),
        ("a_b-c.d", ["a", "b", "c", "d"]),
        ("，。！ …", []),
        ("x" * 100, ["x" * LONGEST]),
    ],
)
def test_han_in_bigrams_and_words_in_lower_case(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_letters_that_a_store_could_fold_or_split_are_spelt_out() -> None:
    folded, plain = tokens("résumé"), tokens("resume")
    assert folded != plain and re.fullmatch("x[0-9a-f]+x", folded[0])
    assert tokens("RÉSUMÉ") == folded


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_every_token_is_letters_and_digits_that_no_store_changes(text: str) -> None:
    assert all(re.fullmatch("[0-9a-z]+|[\u4e00-\u9fff]{1,2}", token) for token in tokens(text))


def test_lone_surrogates_are_read() -> None:
    assert tokens("\ud800 ok") == ["ok"]
