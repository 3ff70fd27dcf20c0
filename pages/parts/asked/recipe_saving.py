"""Keeping what was tuned as a recipe, with its evidence: a name and one button, for every page."""

from collections.abc import Callable

import streamlit as st

from core.errors import WorkbenchError
from core.recipes.recipe import Recipe
from pages.parts.asked.recipe_choice import recipe_store
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error


def draw_save_recipe(key: str, proposed: str, make: Callable[[], Recipe]) -> None:
    """A field with a proposed name and a button. make: the recipe, when it is pressed."""
    with st.popover(t("Save as recipe"), icon=":material/bookmark_add:"):
        name = st.text_input(t("Name"), value=proposed, key=f"{key}.name")
        if st.button(t("Save"), key=f"{key}.save", type="primary"):
            try:
                saved = recipe_store().save(name or "", make())
            except WorkbenchError as error:
                show_error(error)
            else:
                # A toast outlives the popover.
                st.toast(
                    t("Saved as «{name}», version {number}.", name=saved.name, number=saved.latest.number),
                    icon=":material/bookmark_added:",
                )
