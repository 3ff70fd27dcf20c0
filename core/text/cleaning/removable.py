"""Which lines of a document may be boilerplate at all, should other documents share them.

In doubt a line stays. Headings, code, rows of tables, fields («Status: shipped») and lines without a letter
are content. So is a sentence, which may be the answer that all documents give, unless it is a notice. «3/9»
may be a mark, a fraction or a page: it is a page number with a word or dashes that say so, or where pages
have theirs, in the first or last line. How many documents share a line, `cleaning_boilerplate` counts.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.text.cleaning.broken_lines import broken_ends
from core.text.cleaning.line_kinds import Line, classified, columns, is_program
from core.text.headings import is_heading
from core.text.scripts import ends_sentence

# Longer lines are paragraphs.
LONGEST_LINE = 400
# A text of which less is code is an article with an example, unless it begins with code.
PROGRAM_SHARE = 0.5
# Columns of a value that stands below its label.
WIDEST_VALUE = 24

# What all page numbers are to the rule, since they differ from document to document.
PAGE = "#page#"
BARE_PAGE = "#page of pages#"

_PAGE_NUMBER = re.compile(
    r"page[-–—\s]*\d+(\s*(/|of)\s*\d+)?[-–—\s]*|[-–—]+\s*\d+(\s*(/|of)\s*\d+)?\s*[-–—]+"
    r"|第\s*\d+\s*(/\s*\d+\s*)?页\s*([,，/]?\s*共\s*\d+\s*页)?|共\s*\d+\s*页\s*[,，/]?\s*第\s*\d+\s*页"
    r"|\d+\s*/\s*\d+\s*页"
)
_COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)")
# Out of these are marks, and below these lie the fractions of an inch.
_MARKS = frozenset({5, 10, 20, 100})
_FRACTIONS = frozenset({2, 4, 8, 16, 32, 64})
_NOTICE = re.compile(
    r"©|\(c\)\s*\d{4}|copyright|all rights reserved|privacy policy|terms of (use|service)|subscribe to our"
    r"|cookie (policy|settings|preferences|notice)|(use|uses|accept|accept all) cookies|使用\s*cookie"
    r"|skip to (main )?content|follow us|share (this|on)|\bdisclaimer\b|for informational purposes only"
    r"|版权所有|保留所有权利|隐私政策|用户协议|ICP备|公网安备|返回顶部|扫码关注|关注我们|分享到|上一篇|下一篇"
    r"|免责声明|转载请注明",
    re.IGNORECASE,
)
# A link whose dots end no sentence.
_LINK = re.compile(r"((read|learn|show|see|load) more|loading|(阅读|查看|了解|加载)(更多|全文|详情)?)[\s.…]*")
_FIELD = re.compile(r"[^\s:：]{1,16}( [^\s:：]{1,16}){0,2}\s*[:：]\s*\S")
_LABEL = re.compile(r"[^\s:：\d]{1,16}( [^\s:：\d]{1,16}){0,2}")
_BOLD = re.compile(r"(\*\*|__)\S.*\1[:：]?")
_ENDS_SENTENCE = ends_sentence(";；")
_CELLS = re.compile(r"\t|\s*\|\s*| {3,}")


@dataclass(frozen=True, slots=True)
class _Document:
    """A document's lines as they stand, by kind and by key. broken: whether a line goes on in the next."""

    texts: list[str]
    lines: list[Line]
    keys: list[str]
    broken: list[bool]


def line_key(line: str) -> str:
    """Equal for lines that differ only in case, white space or a page number; "" for a paragraph."""
    if len(line) > LONGEST_LINE:
        return ""
    line = " ".join(line.split()).casefold()
    if _PAGE_NUMBER.fullmatch(line):
        return PAGE
    return BARE_PAGE if _may_be_page(line) else line


def is_notice(key: str) -> bool:
    """Whether a line is a notice by its words: copyright, cookies, navigation that every site has."""
    return _NOTICE.search(key) is not None


def removable_lines(text: str, frequent: Collection[str]) -> list[str | None]:
    """For each line its key, where other documents have it and it may go; else None."""
    texts = text.split("\n")
    keys = [line_key(line) for line in texts]
    if not any(key in frequent for key in keys):
        return [None] * len(texts)
    lines = classified(text)
    if _is_program(lines):
        return [None] * len(texts)
    document = _Document(texts, lines, keys, broken_ends(lines))
    filled = [at for at, line in enumerate(lines) if line.width]
    # A mark or a size anywhere else; a page number only where pages have it.
    outside = {at for at in filled[1:-1] if keys[at] == BARE_PAGE}
    return [
        key if key in frequent and at not in outside and not _stays(document, at, frequent) else None
        for at, key in enumerate(keys)
    ]


def value_below(texts: Sequence[str], keys: Sequence[str | None], at: int) -> str | None:
    """The short line with a number below a label, «1/4» below «Thread size»; None where there is none."""
    if not _LABEL.fullmatch(texts[at].strip()):
        return None
    below = next((n for n in range(at + 1, len(texts)) if texts[n].strip()), None)
    if below is None or keys[below] in (PAGE, BARE_PAGE):
        return None
    value = texts[below].strip()
    return value if re.search(r"\d", value) and columns(value) <= WIDEST_VALUE else None


def _may_be_page(line: str) -> bool:
    count = _COUNT.fullmatch(line)
    if count is None or len(line) > 12:
        return False
    page, pages = int(count.group(1)), int(count.group(2))
    return 0 < page <= pages and pages not in _MARKS | _FRACTIONS


def _is_program(lines: Sequence[Line]) -> bool:
    """More than is needed to leave broken lines alone: an article's example must not save its footer."""
    filled = [line.kind for line in lines if line.width]
    code = filled.count("code")
    return code > 1 and is_program(lines) and (filled[0] == "code" or code >= PROGRAM_SHARE * len(filled))


def _stays(document: _Document, at: int, frequent: Collection[str]) -> bool:
    key = document.keys[at]
    if key in (PAGE, BARE_PAGE):
        return document.lines[at].fenced
    if not any(character.isalpha() for character in key) or _COUNT.fullmatch(key):
        return True
    if _is_structure(document, at):
        return True
    if is_notice(key):
        return False
    line = document.lines[at]
    if line.kind == "code" or "\t" in line.text or _FIELD.match(key):
        return True
    return not _LINK.fullmatch(key) and _in_shared_sentence(document, at, frequent)


def _is_structure(document: _Document, at: int) -> bool:
    """Headings, rows of a table, and what stands in a code block."""
    line = document.lines[at]
    return (
        line.fenced
        or line.kind == "heading"
        or is_heading(document.texts, at)
        or _BOLD.fullmatch(line.text.strip()) is not None
        or _is_row(document.texts, at)
    )


def _is_row(texts: Sequence[str], at: int) -> bool:
    """In a Markdown frame, or beside a line of as many cells; a menu («Home | Shop | Help») stands alone."""
    if texts[at].lstrip().startswith("|"):
        return True
    cells = _cells(texts[at])
    beside = (*texts[max(0, at - 1) : at], *texts[at + 1 : at + 2])
    return cells > 1 and any(_cells(other) == cells for other in beside)


def _cells(text: str) -> int:
    return len(_CELLS.split(text.strip()))


def _in_shared_sentence(document: _Document, at: int, frequent: Collection[str]) -> bool:
    """Whether the line ends a sentence, or begins one whose further lines are shared as well."""
    while not _ENDS_SENTENCE.search(document.texts[at].rstrip()):
        if not document.broken[at] or document.keys[at + 1] not in frequent:
            return False
        at += 1
        if is_notice(document.keys[at]):
            return False
    return True
