"""The start of a page that makes jobs: its file, what scoring will take, and a line for each earlier job."""

from collections.abc import Callable, Sequence
from typing import Protocol

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import InputFile, Job, JobPlan, keep_upload
from core.workflows.home.job_service import JobService
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.opened import FILE
from pages.parts.job.progress import STATES


class KeepsUpload(Protocol):
    """A page's session: the kept file, and the browser's name of it, to see that another one is new."""

    upload: InputFile | None
    upload_id: str


def draw_upload(
    label: str, types: Sequence[str], key: str, session: KeepsUpload, service: JobService
) -> None:
    """A field for a file, kept in the home folder at once: Streamlit forgets it on a page switch.

    The address names it, so that a reload finds it again.
    """
    file = st.file_uploader(label, type=types, key=key)
    try:
        if file is not None and file.file_id != session.upload_id:
            session.upload = keep_upload(service.store.home, file.name, file)
            session.upload_id = file.file_id
        elif session.upload is None and FILE in st.query_params:
            session.upload = service.upload_named(st.query_params[FILE])
    except WorkbenchError as error:
        show_error(error)
    if session.upload is None:
        return
    if st.query_params.get(FILE) != (token := service.upload_token(session.upload)):
        st.query_params[FILE] = token
    if file is None:
        st.markdown(f"**{plain(session.upload.name)}**")


def draw_plan(plan: JobPlan) -> None:
    """Pairs to score and known, the time that takes, and what will be cut."""
    parts = [
        t(
            "{score} pairs to score, {known} already known",
            score=f"{plan.to_score:,}",
            known=f"{plan.cached + plan.duplicates:,}",
        )
    ]
    if plan.seconds is not None and plan.to_score:
        parts.append(t("about {time}", time=duration(plan.seconds)))
    if plan.truncated:
        parts.append(t("{count} documents are longer than the model reads", count=plan.truncated))
    st.caption(" · ".join(parts))


def draw_earlier_job(page: str, job: Job, open_job: Callable[[str], None], facts: str = "") -> None:
    """A job's name to open it by, and when, by whom and how far. page: prefix of the keys."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{page}.earlier_{job.id}"):
        st.button(
            plain(job.name), key=f"{page}.open_{job.id}", type="tertiary", on_click=open_job, args=(job.id,)
        )
        st.caption(facts or job_facts(job))


def job_facts(job: Job, further: Sequence[str] = (), *, how_far: bool = False) -> str:
    """When it was made, by which model, how many pairs, and its state. how_far: also how many are scored."""
    made = job.created.astimezone().strftime("%Y-%m-%d %H:%M")
    model = plain(job.model.label if job.model else str(job.settings.get("model", "")))
    pairs = (
        t("{done} of {total} pairs", done=f"{job.done:,}", total=f"{job.pairs:,}")
        if how_far
        else t("{count} pairs", count=f"{job.pairs:,}")
    )
    return " · ".join((made, model, *further, pairs, t(STATES[job.state])))
