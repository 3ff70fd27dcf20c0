"""English pronouns and deictics of a query that point outside it: «it», «its», «this», «this phone», «there».

An expletive («it is raining»), a pronoun whose noun stands in the query itself, an idiom and a quotation
are no references. In doubt nothing is found.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.entities import mentions_a_name
from core.text.rewriting.entity_kinds import EntityKind
from core.text.rewriting.reference import Reference
from core.text.rewriting.spans import ProtectedSpan, is_free
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_EDGE, _END = r"(?<![A-Za-z0-9_'’-])", r"(?![A-Za-z0-9_'’-])"
_STOP = r"(?=\s*(?:[?.!,;:]|$))"
_PRONOUN = re.compile(rf"{_EDGE}(?P<word>[Ii]t['’]s|[Ii]ts|[Ii]t|[Hh]e|[Ss]he|him|[Hh]is|[Hh]er){_END}")

_SKY = "|".join(_LISTS["sky"])
_OPINION = "|".join(_LISTS["opinion"])
_ADVERBS = (
    r"(?:(?:really|very|so|too|still|already|always|ever|even|usually|not|n't|just|that|more|much|also)\s+)*"
)
_BE = r"(?:is|was|will be|would be|has been|gets|got|gets so|became|becomes|isn['’]t|wasn['’]t|is not)"
_EXPLETIVES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bit(?:['’]s\s+|\s+{_BE}\s+)(?:going to\s+)?{_ADVERBS}(?:{_SKY})\b",
        rf"\b(?:is|was|isn['’]t|wasn['’]t|will|would|can|could|might|may|does|did|has|if)\s+it\s+(?:be\s+"
        rf"|get\s+|been\s+)?"
        rf"(?:going to\s+)?{_ADVERBS}(?:{_SKY})\b",
        rf"\bit(?:['’]s\s+|\s+{_BE}\s+){_ADVERBS}(?:an?\s+)?(?:{_OPINION})\b(?:\s+\w+){{0,3}}?\s+"
        r"(?:to|that|for|if|when|\w+ing)\b",
        rf"\b(?:is|was|isn['’]t|wasn['’]t|would|will|can|could|should)\s+it\s+(?:be\s+)?{_ADVERBS}(?:an?\s+)?"
        rf"(?:{_OPINION})\b(?:\s+\w+){{0,3}}?\s+(?:to|that|for|if|when|\w+ing)\b",
        r"\bit\s+(?:does(?:n['’]t| not)\s+|did(?:n['’]t| not)\s+|do\s+)?(?:seems?|appears?|turn(?:s"
        r"|ed)? out|takes?|took"
        r"|matters?|depends?|looks? like|sounds? like|happens?|follows?|feels? like)\b",
        r"\b(?:does|did|will|would|can|could|should|do)\s+it\s+(?:usually\s+|normally\s+|typically\s+"
        r"|really\s+|actually\s+)?"
        r"(?:seem|appear|turn out|take|matter|depend|look like|feel like|happen|hurt to|make sense)\b",
        r"\b(?:does|did|will|would)\s+it\s+cost\b.*\bto\s+[a-z]+",
        r"\bit\s+costs?\b.*\bto\s+[a-z]+",
        r"\b(?:take|taking|takes)\s+it\s+easy\b|\bcall\s+it\s+a\s+day\b|\bwhen\s+it\s+comes\s+to\b"
        r"|\bas\s+it\s+(?:is|were)\b"
        r"|\bthat['’]s\s+it\b|\bhow(?:['’]s|\s+is)\s+it\s+going\b|\bwho\s+is\s+it\b|\b(?:time|day|date"
        r"|year)\s+is\s+it\b"
        r"|\bbelieve\s+it\s+or\s+not\b|\bworth\s+it\b|\b(?:(?:i|we|you|to|can|just|one|they|should|not|please)\s+do|doing|done)\s+it\b"
        r"|\bmak(?:e|es"
        r"|ing)\s+it\b|\bmade\s+it\b"
        r"|\b(?:find|finds|found|think|consider|believe)\s+it\s+(?:\w+\s+)?(?:hard|difficult|easy"
        r"|necessary|possible|useful"
        r"|helpful|important|strange|odd)\b|\bgets?\s+it\b|\bgot\s+it\b|\bif\s+it\s+(?:weren['’]t"
        r"|wasn['’]t)\s+for\b"
        r"|\blet\s+it\s+be\b|\bwhat\s+is\s+it\s+like\b|\bit\s+is\s+\d|\bit['’]s\s+\d|\bit(?:['’]s"
        r"|\s+is)\s+(?:like\s+to|said)\b"
        r"|\bis\s+it\s+(?:just\s+)?me\b|\bis\s+it\s+(?:true|ok|okay)\b|\bwhy\s+is\s+it\s+that\b"
        r"|\bhow\s+is\s+it\s+that\b",
    )
)
_CLAUSE = re.compile(
    r"[,;:.!?]|\b(?:and|but|or|when|if|because|so|while|after|before|until|since|although|unless|once"
    r"|then)\b",
    re.I,
)
_CLAUSE_WORDS = 3
# A clause with a pronoun of its own names nothing that the next could take up.
_REFERRING = re.compile(r"\b(?:it|its|it['’]s|this|that|he|she|him|his|her)\b", re.I)
_NOUN_PHRASE = re.compile(
    r"\b(?:the|a|an|my|our|your|these|those|some|any|every|each|no|another)\s+(?P<rest>[a-z].*)", re.I
)
_ENDS_PHRASE = re.compile(
    r"[,;:.!?]|\b(?:of|to|for|between|with|about|on|in|from|at|than|and|or|but|when|if|while|because|that"
    r"|which|is|are"
    r"|was|were|do|does|did|can|will|has|have|i|you|we|they|it|its|it['’]s)\b",
    re.I,
)
# «turn off 2FA on it»: the name before the preposition is no more what the pronoun stands for.
_JOINED_NAME = re.compile(r"[A-Z0-9]\w*\s+(?:of|for|with|about|on|in|from|to)\s+$")
_JOINS_ON: dict[EntityKind, frozenset[str]] = {
    "thing": frozenset("of to for between about on".split()),
    "person": frozenset("of for".split()),
}

_THINGS = "|".join(_LISTS["things"])
_AFTER_THING = (
    r"(?=\s*(?:[?.!,;:]|$)|\s+(?:is|are|was|has|have|had|does|do|did|can|could|will|would|should|may"
    r"|might|must|not"
    r"|with|for|to|in|on|at|from|of|and|or|but|if|when|without|support|supports|work|works|come|comes"
    r"|cost|costs|use"
    r"|uses|need|needs|run|runs|fit|fits|last|lasts|include|includes|charge|connect|require|waterproof"
    r"|compatible"
    r"|safe|worth|free|again|back|online|abroad|myself)\b)"
)
_VERBS = "|".join(_LISTS["verbs"])
_THIS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), "ref")
    for pattern in (
        rf"{_EDGE}(?P<ref>(?:this|that|the same|the said)\s+(?:{_THINGS})){_END}{_AFTER_THING}",
        rf"\b(?:of|for|about|with|on|from|to|using|without|than)\s+(?P<ref>this|that){_STOP}",
        r"\b(?:does|did|will|can|could|would|should)\s+(?P<ref>this)(?=\s+(?:work|support|come|have|need"
        r"|cost|fit|include"
        r"|run|require|charge|use|connect|last|contain|ship|be)\b)",
        r"\b(?:is|was|isn['’]t)\s+(?P<ref>this)(?=\s+(?:still\s+|also\s+)?(?:compatible|waterproof"
        r"|available|covered"
        r"|refundable|included|supported|rechargeable|returnable|dishwasher|vegan|in stock)\b)",
        rf"\b(?:{_VERBS})\s+(?P<ref>this|that)(?=\s*[?.!]*$)",
        r"^(?P<ref>this|that)(?=\s+(?:won['’]t|doesn['’]t|isn['’]t|keeps|does not|will not|stopped)\b)",
    )
)
_THERE = re.compile(
    rf"\b(?P<verb>get|go|travel|walk|drive|fly|park|stay|eat|shop|pay|work"
    rf"|live)(?P<between>(?:\s+[a-z]+){{0,2}}?)\s+(?P<ref>there){_STOP}",
    re.IGNORECASE,
)
_TOWARDS = frozenset(_LISTS["towards"])
_ON_THE_WAY = frozenset(_LISTS["on_the_way"])


def find_english(query: str, spans: Sequence[ProtectedSpan], terms: Sequence[str]) -> tuple[Reference, ...]:
    """Every reference of the query, in order. terms: of the glossary, which are nouns, too."""
    if query.isupper():
        # In capitals «IT» may be a department.
        return ()
    found = [*_pronouns(query, terms), *_deictics(query)]
    return tuple(
        reference
        for reference in sorted(found, key=lambda one: one.start)
        if is_free(spans, reference.start, reference.end)
    )


def _pronouns(query: str, terms: Sequence[str]) -> Iterator[Reference]:
    idle = [match.span() for pattern in _EXPLETIVES for match in pattern.finditer(query)]
    for match in _PRONOUN.finditer(query):
        start, end = match.span("word")
        word = match["word"].lower().replace("’", "'")
        wants: EntityKind = "thing" if word.startswith("it") else "person"
        if any(first <= start and end <= last for first, last in idle):
            continue
        if _has_antecedent(query[:start], wants, terms):
            continue
        yield Reference(start, end, wants, after=_ending(word, query[end:]))


def _ending(word: str, rest: str) -> str:
    if word == "it's":
        return " has" if rest.lstrip().startswith("been") else " is"
    possessive = word in ("its", "his") or (word == "her" and re.match(r"\s+[a-z]", rest) is not None)
    return "'s" if possessive else ""


def _has_antecedent(before: str, wants: EntityKind, terms: Sequence[str]) -> bool:
    """Whether the query itself says, ahead of the pronoun, what or whom it stands for."""
    if any(_is_clause(before[: match.start()]) for match in _CLAUSE.finditer(before)):
        return True
    named = mentions_a_name(before)
    if named and not _JOINED_NAME.search(before):
        return True
    if _CLAUSE.search(before) and mentions_a_name(before, terms):
        return True
    phrase = _NOUN_PHRASE.search(before)
    if phrase is None:
        return False
    rest = phrase["rest"]
    if _CLAUSE.search(rest):
        return True
    # «the price of it», «the way to reset it»: the noun is said of the pronoun, not replaced by it.
    end = _ENDS_PHRASE.search(rest)
    return end is None or end.group().lower() not in _JOINS_ON[wants]


def _is_clause(text: str) -> bool:
    """A clause long enough to have a subject, bare or not: «why does water expand | when it freezes»."""
    return len(text.split()) >= _CLAUSE_WORDS and not _REFERRING.search(text)


def _deictics(query: str) -> Iterator[Reference]:
    for pattern, group in _THIS:
        for match in pattern.finditer(query):
            start, end = match.span(group)
            if not mentions_a_name(query[:start]):
                yield Reference(start, end, "thing")
    for match in _THERE.finditer(query):
        moves = match["verb"].lower() in _TOWARDS and _ON_THE_WAY.issuperset(match["between"].lower().split())
        before = "to " if moves else "at "
        yield Reference(*match.span("ref"), wants="place", before=before)
