"""What a line of a text is: running text, list item, heading, row of a table, code or something else.

Joining broken lines and removing shared ones both ask this, and both leave alone what is not running text.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.text.scripts import CHINESE_NUMERALS, FENCE, has_han

# other: blank, quoted, too long, or a log's.
LineKind = Literal["prose", "item", "code", "heading", "table", "other"]

# No page is so wide that it breaks lines of more characters.
LONGEST_LINE = 300
# A text with this share of lines of code is a program.
CODE_SHARE = 0.2

_ITEM = re.compile(
    r"\s*([-*+•·●▪◦‣■□◆○–—]\s+|\d{1,3}[.)、．](?!\d)|[（(]\d{1,3}[)）]|[①-⑳]|[⑴-⒇]"
    r"|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|[A-Za-z][.)]\s)"
)
_HEADING = re.compile(
    rf"\s*(#{{1,6}}\s|第[{CHINESE_NUMERALS}\d]+[章节篇部编条款]|(\d+\.)+\d+\.?\s|[=\-_*~]{{3,}}\s*$)"
    r"|\s*(chapter|section|part|appendix|figure|fig\.|table)\s+[\dIVXA-Z]+\b|\s*[图表]\s*\d+",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\t|\|.*\||\S {3,}\S.* {3,}\S")
# The blanks before a second column of text, and how many lines must have it at the same place.
_GUTTER = re.compile(r"(?<=\S) {2,}(?=\S)")
FEWEST_IN_COLUMNS = 3
_CODE = re.compile(
    r"[{};\\]\s*$|^\s*(import|from|def|class|return|const|let|var|function|public|private|static|package|if"
    r"|for|while|else|elif|try|except|catch|finally|switch|case|SELECT|INSERT|UPDATE|DELETE|FROM|WHERE)\b.*"
    r"([(){}=\[\];]|:\s*$)|^\s*(import|from)\s+[\w.]+(\s+import\b.*|\s+as\s+\w+)?$"
    r"|^\s+(pass|break|continue|return(\s+[\w.]+)?)\s*$|^\s*(//|/\*|\*/|#include|@\w+|\$ |>>> |#!|<[\w/!])"
    r"|\w+\(.*\)\s*[:;{]?\s*$(?<![。.])|[=!<>]=|=>|->|:=|\s=\s|^\s*(SELECT|FROM|WHERE)\s"
)
_LOG = re.compile(r"\s*\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\s*\[?\d\d:\d\d(:\d\d)?\]?\s|\s*(at|File)\s+\S+[(\"]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. width: in columns, 0 when blank. fenced: within a Markdown code block, or its fence."""

    text: str
    kind: LineKind
    width: int
    chinese: bool
    fenced: bool


def classified(text: str) -> list[Line]:
    """Every line of a text with its kind."""
    lines: list[Line] = []
    inside = False
    for one in text.split("\n"):
        fence = bool(FENCE.match(one))
        fenced = inside or fence
        kind: LineKind = "other" if fenced else _kind(one)
        inside ^= fence
        lines.append(Line(one, kind, columns(one.rstrip()), has_han(one), fenced))
    return _with_columns(lines)


def is_program(lines: Sequence[Line]) -> bool:
    """Whether a text begins with code, or has much of it: its comments are wrapped on purpose."""
    filled = [line.kind for line in lines if line.width]
    return bool(filled) and (filled[0] == "code" or filled.count("code") >= CODE_SHARE * len(filled))


def columns(text: str) -> int:
    """How wide a text is, Chinese characters counting two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _with_columns(lines: Sequence[Line]) -> list[Line]:
    """Lines beside each other whose second column begins at one place are rows of a table, or two texts.

    Typists put two blanks behind a sentence as well, but not at the same place in every line.
    """
    gutters = [
        {columns(line.text[: gap.end()]) for gap in _GUTTER.finditer(line.text)}
        if line.kind in ("prose", "item", "table")
        else set[int]()
        for line in lines
    ]
    aligned: set[int] = set()
    for at in range(len(lines)):
        for place in gutters[at]:
            end = at
            while end < len(lines) and place in gutters[end]:
                end += 1
            if end - at >= FEWEST_IN_COLUMNS or (end - at == 2 and _stand_alone(lines, at, end)):
                aligned.update(range(at, end))
    return [replace(line, kind="table") if at in aligned else line for at, line in enumerate(lines)]


def _stand_alone(lines: Sequence[Line], start: int, end: int) -> bool:
    return not any(line.width for line in (*lines[max(0, start - 1) : start], *lines[end : end + 1]))


def _kind(text: str) -> LineKind:
    if not text.strip() or len(text) > LONGEST_LINE or text.lstrip().startswith(">"):
        return "other"
    if text.lstrip().startswith("|"):
        return "table"
    if _CODE.search(text):
        return "code"
    if _HEADING.match(text):
        return "heading"
    if _TABLE.search(text):
        return "table"
    if _LOG.match(text):
        return "other"
    return "item" if _ITEM.match(text) else "prose"
