"""Lines that many documents of a list share and that say nothing of any of them: headers, footers, notices.

A line goes when enough different documents hold it. Fields («Status: shipped»), headings and most of a
document never go, however often they are repeated.
"""

import re
from collections import Counter
from collections.abc import Sequence

# A line must stand in this many documents and in this share of them; a recognised notice in fewer.
FEWEST_DOCUMENTS = 4
SHARE = 0.3
FEWEST_WITH_NOTICE = 3
# Shorter lines are separators or words that may matter.
SHORTEST_LINE = 4
# Longer lines are paragraphs.
LONGEST_LINE = 400
# A document keeps at least this share of its characters; otherwise it is left alone.
KEPT_SHARE = 0.3

_PAGE_NUMBER = re.compile(
    r"(page\s*)?[-–—\s]*\d+\s*(/|of)\s*\d+[-–—\s]*|page\s+\d+|[-–—]\s*\d+\s*[-–—]"
    r"|第\s*\d+\s*页\s*([,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+\s*页",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"©|\(c\)\s*\d{4}|copyright|all rights reserved|privacy policy|terms of (use|service)|subscribe to our"
    r"|cookie (policy|settings|preferences|notice)|(use|uses|accept|accept all) cookies|使用\s*cookie"
    r"|skip to (main )?content|follow us|share (this|on)|版权所有|保留所有权利|隐私政策|用户协议|ICP备"
    r"|公网安备|返回顶部|扫码关注|关注我们|分享到|上一篇|下一篇|免责声明|转载请注明",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^\s:：]{1,16}( [^\s:：]{1,16}){0,2}\s*[:：]\s*\S")
_HEADING = re.compile(r"#{1,6}\s")


def without_boilerplate(documents: Sequence[str]) -> list[tuple[str, int]]:
    """Each document without the lines it shares with many others, and how many lines it lost."""
    different = dict.fromkeys(documents)
    counts = Counter(
        line
        for text in different
        for line in {_key(one) for one in text.split("\n") if len(one) <= LONGEST_LINE}
    )
    needed = max(FEWEST_DOCUMENTS, SHARE * len(different))
    repeated = {line for line, count in counts.items() if _is_boilerplate(line, count, needed)}
    if not repeated:
        return [(text, 0) for text in documents]
    cleaned = {text: _without(text, repeated) for text in different}
    return [cleaned[text] for text in documents]


def _is_boilerplate(line: str, count: int, needed: float) -> bool:
    if len(line) < SHORTEST_LINE or _HEADING.match(line):
        return False
    if _NOTICE.search(line):
        return count >= FEWEST_WITH_NOTICE
    return count >= needed and not _FIELD.match(line)


def _without(text: str, repeated: set[str]) -> tuple[str, int]:
    lines = text.split("\n")
    kept = [line for line in lines if len(line) > LONGEST_LINE or _key(line) not in repeated]
    if len(kept) == len(lines):
        return text, 0
    short = "\n".join(kept).strip("\n")
    if len("".join(short.split())) < KEPT_SHARE * len("".join(text.split())):
        return text, 0
    return re.sub(r"\n{3,}", "\n\n", short), len(lines) - len(kept)


def _key(line: str) -> str:
    """Equal for lines that differ only in case, white space or a page number."""
    line = " ".join(line.split()).casefold()
    return "#page#" if _PAGE_NUMBER.fullmatch(line) else line
