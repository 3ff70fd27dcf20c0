"""A running or stopped job: how far it is, and the buttons to pause, cancel and resume it.

It watches the store once a second while the job goes on, so any browser may look at any job.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job, JobNotice, JobState, Progress
from core.workflows.home.job_service import JobService
from pages.parts.frame.figures import duration
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.workbench import the_workbench

LIVE: tuple[JobState, ...] = ("queued", "running")
# A job of another process, or one that somebody resumes elsewhere, shows within this many seconds.
LIVE_SECONDS, IDLE_SECONDS = 1.0, 5.0
# (job, why the last click on one of its buttons was refused)
REFUSED = "job_progress.refused"
STATES: dict[JobState, str] = {
    "queued": "waiting",
    "running": "running",
    "paused": "paused",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
    "interrupted": "interrupted",
}


def draw_job_progress(service: JobService, job: Job, page: str) -> None:
    """Draw a job that is not done, and redraw the page when its state changes. page: prefix of the keys."""
    # The runner knows of a stop that a full disk keeps from being stored; the stored state would not match.
    state = service.runner.progress(job.id).job.state
    if state == "done" and service.store.job(job.id).state == "done":
        st.rerun()  # it ended since the page looked; watching would wait for a change that has been
    every = LIVE_SECONDS if state in LIVE else IDLE_SECONDS
    st.fragment(_watch, run_every=every)(service, job.id, state, page)


def job_line(progress: Progress) -> str:
    """State, pairs, speed and time left, on one line."""
    job = progress.job
    parts = [
        t("stopping …") if progress.stopping else t(STATES[job.state]),
        t("{done} of {total} pairs", done=f"{job.done:,}", total=f"{job.pairs:,}"),
    ]
    if progress.pairs_per_second:
        parts.append(t("{rate} pairs/s", rate=f"{progress.pairs_per_second:,.1f}"))
    if progress.seconds_left is not None and job.done < job.pairs:
        parts.append(t("{time} left", time=duration(progress.seconds_left)))
    return " · ".join(parts)


def notice_words(notice: JobNotice) -> str:
    """A job's notice and its advice in the interface language."""
    return " ".join(filter(None, (spoken(notice.sentence), spoken(notice.advice))))


def _watch(service: JobService, job_id: str, state: JobState, page: str) -> None:
    try:
        progress = service.runner.progress(job_id)
    except WorkbenchError as error:
        show_error(error)
        return
    job = progress.job
    if job.state != state:
        st.session_state.pop(REFUSED, None)
        st.rerun()  # it began, ended or was stopped: the whole page changes
    st.progress(job.done / job.pairs, text=job_line(progress))
    if job.notice is not None:
        st.warning(plain(notice_words(job.notice)))
    elsewhere = service.runner.elsewhere() if job.state in LIVE else None
    if elsewhere is not None:
        st.caption(
            t("Another workbench process ({process}) runs this job.", process=elsewhere.process)
            + " "
            + t("Pause or cancel it there; its results can be read here.")
        )
        return
    with st.container(horizontal=True):
        if job.state in LIVE:
            pause, cancel = partial(service.runner.pause, job_id), partial(service.runner.cancel, job_id)
            _action(t("Pause"), f"{page}.pause", job_id, pause, progress.stopping)
            _action(t("Cancel"), f"{page}.cancel", job_id, cancel)
        elif job.resumable:
            _action(t("Resume"), f"{page}.resume", job_id, partial(service.runner.resume, job_id))
            if job.state == "failed":
                afresh = partial(_start_afresh, service, job_id)
                _action(t("Start from scratch with the model in use"), f"{page}.scratch", job_id, afresh)
    # A redraw comes within seconds, so what went wrong with a click is kept until the next click.
    refused_job, refused = st.session_state.get(REFUSED, ("", None))
    if refused_job == job_id and isinstance(refused, WorkbenchError):
        show_error(refused)


def _start_afresh(service: JobService, job_id: str) -> Job:
    return service.start_afresh(job_id, the_workbench().scorer())


def _action(label: str, key: str, job_id: str, act: Callable[[], Job], disabled: bool = False) -> None:
    if st.button(label, key=key, disabled=disabled):
        try:
            act()
        except WorkbenchError as error:
            st.session_state[REFUSED] = (job_id, error)
        else:
            st.session_state.pop(REFUSED, None)
            st.rerun()
