"""Two recipes side by side, as sentences on what differs."""

import streamlit as st

from core.recipes.recipe import SavedRecipe
from core.recipes.words import differences
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain


def draw_compare(saved: tuple[SavedRecipe, ...]) -> None:
    """Nothing while there are fewer than two."""
    if len(saved) < 2:
        return
    names = {one.name: one.name for one in saved}
    by_name = {one.name: one for one in saved}
    with st.container(border=True, key="recipes.compare"):
        st.markdown("**" + t("Compare two") + "**")
        first = draw_choice(t("From"), names, "recipes.first")
        second = draw_choice(t("To"), names, "recipes.second", first=saved[1].name)
        for said in differences(by_name[first].latest.recipe, by_name[second].latest.recipe):
            st.caption(plain(spoken(said)))
