"""One word for a thing: the program's own list, and no other word for what stands in it."""

import re
from functools import cache
from pathlib import Path

import pytest

from pages.parts.frame.glossary import Term, as_markdown, explained, terms
from pages.parts.texts import LANGUAGES, typeset
from tests.pages import spoken
from tests.workflows.test_export_columns import TABLES

ROOT = Path(__file__).resolve().parents[2]
AVOIDED = [(term, word) for term in terms() for word in term.instead_of]


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_term_is_explained_in_every_language(code: str) -> None:
    for term in terms():
        assert term.words[code] and term.meanings[code].endswith(("。", ".")), term


@cache
def _met() -> frozenset[str]:
    """Every text that a user can meet, of pages, messages and exports, in every language."""
    english = (spoken.spoken_arguments, spoken.sentences_in_core, spoken.labels_in_pages)
    said = {text.value for search in english for text in search()}
    said |= {text for language in LANGUAGES.values() for text in language.texts.values()}
    columns = [column for table in TABLES.values() for column in table]
    return frozenset(said | {text for column in columns for text in (column.name, column.help)})


@pytest.mark.parametrize(("term", "word"), AVOIDED, ids=[word for _, word in AVOIDED])
def test_no_other_word_for_a_term_is_met(term: Term, word: str) -> None:
    # Chinese words have no edges; an English one is no part of another.
    looked_for = re.compile(rf"\b{re.escape(word)}" if word.isascii() else word, re.IGNORECASE)
    found = [text for text in _met() if looked_for.search(text)]
    assert not found, f"It is called {term.words}: " + "\n".join(found)


def test_quotation_marks_are_those_of_the_language() -> None:
    chinese = LANGUAGES["zh"].texts.values()
    assert not [text for text in chinese if any(sign in text for sign in "«»「」") or " %" in text]
    assert typeset("«{name}» within 95 % or {share} %") == "“{name}” within 95% or {share}%"
    assert LANGUAGES["en"].of("Why «this»?") == "Why “this”?"


def test_terms_are_explained_where_they_stand() -> None:
    found = explained("embedded multilingual-e5-small (MaxSim) int8", "en")
    assert found is not None and found.count("\n\n") == 1
    assert found.startswith("MaxSim: Each word") and "fp32, bf16, int8: How exactly" in found
    assert explained("Fingerprint", "zh") == "指纹: 模型、精度与设置的简短标识：指纹相同，得分即可互换。"
    assert explained("logits and scores of a plain sentence", "en") is None


def test_the_documentation_says_the_same() -> None:
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == as_markdown()
