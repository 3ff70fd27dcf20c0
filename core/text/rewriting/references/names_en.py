"""Latin names of a text: capitalised words and figures, with the noun that says what they are.

«Nike Pegasus 41 shoes» is one name, and plural; «Using» and «Looking» at a sentence's start are verbs. What a
name may be is decided in `entity_kinds`.
"""

import re
from collections.abc import Iterator

from core.text.rewriting.references.entity_kinds import BESIDE, GROUP, NAMED, Entity, kinds_en
from core.text.rewriting.references.people import gender_en
from core.text.rewriting.spans import half_width
from core.text.rewriting.words import is_chinese
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_TITLE = r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Madam)\.?"
_NAME_WORD = (
    r"(?:[A-Z][A-Za-z0-9&+'’-]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]*\d(?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
)
_NAME = rf"{_NAME_WORD}(?:[ -](?:(?:of|and|for|de|von)[ ](?=[A-Z]))?{_NAME_WORD})*"
_LATIN_NAME = re.compile(rf"(?<![A-Za-z0-9_]){_NAME}")
_AND_NAMES = frozenset(_LISTS["and_names"])
_ENDS_ONE_NAME = re.compile(
    r"\b(?:Act|Agreement|Department|Office|Company|Ministry|Inc|Ltd|Conditions|Committee)$"
)
_TITLED = re.compile(rf"(?<![A-Za-z0-9_]){_TITLE}\s+{_NAME}")
_NO_NAMES = frozenset(_LISTS["no_names"])
# A sentence's first word is a verb where an article, a name or a preposition follows.
_FIRST_VERB = re.compile(r"[A-Z][a-z]+(?:ing|ed)(?=$| )")
_STARTS = re.compile(r"(?:^|[.!?:;]\s+|\n\s*)$")
_NOUNS = "|".join(sorted((*_LISTS["nouns"], *_LISTS["plural_nouns"]), key=len, reverse=True))
_NOUN = re.compile(rf" (?P<noun>{_NOUNS})\b(?! [a-z]+ing\b)")
_PLURAL = re.compile(rf"\b(?:{'|'.join(_LISTS['plural_nouns'])})$")
_BESIDE = re.compile(r"(?:^|\W)(?:from|by|at|in|on|via|through|with|to|near|using)\s+(?:the\s+|a\s+)?$", re.I)
# «the Apple Store in Hamburg»: the city only says where the place is.
_IN_CITY = re.compile(r"[A-Z][\w'’-]*,? in\s+$")
_INSIDE = re.compile(r"(?:^|\W)in\s+$", re.I)
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
        if len(name) < 2 or not re.search("[A-Za-z]", name):
            continue
        before, after = flat[:start], flat[start + len(name) :]
        noun = _NOUN.match(after) if nouns and not is_chinese(text) else None
        whole = name + (noun.group() if noun else "")
        kinds = kinds_en(whole, before, flat[start + len(whole) :])
        if _LATER_SUBJECT.search(flat[start + len(whole) :]):
            kinds -= {"thing"}
        tier = BESIDE if _BESIDE.search(before) else NAMED
        if _IN_CITY.search(before):
            tier = GROUP
        gender = gender_en(name, before) if "person" in kinds else ""
        yield Entity(
            whole,
            kinds,
            tier,
            start,
            inside=bool(_INSIDE.search(before)),
            plural=bool(_PLURAL.search(whole)),
            gender=gender,
        )


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
    while parts and (parts[0].casefold() in _NO_NAMES or _is_verb(parts[0], start, text)):
        start += len(parts[0]) + 1
        parts = parts[1:]
    while parts and parts[-1].casefold() in _NO_NAMES:
        parts = parts[:-1]
    return " ".join(parts).rstrip("'’-"), start


def _is_verb(word: str, start: int, text: str) -> bool:
    if not (_FIRST_VERB.fullmatch(word) and _STARTS.search(text[:start])):
        return False
    after = text[start + len(word) :]
    return (
        re.match(r" (?:[A-Z]|\d|the|a|an|my|our|your|to|for|at|in|on|out|with|up|between|from|it)", after)
        is not None
    )
