"""Lines that a PDF's page width has broken, joined again; every other line end stays.

A line end is taken for a broken one only when everything speaks for it: both lines are running text (no
heading, list item, table, code, quotation or field), the line does not end a sentence, it is about as wide
as its paragraph's widest, and the next one goes on as prose does. Verses and addresses fail on width or on
their capitals, lists of titles on their ragged widths; lines without any mark are joined only where small
words at their ends say that a sentence runs through them. A divided word («infor-») is joined in any width.
"""

import re
import statistics
from collections.abc import Sequence

from core.text.cleaning.line_kinds import Line, classified, columns, is_program
from core.text.scripts import HAN, KANA, ends_sentence
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

# Columns, of which Chinese characters take two. Narrower paragraphs are verses, addresses and labels.
NARROWEST_PARAGRAPH = 36
# Narrow Chinese columns are told from verses and slogans by more: see `_is_narrow_prose`.
NARROWEST_CHINESE = 24
# Of the breaks of a paragraph without marks, so many have a small word beside them where it is running text.
SMALL_WORD_SHARE = 1 / 3
# Of the widest line: proportional type lets English lines differ by a fifth, Chinese ones hardly.
FULL_ENGLISH = 0.8
FULL_CHINESE = 0.88
# A first line that is this much narrower than its paragraph is a heading.
HEADING_WIDTH = 0.6

_WIDE = re.compile(f"[{HAN}\u3001-\u303f{KANA}\uff00-\uffef“”‘’—…]")
_CHINESE_STOPS = re.compile("[，。；！？、：]")
_ENDS_SENTENCE = ends_sentence(":;：；")
_FIELD = re.compile(r"\s*[^\s:：，。,.]{1,12}( [^\s:：，。,.]{1,12}){0,2}\s*[:：]\s*\S")
_SMALL_WORD = (
    r"(a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|as|is|are|was|were|be|that|which|than|its|their"
    r"|our|your|his|her|this|these|not|will|can|may|into|between|under|over)"
)
_ENDS_IN_SMALL_WORD = re.compile(rf"\b{_SMALL_WORD}$")
_BEGINS_WITH_SMALL_WORD = re.compile(rf"\s*{_SMALL_WORD}\b")
_MARK = re.compile(r"[.!?,;:](?:\s|$)")
_HYPHEN, _LONE_PART = re.compile(r"\w-$"), re.compile(r"\s*\w+-\s*$")
_DIVIDED = re.compile(r"[A-Za-z][a-z]-$")
# «pre-» above «post-» lists parts of words.
_REST_OF_WORD = re.compile(r"\s*[a-z]{2,}(?![a-z]|-(?:\s|$))")
_LAST_TOKEN = re.compile(r"\S+$")
_FIRST_WORD = re.compile(r"\S+")

_KEEPS_HYPHEN_AFTER = frozenset(_LISTS["keeps_hyphen_after"])
_KEEPS_HYPHEN_BEFORE = frozenset(_LISTS["keeps_hyphen_before"])


def joined_lines(text: str) -> tuple[str, int]:
    """The text with broken lines joined, and how many joins were made."""
    if "\n" not in text:
        return text, 0
    lines = classified(text)
    if is_program(lines):
        return text, 0
    broken = broken_ends(lines)
    if not any(broken):
        return text, 0
    vocabulary = {word.lower() for word in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", text)}
    out: list[str] = []
    for at, line in enumerate(lines):
        if at and broken[at - 1]:
            out[-1] = _joined(out[-1], line.text, vocabulary)
        else:
            out.append(line.text)
    return "\n".join(out), sum(broken)


def broken_ends(lines: Sequence[Line]) -> list[bool]:
    """For each line of a text whether its end is a broken one, so that the next line goes on with it."""
    return [end for paragraph in _paragraphs(lines) for end in (*_broken_ends(paragraph), False)]


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of running text; every other line is a run of its own."""
    runs: list[list[Line]] = []
    open_run = False
    for line in lines:
        if line.kind not in ("prose", "item"):
            runs.append([line])
            open_run = False
        elif open_run and line.kind == "prose":
            runs[-1].append(line)
        else:
            runs.append([line])
            open_run = True
    return runs


def _broken_ends(paragraph: Sequence[Line]) -> list[bool]:
    """For each line but the last, whether its end is a broken one."""
    if len(paragraph) < 2:
        return []
    ends = [_may_continue(one, after) for one, after in zip(paragraph, paragraph[1:], strict=False)]
    divided = [
        may and _is_divided(one, after)
        for one, after, may in zip(paragraph, paragraph[1:], ends, strict=False)
    ]
    widest = max(line.width for line in paragraph)
    if len(paragraph) > 2 and paragraph[0].width < HEADING_WIDTH * widest:
        return [divided[0], *_broken_ends(paragraph[1:])]
    if not any(ends):
        return ends
    chinese = sum(line.chinese for line in paragraph) * 2 >= len(paragraph)
    if widest < (NARROWEST_CHINESE if chinese else NARROWEST_PARAGRAPH):
        return divided
    if not chinese:
        decided = _english_ends(paragraph, ends, widest)
    elif widest < NARROWEST_PARAGRAPH and not _is_narrow_prose(paragraph):
        return divided
    else:
        decided = _chinese_ends(paragraph, ends, widest)
    return [one or two for one, two in zip(decided, divided, strict=True)]


def _is_divided(line: Line, after: Line) -> bool:
    """Whether a word goes on in the next line: «infor-» and «mation»."""
    return _DIVIDED.search(line.text.rstrip()) is not None and _REST_OF_WORD.match(after.text) is not None


def _is_narrow_prose(paragraph: Sequence[Line]) -> bool:
    """Whether narrow Chinese lines are a column of text: sentences end, and not where the lines do.

    Verses and slogans end at their marks, or have them at the same place in every line.
    """
    if len(paragraph) < 3 or not _ENDS_SENTENCE.search(paragraph[-1].text.rstrip()):
        return False
    texts = [line.text.strip() for line in paragraph[:-1]]
    marks = [tuple(match.start() for match in _CHINESE_STOPS.finditer(text)) for text in texts]
    at_end = sum(bool(own) and own[-1] == len(text) - 1 for own, text in zip(marks, texts, strict=True))
    alike = len(set(marks)) == 1 and bool(marks[0])
    return 2 * at_end < len(texts) and not alike


def _may_continue(line: Line, after: Line) -> bool:
    """What neither language's lines may have: an ended sentence, an indent, a field, a cut address."""
    token = _LAST_TOKEN.search(line.text.rstrip())
    return not (
        _ENDS_SENTENCE.search(line.text.rstrip())
        or _indent(after.text) > max(1, _indent(line.text) if line.kind == "prose" else 6)
        or _FIELD.match(after.text)
        or (token is not None and ("://" in token.group() or "www." in token.group()))
    )


def _english_ends(paragraph: Sequence[Line], ends: Sequence[bool], widest: int) -> list[bool]:
    starts = [after.text.lstrip()[:1] for after in paragraph[1:]]
    # Verses and lists of titles begin every line with a capital and end it with a noun.
    goes_on = [
        start.islower() or _ENDS_IN_SMALL_WORD.search(line.text.rstrip()) is not None
        for line, start in zip(paragraph, starts, strict=False)
    ]
    prose = sum(goes_on) * 2 >= len(goes_on)
    if _are_items(paragraph):
        goes_on = [_ENDS_IN_SMALL_WORD.search(line.text.rstrip()) is not None for line in paragraph[:-1]]
        prose = False
    decided: list[bool] = []
    for line, after, may, start, on in zip(paragraph, paragraph[1:], ends, starts, goes_on, strict=False):
        word = _FIRST_WORD.search(after.text)
        full = line.width + 1 + len(word.group() if word else "") >= FULL_ENGLISH * widest
        hyphen = _HYPHEN.search(line.text.rstrip()) and start.isalnum() and not _LONE_PART.match(after.text)
        decided.append(may and bool(hyphen or (full and (on or prose))))
    return decided


def _are_items(paragraph: Sequence[Line]) -> bool:
    """Whether lines without any mark are a list: running text has small words at a third of its breaks."""
    if any(_MARK.search(line.text) for line in paragraph):
        return False
    beside = sum(
        bool(_ENDS_IN_SMALL_WORD.search(line.text.rstrip()) or _BEGINS_WITH_SMALL_WORD.match(after.text))
        for line, after in zip(paragraph, paragraph[1:], strict=False)
    )
    return beside < SMALL_WORD_SHARE * (len(paragraph) - 1)


def _chinese_ends(paragraph: Sequence[Line], ends: Sequence[bool], widest: int) -> list[bool]:
    if not any(_CHINESE_STOPS.search(line.text) for line in paragraph):
        return [False] * len(ends)
    full = [line.width >= FULL_CHINESE * widest for line in paragraph[:-1]]
    if len(paragraph) == 2 and not _ENDS_SENTENCE.search(paragraph[1].text.rstrip()):
        # Two lines without an end may be two titles.
        return [False]
    # Titles have ragged ends; of broken lines nearly all are full. Ends of sentences may come early.
    if statistics.fmean(
        float(wide or not may) for wide, may in zip(full, ends, strict=True)
    ) < 0.75 or not _evenly_wide(paragraph, ends):
        return [False] * len(ends)
    return [may and wide for may, wide in zip(ends, full, strict=True)]


def _evenly_wide(paragraph: Sequence[Line], ends: Sequence[bool]) -> bool:
    """Broken Chinese lines differ by a character or two; Latin words at the end allow a little more."""
    widths = [line.width for line, may in zip(paragraph, ends, strict=False) if may]
    return len(widths) < 2 or max(widths) - min(widths) <= max(6, 0.12 * max(widths))


def _joined(left: str, right: str, vocabulary: set[str]) -> str:
    """Two broken halves as one line."""
    left, right = left.rstrip(), right.lstrip()
    if _WIDE.match(left[-1:]) or _WIDE.match(right[:1]):
        return left + right
    if left.endswith("-") and re.search(r"\w-$", left):
        return _without_hyphen(left, right, vocabulary)
    return left + right if left.endswith(("—", "/")) else f"{left} {right}"


def _without_hyphen(left: str, right: str, vocabulary: set[str]) -> str:
    """A word divided at its line's end; compounds, names and codes keep their hyphen."""
    first, second = re.search(r"[A-Za-z]*(?=-$)", left), re.match(r"[A-Za-z]+", right)
    if first is None or second is None or not right[0].islower() or not first.group():
        return left + right
    head, tail = first.group().lower(), second.group().lower()
    if head + tail in vocabulary:
        return left[:-1] + right
    compound = f"{head}-{tail}" in vocabulary or head in _KEEPS_HYPHEN_AFTER or tail in _KEEPS_HYPHEN_BEFORE
    # «Qwen3-based», «GPU-bound»: a head that is no lower-case word is a name.
    named = not first.group()[1:].islower() or re.search(r"[\d-][A-Za-z]*-$", left) is not None
    return left + right if compound or named else left[:-1] + right


def _indent(text: str) -> int:
    return columns(text) - columns(text.lstrip(" \t\u3000"))
