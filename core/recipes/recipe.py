"""What a recipe holds: every setting that decides an order, and the evidence for it.

A field that is None (or empty) leaves its step out. It knows no model, text or file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.errors import InputError
from core.evaluation.blends.order import Blend
from core.evaluation.calibrations.curve import Calibration
from core.recipes.evidence import Evidence

LONGEST_NAME, LONGEST_NOTE, LONGEST_INSTRUCTION = 60, 1000, 4000
MOST_CANDIDATES = 10_000

NAME_EMPTY = "The name is empty."
NAME_HINT = "Give a short name, such as legal-contracts."
NAME_LONG = "The name has {count} characters; at most {limit} are kept."
NAME_LINES = "The name must stand on one line."
EMPTY = "The instruction is empty."
EMPTY_HINT = "Write what makes a document relevant."
TOO_LONG = "The instruction has {count} characters; at most {limit} are kept."
NOTE_LONG = "The note has {count} characters; at most {limit} are kept."
OUT_OF_RANGE = "The recipe's «{field}» must lie between {least} and {most}, not {value}."


@dataclass(frozen=True, slots=True)
class RecipeModel:
    """The model that the recipe was made with; its scores are no other model's."""

    name: str
    label: str
    fingerprint: str
    precision: str


@dataclass(frozen=True, slots=True)
class GlossaryForm:
    """A way of writing a term, the canonical one, and what replacing it is called."""

    text: str
    canonical: str
    kind: str


@dataclass(frozen=True, slots=True)
class QueryRewriting:
    """The query is asked in the wording that these rules give. forms, canonical: the glossary's."""

    rules: tuple[str, ...]
    forms: tuple[GlossaryForm, ...] = ()
    canonical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """model: None takes whichever is loaded. care: as document care keeps its settings; empty for none.

    candidates: how many of the first stage are reranked. threshold: lower probabilities are dropped, the
    calibrated ones where there is a calibration. top: how many documents are kept.
    """

    instruction: str | None = None
    model: RecipeModel | None = None
    care: Mapping[str, Any] = field(default_factory=dict)
    rewriting: QueryRewriting | None = None
    candidates: int | None = None
    blend: Blend | None = None
    calibration: Calibration | None = None
    threshold: float | None = None
    top: int | None = None
    evidence: Evidence | None = None

    @property
    def only_instruction(self) -> bool:
        """Whether it is an entry of the instruction library and decides nothing else."""
        return Recipe(self.instruction, evidence=self.evidence) == self


@dataclass(frozen=True, slots=True)
class RecipeVersion:
    """One state of a recipe. number: from 1; the highest is the one in use."""

    number: int
    recipe: Recipe
    note: str
    written: datetime


@dataclass(frozen=True, slots=True)
class SavedRecipe:
    """A named recipe with all its versions, the oldest first."""

    name: str
    versions: tuple[RecipeVersion, ...]

    @property
    def latest(self) -> RecipeVersion:
        """The version in use."""
        return self.versions[-1]


def checked_recipe(recipe: Recipe) -> Recipe:
    """The recipe; InputError for a number out of range or an endless instruction."""
    if recipe.instruction is not None:
        checked_text(recipe.instruction)
    blend = recipe.blend
    bounds: tuple[tuple[str, float | None, float, float], ...] = (
        ("candidates", recipe.candidates, 1, MOST_CANDIDATES),
        ("top", recipe.top, 1, MOST_CANDIDATES),
        ("threshold", recipe.threshold, 0, 1),
        ("weight", blend.weight if blend else None, 0, 1),
        ("gate", blend.gate if blend else None, 0, 1000),
    )
    for name, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            raise InputError(OUT_OF_RANGE, where="recipe", field=name, least=least, most=most, value=value)
    return recipe


def checked_name(name: str) -> str:
    """The name without blanks around it; InputError when it cannot be one."""
    name = storable(name)
    if not name:
        raise InputError(NAME_EMPTY, where="name", hint=NAME_HINT)
    if len(name) > LONGEST_NAME:
        raise InputError(NAME_LONG, where="name", hint=NAME_HINT, count=len(name), limit=LONGEST_NAME)
    if not name.isprintable():
        raise InputError(NAME_LINES, where="name", hint=NAME_HINT)
    return name


def checked_text(instruction: str) -> str:
    """The instruction without blanks around it; InputError when it is empty or of book length."""
    text = storable(instruction)
    if not text:
        raise InputError(EMPTY, where="instruction", hint=EMPTY_HINT)
    if len(text) > LONGEST_INSTRUCTION:
        raise InputError(TOO_LONG, where="instruction", count=len(text), limit=LONGEST_INSTRUCTION)
    return text


def checked_note(note: str) -> str:
    """The note without blanks around it; InputError when it is too long."""
    text = storable(note)
    if len(text) > LONGEST_NOTE:
        raise InputError(NOTE_LONG, where="note", count=len(text), limit=LONGEST_NOTE)
    return text


def storable(text: str) -> str:
    """UTF-8 has no lone surrogates."""
    return text.strip().encode("utf-8", "replace").decode("utf-8")
