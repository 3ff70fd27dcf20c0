"""Is the reranker worth it, and how much of it: the verdict, every way in a table, and the recipe of it."""

from pathlib import Path

import streamlit as st

from core.evaluation.blends.choice import BlendChoice, Way
from core.evaluation.blends.words import blend_words
from core.jobs import Job
from core.recipes.recipe import Recipe
from core.workflows.evaluate.basis import under
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.use.blends import blend_choice, blended_recipe
from pages.parts.asked.recipe_saving import draw_save_recipe
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain
from pages.parts.labelled.words import percent, say

ICONS = {
    "keep": ":material/first_page:",
    "replace": ":material/swap_vert:",
    "blend": ":material/merge:",
    "gate": ":material/filter_alt:",
    "cannot_tell": ":material/help:",
    "too_few": ":material/help:",
}
WAYS: dict[Way, str] = {
    "first": "First stage alone",
    "reranker": "Reranker alone",
    "rrf": "Rank fusion (RRF)",
    "ranks": "Both, by ranks",
    "scores": "Both, by scores",
    "gate": "Only unsure queries",
}


def draw_blend(outcome: Outcome, system: int, job: Job) -> None:
    """Everything about one model beside the order before."""
    if system >= len(outcome.systems):
        st.info(t("A blend needs the scores of a model; this is a run of another tool."))
        return
    choice = blend_choice(outcome, system)
    if choice is None:
        st.info(t("No query has a document labelled relevant, so there is nothing to measure."))
        return
    sentences = [under(outcome.basis.headings, choice.sentences[0]), *choice.sentences[1:]]
    with st.container(border=True, key="evaluate.blend"):
        first, *others = (plain(say(said)) for said in sentences)
        st.markdown(f"#### {ICONS[choice.verdict]} {first}")
        for line in others:
            st.markdown(line)
    if choice.ways:
        _draw_ways(choice)

    def make() -> Recipe:
        recipe = blended_recipe(outcome, system, job, choice)
        assert recipe is not None  # of a model that scored
        return recipe

    if choice.verdict in ("replace", "blend", "gate"):
        draw_save_recipe("evaluate.blend_recipe", f"{Path(job.name).stem}-blend", make)


def _draw_ways(choice: BlendChoice) -> None:
    number = st.column_config.NumberColumn(format="%.3f", width=120)
    chosen, held = t("{measure} where chosen", measure=str(choice.measure)), t("on the other half")
    st.dataframe(
        [
            {
                t("Order"): t(WAYS[row.way]),
                t("Setting"): spoken(blend_words(row.blend)),
                chosen: row.choosing,
                held: row.confirming,
                t("Chosen"): row.blend == choice.blend,
            }
            for row in choice.ways
        ],
        hide_index=True,
        key="evaluate.blend_table",
        height="content",
        column_config={chosen: number, held: number},
    )
    st.caption(
        t(
            "Weights and gates are chosen by cross-validation on one half of the queries and tried once on "
            "the other. The choice saves {saved} of the pairs.",
            saved=percent(choice.saved),
        )
    )
