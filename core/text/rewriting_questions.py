"""Question forms: politeness left out, spoken turns written as questions are asked in documents.

Only words that carry no content change: «请问», «could you tell me», «怎么» → «如何», «how do I» → «how to».
"""

import re
from collections.abc import Sequence

from core.records import Notice
from core.text.rewriting_reference import Change
from core.text.rewriting_spans import Span, is_free
from core.text.rewriting_words import Word, is_chinese, words

POLITE = "«{words}» says nothing of what is asked and was left out."
TURNED = "«{old}» was written «{new}», as questions in documents are."

_ASKING = r"(?=(?:how|what|why|when|where|which|who|whether|if)\b)"
_POLITE_EN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:hi|hello|hey)(?: there| team| all)?\s*[,!.]\s*",
        rf"^(?:please\s+)?(?:could|can|would) (?:you|someone|anyone) (?:please )?(?:tell me"
        rf"|explain(?: to me)?|help me "
        rf"(?:to )?(?:understand|find out)|show me|let me know|advise(?: me)?(?: on)?)\s+{_ASKING}",
        rf"^(?:please )?(?:tell me|explain(?: to me)?|show me|let me know"
        rf"|advise(?: me)?(?: on)?)\s+{_ASKING}",
        rf"^i(?: want| would like|['’]d like| need) to (?:know|find out|understand"
        rf"|ask)(?: about)?\s+{_ASKING}",
        rf"^(?:do you know|does (?:anyone|anybody|someone) know|any idea|i was wondering|i wonder"
        rf"|i am wondering"
        rf"|i['’]m wondering)\s+{_ASKING}",
        r"^quick question\s*[:,]\s*",
    )
)
_POLITE_END_EN = re.compile(
    r"\s*[,.]?\s*\b(?:please|thanks|thank you|thanks in advance)\s*[.!]*(?P<mark>\??)\s*$", re.I
)
_NOT_HOW_TO = r"(?!(?:feel|like|think|do|know|mean|spell|say|pronounce|help|find (?:it|the)|compare)\b)"
_TURNS_EN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (rf"^how (?:do|can|could|would) (?:i|we|you|one|someone) {_NOT_HOW_TO}(?=[a-z])", "how to "),
        (rf"^how (?:i|we|you|one) (?:can|could|should|would|do) {_NOT_HOW_TO}(?=[a-z])", "how to "),
        (r"^(?:what is|what['’]s) the way to (?=[a-z])", "how to "),
        (r"^what are the steps to (?=[a-z])", "how to "),
        (r"^what steps (?:do i|should i|must i) take to (?=[a-z])", "how to "),
        (r"^is there (?:a|any) way (?:for me )?to (?=[a-z])", "how to "),
        (
            r"^(?=(?:reset|cancel|change|delete|update|install|uninstall|activate|renew|return|replace"
            r"|register|open"
            r"|close|set up|turn off|turn on|connect|track|request|transfer|upgrade|recover|unlock|verify"
            r"|add|remove)"
            r" (?:my|the|a|an|your|our)\b[^?.!]*$)",
            "how to ",
        ),
    )
)

_POLITE_ZH = re.compile(
    r"^(?:(?:你好|您好|亲|大家好)[，,！!。、 ]+|请问一下|请问|麻烦问一下|麻烦问下|想问一下|想问下"
    r"|我想问一下|我想问下|我想问|我想知道|我想了解一下"
    r"|我想了解|我想咨询一下|我想咨询|想咨询一下|咨询一下|请教一下|帮我查一下|帮我查下|帮我看一下"
    r"|帮我看下)[，,：:、 ]*"
)
_SPOKEN_ZH = {
    "咋": "怎么",
    "咋样": "怎么样",
    "咋办": "怎么办",
    "为啥": "为什么",
    "啥": "什么",
    "啥时候": "什么时候",
    "在哪儿": "在哪里",
    "哪儿": "哪里",
    "能不能": "能否",
    "可不可以": "是否可以",
    "会不会": "是否会",
    "需不需要": "是否需要",
    "支不支持": "是否支持",
}
_HOW_ZH = ("怎么", "怎样", "怎么样才能", "怎么才能")
# After these, 怎么 asks for the reason or the state, not for the way.
_NOT_HOW_ZH = frozenset(
    """样 了 回事 回 回事儿 说 这么 那么 着 啦 还 会 不 没 没有 又 老 老是 总 总是 突然 就 都 这样 那样 个 看
    看待 看上去 是 样子 有 可能 能 敢""".split()
)
_BEFORE_HOW_ZH = frozenset("不 没 没有 不太 再".split())
_SAID_OF_WAY = frozenset("v vn n p d r ad nz eng zg a x".split())


def turn_question(query: str, spans: Sequence[Span]) -> Change | None:
    """The query without politeness and in the usual form of a question; None when it has that already."""
    return _chinese(query, spans) if is_chinese(query) else _english(query, spans)


def _english(query: str, spans: Sequence[Span]) -> Change | None:
    text, reasons = query.strip(), []
    if query.isupper() or (spans and spans[0].start == 0):
        return None
    for pattern in (*_POLITE_EN, *_POLITE_EN):
        match = pattern.match(text)
        if match is not None and len(text) > match.end():
            reasons.append(Notice(POLITE, facts={"words": match.group().strip()}))
            text = text[match.end() :]
    end = _POLITE_END_EN.search(text)
    if end is not None and end.start() > 0:
        reasons.append(Notice(POLITE, facts={"words": end.group().strip(" ,.!?")}))
        text = text[: end.start()] + end["mark"]
    for pattern, new in _TURNS_EN:
        match = pattern.match(text)
        if match is not None:
            old = match.group().strip()
            if old:
                reasons.append(Notice(TURNED, facts={"old": old, "new": new.strip()}))
            else:
                rest = text[:1].lower() + text[1:]
                reasons.append(Notice(TURNED, facts={"old": text, "new": new + rest}))
                text = rest
            text = new + text[match.end() :]
            break
    if not reasons:
        return None
    if query.strip()[:1].isupper():
        text = text[:1].upper() + text[1:]
    return Change(text, tuple(reasons))


def _chinese(query: str, spans: Sequence[Span]) -> Change | None:
    text, reasons = query.strip(), []
    offset = query.index(text) if text else 0
    removed = 0
    while (match := _POLITE_ZH.match(text[removed:])) is not None and len(text) - removed - match.end() >= 2:
        if not is_free(spans, offset + removed, offset + removed + match.end()):
            break
        reasons.append(Notice(POLITE, facts={"words": match.group().strip("，,：:、！!。 ")}))
        removed += match.end()
    edits = [
        (start, end, new)
        for start, end, new in _turns_zh(text)
        if start >= removed and is_free(spans, offset + start, offset + end)
    ]
    for start, end, new in reversed(edits):
        reasons.append(Notice(TURNED, facts={"old": text[start:end], "new": new}))
        text = text[:start] + new + text[end:]
    return Change(text[removed:], tuple(reasons)) if reasons else None


def _turns_zh(text: str) -> list[tuple[int, int, str]]:
    """Places and what is written there instead, in order, without overlaps."""
    found = words(text)
    edits: list[tuple[int, int, str]] = []
    for at, word in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if edits and word.start < edits[-1][1]:
            continue
        joined = word.text + (after.text if after else "")
        if after is not None and joined in _SPOKEN_ZH and _ends_well(joined, found[at + 2 :]):
            edits.append((word.start, after.end, _SPOKEN_ZH[joined]))
        elif word.text in _SPOKEN_ZH and _ends_well(word.text, found[at + 1 :]):
            edits.append((word.start, word.end, _SPOKEN_ZH[word.text]))
        elif word.text in _HOW_ZH and _asks_for_way(before, after):
            edits.append((word.start, word.end, "如何"))
        elif word.text == "是不是" and after is not None and after.tag.startswith("v"):
            edits.append((word.start, word.end, "是否"))
        elif word.text == "有没有" and after is not None and after.tag not in ("x", "y"):
            edits.append((word.start, word.end, "是否有"))
    return edits


def _ends_well(word: str, rest: Sequence[Word]) -> bool:
    """A «能不能» at the end of a sentence has nothing to ask about."""
    asks = word in ("能不能", "可不可以", "会不会", "需不需要", "支不支持")
    return not asks or bool(rest and rest[0].tag != "x")


def _asks_for_way(before: Word | None, after: Word | None) -> bool:
    if after is None or after.tag in ("x", "y") or after.text in _NOT_HOW_ZH:
        return False
    if before is not None and before.text in _BEFORE_HOW_ZH:
        return False
    return after.tag in _SAID_OF_WAY
