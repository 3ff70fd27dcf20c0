"""Question forms: politeness left out, spoken turns written as questions are asked in documents.

Only words that carry no content change: «请问», «could you tell me», «咋» → «怎么». Usual forms of a question
(«怎么» and «如何», «how do I» and «how to») are worth no wording of their own; they change along with others.
"""

import re
from collections.abc import Sequence

from core.sentences import Sentence, sentence
from core.text.rewriting.questions_zh import politeness, turns
from core.text.rewriting.references.reference import Rewording
from core.text.rewriting.spans import ProtectedSpan, is_free
from core.text.rewriting.words import is_chinese

# Nobody is politer than this: «你好，请问，麻烦问一下».
MOST_POLITE = 4

POLITE = "«{words}» says nothing of what is asked and was left out."
# Turns between usual forms of a question.
_USUAL_ZH = frozenset("如何 能否 是否 是否有 是否可以 是否会 是否需要 是否支持".split())

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
# One way for every blank to match: others would try them all for a query full of blanks.
_POLITE_END_EN = re.compile(
    r"(?<!\s)(?:\s*(?P<pause>[,.!;])\s*|\s*)\b(?:please|(?:many )?thanks|thank you|thanks in advance)"
    r"(?:\s*[.!]+)?(?:\s*(?P<mark>\?))?\s*$",
    re.I,
)
# «how to respond to a thank you», «how to say please»: there the words are what is asked about.
_SPEAKS_OF = re.compile(
    r"\b(?:a|an|the|my|your|his|her|their|this|that|no|some|any|to|of|for|with|about|than|like|and|or|as|is|not"
    r"|say|says|said|saying|tell|write|writing|send|sending|word|words|mean|means|translate|spell|big|many"
    r"|simple|heartfelt)\s*$",
    re.I,
)
# A query about these is none for the way: «how can I be charged twice».
_NOT_HOW_TO = (
    r"(?!(?:feel|like|think|do|know|mean|spell|say|pronounce|help|find (?:it|the)|compare|be|been|have|owe"
    r"|keep|get (?:charged|billed|locked|blocked|fined)|not|never|ever|still|already|even|only|possibly)\b)"
)
# What may be done to, one word, and words that go with a second one: my order, the phone number.
_TWO_WORDS = (
    r"[a-z-]+ (?:account|password|number|address|order|card|plan|subscription|ticket|appointment|email"
    r"|booking|code|name|policy|contract|membership|reservation|flight|profile|settings|bill|pin|notifications)"
)
_OBJECT = (
    rf"(?:my|the|a|an|your|our) (?:{_TWO_WORDS}|[a-z-]+)"
    r"(?: (?:online|abroad|early|(?:on|in|from|for|to|at|after|before|with|without|by|via|through) "
    r"(?:[a-z0-9'’-]+ ){0,3}?[a-z0-9'’-]+))?"
)
# After the object these make it a search for a fact: «return my order refund time».
_ASKED_OF = (
    r"(?!.*\b(?:times?|fees?|costs?|price|deadline|penalty|status|error|fail(?:s|ed)?|problem|not|how"
    r"|when)\b)"
)
_TURNS_EN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        # What others do is no way to be told: «how can you refuse my refund», «how can someone use my card».
        (rf"^how (?:do|can|could|would) (?:i|we) {_NOT_HOW_TO}(?=[a-z])", "how to "),
        (rf"^how (?:i|we) (?:can|could|should|would|do) {_NOT_HOW_TO}(?=[a-z])", "how to "),
        (r"^(?:what is|what['’]s) the way to (?=[a-z])", "how to "),
        (r"^what are the steps to (?=[a-z])", "how to "),
        (r"^what steps (?:do i|should i|must i) take to (?=[a-z])", "how to "),
        (r"^is there (?:a|any) way (?:for me )?to (?=[a-z])", "how to "),
        (
            rf"^{_ASKED_OF}(?=(?:reset|cancel|change|delete|update|install|uninstall|activate|renew|return"
            r"|replace|register|open|close|set up|turn off|turn on|connect|track|request|transfer|upgrade"
            rf"|recover|unlock|verify|add|remove) {_OBJECT}\s*$)",
            "how to ",
        ),
    )
)
# Behind «could you tell me» the words stand as in a statement; asked alone, as in a question.
_WHETHER_EN = re.compile(
    r"^(?:if|whether) (?P<who>i|we) (?P<verb>can|could|may|might|must|should|will|would) (?P<rest>.+)$",
    re.I,
)
_WHAT_EN = re.compile(
    r"^(?P<what>what|where|who) "
    r"(?P<of>(?:the|my|your|our|this|that)\b"
    r"(?:(?!\b(?:and|or|but) (?:what|where|who|when|how|why|which|if|whether)\b)[^?.!,;])*?) "
    r"(?P<be>is|are|was|were)"
    r"(?P<mark>\s*\??)\s*$",
    re.I,
)
# «How long it takes» asks nothing by itself; «how long does it take», «which bank is open», «how to pay» do.
_ASKS_NOTHING = re.compile(
    r"^(?:how|what|why|when|where|which|who)\b(?!\s+to\b)(?!"
    r"(?:\s+(?!(?:i|we|you|he|she|it|they|the|an?|my|your|our|his|her|its|their|this|that)\b)[a-z]+)?"
    r"\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|must|may|has|have|had)\b)",
    re.I,
)


def turn_question(query: str, spans: Sequence[ProtectedSpan]) -> Rewording | None:
    """The query without politeness and in the usual form of a question; None when it has that already."""
    return _chinese(query, spans) if is_chinese(query) else _english(query, spans)


def _english(query: str, spans: Sequence[ProtectedSpan]) -> Rewording | None:
    text, reasons = query.strip(), []
    if query.isupper() or (spans and spans[0].start == 0):
        return None
    for pattern in (*_POLITE_EN, *_POLITE_EN):
        match = pattern.match(text)
        rest = text[match.end() :] if match is not None else ""
        asked = _asked(rest)
        if match is not None and asked:
            reasons.append(sentence(POLITE, words=match.group().strip()))
            if asked != rest:
                reasons.append(sentence(TURNED, old=rest, new=asked))
            text = asked
    end = _POLITE_END_EN.search(text)
    if end is not None and end.start() > 0 and (end["pause"] or not _SPEAKS_OF.search(text[: end.start()])):
        reasons.append(sentence(POLITE, words=end.group().strip(" ,.!?")))
        text = text[: end.start()] + (end["mark"] or "")
    if not reasons:
        return None
    text, reason = _turned(text)
    if reason is not None:
        reasons.append(reason)
    if reason is None and _ASKS_NOTHING.match(text):
        text = text.rstrip("? ")
    if query.strip()[:1].isupper():
        text = text[:1].upper() + text[1:]
    return Rewording(text, tuple(reasons))


def _turned(text: str) -> tuple[str, Sentence | None]:
    for pattern, new in _TURNS_EN:
        match = pattern.match(text)
        if match is None:
            continue
        old = match.group().strip()
        if old:
            return new + text[match.end() :], sentence(TURNED, old=old, new=new.strip())
        turned = new + text[:1].lower() + text[1:]
        return turned, sentence(TURNED, old=text, new=turned)
    return text, None


def _asked(rest: str) -> str | None:
    """What stood behind the politeness, as a question of its own; None when it cannot be one."""
    what = _WHAT_EN.match(rest)
    if what is not None:
        return f"{what['what']} {what['be']} {what['of']}{what['mark']}"
    if not re.match(r"(?:if|whether)\b", rest, re.IGNORECASE):
        return rest
    whether = _WHETHER_EN.match(rest)
    return whether and f"{whether['verb']} {whether['who']} {whether['rest']}"


def _chinese(query: str, spans: Sequence[ProtectedSpan]) -> Rewording | None:
    text, reasons = query.strip(), []
    offset = query.index(text) if text else 0
    removed = 0
    for _ in range(MOST_POLITE):
        end = politeness(text, removed)
        if not removed < end <= len(text) - 2:
            break
        if not is_free(spans, offset + removed, offset + end):
            break
        reasons.append(sentence(POLITE, words=text[removed:end].strip("，,：:、！!。 ")))
        removed = end
    edits = [
        (start, end, new)
        for start, end, new in turns(text)
        if start >= removed and is_free(spans, offset + start, offset + end)
    ]
    if not reasons and all(new in _USUAL_ZH for _, _, new in edits):
        return None
    for start, end, new in reversed(edits):
        reasons.append(sentence(TURNED, old=text[start:end], new=new))
        text = text[:start] + new + text[end:]
    return Rewording(text[removed:], tuple(reasons)) if reasons else None
