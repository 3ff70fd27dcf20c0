"""A reranking that runs: how far it is, what it has found, and a way to stop it. It goes on unwatched."""

import streamlit as st

from core.workflows.rerank.provisional import order_so_far
from core.workflows.rerank.running import RerankingNow, RerankRuns
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.ranking.table import draw_provisional_table

LIVE_SECONDS = 0.5


def draw_progress(runs: RerankRuns, run_id: str) -> None:
    """Watch a run; the page is drawn anew when it ends."""
    st.fragment(_watch, run_every=LIVE_SECONDS)(runs, run_id)


def progress_line(run: RerankingNow) -> str:
    """«120 of 300 texts · 4 s left», or what there is to say before the model has read any."""
    course = run.course
    if course.stopped:
        return t("stopping …")
    if not course.done:
        return t("Scoring …")
    line = t("{done} of {total} texts", done=course.done, total=course.total)
    if course.seconds_left:
        line += " · " + t("{time} left", time=duration(course.seconds_left))
    return line


def _watch(runs: RerankRuns, run_id: str) -> None:
    run = runs.now(run_id)
    if run.state != "running":
        st.rerun()
    course = run.course
    st.progress(course.done / course.total if course.total else 0.0, text=progress_line(run))
    if st.button(t("Cancel"), key="rerank.cancel", disabled=course.stopped):
        runs.stop(run_id)
        st.rerun(scope="fragment")
    draw_so_far(run)


def draw_so_far(run: RerankingNow) -> None:
    """The documents that were read, in their order among themselves; nothing before the first one."""
    found = order_so_far(run.course)
    if found is None or not found.ranked:
        return
    st.caption(
        t(
            "**Provisional order** of {count} of {total} documents: others may still come before them.",
            count=len(found.ranked),
            total=len(run.asked.documents),
        )
    )
    draw_provisional_table(found)
