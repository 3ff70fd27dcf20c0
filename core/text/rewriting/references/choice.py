"""Which candidate of the context a reference stands for: by kind, number, gender, noun and recency.

Where two fit about as well, none is taken: a wrong name does more harm than a pronoun. What candidates there
are is found in `entities`, references in `references_en` and `references_zh`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.text.rewriting.references.entity_kinds import BESIDE, GROUP, NAMED, TERM, Entity
from core.text.rewriting.references.reference import Reference
from core.text.rewriting.words import is_chinese, words
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)
_ANYTHING, _BRANDS, _THINGS = (_LISTS[name] for name in ("anything", "brands", "things"))
_OF_COMPANY = re.compile(r" (?:account|card|policy|membership|subscription|plan|mortgage|insurance)$")
_FULL_NAME = re.compile(r"[A-Z][a-zà-ÿ'’-]+(?: [A-Z][a-zà-ÿ'’-]+){0,2}")
# A gender that is said, one that is only hinted at, none known, and the wrong one by a hint.
_SAID, _HINTED, _UNKNOWN, _UNLIKELY = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for a reference, or None. rivals: the two between which it is open.

    likely: what it seems to be, where that is not certain enough to be written.
    """

    text: str | None
    entities: tuple[Entity, ...] = ()
    rivals: tuple[Entity, ...] = ()
    likely: Entity | None = None


def choose(reference: Reference, entities: Sequence[Entity]) -> Choice:
    """The candidate, or the two of them, that a reference stands for. entities: the likeliest first."""
    if reference.wants == "person" and reference.gender:
        entities = [*entities, *_by_shape(entities)]
    choice = Choice(None)
    for kind in (reference.wants, *reference.or_else):
        choice = _of_kind(replace(reference, wants=kind), entities)
        if choice.text is not None or choice.rivals:
            break
    if choice.text is None and not choice.rivals and choice.likely is None:
        choice = Choice(None, likely=_by_itself(reference, entities))
    if reference.wants == "place" and reference.noun and choice.entities:
        only = choice.entities[0]
        if "place" not in only.kinds and reference.noun not in only.text and not reference.noun.isascii():
            # 拼多多 is no 店.
            return Choice(None, likely=only)
    doubtful = next((entity for entity in choice.entities if _is_doubtful(entity, reference)), None)
    return choice if doubtful is None else Choice(None, likely=doubtful)


def _by_shape(entities: Sequence[Entity]) -> list[Entity]:
    """Where «he» or «she» is asked about and no name is known to be a person's, the only one that may be."""
    if any("person" in one.kinds for one in entities):
        return []
    shaped = [
        one
        for one in entities
        if one.tier == NAMED and "thing" in one.kinds and _FULL_NAME.fullmatch(one.text)
    ]
    return [replace(shaped[0], kinds=frozenset({"person"}), sure=True)] if len(shaped) == 1 else []


def _by_itself(reference: Reference, entities: Sequence[Entity]) -> Entity | None:
    """The only thing, place or company that is named, where «they» or «there» wants another kind."""
    if reference.number != "many" and reference.wants != "place":
        return None
    named = [
        one for one in entities if one.tier in (NAMED, BESIDE) and one.kinds and "person" not in one.kinds
    ]
    return named[0] if len(named) == 1 and not reference.noun else None


def _is_doubtful(entity: Entity, reference: Reference) -> bool:
    return not entity.sure or (
        entity.beside_another and reference.wants == "thing" and reference.number == "one"
    )


def _of_kind(reference: Reference, entities: Sequence[Entity]) -> Choice:
    if reference.number in ("pair", "first", "second"):
        return _of_two(reference, entities)
    if reference.number == "many":
        return _many(reference, entities)
    fitting = _by_noun(reference, [entity for entity in entities if _fits(reference, entity)])
    if not fitting:
        return Choice(None)
    if reference.noun in _BRANDS and len(words(fitting[0].text)) > 1:
        return Choice(None, likely=fitting[0])
    # Whose edges are certain was the object of a verb or alone: what is said of others is beside it.
    fitting = [entity for entity in fitting if not _is_doubtful(entity, reference)] or fitting
    if reference.wants == "person":
        return _person(reference, fitting)
    if reference.wants == "thing":
        # A thing that is surely a place only when nothing else fits.
        fitting.sort(key=lambda entity: "place" in entity.kinds and entity.tier > NAMED)
    best = fitting[0]
    rivals = [other for other in fitting if other.text != best.text and _is_rival(other, best, reference)]
    if rivals:
        return Choice(None, rivals=(rivals[0], best))
    if best.plural and reference.wants == "thing":
        # «it» is one of them, or one kind: Blundstone 500, not its boots.
        return Choice(best.text.rsplit(" ", 1)[0], (replace(best, plural=False),))
    return Choice(best.text, (best,))


def _fits(reference: Reference, entity: Entity) -> bool:
    if entity.plural and reference.wants == "thing" and not reference.noun:
        # «it» is one; a pair of boots may be one.
        return "thing" in entity.kinds
    return reference.wants in entity.kinds


def _is_rival(other: Entity, best: Entity, reference: Reference) -> bool:
    """Named in a row with it, or as good in one clause: «my Trek was stolen and I have Hiscox insurance»."""
    if best.joined and other.joined:
        return True
    alike = other.tier == best.tier and best.tier in (NAMED, GROUP) and other.kinds == best.kinds
    return alike and other.clause == best.clause and not reference.noun


def _by_noun(reference: Reference, fitting: Sequence[Entity]) -> list[Entity]:
    """Those that hold the noun of «that store», 那家店, where any does."""
    if not reference.noun:
        return list(fitting)
    # 手机壳 is no 手机.
    ends = "" if reference.noun.isascii() else "$"
    noun = re.compile(rf"(?<![a-z]){re.escape(reference.noun)}(?![a-z]){ends}", re.IGNORECASE)
    held = [entity for entity in fitting if noun.search(entity.text)]
    named = (NAMED, BESIDE, TERM)
    return held or [
        entity
        for entity in fitting
        if not _is_another(entity.text, reference.noun)
        # An unnamed thing is called by its own word: 财产 is no 遗嘱.
        and (entity.tier in named or reference.noun in _ANYTHING or reference.noun.isascii())
        and not reference.held
    ]


def _is_another(name: str, noun: str) -> bool:
    """Whether a name says of itself that it is something else: 小米手环9 is no 手机."""
    if noun in _ANYTHING or noun.isascii():
        return False
    return any(other in name and other not in noun and noun not in other for other in _THINGS)


def _person(reference: Reference, fitting: Sequence[Entity]) -> Choice:
    """The one whose gender fits best; two who fit as well are rivals."""

    def likelihood(entity: Entity) -> int:
        if not entity.gender or not reference.gender:
            return _UNKNOWN
        if entity.gender == reference.gender:
            return _HINTED if entity.hinted_gender else _SAID
        return _UNLIKELY if entity.hinted_gender else -1

    ranked = sorted(fitting, key=likelihood, reverse=True)
    best = ranked[0]
    if likelihood(best) < 0:
        return Choice(None)
    # Of two in a row, the one whose gender nobody knows may be meant as well.
    row = len(ranked) > 1 and best.joined and ranked[1].joined and likelihood(ranked[1]) == _UNKNOWN
    if len(ranked) > 1 and (row or likelihood(ranked[1]) == likelihood(best)):
        return Choice(None, rivals=(ranked[1], best))
    return Choice(best.text, (best,))


def _of_two(reference: Reference, entities: Sequence[Entity]) -> Choice:
    """The former, the latter or both of exactly two candidates of one kind."""
    fitting = [entity for entity in entities if _is_of_kind(reference, entity)]
    if not any(entity.joined for entity in fitting) and len(fitting) > 2:
        return Choice(None)
    named = [entity for entity in fitting if entity.tier in (NAMED, BESIDE, TERM)]
    joined = [entity for entity in fitting if entity.joined]
    for pool in (joined, named, fitting):
        if len(pool) == 2:
            first, second = sorted(pool, key=lambda entity: entity.place)
            if reference.number == "first":
                return Choice(first.text, (first,))
            if reference.number == "second":
                return Choice(second.text, (second,))
            return Choice(together(first, second, reference.conjunction), (first, second))
    return Choice(None)


def _many(reference: Reference, entities: Sequence[Entity]) -> Choice:
    """«they»: two people, several of a thing, two things, or those who work for a company or at a place."""
    people = [entity for entity in entities if "person" in entity.kinds]
    if len(people) == 2 and reference.wants == "person":
        first, second = sorted(people, key=lambda entity: entity.place)
        return Choice(together(first, second, reference.conjunction), (first, second))
    if people and reference.wants == "person":
        return Choice(None)
    things = [
        entity
        for entity in entities
        if "thing" in entity.kinds and "organisation" not in entity.kinds and entity.tier < GROUP
    ]
    several = [entity for entity in things if entity.plural]
    companies = [entity for entity in entities if "organisation" in entity.kinds] or [
        entity for entity in entities if "place" in entity.kinds and not entity.inside
    ]
    # «are they compatible» may ask about the thing, whoever sold it.
    asked_of_somebody = reference.wants == "person"
    asked = asked_of_somebody and not (things and companies and things[0].tier <= companies[0].tier)
    for pool in (several, companies) if asked else (several,):
        if pool:
            others = [
                entity for entity in pool if entity.text != pool[0].text and entity.tier == pool[0].tier
            ]
            return Choice(None, rivals=(others[0], pool[0])) if others else Choice(pool[0].text, (pool[0],))
    named = [entity for entity in things if _OF_COMPANY.search(entity.text)]
    if asked_of_somebody and len(named) == 1 and len(things) == 1:
        # Who has «a Starling account» deals with Starling.
        return Choice(
            _OF_COMPANY.sub("", named[0].text), (replace(named[0], text=_OF_COMPANY.sub("", named[0].text)),)
        )
    joined = [entity for entity in entities if "thing" in entity.kinds and entity.joined]
    if len(joined) == 2:
        first, second = sorted(joined, key=lambda entity: entity.place)
        return Choice(together(first, second, reference.conjunction), (first, second))
    return Choice(None)


def _is_of_kind(reference: Reference, entity: Entity) -> bool:
    if reference.wants == "thing":
        # «We could cache in Redis or Memcached».
        return bool(entity.kinds & {"thing", "organisation"}) or (
            entity.joined and not entity.text[:1].islower()
        )
    return reference.wants in entity.kinds


def together(first: Entity, second: Entity, conjunction: str) -> str:
    """Both names as one phrase."""
    chinese = conjunction == "和" or is_chinese(first.text + second.text)
    joint = "和" if chinese else f" {conjunction} "
    return f"{first.text}{joint}{second.text}"
