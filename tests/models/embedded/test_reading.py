from collections.abc import Sequence

import pytest

from core.models.embedded.reading import Layout, language_of, micro_batches, read_text, window_bounds

# One character is one token; ten positions, of which a passage's prefix and special tokens take three.
LAYOUT = Layout(
    positions=10,
    overlap=2,
    windows={"query": 1, "passage": 3},
    opening={"query": (1, 4), "passage": (1, 5)},
    closing=(2,),
    longest_piece=1,
)


def characters(text: str) -> Sequence[int]:
    return [ord(character) for character in text]


@pytest.mark.parametrize(
    ("tokens", "bounds"),
    [
        (0, [(0, 0)]),
        (7, [(0, 7)]),
        (8, [(0, 7), (1, 8)]),
        (12, [(0, 7), (5, 12)]),
        (13, [(0, 7), (3, 10), (6, 13)]),
        (17, [(0, 7), (5, 12), (10, 17)]),
    ],
)
def test_windows_are_the_fewest_that_overlap_enough(tokens: int, bounds: list[tuple[int, int]]) -> None:
    assert window_bounds(tokens, room=7, overlap=2) == bounds


def test_a_short_text_is_one_window_behind_its_roles_prefix() -> None:
    read = read_text("ab", "passage", LAYOUT, characters)
    assert [window.ids for window in read.windows] == [(1, 5, 97, 98, 2)]
    assert read.tokens == 5
    assert not read.truncated


def test_a_text_that_fills_all_windows_is_not_truncated_and_one_token_more_is() -> None:
    whole = read_text("x" * 17, "passage", LAYOUT, characters)
    cut = read_text("x" * 18, "passage", LAYOUT, characters)
    assert (len(whole.windows), whole.truncated) == (3, False)
    assert (len(cut.windows), cut.truncated) == (3, True)


def test_a_huge_text_is_not_tokenized_whole() -> None:
    seen: list[int] = []

    def counting(text: str) -> Sequence[int]:
        seen.append(len(text))
        return characters(text)

    assert read_text("x" * 10_000_000, "passage", LAYOUT, counting).truncated
    assert seen == [17]


def test_blank_ends_are_not_a_loss() -> None:
    assert not read_text("x" * 17 + " " * 1000, "passage", LAYOUT, characters).truncated


def test_a_lone_surrogate_is_read_as_the_replacement_character() -> None:
    read = read_text("a\ud800", "query", LAYOUT, characters)
    assert read.windows[0].ids == (1, 4, ord("a"), 0xFFFD, 2)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("退款多久到账", "zh"),
        ("refund", "en"),
        ("退 abc", "zh"),  # one of five characters
        ("退 abcd", "en"),  # one of six
        ("", "en"),
        ("うれしい", "en"),
        ("𠀀𠀁", "zh"),  # beyond the basic plane
    ],
)
def test_a_fifth_of_han_characters_makes_a_text_chinese(text: str, language: str) -> None:
    assert language_of(text) == language


def test_micro_batches_are_length_sorted_and_keep_to_the_budget() -> None:
    assert micro_batches([5, 1, 9, 1, 4], budget=6) == [[1, 3, 4], [0], [2]]


def test_no_inputs_make_no_micro_batch() -> None:
    assert micro_batches([], budget=6) == []
