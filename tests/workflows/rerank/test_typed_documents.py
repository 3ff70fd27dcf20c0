"""Typed text is cut into documents without losing any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workflows.rerank.typed_documents import join_documents, split_documents


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_separate_documents(ending: str) -> None:
    assert split_documents(ending.join(["一", "", "two"]), "lines") == ("一", "two")


def test_blank_lines_separate_documents_of_several_lines() -> None:
    assert split_documents("a\nb\n \t\nc\n\n\nd", "blank lines") == ("a\nb", "c", "d")


def test_unicode_line_separators_stay_inside_a_document() -> None:
    assert split_documents("a\u2028b\x0bc", "lines") == ("a\u2028b\x0bc",)


def test_nothing_but_white_space_is_no_document() -> None:
    assert split_documents(" \n\n\t\n", "lines") == ()


@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), min_size=1).filter(str.strip)))
def test_joining_and_splitting_gives_the_documents_back(documents: list[str]) -> None:
    assert split_documents(join_documents(tuple(documents), "lines"), "lines") == tuple(documents)
