"""English deictics of a query that point outside it: «this», «that store», «there».

«this week», «this error» and «is there» are none. In doubt nothing is found.
"""

import re
from collections.abc import Iterator

from core.text.rewriting.references.entities import mentions_a_name
from core.text.rewriting.references.entity_kinds import EntityKind
from core.text.rewriting.references.reference import Reference
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_EDGE, _END = r"(?<![A-Za-z0-9_'’-])", r"(?![A-Za-z0-9_'’-])"
_STOP = r"(?=\s*(?:[?.!,;:]|$))"
_THINGS = "|".join(_LISTS["things"])
_PLACES = "|".join(_LISTS["places"])
_AFTER_THING = (
    r"(?=\s*(?:[?.!,;:]|$)|\s+(?:is|are|was|has|have|had|does|do|did|can|could|will|would|should|may"
    r"|might|must|not"
    r"|with|for|to|in|on|at|from|of|and|or|but|if|when|without|support|supports|work|works|come|comes"
    r"|cost|costs|use"
    r"|uses|need|needs|run|runs|fit|fits|last|lasts|include|includes|charge|connect|require|waterproof"
    r"|compatible"
    r"|safe|worth|free|again|back|online|abroad|myself|open|closed|valid|legal|enforceable|refundable|covered"
    r"|available|scan|scans|print|prints|cover|covers|expire|expires|apply|applies|say|says|accept|deliver|ship"
    r"|still|also|allow|allows|near|today|located|big|loud|heavy|good)\b)"
)
_VERBS = "|".join(_LISTS["verbs"])
_THIS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), "ref")
    for pattern in (
        rf"{_EDGE}(?P<ref>(?:this|that|the same|the said)\s+(?P<noun>{_THINGS}|{_PLACES})){_END}"
        rf"{_AFTER_THING}",
        rf"\b(?:of|for|about|with|on|from|to|using|without|than)\s+(?P<ref>this|that){_STOP}",
        r"\b(?:does|did|will|can|could|would|should)\s+(?P<ref>this|that)(?=\s+(?:work|support|come|have|need|cover|apply"
        r"|cost|fit|include"
        r"|run|require|charge|use|connect|last|contain|ship|be)\b)",
        r"\b(?:is|was|isn['’]t)\s+(?P<ref>this)(?=\s+(?:still\s+|also\s+)?(?:compatible|waterproof"
        r"|available|covered"
        r"|refundable|included|supported|rechargeable|returnable|dishwasher|vegan|in stock)\b)",
        rf"\b(?:{_VERBS})\s+(?P<ref>this|that)(?=(?:\s+(?:online|abroad|myself|today|back|later))?\s*[?.!]*$)",
        r"\b(?:turn|switch)\s+(?P<ref>this|that)(?=\s+(?:on|off)\b)",
        r"\b(?:why|how come)\s+is\s+(?P<ref>this|that)(?=\s+(?:so|too|very|still|not)\b)",
        r"^(?P<ref>this|that)(?=\s+(?:won['’]t|doesn['’]t|isn['’]t|keeps|does not|will not|stopped)\b)",
    )
)
_THERE = re.compile(
    rf"\b(?P<verb>get|go|travel|walk|drive|fly|park|stay|eat|shop|pay|work"
    rf"|live)(?P<between>(?:\s+[a-z]+){{0,2}}?)\s+(?P<ref>there)"
    rf"(?:{_STOP}|(?=\s+(?:from|by|with|without|before|after|on)\b))",
    re.IGNORECASE,
)
# Anywhere else at the end: «is parking free there»; but not «is anyone there».
_THERE_AT_END = re.compile(
    rf"(?<!is )(?<!are )(?<!one )(?<!body )(?<!who )\b(?P<ref>there){_STOP}", re.IGNORECASE
)
_FROM_THERE = re.compile(rf"\bfrom\s+(?P<ref>there){_STOP}", re.IGNORECASE)
_TOWARDS = frozenset(_LISTS["towards"])
_ON_THE_WAY = frozenset(_LISTS["on_the_way"])


def deictics(query: str) -> Iterator[Reference]:
    """Every one of a query."""
    for pattern, group in _THIS:
        for match in pattern.finditer(query):
            start, end = match.span(group)
            if not mentions_a_name(query[:start]):
                noun = match.groupdict().get("noun") or ""
                yield _this(start, end, noun)
    taken: set[int] = set()
    for match in _THERE.finditer(query):
        moves = match["verb"].lower() in _TOWARDS and _ON_THE_WAY.issuperset(match["between"].lower().split())
        before = "to " if moves else "at "
        taken.add(match.start("ref"))
        yield Reference(*match.span("ref"), wants="place", before=before)
    for pattern, before in ((_FROM_THERE, ""), (_THERE_AT_END, "at ")):
        for match in pattern.finditer(query):
            if match.start("ref") not in taken:
                taken.add(match.start("ref"))
                yield Reference(*match.span("ref"), wants="place", before=before)


def _this(start: int, end: int, noun: str) -> Reference:
    if re.fullmatch(_PLACES, noun, re.IGNORECASE):
        others: tuple[EntityKind, ...] = ("organisation", "thing")
        return Reference(start, end, "place", noun=noun, or_else=others)
    return Reference(start, end, "thing", noun=noun)
