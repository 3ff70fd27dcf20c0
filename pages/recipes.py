"""Recipes: saved settings with their evidence; compare, hand on, roll back."""

import streamlit as st

from core.errors import WorkbenchError
from pages.parts.asked.recipe_choice import recipe_store
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.recipes.compare import draw_compare
from pages.parts.recipes.list import draw_import, draw_recipes

draw_title("recipes")
try:
    recipe_store().prepare()
    saved = tuple(one for one in recipe_store().all() if not one.latest.recipe.only_instruction)
    if not saved:
        st.caption(t("Nothing is saved yet. Evaluate, Retrieve, Sandbox and Rewrite save what they found."))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        draw_recipes(saved)
    with right:
        draw_import()
        draw_compare(saved)
except WorkbenchError as error:
    show_error(error)
