"""The pieces of a comparison make up both versions again."""

import pytest

from core.text.differences import MOST_WORDS, differences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("same", "same"),
        ("退款三天到账。", "退款在三天内到账。"),
        ("<p>one <b>two</b></p>", "one two"),
        ("line one\nline two", "line one line two"),
        ("word\n" * (MOST_WORDS + 10), "other\n" + "word\n" * (MOST_WORDS + 9)),
    ],
)
def test_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_a_changed_word_is_told_from_its_neighbours() -> None:
    pieces = differences("the red house", "the blue house")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "the "),
        ("removed", "red"),
        ("added", "blue"),
        ("same", " house"),
    ]
