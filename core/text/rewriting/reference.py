"""What the rules hand to each other: a reference found in a query, a change made to one."""

from dataclasses import dataclass

from core.sentences import Sentence
from core.text.rewriting.entity_kinds import EntityKind


@dataclass(frozen=True, slots=True)
class Reference:
    """From `start` to before `end` stands a word that wants an entity of this kind.

    before, after: what is written around the entity in its place («'s» for «its»).
    """

    start: int
    end: int
    wants: EntityKind
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rewording:
    """A query after one rule. reasons: what was changed and why. inserted: texts later rules leave alone."""

    text: str
    reasons: tuple[Sentence, ...]
    inserted: tuple[str, ...] = ()
