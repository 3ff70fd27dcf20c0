"""The Rerank page's input column: query and documents, the instruction, and the care for documents."""

import streamlit as st

from core.workflows.home.workbench import Status
from core.workflows.rerank.stored import AskedReranking
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.asked.query_documents import draw_query_documents
from pages.parts.asked.recipe_choice import draw_recipe
from pages.parts.asked.two_looks_choice import draw_two_looks
from pages.parts.care.preview import draw_care_preview
from pages.parts.care.settings import care_summary, draw_care_settings
from pages.parts.frame.language import t


def draw_inputs(status: Status) -> AskedReranking:
    """Draw the fields and return what they hold now; InputError when it cannot be scored."""
    query, documents = draw_query_documents("rerank")
    recipe = draw_recipe("rerank")
    if recipe is not None:
        return AskedReranking(query, documents, recipe=recipe)
    instruction = draw_instruction("rerank", status.active)
    with st.expander(t("Clean and split documents"), key="rerank.care"):
        care = draw_care_settings("rerank")
        draw_care_preview("rerank", documents, care)
    care_summary(care)
    two_looks = draw_two_looks("rerank", status, in_chunks=care.chunks is not None)
    return AskedReranking(query, documents, instruction, care, two_looks=two_looks)
