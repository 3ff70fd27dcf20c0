"""Latin names of a text: capitalised words and figures, with the noun that says what they are.

«Nike Pegasus 41 shoes» is one name, and plural; «Using» and «Looking» at a sentence's start are verbs. What a
name may be is decided in `entity_kinds`.
"""

import re
from collections.abc import Iterator

from core.text.rewriting.references.entity_kinds import BESIDE, GROUP, NAMED, Entity, kinds_en
from core.text.rewriting.references.people import gender_en, has_first_name
from core.text.rewriting.spans import half_width
from core.text.rewriting.words import is_chinese
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_TITLE = r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Madam)\.?"
_NAME_WORD = (
    r"(?:[A-Z][A-Za-z0-9&+'’-]*(?:\.(?:js|io|com|net|ai|org|app|NET))?|[a-z]{1,2}[A-Z][A-Za-z0-9]*"
    r"|[A-Za-z]*\d(?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
)
_NAME = rf"{_NAME_WORD}(?:[ -](?:(?:of|and|for|de|von)[ ](?=[A-Z])(?!{_TITLE}\s))?{_NAME_WORD})*"
# «Protection from Harassment Act».
_STATUTE = (
    r"[A-Z][A-Za-z-]+(?: (?:from|of|and|to|in|on|against|for|the|at|[A-Z][A-Za-z-]+)){0,8}"
    r" (?:Act|Regulations?|Directive|Convention|Treaty|Charter|Code)(?: \d{4})?\b"
)
_LATIN_NAME = re.compile(rf"(?<![A-Za-z0-9_])(?:{_STATUTE}|{_NAME})")
_AND_NAMES = frozenset(_LISTS["and_names"])
_ENDS_ONE_NAME = re.compile(
    r"\b(?:Act|Agreement|Department|Office|Company|Ministry|Inc|Ltd|Conditions|Committee)$"
)
_TITLED = re.compile(rf"(?<![A-Za-z0-9_]){_TITLE}\s+{_NAME}")
_NO_ENTITIES = frozenset(_LISTS["no_entities"])
_NO_NAMES = frozenset(_LISTS["no_names"])
# A sentence's first word is a verb where an article, a name or a preposition follows.
_FIRST_VERB = re.compile(r"[A-Z][a-z]+(?:ing|ed)(?=$| )")
_FIRST_WORD = re.compile(r"[A-Z][a-z]+")
# «Saw the …», «Picked up my …»: a verb has an object.
_VERB_BY_OBJECT = re.compile(
    r" (?:up |out |off |on )?(?:the|a|an|my|our|your|his|her|their|this|that|these"
    r"|those|some|two|three|it|me|us|them)\b"
)
_STARTS = re.compile(r"(?:^|[.!?:;]\s+|\n\s*)$")
_NOUNS = "|".join(sorted((*_LISTS["nouns"], *_LISTS["plural_nouns"]), key=len, reverse=True))
_NOUN = re.compile(rf" (?P<noun>{_NOUNS})\b(?! [a-z]+ing\b)")
_PLURAL = re.compile(rf"\b(?:{'|'.join(_LISTS['plural_nouns'])})$")
_SEVERAL = re.compile(r" [a-z-]+(?<![sui])s$")
_BESIDE = re.compile(r"(?:^|\W)(?:from|by|at|in|on|via|through|with|to|near|using)\s+(?:the\s+|a\s+)?$", re.I)
# «the Apple Store in Hamburg»: the city only says where the place is.
_IN_CITY = re.compile(r"[A-Z][\w'’-]*,? in\s+$")
_INSIDE = re.compile(r"(?:^|\W)in\s+$", re.I)
# «a Braun thermometer», «ordered Camper sandals»: what follows says what it is, unless it is a verb.
_HEADED = re.compile(
    r"\b(?:a|an|the|my|our|your|his|her|their|this|that|some|me|us|new|of|bought|buy|got|get|ordered|order|have|has|had|use|uses"
    r"|using|own|owns|chose|want|like|rented|installed|received|returned|gave|try|trying|with|from|to|for|on)\s+$",
    re.I,
)
_HEAD = re.compile(r" (?P<noun>[a-z]+(?:-[a-z]+)*(?<!ed)(?<!ing)(?<!ly))(?= |[.,;!?]|$)")
_TWO_HEADS = re.compile(r" (?P<noun>[a-z-]+ [a-z-]+)")
# «Is the Fjallraven Raven 28 good for school?».
_ASKS = re.compile(
    r"(?:^|[.!?]\s+)(?:is|are|was|were|do|does|did|can|could|will|would|has|have|should)\b[^.!?]*$", re.I
)
# «Should I get the Lush shampoo bar».
_TAKES = re.compile(
    r"\b(?:get|buy|choose|take|use|order|try|keep|install|book|pick|want|have)\s+(?:the|a|an|my|our)\s+$",
    re.I,
)
_DETERMINER = re.compile(r"\b(?:the|my|our|your|his|her|their|this|that|a|an|new)\s+$", re.I)
_BEFORE_NAMES = frozenset((*_LISTS["before_names"], *_LISTS["nouns"], *_LISTS["plural_nouns"]))
# What a sentence says of a thing; «Ops moved us» says what somebody did.
_STATE = re.compile(
    r" (?:is|was|has|had|does|did|can|will|won['’]t|doesn['’]t|isn['’]t|keeps"
    r"|stopped|crashed|froze|failed|broke|died"
    r"|arrived|expired)\b"
)
_WORD_BEFORE = re.compile(r"(?:^|[^a-zA-Z'’-])([a-z][a-z'’-]*)\s+$")
_VERB_ENDS = re.compile(r"(?:ed|ing|ly|s)$")
# «we evaluate Zendesk»: after a person comes a verb.
_VERB_BEFORE = re.compile(
    r"\b(?:i|we|you|they|who|to|please|can|could|will|would|should|might|must|did|do|don['’]t|not|never|also|just"
    r"|always|usually|normally|now|still)\s+[a-z]+\s+$",
    re.I,
)
_PREDICATE = re.compile(
    r" (?:is|was|has|had|does|did|can|will|won['’]t|doesn['’]t|isn['’]t|keeps|[a-z]+ed)\b"
)
_NO_HEADS = frozenset(_LISTS["no_heads"])
# «the firmware on our Cisco switch», «a lamp on Etsy», «an agreement with Acme»: «it» may be the former.
_OF_ANOTHER = re.compile(
    r"\b(?:a|an|the|my|our|your|his|her|their|some|two|three|four|five|several|many|\d+)\s+"
    r"(?:[a-z-]+\s+){0,2}?(?P<head>[a-z-]+)\s+"
    r"(?:of|on|with|for|in|from|at|by|about|between|under)\s+(?:(?:the|a|an|my|our|your|his|her|their|this)\s+)?$",
    re.I,
)
# «my tenant and his brother Tom»: whoever stands beside without a name may be meant as well.
_BESIDE_UNNAMED = re.compile(
    r"\b(?:my|our|your|his|her|their|the|a|an)\s+[a-z-]+\s+(?:and|or)\s+"
    r"(?:(?:my|our|your|his|her|their|the|a|an)\s+)?(?:[a-z-]+\s+)?$",
    re.I,
)
# «V16» of «U8+ V16.5», «C» of «C#»: the name goes on.
_CUT = re.compile(r"\.\d|[#+/&]\S|[#+]")
_TIED_TO = re.compile(
    r"\b(?:linked|connected|tied|attached|paired|bound|belongs?)\s+(?:to|with)\s+(?:(?:the|my|our|a)\s+)?$",
    re.I,
)
# «the lease mentions the Rent Act»: either may be meant.
_MENTIONS = re.compile(
    r"\b(?:mentions?|mentioned|refers? to|cites?|quotes?|contains?|includes?|references"
    r"|links? to|points? to|follows|replaces)"
    r"\s+(?:the\s+|a\s+|an\s+)?$"
)
_ONLY_ABOUT = frozenset(_LISTS["only_about"])
# «…, and my windshield cracked»: a later subject is as likely what «it» means.
_LATER_SUBJECT = re.compile(
    r"(?:\b(?:and|but|so)|[.;,!?])\s+(?:my|our|the|his|her|their|one|a|an)\s+[a-z]+(?: [a-z]+)? "
    r"(?:is|was|has|had|got|broke|cracked|stopped|does|did|do|won['’]t|keeps|kept|fell|failed|arrived|[a-z]+ed)\b",
    re.I,
)


def latin_names(text: str, *, nouns: bool = True) -> Iterator[Entity]:
    """Every Latin name with what it may be, people with a title first. nouns: its noun belongs to it."""
    flat = half_width(text)
    for match in _TITLED.finditer(flat):
        gender = gender_en(match.group(), flat[: match.start()])
        yield Entity(match.group(), frozenset({"person"}), NAMED, match.start(), gender=gender)
    untitled = _TITLED.sub(lambda match: " " * len(match.group()), flat)
    for written, place in _single_names(untitled):
        name, start = _without_common_words(written, place, flat)
        if len(name) < 2 or not re.search("[A-Za-z]", name) or _CUT.match(flat[start + len(name) :]):
            continue
        if name in _NO_ENTITIES:
            continue
        before, after = flat[:start], flat[start + len(name) :]
        noun = _NOUN.match(after) if nouns and not is_chinese(text) else None
        if noun is None and nouns and not is_chinese(text):
            noun = _head_noun(before, after)
        whole = name + (noun.group() if noun else "")
        kinds = kinds_en(whole, before, flat[start + len(whole) :])
        other = _OF_ANOTHER.search(before)
        doubtful = (
            _LATER_SUBJECT.search(flat[start + len(whole) :]) is not None
            or (other is not None and other["head"].lower() not in _ONLY_ABOUT)
            or _TIED_TO.search(before) is not None
            or _MENTIONS.search(before) is not None
        )
        if _BESIDE_UNNAMED.search(before):
            kinds = frozenset()
        tier = BESIDE if _BESIDE.search(before) else NAMED
        if _IN_CITY.search(before):
            tier = GROUP
        gender = gender_en(name, before)
        yield Entity(
            whole,
            kinds,
            tier,
            start,
            inside=bool(_INSIDE.search(before)),
            plural=_PLURAL.search(whole) is not None
            or (noun is not None and _SEVERAL.search(whole) is not None),
            gender=gender,
            sure="person" in kinds or not (unnamed_before(before) or _may_be_a_word(whole, before, after)),
            beside_another=doubtful,
        )


def _may_be_a_word(name: str, before: str, after: str) -> bool:
    """«Users report that …»: a sentence's first word has a capital, whatever it is."""
    single = _FIRST_WORD.fullmatch(name) is not None and _STARTS.search(before) is not None
    return single and re.match(r" [a-z]", after) is not None and _STATE.match(after) is None


def unnamed_before(before: str) -> bool:
    """Whether the word before a name may be a part of it: giffgaff of «is giffgaff Golden Goodybag»."""
    word = _WORD_BEFORE.search(before)
    if word is None or word[1] in _BEFORE_NAMES or word[1] in _NO_HEADS:
        return False
    return _VERB_BEFORE.search(before) is None and _VERB_ENDS.search(word[1]) is None


def _head_noun(before: str, after: str) -> re.Match[str] | None:
    """A noun behind a name that something says to be one's: «thermometer» in «a Braun thermometer»."""
    noun = _HEAD.match(after) if _HEADED.search(before) else None
    if noun is None or noun["noun"] in _NO_HEADS or (_ASKS.search(before) and not _TAKES.search(before)):
        return None
    # «The Equality Act protects workers»: a subject's verb, but «Our Cisco switch is old».
    subject = _STARTS.search(_DETERMINER.sub("", before)) is not None
    more = _HEAD.match(after, noun.end())
    if more is not None and more["noun"] not in _NO_HEADS:
        # «air fryer».
        noun = _TWO_HEADS.match(after) or noun
    return None if subject and not _PREDICATE.match(after[noun.end() :]) else noun


def _single_names(text: str) -> Iterator[tuple[str, int]]:
    """Names and places, two that «and» joins apart: «Zendesk and Freshdesk», but «Marks and Spencer»."""
    for match in _LATIN_NAME.finditer(text):
        start = match.start()
        parts = match.group().split(" and ")
        if parts[0].split()[0] in _AND_NAMES or _ENDS_ONE_NAME.search(parts[-1]):
            parts = [match.group()]
        for part in parts:
            yield part, start
            start += len(part) + len(" and ")


def _without_common_words(name: str, start: int, text: str) -> tuple[str, int]:
    """The name without words that any sentence may begin or end with, and where it then starts."""
    parts = re.split(r"(?<=\S) ", name)
    # «my Two Together Railcard»: inside a sentence a capital tells a name.
    while parts and (
        (
            parts[0].casefold() in _NO_NAMES
            and (_STARTS.search(text[:start]) or len(parts) == 1 or parts[0] == "I")
        )
        or _is_verb(parts[0], start, text)
    ):
        start += len(parts[0]) + 1
        parts = parts[1:]
    while parts and parts[-1].casefold() in _NO_NAMES:
        parts = parts[:-1]
    return " ".join(parts).rstrip("'’-"), start


def _is_verb(word: str, start: int, text: str) -> bool:
    if not (_FIRST_WORD.fullmatch(word) and _STARTS.search(text[:start])) or has_first_name(word):
        return False
    after = text[start + len(word) :]
    return bool(_VERB_BY_OBJECT.match(after)) or (
        _FIRST_VERB.fullmatch(word) is not None
        and re.match(r" (?:[A-Z]|\d|the|a|an|my|our|your|to|for|at|in|on|out|with|up|between|from|it)", after)
        is not None
    )
