"""English pronouns of a query that point outside it: «it», «she», «their», «the former».

Deictics («this», «that store», «there») are found in `deictics_en`.
An expletive («it is raining»), a pronoun whose noun stands in the query itself, an idiom and a quotation
are no references. In doubt nothing is found.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.references.deictics_en import deictics
from core.text.rewriting.references.entities import mentions_a_name
from core.text.rewriting.references.entity_kinds import EntityKind
from core.text.rewriting.references.people import Gender
from core.text.rewriting.references.reference import Number, Reference
from core.text.rewriting.spans import ProtectedSpan, is_free
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_EDGE, _END = r"(?<![A-Za-z0-9_'’-])", r"(?![A-Za-z0-9_'’-])"
_PRONOUN = re.compile(
    rf"{_EDGE}(?P<word>[Ii]t['’]s|[Ii]ts|[Ii]t|[Hh]e|[Ss]he|him|[Hh]is|[Hh]er|[Tt]hey|them|[Tt]heir){_END}"
)
_GENDERS: dict[str, Gender] = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female"}
_MANY = frozenset(("they", "them", "their"))
# The verb of «they» before or after it, and the same of one.
_OF_ONE = {"do": "does", "are": "is", "were": "was", "have": "has", "don't": "doesn't", "aren't": "isn't"}
_VERB_BEFORE = re.compile(rf"\b(?P<verb>{'|'.join(_OF_ONE)})\s+$", re.IGNORECASE)
# «it support hours» and «call the it department» are about computers; «does it support» is not.
_ABOUT_COMPUTERS = "|".join(_LISTS["computers"])
_COMPUTERS = re.compile(rf"\s+(?:{_ABOUT_COMPUTERS})\b", re.IGNORECASE)
_BEFORE_COMPUTERS = re.compile(
    r"(?:^|\b(?:the|our|my|your|contact|call|ask|from|to|with|company|an|for))\s*$", re.IGNORECASE
)
_COURTESY = re.compile(r"\s+(?:majesty|highness|excellency|honou?r)\b", re.IGNORECASE)
# Whom «they» of a query may be that names somebody: tenants, someone.
_PEOPLE_BEFORE = re.compile(
    r"\b(?:[a-z]{2,}(?<!doe)(?<!ha)(?<!i)(?<!wa)(?<!thi)(?<!u)(?<!s)s|people|someone|somebody|anyone|anybody|everyone"
    r"|everybody|staff|children|men|women|person|who|company|companies)\b",
    re.IGNORECASE,
)
_TWO = re.compile(r"\bthe\s+(?P<which>former|latter)(?!['’-])\b(?P<after>.*)", re.IGNORECASE)
# «the former owner has»: there it is said of a noun.
_OF_NOUN = re.compile(
    r"\s+(?:half|part|name|address|owners?|employ\w+|husband|wife|president|tenants?|landlords?|colleagues?"
    r"|years?|days?|stages?|case|customers?|members?|students?|partners?|boss)\b"
    r"|\s+(?!is|are|was|has|have|can|will|still|also|not|be|do|does)[a-z]+\s+(?:has|have|is|are|was|can|will|must|needs?)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"^(?P<which>which (?:one|of (?:them|the two|these|those)))(?=\s+(?:is|are"
    r"|has|have|was|does|do|can|will|would|should"
    r"|[a-z]+s)\b)",
    re.IGNORECASE,
)

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
        r"\bit\s+(?:says|said|tells me|told me|asks? me|keeps (?:saying|telling|asking))\b",
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
# «is there a dark mode in it».
_EXISTS = re.compile(r"\b(?:is|are|was) there (?:a|an|any)\b", re.IGNORECASE)
_JOINS_ON_EXISTING = frozenset(("in", "with"))


def find_english(query: str, spans: Sequence[ProtectedSpan], terms: Sequence[str]) -> tuple[Reference, ...]:
    """Every reference of the query, in order. terms: of the glossary, which are nouns, too."""
    if query.isupper():
        # In capitals «IT» may be a department.
        return ()
    found = [*_twos(query), *_pronouns(query, terms), *deictics(query)]
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
        before, after = query[:start], query[end:]
        if any(first <= start and end <= last for first, last in idle):
            continue
        if _COURTESY.match(after) or (_COMPUTERS.match(after) and _BEFORE_COMPUTERS.search(before)):
            continue
        of_them = word == "them" and re.search(r"\b(?:for|with|on|in|to|about)\s+$", before) is not None
        people_before = word in _MANY and not of_them and _PEOPLE_BEFORE.search(before) is not None
        if _has_antecedent(before, wants, terms) or people_before:
            continue
        yield Reference(
            start,
            end,
            wants,
            after=_ending(word, after),
            number="many" if word in _MANY else "one",
            gender=_GENDERS.get(word, ""),
            verbs=_verbs(before) if word == "they" else (),
        )


def _verbs(before: str) -> tuple[tuple[int, int, str], ...]:
    """The verb before «they», and what it is with one."""
    match = _VERB_BEFORE.search(before)
    if match is None:
        return ()
    verb = _OF_ONE[match["verb"].lower().replace("’", "'")]
    written = verb.capitalize() if match["verb"][0].isupper() else verb
    return ((*match.span("verb"), written),)


def _ending(word: str, rest: str) -> str:
    if word == "it's":
        return " has" if rest.lstrip().startswith("been") else " is"
    possessive = word in ("its", "his", "their") or (
        word == "her" and re.match(r"\s+[a-z]", rest) is not None
    )
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
    joins = _JOINS_ON[wants] | (_JOINS_ON_EXISTING if _EXISTS.search(before) else frozenset())
    return end is None or end.group().lower() not in joins


def _is_clause(text: str) -> bool:
    """A clause long enough to have a subject, bare or not: «why does water expand | when it freezes»."""
    return len(text.split()) >= _CLAUSE_WORDS and not _REFERRING.search(text)


def _twos(query: str) -> Iterator[Reference]:
    """The former, the latter, and «which one» of two that the context names."""
    for match in _TWO.finditer(query):
        if not mentions_a_name(query[: match.start()]) and not _OF_NOUN.match(match["after"]):
            number: Number = "first" if match["which"].lower() == "former" else "second"
            end = match.end("which")
            yield Reference(match.start(), end, "thing", number=number, or_else=("person", "place"))
    which = _WHICH.match(query)
    if which is not None and not mentions_a_name(query):
        before = "which one, "
        yield Reference(
            *which.span("which"),
            "thing",
            before=before,
            after=",",
            number="pair",
            conjunction="or",
            quiet=True,
        )
