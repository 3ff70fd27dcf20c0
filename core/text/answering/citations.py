"""Citations in an answer while it streams: `[1]`, `[1, 2]`, `【3】`, also when a chunk ends inside one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.text.answering.prompt import NOT_FOUND

_CITATION = re.compile(r"\[(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\]|【(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)】")
# What may still become a citation when more arrives.
_BEGUN = re.compile(r"[\[【][\d\s,，、]{0,40}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer: text, or one cited number. real: there is a passage of that number."""

    text: str
    number: int | None = None
    real: bool = True


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A whole answer.

    cited: numbers of passages, in the order of their first mention. wrong: those that name no passage, as
    often as they stand there. found: False when the model says that no passage answers.
    """

    pieces: tuple[Piece, ...]
    cited: tuple[int, ...]
    wrong: tuple[int, ...]
    found: bool


def read_answer(text: str, passages: int) -> ReadAnswer:
    """The answer in pieces. passages: how many there are."""
    pieces = tuple(_pieces(text, passages))
    cited = tuple(dict.fromkeys(one.number for one in pieces if one.number is not None and one.real))
    wrong = tuple(one.number for one in pieces if one.number is not None and not one.real)
    return ReadAnswer(pieces, cited, wrong, NOT_FOUND.casefold() not in text.casefold())


def showable(text: str) -> str:
    """As much of a text that still arrives as can be shown: without a citation that has only begun."""
    begun = _BEGUN.search(text)
    return text[: begun.start()] if begun else text


def _pieces(text: str, passages: int) -> Iterator[Piece]:
    at = 0
    for match in _CITATION.finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()])
        for number in map(int, re.findall(r"\d+", match[0])):
            yield Piece(f"[{number}]", number, 1 <= number <= passages)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])
