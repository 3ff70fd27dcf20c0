"""The user's own instructions: recipes of which the instruction is looked at, with every earlier version.

Beside a version stands the evidence that it won, when a trial on labelled data was run. Built-in
instructions are in `presets`; `named_instruction` finds both, for pages, HTTP and the command line. What else
a recipe of that name decides stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.errors import InputError
from core.recipes.evidence import Evidence
from core.recipes.recipe import Recipe, RecipeVersion, SavedRecipe, checked_text
from core.recipes.recipe import checked_name as checked_recipe_name
from core.recipes.store import RecipeStore
from core.storage.per_home import PerHome
from core.workflows.instructions.older_library import move_into
from core.workflows.instructions.presets import PRESETS

# How a request or a field names an instruction instead of spelling it out.
PREFIX = "preset:"

UNKNOWN = "There is no preset called «{name}»."
KNOWN = "Known presets: {known}."
NAME_TAKEN = "«{name}» is the name of a built-in instruction."
NAME_TAKEN_HINT = "Choose another name."


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an instruction. number: from 1; the highest is the one in use."""

    number: int
    instruction: str
    note: str
    written: datetime
    evidence: Evidence | None = None

    @property
    def content(self) -> tuple[str, str, Evidence | None]:
        """What makes it equal to another version."""
        return self.instruction, self.note, self.evidence


@dataclass(frozen=True, slots=True)
class SavedInstruction:
    """A named instruction with all its versions, the oldest first."""

    name: str
    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version in use."""
        return self.versions[-1]


class InstructionLibrary:
    """The instructions of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._recipes = RecipeStore(home)
        move_into(self._recipes, home)

    def all(self) -> tuple[SavedInstruction, ...]:
        """Every saved instruction, by name."""
        found = (_instructions(saved) for saved in self._recipes.all())
        return tuple(one for one in found if one is not None)

    def find(self, name: str) -> SavedInstruction | None:
        """The instruction of that name; None when there is none."""
        saved = self._recipes.find(name)
        return _instructions(saved) if saved is not None else None

    def save(
        self, name: str, instruction: str, note: str = "", evidence: Evidence | None = None
    ) -> SavedInstruction:
        """Keep a wording under a name: a new name, or a new version of it where anything changed."""
        name, text = checked_name(name), checked_text(instruction)
        there = self._recipes.find(name)
        recipe = replace(there.latest.recipe if there else Recipe(), instruction=text, evidence=evidence)
        saved = _instructions(self._recipes.save(name, recipe, note))
        assert saved is not None  # it was just written
        return saved

    def merge(self, name: str, versions: Sequence[Version]) -> int:
        """Add versions after those there are, without the ones there already; returns how many were new."""
        saved = self.find(name)
        known = {version.content for version in saved.versions} if saved else set()
        there = self._recipes.find(name)
        base = there.latest.recipe if there else Recipe()
        return self._recipes.merge(
            name,
            [
                RecipeVersion(
                    0, replace(base, instruction=v.instruction, evidence=v.evidence), v.note, v.written
                )
                for v in versions
                if v.content not in known
            ],
        )

    def remove(self, name: str) -> None:
        """Forget a name with all its versions; InputError when there is none."""
        if self.find(name) is None:
            raise unknown_name(name, [saved.name for saved in self.all()])
        self._recipes.remove(name)


def _instructions(saved: SavedRecipe) -> SavedInstruction | None:
    """The wordings of a recipe; None where its present version has none."""
    if saved.latest.recipe.instruction is None:
        return None
    return SavedInstruction(
        saved.name,
        tuple(
            Version(one.number, one.recipe.instruction, one.note, one.written, one.recipe.evidence)
            for one in saved.versions
            if one.recipe.instruction is not None
        ),
    )


# This process's library of a home folder, opened on first use.
instruction_library = PerHome(InstructionLibrary)


def named_instruction(name: str, home: Path) -> str:
    """The wording of a built-in or saved instruction; InputError with the known names when there is none."""
    for preset in PRESETS:
        if preset.name == name:
            return preset.instruction
    library = instruction_library(home)
    saved = library.find(name)
    if saved is None:
        raise unknown_name(name, [one.name for one in library.all()])
    return saved.latest.instruction


def asked_instruction(instruction: str | None, name: str | None, home: Path) -> str | None:
    """The wording of a name where one is given, else the instruction itself."""
    return named_instruction(name, home) if name else instruction


def resolved_instruction(text: str | None, home: Path) -> str | None:
    """The text itself, or the instruction it names as `preset:NAME`."""
    if text is None or not text.strip().startswith(PREFIX):
        return text
    return named_instruction(text.strip().removeprefix(PREFIX).strip(), home)


def unknown_name(name: str, saved: Sequence[str]) -> InputError:
    """Says which names there are."""
    known = ", ".join([*(preset.name for preset in PRESETS), *saved])
    return InputError(UNKNOWN, where="preset", hint=KNOWN, name=name, known=known)


def checked_name(name: str) -> str:
    """The name without blanks around it; InputError when it cannot be one."""
    name = checked_recipe_name(name)
    if name.casefold() in {preset.name for preset in PRESETS}:
        raise InputError(NAME_TAKEN, where="name", hint=NAME_TAKEN_HINT, name=name)
    return name
