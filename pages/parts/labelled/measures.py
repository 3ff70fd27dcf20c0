"""Choosing by which measures labels are read, and which grades count as relevant."""

from collections.abc import Sequence

import streamlit as st

from core.evaluation.kinds import COMMON_MEASURES
from pages.parts.frame.language import t


def draw_measures(key: str, default: Sequence[str], *, in_address: bool = False) -> tuple[str, ...]:
    """The chosen measures, none when the field was emptied.

    in_address: they stand there, so that a reload and a link that is handed on show the same numbers; else
    the session keeps them.
    """
    chosen = st.multiselect(
        t("Measures"),
        COMMON_MEASURES,
        default=None if key in st.session_state and not in_address else list(default),
        key=key,
        accept_new_options=True,
        bind="query-params" if in_address else None,
        persist_state=None if in_address else "session",
        help=t("The first one decides the verdict. Others can be typed, such as nDCG@20 or P(rel=2)@5."),
    )
    return tuple(chosen)


def draw_lowest_grade(key: str, *, in_address: bool = False) -> int:
    """The lowest grade that counts as relevant."""
    rel = st.number_input(
        t("Lowest grade that counts as relevant"),
        min_value=1,
        max_value=10,
        value=1,
        key=key,
        bind="query-params" if in_address else None,
        persist_state=None if in_address else "session",
    )
    return int(rel)
