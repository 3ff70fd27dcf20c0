"""The head of a job that is looked at: its name, what it was, and the way back to the start."""

from collections.abc import Callable, Iterable

import streamlit as st

from core.jobs import Job
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain


def draw_head(
    page: str,
    name: str,
    facts: str,
    new: str,
    leave: Callable[[], None],
    *,
    beside: Callable[[], object] | None = None,
) -> None:
    """page: prefix of the keys. facts: one line. new: the label of the button that leaves.

    beside: draws a button beside it.
    """
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container():
            st.markdown(f"**{plain(name)}**")
            st.caption(plain(facts))
        with st.container(horizontal=True, width="content"):
            if beside is not None:
                beside()
            st.button(new, key=f"{page}.new", icon=":material/add:", on_click=leave)


def head_facts(job: Job, asked_model: str, further: Iterable[str] = ()) -> str:
    """Who scores it and what that took; further: facts of the page's own."""
    parts = [f"{job.model.label}, {job.model.device} {job.model.precision}" if job.model else asked_model]
    parts.append(t("{count} pairs", count=f"{job.pairs:,}"))
    if job.state == "done":
        parts.append(t("{scored} scored in {time}", scored=f"{job.scored:,}", time=duration(job.seconds)))
    return " · ".join([*parts, *further])
