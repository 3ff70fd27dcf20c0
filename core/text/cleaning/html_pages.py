"""HTML to text: only what is plainly a page or a piece of one; code and text about HTML stay as they are.

Scripts, styles and comments go, block elements become lines, headings Markdown headings (so that chunking
sees them), list items dashes, cells of a row tabs (`cleaning_table_rows`). What no browser knows is kept as
text, since it may be meant: «<your-key>», an address in angle brackets. Word's own elements go, and a page's
own («<my-card>») where they are closed. Of drawings the words stay. Where markup stands for a blank is known
by `seams`.
"""

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from core.text.cleaning.seams import Seam, parts, wider
from core.text.cleaning.table_rows import HEADING_MARKS, Row, row_text
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_DROPPED = set(_LISTS["dropped"])
# Never text, closed or not.
_SCRIPTS = {"script", "style"}
_HEADINGS = {f"h{level}": HEADING_MARKS[level - 1] for level in range(1, 7)}
_BLOCKS = {
    *(
        "p div section article header footer main aside nav form fieldset figure figcaption blockquote"
    ).split(),
    *(
        "ul ol dl dt dd li table caption thead tbody tfoot tr pre address details summary body html head"
        " title select optgroup option datalist"
    ).split(),
    *_HEADINGS,
}
_INLINE = set(_LISTS["inline"])
_VOID = set(_LISTS["void"])
_KNOWN = _DROPPED | _BLOCKS | _INLINE | _VOID
_BOXES, _APART = frozenset(_LISTS["boxes"]), frozenset(_LISTS["apart"])
_SVG_TEXTS = frozenset(_LISTS["svg_texts"])
_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.IGNORECASE | re.DOTALL)
_OFFICE = ("o:", "w:", "v:", "m:", "st1:")
_END_TAG = re.compile(r"</([A-Za-z][^\s<>/]*)\s*>")
_ADDRESS = re.compile(r"</?[^\s<>]*(@|://)")
# «10<sup>5</sup>» is not 105. Ordinals and trade marks read well without a sign.
_RAISED_ON = re.compile(r"[\w%)\]]$")
_RAISED = re.compile(r"(?!(st|nd|rd|th|TM|SM)$)[\w+\-−–]", re.IGNORECASE)
# White space at a text's start, but for the tab after an empty first cell.
_LEADING = re.compile(r"\A[^\S\t]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>")
_WHOLE_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_CODE_PARTS = re.compile(r"<(script|style|pre|code)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(
    r"^\s*(import\s|from\s+\S+\s+import|def\s|class\s+\w+[(:{ ]|function\b|const\s|let\s|var\s|return\b"
    r"|public\s|private\s|#include|template\s*<)|=>|className=|\{\{|\{%|<\?php|<%|^\s*```|`[^`\n]*<[^`\n]*`",
    re.MULTILINE,
)
# A text that speaks of a tag: «the <br> tag», «用 <br> 换行».
_DISCUSSED = re.compile(
    r"(\b(tags?|elements?)\b|标签|元素|标记)[^<>\n]{0,8}<[a-z]|<[/a-z][^<>\n]*>[^<>\n]{0,8}(\b(tags?|elements?)\b|标签|元素|标记)",
    re.IGNORECASE,
)
_TOLD_TO_USE = re.compile(
    r"(\b(use|using|insert|write|type|with|an?)|用|使用|插入|输入|写|加)\s*<", re.IGNORECASE
)
_ENTITY = re.compile(
    r"&(amp|nbsp|quot|apos|lt|gt|hellip|mdash|ndash|middot|bull|copy|reg|trade|deg|[lr][ds]quo|[lr]aquo"
    r"|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
)
_ENTITY_DISCUSSED = re.compile(r"\b(entit(y|ies)|escap(e|ed|es|ing))\b|实体|转义", re.IGNORECASE)


def html_to_text(text: str) -> tuple[str, int]:
    """The text of a piece of HTML, and how many tags and entities it lost; other text unchanged and 0."""
    if "<" in text and _is_html(text):
        marks = sum(1 for tag in _TAG.finditer(text) if tag.group(2).lower() in _KNOWN)
        marks += len(_ENTITY.findall(text))
        reader = _Reader({tag.lower() for tag in _END_TAG.findall(text)})
        reader.feed(text)
        reader.close()
        return reader.text(), max(marks, 1)
    if "&" in text and not _ENTITY_DISCUSSED.search(text) and not _CODE.search(text):
        return _ENTITY.subn(lambda match: html.unescape(match.group()), text)
    return text, 0


def _is_html(text: str) -> bool:
    if _WHOLE_PAGE.search(text):
        return True
    outside = _CODE_PARTS.sub("", text)
    if _CODE.search(outside) or _DISCUSSED.search(outside):
        return False
    opened: set[str] = set()
    paired = void = known = unknown = 0
    for tag in _TAG.finditer(_SVG.sub("<span></span>", text)):
        name = tag.group(2).lower()
        if name not in _KNOWN:
            unknown += 1
            continue
        known += 1
        if name in _VOID:
            void += 1
        elif not tag.group(1):
            opened.add(name)
        elif name in opened:
            paired += 1
    if unknown > known:
        return False
    return paired > 0 or (void > 0 and not _TOLD_TO_USE.search(text))


class _Reader(HTMLParser):
    """Collects the text of elements that people read."""

    def __init__(self, closed: set[str]) -> None:
        """closed: the elements that have an end tag."""
        super().__init__(convert_charrefs=True)
        self._closed = closed
        self._parts: list[str] = []
        self._dropped = 0
        self._verbatim = 0
        self._seam: Seam = "none"
        # Open drawings, and open elements with words in them.
        self._drawings = 0
        self._drawn_texts = 0
        # Where each open <sup> begins, and each open table's open row.
        self._raised: list[int] = []
        self._tables: list[Row | None] = []

    def text(self) -> str:
        """All lines, without the gaps that empty elements leave."""
        while self._tables:
            self._end_table()
        lines = "".join(self._parts).split("\n")
        joined = "\n".join(line.rstrip() for line in lines)
        return _LEADING.sub("", re.sub(r"\n{3,}", "\n\n", joined)).rstrip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += tag in self._closed or tag in _SCRIPTS
        elif self._dropped:
            return
        elif tag == "svg" or self._drawings:
            self._draw(tag)
        elif tag not in _KNOWN:
            self._unknown(tag, self.get_starttag_text() or "")
        elif tag == "br":
            self._parts.append("\n")
        elif tag in ("table", "tr", "td", "th"):
            self._open_part_of_table(tag)
        elif tag in _BLOCKS or tag == "hr":
            self._open_block(tag)
            if tag == "optgroup":
                self._inline(_attribute(attrs, "label"))
                self._line()
        else:
            self._open_inline(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # «<script/>» opens nothing.
        if tag not in _DROPPED and not (tag == "svg" or self._drawings):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif self._dropped:
            return
        elif self._drawings:
            self._end_drawn(tag)
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
            self._line()
        elif tag == "table":
            self._end_table()
        elif tag in ("tr", "thead", "tbody", "tfoot"):
            self._end_row()
            self._line()
        elif tag in _BLOCKS:
            self._line()
            if tag == "p" or tag in _HEADINGS:
                self._parts.append("\n")
        elif tag not in _KNOWN:
            self._unknown(tag, f"</{tag}>")
        else:
            self._end_inline(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropped and (self._drawn_texts or not self._drawings):
            self._inline(data)

    def _draw(self, tag: str) -> None:
        """A drawing that is never closed takes nothing away."""
        if tag == "svg":
            self._drawings += "svg" in self._closed
        elif tag in _SVG_TEXTS and tag in self._closed:
            self._drawn_texts += 1
        self._seam = "box"

    def _end_drawn(self, tag: str) -> None:
        if tag == "svg":
            self._drawings -= 1
            self._drawn_texts = 0
        elif tag in _SVG_TEXTS:
            self._drawn_texts = max(0, self._drawn_texts - 1)
        self._seam = "box"

    def _open_inline(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "sup":
            self._raised.append(len(self._parts))
        elif tag == "img":
            self._seam = "box"
            self._inline(_attribute(attrs, "alt"))
            self._seam = "box"
        else:
            self._pass(tag, "begins")

    def _end_inline(self, tag: str) -> None:
        if tag == "sup":
            self._end_raised()
        else:
            self._pass(tag, "ends")

    def _pass(self, tag: str, seam: Seam) -> None:
        """Over the border of an inline element."""
        if tag in _BOXES:
            self._seam = "box"
        elif tag in _APART:
            self._seam = wider(self._seam, seam)

    def _unknown(self, tag: str, written: str) -> None:
        """An element that is not HTML's: markup where it is Word's or a closed one with a compound name."""
        own = tag.startswith(_OFFICE) or (tag in self._closed and ("-" in tag or ":" in tag))
        if not own or _ADDRESS.match(written):
            self._inline(written)

    def _open_block(self, tag: str) -> None:
        if tag in ("thead", "tbody", "tfoot"):
            self._end_row()
        self._line()
        if tag == "pre":
            self._verbatim += 1
            self._mark_layout()
        elif tag in _HEADINGS:
            self._parts.append(_HEADINGS[tag])
        elif tag in ("li", "option"):
            self._parts.append("- ")

    def _open_part_of_table(self, tag: str) -> None:
        if tag == "table":
            self._mark_layout()
            self._line()
            self._tables.append(None)
        elif tag == "tr":
            self._end_row()
            self._open_row()
        else:
            row = self._tables[-1] if self._tables else None
            self._parts = (row or self._open_row()).next_cell()
            self._raised.clear()

    def _open_row(self) -> Row:
        """Each cell collects its text apart until the row ends. A piece of HTML may lack the table."""
        if not self._tables:
            self._tables.append(None)
        self._line()
        row = self._tables[-1] = Row(self._parts)
        return row

    def _end_row(self) -> None:
        row = self._tables[-1] if self._tables else None
        if row is not None:
            self._tables[-1] = None
            self._raised.clear()
            self._parts = row.around
            self._parts.extend(filter(None, [row_text(row)]))
            self._line()

    def _end_table(self) -> None:
        self._end_row()
        if self._tables:
            self._tables.pop()
        self._line()

    def _mark_layout(self) -> None:
        if self._tables and self._tables[-1] is not None:
            self._tables[-1].layout = True

    def _end_raised(self) -> None:
        start = self._raised.pop() if self._raised else len(self._parts)
        before, raised = "".join(self._parts[:start][-2:]), "".join(self._parts[start:])
        if _RAISED_ON.search(before) and _RAISED.match(raised):
            self._parts.insert(start, "^")

    def _inline(self, data: str) -> None:
        if self._verbatim:
            self._parts.append(data)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        last = self._parts[-1][-1:] if self._parts else "\n"
        if last in ("\n", "\t", " "):
            words = words.lstrip(" ")
        if words:
            before = "".join(self._parts[-3:]).rpartition("\n")[2]
            self._parts.append(f" {words}" if parts(before, words, self._seam) else words)
            self._seam = "none"

    def _line(self) -> None:
        self._seam = "none"
        if self._parts and not self._at_line_start():
            self._parts.append("\n")

    def _at_line_start(self) -> bool:
        return not self._parts or self._parts[-1].endswith("\n")


def _attribute(attrs: Sequence[tuple[str, str | None]], wanted: str) -> str:
    return next((value or "" for name, value in attrs if name == wanted), "")
