"""What the rules hand to each other: a reference found in a query, a change made to one."""

from dataclasses import dataclass
from typing import Literal

from core.sentences import Sentence
from core.text.rewriting.references.entity_kinds import EntityKind
from core.text.rewriting.references.people import Gender

# one: «it»; many: «they»; pair: 它俩; first and second: «the former», «the latter».
Number = Literal["one", "many", "pair", "first", "second"]

_PRONOUNS = frozenset("it its it's he him his she her they them their 它 他 她 它们 他们 她们".split())


@dataclass(frozen=True, slots=True)
class Reference:
    """From `start` to before `end` stands a word that wants an entity of this kind.

    before, after: what is written around the entity in its place («'s» for «its»).
    noun: what the reference calls it, «store» of «that store». conjunction: between two that stand for it.
    verbs: places of a verb of several («do they ship») and what it is with one («does»).
    quiet: whether nothing is to be said where it stands for nothing.
    held: whether the entity must hold the noun.
    or_else: kinds that it may be where there is none of the wanted one, the likeliest first.
    """

    start: int
    end: int
    wants: EntityKind
    before: str = ""
    after: str = ""
    number: Number = "one"
    gender: Gender = ""
    noun: str = ""
    conjunction: str = "and"
    verbs: tuple[tuple[int, int, str], ...] = ()
    or_else: tuple[EntityKind, ...] = ()
    quiet: bool = False
    held: bool = False

    def is_pronoun(self, query: str) -> bool:
        """Whether it is a pronoun of a person or a thing, and no «that» or «there»."""
        return query[self.start : self.end].lower() in _PRONOUNS


@dataclass(frozen=True, slots=True)
class Rewording:
    """A query after one rule. reasons: what was changed and why. inserted: texts later rules leave alone."""

    text: str
    reasons: tuple[Sentence, ...]
    inserted: tuple[str, ...] = ()
