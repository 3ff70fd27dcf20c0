"""The head of a run: its name, who scores it and what that took, and the way back to the start."""

import streamlit as st

from core.jobs import Job
from core.workflows.evaluate.jobs import EvaluateJob
from pages.parts.evaluate.session import open_job
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.job.progress import duration


def draw_head(job: Job) -> None:
    """What is looked at, and the way back to the start."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container():
            st.markdown(f"**{plain(job.name)}**")
            st.caption(_facts(job))
        st.button(
            t("New evaluation"),
            key="evaluate.new",
            icon=":material/add:",
            on_click=open_job,
            args=(None,),
        )


def _facts(job: Job) -> str:
    asked = EvaluateJob.of(job)
    model = job.model
    parts = [f"{model.label}, {model.device} {model.precision}" if model else asked.model]
    parts.append(t("{count} pairs", count=f"{job.pairs:,}"))
    if job.state == "done":
        parts.append(t("{scored} scored in {time}", scored=f"{job.scored:,}", time=duration(job.seconds)))
    if asked.instruction:
        parts.append(asked.instruction)
    return " · ".join(parts)
