"""The sidebar's lines about work: what runs, what waits, what has ended since somebody last looked.

A click opens it. The browser tab's title says the same in a word, for who works elsewhere meanwhile.
"""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.home.job_service import JobService
from core.workflows.kinds import job_service
from core.workflows.rerank.running import rerank_runs
from core.workflows.rerank.tables import preview
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.workbench import the_workbench

LIVE_SECONDS, IDLE_SECONDS = 1.0, 10.0
# Of those that wait and of those that have ended, so many are named.
SHOWN = 3
_MARKED, _LIVE = "app.title_marked", "app.strip_live"


@dataclass(frozen=True, slots=True)
class Work:
    """One line. page, parameter, id: where it is opened, and how the address says which one.

    share: of what is to be scored; None where it is not known. here: the page that is open shows it.
    """

    name: str
    state: str
    page: str
    parameter: str
    id: str
    here: bool
    share: float | None = None
    seconds_left: float | None = None

    @property
    def live(self) -> bool:
        """Whether it has not ended."""
        return self.state in ("running", "queued")


def draw_job_strip() -> None:
    """Watches once a second while something runs, else now and then: another tab may begin something."""
    live = any(one.live for one in _work())
    st.session_state[_LIVE] = live
    st.fragment(_draw, run_every=LIVE_SECONDS if live else IDLE_SECONDS)()


def _draw() -> None:
    work = _work()
    if any(one.live for one in work) != st.session_state.get(_LIVE):
        st.rerun()  # watch more often, or less
    _mark_title(work)
    elsewhere = [one for one in work if not one.here]
    if not elsewhere:
        return
    st.caption(t("Jobs"))
    for one in elsewhere:
        if one.state == "running":
            _draw_line(one, ":material/play_circle:")
            st.progress(one.share or 0.0, text=_how_far(one))
    _draw_lines([one for one in reversed(elsewhere) if one.state == "queued"])
    ended = [one for one in elsewhere if not one.live]
    _draw_lines(ended)
    if ended and st.button(t("Seen"), key="app.strip_seen", type="tertiary", icon=":material/done_all:"):
        _look([one for one in work if not one.live])
        st.rerun(scope="fragment")


def _draw_lines(work: Sequence[Work]) -> None:
    icons = {"queued": ":material/schedule:", "done": ":material/check_circle:"}
    for one in work[:SHOWN]:
        _draw_line(one, icons.get(one.state, ":material/error:"))
    if len(work) > SHOWN:
        st.caption(t("… and {count} more", count=len(work) - SHOWN))


def _draw_line(one: Work, icon: str) -> None:
    if st.button(plain(one.name), key=f"app.strip_{one.id}", type="tertiary", icon=icon):
        st.switch_page(f"pages/{one.page}.py", query_params={one.parameter: one.id})


def _how_far(one: Work) -> str:
    parts = [t("Scoring …") if one.share is None else f"{one.share:.0%}"]
    if one.seconds_left is not None:
        parts.append(t("{time} left", time=duration(one.seconds_left)))
    return " · ".join(parts)


def _work() -> list[Work]:
    """Everything that goes on, or has ended without being looked at; the newest first.

    Nothing where the home folder cannot be read: the pages that keep something there say so.
    """
    try:
        service = job_service()
        jobs = service.store.unseen()
    except WorkbenchError:
        return []
    found = []
    for job in jobs:
        kind = service.kind_of(job)
        if kind is None:
            continue
        here = st.query_params.get("job") == job.id
        share, left = None, None
        if job.state == "running":
            share, left = job.done / job.pairs, service.runner.progress(job.id).seconds_left
        elif here and job.state != "queued":
            _look_at_job(service, job.id)
            continue
        found.append(Work(job.name, job.state, kind.page, "job", job.id, here, share, left))
    for run in rerank_runs(the_workbench().settings.home).current():
        here = st.query_params.get("run") == run.id
        course = run.course
        share = course.done / course.total if course.total else None
        name = preview(run.asked.query)
        found.append(Work(name, run.state, "rerank", "run", run.id, here, share, course.seconds_left))
    return found


def _look(work: Sequence[Work]) -> None:
    runs = rerank_runs(the_workbench().settings.home)
    for one in work:
        if one.parameter == "run":
            runs.look(one.id)
        else:
            _look_at_job(job_service(), one.id)


def _look_at_job(service: JobService, job_id: str) -> None:
    # A full disk keeps the line in the strip, no more.
    with suppress(WorkbenchError):
        service.store.look([job_id])


def _mark_title(work: Sequence[Work]) -> None:
    """«42% · Batch» while something runs, «✓ · Batch» when it has ended."""
    running = [one.share or 0.0 for one in work if one.state == "running"]
    mark = f"{min(running):.0%}" if running else "✓" if work else ""
    if not mark and not st.session_state.get(_MARKED):
        return
    st.session_state[_MARKED] = bool(mark)
    # Streamlit writes the title at every page run; a script that differs each time is run each time.
    script = (
        f"/* {time.time()} */ {{ const bare = document.title.replace(/^(\\d+%|✓) · /, '');"
        f" const mark = {json.dumps(mark)}; document.title = mark ? mark + ' · ' + bare : bare; }}"
    )
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
