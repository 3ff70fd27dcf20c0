"""A query's words in a text: which characters are marked."""

import pytest

from core.retrieval.term_spans import term_spans


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("退款多久到账", "审核通过后退款将在三天内到账。", ["退款", "到账"]),
        ("退款期限", "退款期限是七天", ["退款期限"]),
        ("How long does a REFUND take?", "A refund takes long.", ["refund", "long"]),
        ("iPhone 15 的电池", "ｉＰｈｏｎｅ 15，电池", ["ｉＰｈｏｎｅ", "15", "电池"]),
        ("the of", "the of", []),
        ("cafe", "cafeteria", []),
        ("", "anything", []),
    ],
)
def test_whole_words_and_neighbouring_characters_are_marked(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in term_spans(query, text)] == marked
