"""Choosing a saved recipe, which then decides what the fields below it would; for every page that scores."""

import logging

import streamlit as st

from core.errors import WorkbenchError
from core.recipes.store import RecipeStore
from core.recipes.words import decided
from core.sentences import Sentence
from core.workflows.recipes.use import RecipeInUse
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain
from pages.parts.frame.workbench import the_workbench

log = logging.getLogger(__name__)

# No recipe can have this name: a name is never empty.
NONE = ""


def recipe_store() -> RecipeStore:
    """The recipes of the workbench's home folder."""
    return RecipeStore(the_workbench().settings.home)


def draw_recipe(page: str) -> RecipeInUse | None:
    """The chosen recipe; None for none, and nothing is drawn while none is saved. page: key prefix."""
    try:
        saved = {
            one.name: RecipeInUse.of(one)
            for one in recipe_store().all()
            # Entries of the instruction library stand in the choice of instructions.
            if not one.latest.recipe.only_instruction
        }
    except WorkbenchError as error:
        log.warning("The recipes cannot be read: %s", error)
        return None
    if not saved:
        return None
    titles = {NONE: t("none")} | {name: used.title for name, used in saved.items()}
    chosen = draw_choice(
        t("Recipe"), titles, f"{page}.recipe", help=t("A recipe decides everything that it names.")
    )
    if chosen == NONE:
        return None
    st.caption(recipe_line(saved[chosen]))
    return saved[chosen]


def fill_recipe(page: str, name: str) -> None:
    """Put a recipe, or none, into the choice; for a button's callback."""
    st.session_state[f"{page}.recipe"] = name


def recipe_line(used: RecipeInUse) -> str:
    """What the recipe decides, on one line of Markdown."""
    parts = [
        f"{spoken(part.name)} {plain(spoken(part.value) if isinstance(part.value, Sentence) else part.value)}"
        for part in decided(used.recipe)
        if part.value is not None and part.name.text != "Fingerprint"
    ]
    return " · ".join(parts)
