"""A row of figures with their names, for a page's summary, and a length of time as people say it."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from pages.parts.frame.language import t

# Name, value, and what the name means where it does not say so itself.
Figure = tuple[str, str, str | None]


def draw_figures(figures: Iterable[Figure], opens: Mapping[str, Callable[[], None]] | None = None) -> None:
    """Beside each other; in a narrow window they wrap instead of losing their names.

    opens: by name, what a click on the figure does: it shows what was counted.
    """
    with st.container(horizontal=True, gap="medium"):
        for place, (name, value, about) in enumerate(figures):
            open_it = (opens or {}).get(name)
            if open_it is None:
                st.metric(name, value, help=about, width="content")
                continue
            # Its looks are the frame's: the same as a figure's, and a link's on top.
            with st.container(key=f"figure_{place}", width="content", gap=None):
                st.caption(name, help=about)
                st.button(value, key=f"figure_open_{place}", type="tertiary", on_click=open_it)


def duration(seconds: float) -> str:
    """Rounded to what matters: seconds, then minutes, then hours and minutes."""
    if seconds < 90:
        return t("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return t("{minutes} min", minutes=minutes)
    return t("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
