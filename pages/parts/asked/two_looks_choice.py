"""Asking for two looks at long documents; drawn only where the model in use can."""

import streamlit as st

from core.workflows.home.workbench import Status
from pages.parts.frame.language import t

# Places at the top when it is turned on.
USUAL_TOP = 10


def draw_two_looks(page: str, status: Status, *, in_chunks: bool) -> int:
    """The places at the top that are to be right; 0 where every document is read whole. page: key prefix."""
    if status.engine is None or in_chunks:
        return 0
    on = st.toggle(
        t("Two looks"),
        key=f"{page}.two_looks",
        persist_state="session",
        help=t(
            "Faster for long documents: first the beginning of each, then the rest of those that could still "
            "reach the top. A document whose beginning misleads may be missed."
        ),
    )
    if not on:
        return 0
    top = st.number_input(
        t("Places at the top"),
        min_value=1,
        max_value=1000,
        value=USUAL_TOP,
        key=f"{page}.two_looks_top",
        persist_state="session",
        width=160,
    )
    return int(top)


def fill_two_looks(page: str, top: int) -> None:
    """Put what was asked into the fields; for a button's callback."""
    st.session_state[f"{page}.two_looks"] = top > 0
    if top:
        st.session_state[f"{page}.two_looks_top"] = top
