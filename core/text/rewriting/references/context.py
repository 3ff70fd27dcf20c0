"""Makes a query stand alone: pronouns become what the context names, a missing subject is added.

Which words are pronouns is known by `references_*`, what the context names by `entities`, which of it is
meant by `choice`.
"""

import re
from collections.abc import Sequence

from core.sentences import Sentence, sentence
from core.text.rewriting.references.choice import Choice, choose
from core.text.rewriting.references.entity_kinds import Entity
from core.text.rewriting.references.reference import Reference, Rewording
from core.text.rewriting.references.references_en import find_english
from core.text.rewriting.references.references_zh import find_chinese
from core.text.rewriting.spans import ProtectedSpan, protected_spans
from core.text.rewriting.words import is_chinese, language_of
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

STANDS_FOR = "«{pronoun}» stands for «{entity}», which the context names."
NO_SUBJECT = "The query does not say of what; the context names «{entity}»."
SEVERAL = "«{pronoun}» may stand for «{first}» or for «{second}»."
LIKELY = "«{pronoun}» seems to stand for something like «{entity}»: write it into the query."
UNRESOLVED = "The context does not name what «{pronoun}» stands for."

_VERBS_ZH = "|".join(_LISTS["verbs_zh"])
_ASKS_ZH = "|".join(_LISTS["asks_zh"])
_ATTRIBUTES_ZH = "|".join(_LISTS["attributes_zh"])
_ASKED_ZH = "|".join(_LISTS["asked_zh"])
# A shop or an office has these, too.
_OF_PLACES = re.compile("营业时间|地址|电话|opening hours|address|phone number", re.I)
_END_ZH = r"(?:一下)?(?:吗|呢|啊|呀)?[？?。]*$"
_MISSING_ZH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"^(?P<polite>请问)?(?=(?:{_ASKS_ZH})(?:才能|可以|能|去)?(?:{_VERBS_ZH}){_END_ZH})"), ""),
    (
        re.compile(
            r"^(?P<polite>请问)?(?=(?:多少钱|多大|多重|多高|多久到货|多久发货|多久到账|保修多久|能用多久"
            r"|好用吗|好用不好用|防水吗|值得买吗"
            r"|贵吗|贵不贵|耐用吗|支持.{1,12}吗|支不支持.{1,12}|是什么意思|是什么|什么意思|有什么用"
            r"|什么时候到期|什么时候发货"
            r"|什么时候上市|为什么打不开|为什么连不上|为什么开不了机|打不开怎么办|连不上怎么办|坏了怎么办"
            r"|丢了怎么办|开不了机怎么办)"
            r"[？?。]*$)"
        ),
        "",
    ),
    (re.compile(rf"^(?P<polite>请问)?(?=(?:{_ATTRIBUTES_ZH})(?:{_ASKED_ZH})?[？?。]*$)"), "的"),
)

_VERBS_EN = "|".join(_LISTS["verbs_en"])
_BREAKS_EN = "|".join(_LISTS["breaks_en"])
_ATTRIBUTES_EN = "|".join(_LISTS["attributes_en"])
_NEGATED_EN = r"doesn['’]t|does not|won['’]t|will not"
# What joins the entity to the end of the query; None puts it in front.
_MISSING_EN: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (
        re.compile(
            rf"^(?P<head>(?:how (?:to|do i|do you|can i|do we|can we|should i)|where (?:to|can i|do i)"
            rf"|when can i|can i)"
            rf" (?:{_VERBS_EN}))(?P<tail>\s*\?*)$",
            re.I,
        ),
        " ",
    ),
    (
        re.compile(
            rf"^(?P<head>(?:{_NEGATED_EN}) (?:{_BREAKS_EN})\b(?! (?:the|a|an|my|your|this|it)\b).*)$", re.I
        ),
        None,
    ),
    (re.compile(r"^(?P<head>(?:keeps|stopped|stops) [a-z]+ing\b.*)$", re.I), None),
    (re.compile(rf"^(?P<head>(?:{_ATTRIBUTES_EN})(?P<tail>\s*\?*))$", re.I), None),
    (
        re.compile(
            rf"^(?P<head>(?:and |so )?(?:what|how) about the (?:{_ATTRIBUTES_EN}))(?P<tail>\s*\?*)$", re.I
        ),
        " of ",
    ),
    (
        re.compile(rf"^(?P<head>what(?: is|['’]s| are) the (?:{_ATTRIBUTES_EN}))(?P<tail>\s*\?*)$", re.I),
        " of ",
    ),
    (re.compile(r"^(?P<head>how much)(?P<tail>\s*\?*)$", re.I), " is "),
)


def resolve_references(
    query: str, entities: Sequence[Entity], spans: Sequence[ProtectedSpan], terms: Sequence[str] = ()
) -> Rewording | None:
    """Every pronoun and deictic replaced by the likeliest entity of its kind; None when none is there.

    A query that names the entity itself is left alone: it needs no help.
    """
    changed: list[tuple[Reference, Choice]] = []
    for reference in _references(query, spans, terms):
        choice = _choice(reference, entities, query)
        if choice.text is not None:
            changed.append((reference, choice))
        elif reference.is_pronoun(query):
            # Half a query resolved misleads: «does AXA cover him».
            return None
    if not changed:
        return None
    text, reasons = query, []
    for reference, choice in reversed(changed):
        text = _replaced(text, reference, choice)
    for reference, choice in changed:
        facts = {"pronoun": query[reference.start : reference.end], "entity": choice.text}
        reasons.append(sentence(STANDS_FOR, **facts))
    inserted = (entity.text for _, choice in changed for entity in choice.entities)
    return Rewording(text, tuple(reasons), tuple(dict.fromkeys(inserted)))


def unresolved(
    query: str, entities: Sequence[Entity], spans: Sequence[ProtectedSpan], terms: Sequence[str] = ()
) -> tuple[Sentence, ...]:
    """What to say of references for which the context names nothing, or more than one."""
    said: list[Sentence] = []
    for reference in _references(query, spans, terms):
        choice = choose(reference, entities)
        pronoun = query[reference.start : reference.end]
        if choice.rivals:
            first, second = choice.rivals
            said.append(sentence(SEVERAL, pronoun=pronoun, first=first.text, second=second.text))
        elif choice.likely is not None:
            said.append(sentence(LIKELY, pronoun=pronoun, entity=choice.likely.text))
        elif choice.text is None and not reference.quiet:
            said.append(sentence(UNRESOLVED, pronoun=pronoun))
    return tuple(said)


def _replaced(text: str, reference: Reference, choice: Choice) -> str:
    """The query with one reference replaced. The verb of «do they» stands before it."""
    inside = any(entity.inside for entity in choice.entities)
    before = "in " if reference.before == "at " and inside else reference.before
    after = reference.after
    # «Mr. Collins' extension».
    if after == "'s" and len(choice.entities) == 1 and choice.entities[0].plural:
        after = "'"
    insertion = _spaced(text, reference, f"{before}{choice.text}{after}")
    text = text[: reference.start] + insertion + text[reference.end :]
    if not any(entity.plural for entity in choice.entities) and len(choice.entities) == 1:
        for start, end, verb in reference.verbs:
            text = text[:start] + verb + text[end:]
    return text


def add_subject(query: str, entities: Sequence[Entity]) -> Rewording | None:
    """The entity of the context written where the query leaves out what it asks about."""
    name = _choice(Reference(0, 0, "thing"), entities, query).text
    if name is None and _OF_PLACES.search(query):
        name = _choice(Reference(0, 0, "place"), entities, query).text
    if name is None:
        return None
    text = _with_subject_zh(query, name) if is_chinese(query) else _with_subject_en(query, name)
    if text is None:
        return None
    return Rewording(text, (sentence(NO_SUBJECT, entity=name),), (name,))


def _references(query: str, spans: Sequence[ProtectedSpan], terms: Sequence[str]) -> tuple[Reference, ...]:
    return find_chinese(query, spans) if language_of(query) == "zh" else find_english(query, spans, terms)


def _choice(reference: Reference, entities: Sequence[Entity], query: str) -> Choice:
    """As chosen; nothing where the query names it itself."""
    choice = choose(reference, entities)
    named = any(entity.text.casefold() in query.casefold() for entity in choice.entities)
    return Choice(None) if named else choice


def _spaced(text: str, reference: Reference, insertion: str) -> str:
    """A Latin name inside Chinese gets no blank; between Latin words one is there already."""
    before, after = text[: reference.start][-1:], text[reference.end :][:1]
    left = " " if insertion[:1].isascii() and before.isascii() and before.isalnum() else ""
    right = " " if insertion[-1:].isascii() and after.isascii() and after.isalnum() else ""
    return left + insertion + right


def _with_subject_zh(query: str, entity: str) -> str | None:
    stripped = query.strip()
    for pattern, joint in _MISSING_ZH:
        match = pattern.match(stripped)
        if match is not None:
            polite = match["polite"] or ""
            return polite + entity + joint + stripped[len(polite) :]
    return None


def _with_subject_en(query: str, entity: str) -> str | None:
    stripped = query.strip()
    if any(span.kind == "quoted" for span in protected_spans(stripped)):
        return None
    for pattern, joint in _MISSING_EN:
        match = pattern.match(stripped)
        if match is None:
            continue
        head = match["head"]
        if joint is None:
            return f"{entity} {head[:1].lower()}{head[1:]}"
        return head + joint + entity + match["tail"]
    return None
