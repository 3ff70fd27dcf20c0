"""Chinese words and their kinds, by jieba's dictionary; and which language a query is in.

The dictionary ships inside the package `rjieba`, so the same text is cut in the same way everywhere.
"""

import functools
import re
from dataclasses import dataclass
from typing import Any, Literal

from core.text.scripts import has_han
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

Language = Literal["zh", "en"]

# The lists of names that jieba lacks, and the tags it gives to such names.
_ADDED = {"nz": _LISTS["brands"], "nt": _LISTS["companies"]}
# jieba's tags: nouns of all kinds, names, Latin words.
_POINTING, _MODAL = frozenset("它他她这那您你我"), frozenset("能会要可")
_NOUN = re.compile(r"n.*|eng|vn")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text. tag: jieba's word class («n», «v», «nr» a person, «x» punctuation …)."""

    text: str
    start: int
    end: int
    tag: str

    @property
    def is_noun(self) -> bool:
        """A noun, a name or a Latin word."""
        return bool(_NOUN.fullmatch(self.tag))


@functools.lru_cache(maxsize=2048)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, punctuation and blanks included, in order."""
    found, place = [], 0
    for part, tag in _jieba().tag(text):
        for piece, own_tag in _pieces(part, tag):
            found.append(Word(piece, place, place + len(piece), own_tag))
            place += len(piece)
    return tuple(found)


def _pieces(part: str, tag: str) -> list[tuple[str, str]]:
    """A word, or what jieba only guessed to be one, apart: 它会 is 它 and 会, 店能 is 店 and 能."""
    if len(part) > 2 and part.startswith("怎么") and part != "怎么样":
        return [("怎么", "r"), *_jieba().tag(part[2:])]
    if len(part) != 2 or not is_chinese(part) or _jieba().has_word(part):
        return [(part, tag)]
    if part[0] in _POINTING:
        return [(part[0], "r"), *_jieba().tag(part[1])]
    return [*_jieba().tag(part[0]), (part[1], "v")] if part[1] in _MODAL else [(part, tag)]


def is_dictionary_word(word: Word) -> bool:
    """Whether jieba knows a Chinese word, or only guesses it."""
    return not is_chinese(word.text) or bool(_jieba().has_word(word.text))


def cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a Chinese word of the text begins before or ends after this part of it.

    «北大» in «东北大学» cuts one; «会员» followed by «卡» does where «会员卡» is a word of its own.
    """
    return any(
        (word.start < start < word.end) or (word.start < end < word.end)
        for word in words(text)
        if is_chinese(word.text)
    )


def is_chinese(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return has_han(text)


def language_of(text: str) -> Language:
    """Chinese where there is any Chinese character, else English."""
    return "zh" if is_chinese(text) else "en"


@functools.cache
def _jieba() -> Any:  # noqa: ANN401  rjieba ships no types
    import rjieba  # type: ignore[import-not-found, unused-ignore]

    # An object of our own: the module's functions share a dictionary that others may add words to.
    own = rjieba.Jieba()
    for tag, names in _ADDED.items():
        for name in names:
            own.add_word(name, None, tag)
    return own
