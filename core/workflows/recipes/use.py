"""A recipe by name, ready to be used: with which model, in which wording, on how many candidates.

Its order is made where one list is reranked (`core.workflows.rerank`) and where a batch is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from core.errors import InputError
from core.recipes.document import read_recipe, recipe_record
from core.recipes.recipe import GlossaryForm, QueryRewriting, Recipe, RecipeModel, SavedRecipe
from core.recipes.store import RecipeStore
from core.records import ScorerInfo
from core.text.rewriting.glossary import Form, FormKind, Glossary
from core.text.rewriting.variants import RULES, RewriteSettings, rewrite
from core.workflows.care.preparing import CareSettings

OTHER_MODEL = "The recipe «{name}» was made with {wanted}, and {active} is loaded."
OTHER_MODEL_HINT = "Switch to {wanted}, or make the recipe anew with {active}."
OTHER_FINGERPRINT = (
    "The recipe «{name}» was made with {wanted} in {precision} (fingerprint {made}); the one loaded gives "
    "other scores: {active_precision}, fingerprint {active}."
)
OTHER_CALIBRATION = "The recipe «{name}» is calibrated for another model than {active}."
OTHER_FINGERPRINT_HINT = "Load it in {precision} with the same files and length, or make the recipe anew."


@dataclass(frozen=True, slots=True)
class RecipeInUse:
    """One version of a saved recipe. number: of the version."""

    name: str
    number: int
    recipe: Recipe

    @property
    def title(self) -> str:
        """How results name it, in every language."""
        return f"{self.name} · {self.number}"

    @property
    def care(self) -> CareSettings:
        """What is done to documents."""
        return CareSettings.read(self.recipe.care)

    def check_model(self, info: ScorerInfo) -> None:
        """InputError where another model, or the same one otherwise, would give other scores."""
        model, calibration = self.recipe.model, self.recipe.calibration
        if model is None and calibration is not None and calibration.fingerprint != info.fingerprint:
            raise InputError(OTHER_CALIBRATION, where="recipe", name=self.name, active=info.label)
        if model is None or model.fingerprint == info.fingerprint:
            return
        facts: dict[str, object] = {"name": self.name, "wanted": model.label, "precision": model.precision}
        if model.name != info.name:
            raise InputError(OTHER_MODEL, where="recipe", hint=OTHER_MODEL_HINT, active=info.label, **facts)
        raise InputError(
            OTHER_FINGERPRINT,
            where="recipe",
            hint=OTHER_FINGERPRINT_HINT,
            made=model.fingerprint[:8],
            active=info.fingerprint[:8],
            active_precision=info.precision,
            **facts,
        )

    def instruction(self, info: ScorerInfo) -> str | None:
        """The instruction; None where there is none or the model takes none."""
        return self.recipe.instruction if info.uses_instruction else None

    def wording(self, query: str) -> str:
        """The query as it is asked: with every rule that applies, else as it was typed."""
        rewriting = self.recipe.rewriting
        if rewriting is None:
            return query
        variants = rewrite(query, "", rewrite_settings(rewriting)).variants
        return variants[-1].text if variants else query

    def stored(self) -> dict[str, Any]:
        """As JSON values, for a job that keeps what it was asked."""
        return {"name": self.name, "number": self.number, "recipe": recipe_record(self.recipe)}

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> "RecipeInUse | None":
        """From `stored`; None where there is none."""
        if not stored:
            return None
        return cls(stored["name"], stored["number"], read_recipe(stored["recipe"]))

    @classmethod
    def of(cls, saved: SavedRecipe) -> "RecipeInUse":
        """The version of a saved recipe that is in use."""
        return cls(saved.name, saved.latest.number, saved.latest.recipe)


def named_recipe(name: str, home: Path) -> RecipeInUse:
    """The recipe of a name; InputError with the known names when there is none."""
    return RecipeInUse.of(RecipeStore(home).named(name))


def recipe_called(name: str, home: Path) -> RecipeInUse | None:
    """The recipe that a client's word for a model names; None where it means none."""
    saved = RecipeStore(home).find(name) if name else None
    # An entry of the instruction library says which documents are relevant, not how a list is made.
    return None if saved is None or saved.latest.recipe.only_instruction else RecipeInUse.of(saved)


def rewriting_of(rules: tuple[str, ...], glossary: Glossary) -> QueryRewriting:
    """Rules and glossary as a recipe keeps them."""
    forms = tuple(GlossaryForm(form.text, form.canonical, form.kind) for form in glossary.forms)
    return QueryRewriting(rules, forms, glossary.canonical)


def rewrite_settings(rewriting: QueryRewriting) -> RewriteSettings:
    """The same as rewriting takes it. Rules that this version does not know are an InputError."""
    unknown = set(rewriting.rules) - set(RULES)
    if unknown:
        raise InputError(
            "There is no rewriting rule {rules}.", where="recipe", rules=", ".join(sorted(unknown))
        )
    rules = tuple(rule for rule in RULES if rule in rewriting.rules)
    forms = tuple(Form(one.text, one.canonical, cast(FormKind, one.kind)) for one in rewriting.forms)
    # One variant a rule and one with all of them: none is cut off.
    return RewriteSettings(rules, len(RULES) + 1, Glossary(forms, rewriting.canonical))


def with_model(recipe: Recipe, info: ScorerInfo) -> Recipe:
    """The recipe bound to the model that scored."""
    return replace(recipe, model=RecipeModel(info.name, info.label, info.fingerprint, info.precision))
