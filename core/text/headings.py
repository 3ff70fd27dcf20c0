"""Where a document's sections begin: Markdown, numbered and Chinese headings. Code blocks are skipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text.scripts import CHINESE_NUMERALS, FENCE

# A heading is a short line; longer ones are paragraphs that begin with a number.
LONGEST_HEADING = 80

_MARKDOWN = re.compile(r"#{1,6}\s+\S")
_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*$")
_NUMBERED = re.compile(r"\d+(\.\d+)+\.?\s+\S|(chapter|section|part|appendix)\s+[\dIVXA-Z]+\b", re.IGNORECASE)
_CHINESE = re.compile(
    rf"第[{CHINESE_NUMERALS}\d]+[章节篇部编]|[一二三四五六七八九十]{{1,3}}、\s*\S|【[^】]{{1,30}}】\s*$"
)
_SINGLE_NUMBER = re.compile(r"\d{1,2}[.、．]?\s+\S")
# A heading ends in none of these; «…» may be a title cut short.
_ENDS_SENTENCE = re.compile(r"[.!?,;。！？，；：:]$")


@dataclass(frozen=True, slots=True)
class Section:
    """Characters `start` to `end`; its headings' lines end at `body`. heading: "" before the first one."""

    start: int
    body: int
    end: int
    heading: str


def sections(text: str) -> tuple[Section, ...]:
    """The text cut before every heading, whole without one. Headings that follow each other stay together."""
    lines = text.split("\n")
    starts: list[tuple[int, int, str]] = []  # start, body, heading
    position, fenced = 0, False
    body_since_heading = True
    for at, line in enumerate(lines):
        if FENCE.match(line):
            fenced = not fenced
        heading = not fenced and is_heading(lines, at)
        after = min(position + len(line) + 1, len(text))
        if heading and body_since_heading:
            starts.append((position, after, line.strip()))
            body_since_heading = False
        elif heading:
            # A sub-heading directly below: the section is called after both.
            start, _, above = starts[-1]
            starts[-1] = (start, after, f"{above}\n{line.strip()}")
        elif not body_since_heading and _UNDERLINE.match(line):
            start, _, above = starts[-1]
            starts[-1] = (start, after, above)
        elif line.strip():
            body_since_heading = True
        position = after
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, 0, ""))
    ends = [start for start, _, _ in starts[1:]] + [len(text)]
    return tuple(
        Section(start, body, end, heading) for (start, body, heading), end in zip(starts, ends, strict=True)
    )


def is_heading(lines: Sequence[str], at: int) -> bool:
    """Whether the line at `at` is a heading, by itself and by the lines around it; blind to code blocks."""
    line = lines[at].strip()
    if not line or len(line) > LONGEST_HEADING:
        return False
    if _MARKDOWN.match(line):
        return True
    if at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1]) and not _UNDERLINE.match(line):
        return "|" not in line and not (at and lines[at - 1].strip())
    if _ENDS_SENTENCE.search(line):
        return False
    if _NUMBERED.match(line) or _CHINESE.match(line):
        return True
    # «1 Refunds» on a line of its own, not an item of a list.
    alone = (at == 0 or not lines[at - 1].strip()) and (at + 1 == len(lines) or not lines[at + 1].strip())
    return alone and _SINGLE_NUMBER.match(line) is not None
