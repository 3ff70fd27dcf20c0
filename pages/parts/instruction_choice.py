"""Choosing an instruction: a preset, or one's own words. For every page that scores."""

import streamlit as st

from core.records import ScorerInfo
from core.workflows.presets import PRESETS, preset
from pages.parts.language import t

CUSTOM = "custom"


def draw_instruction(page: str, scorer: ScorerInfo | None) -> str | None:
    """The chosen instruction; None where the model takes none or the own one is blank. page: key prefix."""
    if scorer is not None and not scorer.uses_instruction:
        st.caption(t("{model} takes no instruction; Qwen3-Reranker does.", model=scorer.label))
        return None
    titles = {one.name: one.title for one in PRESETS} | {CUSTOM: "Own instruction"}
    chosen = st.selectbox(
        t("Instruction"),
        list(titles),
        format_func=lambda name: t(titles[name]),
        key=f"{page}.preset",
        persist_state="session",
        help=t("What makes a document relevant. English works best, also for Chinese data."),
    )
    if chosen != CUSTOM:
        st.caption(preset(chosen).instruction)
        return preset(chosen).instruction
    own = st.text_area(
        t("Own instruction"),
        key=f"{page}.own_instruction",
        height=80,
        label_visibility="collapsed",
        persist_state="session",
    )
    return (own or "").strip() or None
