"""A row of figures with their names, for a page's summary."""

from collections.abc import Iterable

import streamlit as st

# Name, value, and what the name means where it does not say so itself.
Figure = tuple[str, str, str | None]


def draw_figures(figures: Iterable[Figure]) -> None:
    """Beside each other; in a narrow window they wrap instead of losing their names."""
    with st.container(horizontal=True, gap="medium"):
        for name, value, about in figures:
            st.metric(name, value, help=about, width="content")
