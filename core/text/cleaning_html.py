"""HTML to text: only what is plainly a page or a piece of one; code and text about HTML stay as they are.

Scripts, styles and comments go, block elements become lines, headings Markdown headings (so that chunking
sees them), list items dashes, cells of a row tabs. Unknown elements are kept as text: they may be meant.
"""

import html
import re
from html.parser import HTMLParser

_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object", "select"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *(
        "p div section article header footer main aside nav form fieldset figure figcaption blockquote"
    ).split(),
    *(
        "ul ol dl dt dd li table caption thead tbody tfoot tr pre address details summary body html head"
        " title"
    ).split(),
    *_HEADINGS,
}
_INLINE = set(
    "abbr a b bdi bdo big button center cite code col colgroup data del dfn em font i img input ins kbd label"
    " link mark meta option q rp rt ruby s samp small span strike strong sub sup td textarea th time"
    " tt u var video audio source picture wbr base canvas map area embed param track".split()
)
_VOID = {"br", "hr", "img", "wbr", "input"}
_KNOWN = _DROPPED | _BLOCKS | _INLINE | _VOID
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
        reader = _Reader()
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
    for tag in _TAG.finditer(text):
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

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._dropped = 0
        self._verbatim = 0

    def text(self) -> str:
        """All lines, without the gaps that empty elements leave."""
        lines = "".join(self._parts).split("\n")
        joined = "\n".join(line.rstrip() for line in lines)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif self._dropped:
            return
        elif tag not in _KNOWN and "-" not in tag and ":" not in tag:
            self._inline(self.get_starttag_text() or "")
        elif tag == "br":
            self._parts.append("\n")
        elif tag in ("td", "th"):
            if not self._at_line_start():
                self._parts.append("\t")
        elif tag == "img":
            self._inline(next((value or "" for name, value in attrs if name == "alt"), ""))
        elif tag in _BLOCKS or tag == "hr":
            self._open_block(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # «<script/>» opens nothing.
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif self._dropped:
            return
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
            self._line()
        elif tag in _BLOCKS:
            self._line()
            if tag == "p" or tag in _HEADINGS:
                self._parts.append("\n")
        elif tag not in _KNOWN and "-" not in tag and ":" not in tag:
            self._inline(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._inline(data)

    def _open_block(self, tag: str) -> None:
        self._line()
        if tag == "pre":
            self._verbatim += 1
        elif tag in _HEADINGS:
            self._parts.append("\n" + "#" * _HEADINGS[tag] + " ")
        elif tag == "li":
            self._parts.append("- ")

    def _inline(self, data: str) -> None:
        if self._verbatim:
            self._parts.append(data)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        last = self._parts[-1][-1:] if self._parts else "\n"
        if last in ("\n", "\t", " "):
            words = words.lstrip(" ")
        if words:
            self._parts.append(words)

    def _line(self) -> None:
        if self._parts and not self._at_line_start():
            self._parts.append("\n")

    def _at_line_start(self) -> bool:
        return not self._parts or self._parts[-1].endswith("\n")
