"""Where sentences and clauses of a Chinese or English text begin and end.

Rules, not a model: full stops that end no sentence (abbreviations, initials, decimals, version numbers) are
told apart by what stands around them. A line ends a sentence too, unless the next one plainly goes on.
"""

import re
from dataclasses import dataclass

from core.text.scripts import CLOSING, has_han
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

ABBREVIATIONS = frozenset(_LISTS["abbreviations"])
BEFORE_NUMBERS = frozenset(_LISTS["before_numbers"])
_TERMINAL = re.compile(r"[。！？!?…｡]+[!?。！？…]*|\.+")
_CLAUSE_END = re.compile(r"[，；：;](?=\S)|[,;:](?=\s)|\s[–—-]\s|——")
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")
# A clause of fewer characters is no clause of its own («However,», «是的，»).
SHORTEST_CLAUSE = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: its characters from `start` up to `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The piece itself."""
        return text[self.start : self.end]


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The sentences in order, without the white space between them."""
    return _trimmed(text, [*_ends(text), len(text)])


def clause_spans(text: str) -> tuple[Span, ...]:
    """The sentences cut further at commas, semicolons, colons and dashes; short clauses join the next."""
    ends: list[int] = []
    for sentence in sentence_spans(text):
        start = sentence.start
        for match in _CLAUSE_END.finditer(text, sentence.start, sentence.end):
            if min(match.end() - start, sentence.end - match.end()) >= SHORTEST_CLAUSE:
                ends.append(match.end())
                start = match.end()
        ends.append(sentence.end)
    return _trimmed(text, ends)


def _ends(text: str) -> list[int]:
    """Positions behind each sentence's last mark."""
    ends: list[int] = []
    position = 0
    while position < len(text):
        newline = text.find("\n", position)
        stop = _TERMINAL.search(text, position)
        if stop is None or -1 < newline < stop.start():
            if newline == -1:
                break
            position = newline + 1
            if _line_ends_sentence(text, newline):
                ends.append(newline)
            continue
        position = stop.end()
        while position < len(text) and text[position] in CLOSING:
            position += 1
        if _stop_ends_sentence(text, stop, position):
            ends.append(position)
    return ends


def _line_ends_sentence(text: str, newline: int) -> bool:
    """A small letter on the next line, or a comma before, shows that the line was only broken."""
    following = text[newline + 1 : newline + 2]
    return not following.islower() and text[newline - 1 : newline] not in (",", "，", "、", "-")


def _stop_ends_sentence(text: str, stop: "re.Match[str]", after: int) -> bool:
    marks = stop.group()
    if marks[0] != ".":
        # «"Really?" she asked» goes on, and so does «“真的吗？”他问».
        quoted = after > stop.end() and marks[-1] in "？！" and has_han(text[after : after + 1])
        return not quoted and not (marks[-1] in "!?" and _next_letter(text, after).islower())
    if after < len(text) and not text[after].isspace():
        return False
    following = _next_letter(text, after)
    before = _LAST_WORD.search(text, max(0, stop.start() - 12), stop.start())
    if before is not None and after < len(text):
        word = before.group().lower()
        numbered = word in BEFORE_NUMBERS and following.isdigit()
        if numbered or word in ABBREVIATIONS or (len(word) == 1 and before.group().isupper()):
            return False
    return not following.islower()


def _next_letter(text: str, position: int) -> str:
    """The next character that is neither white space nor a quotation mark."""
    while position < len(text) and (text[position].isspace() or text[position] in "\"'“‘(（"):
        position += 1
    return text[position : position + 1]


def _trimmed(text: str, ends: list[int]) -> tuple[Span, ...]:
    """Pieces that end at these positions, white space around them left out, empty ones too."""
    spans: list[Span] = []
    start = 0
    for end in ends:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.append(Span(left, right))
        start = end
    return tuple(spans)
