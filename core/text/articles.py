"""Articles of contracts and statutes: where each begins, and the label by which it is cited.

«第十二条 甲方应当…» begins an article on the line of its text, so that it is no heading of its own. A chunk
that begins inside one is told which it is by this label; chunks are cut in `chunking`.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from core.text.headings import LONGEST_HEADING
from core.text.scripts import CHINESE_NUMERALS, SENTENCE_ENDS

_CHINESE = rf"第[{CHINESE_NUMERALS}千\d]+条(?:之[{CHINESE_NUMERALS}]+)?"
_ENGLISH = r"(?:Article|Clause|ARTICLE|CLAUSE|Art\.|§)[ \u00a0]?\d+[A-Za-z]?(?:\.\d+)*"
# At a line's start, or behind a sentence where a contract is one long line; «根据第三条» only refers to one.
_ARTICLE = re.compile(
    rf"(?:^[ \t\u3000*#]*|(?<=[{SENTENCE_ENDS}；;])[ \t\u3000]*)"
    rf"(?P<label>{_CHINESE}(?=[ \t\u3000:：、.．【\[（(*]|$)|{_ENGLISH}(?=[ \t:.)—–-]|$))",
    re.MULTILINE,
)
# A title behind the label: «第十二条 【违约责任】», «第十二条 违约责任» on a line of its own.
_TITLE = re.compile(r"[ \t\u3000:：、.．*]*(?P<title>[【\[（(][^】\]）)\n]{1,24}[】\]）)])")
_LINE = re.compile(r"[^\n]*")
# Fewer are references, or a document about one article.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Article:
    """An article begins at `start`; its label's line or words end at `body`."""

    start: int
    body: int
    label: str


def articles(text: str) -> tuple[Article, ...]:
    """Every article of a text, in order; () where there are not several."""
    found: list[Article] = []
    for match in _ARTICLE.finditer(text):
        line = _LINE.match(text, match.start("label"))
        whole = line.group().rstrip() if line else ""
        title = _TITLE.match(text, match.end("label"))
        if len(whole) <= LONGEST_HEADING / 2 and whole[-1:] not in f"{SENTENCE_ENDS}，；：,;:":
            label, end = whole, match.start("label") + len(whole)
        elif title is not None:
            label, end = f"{match['label']} {title['title']}", title.end()
        else:
            label, end = match["label"], match.end("label")
        found.append(Article(match.start("label"), end, label))
    return tuple(found) if len(found) >= FEWEST else ()


def label_at(found: Sequence[Article], place: int) -> str:
    """The label of the article that a place lies inside; "" before the first and where one begins."""
    at = bisect_right(found, place, key=lambda article: article.start) - 1
    # Behind the label alone stands the text that the label is repeated for.
    return found[at].label if at >= 0 and place > found[at].start else ""
