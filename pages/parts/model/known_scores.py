"""The Model page's line on known scores: whether requests over HTTP use them, and how often they did."""

import streamlit as st

from core.workflows.serving.answers import AnswerService
from pages.parts.frame.language import t


def draw_known_scores(service: AnswerService) -> None:
    """The switch, and the hit rate since the start."""
    wanted = st.toggle(
        t("Requests over HTTP use known scores"),
        value=service.uses_cache,
        key="model.known_scores",
        help=t("An equal query with an equal document, instruction and model is not scored again."),
    )
    if wanted != service.uses_cache:
        service.use_cache(wanted)
    found = service.cache_statistics()
    if found is None:
        return
    asked = found.hits + found.misses
    if asked:
        st.caption(
            t(
                "{share} of {pairs} pairs since the start were known; {entries} scores are kept.",
                share=f"{found.hits / asked:.0%}",
                pairs=f"{asked:,}",
                entries=f"{found.entries:,}",
            )
        )
    else:
        st.caption(t("{entries} scores are kept.", entries=f"{found.entries:,}"))
