"""The one run that was ticked: what it was made of, its name, note and tags, opening and deleting it."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job, Remark
from core.workflows.home.job_service import JobService
from core.workflows.runs.leaderboard import LeaderboardRow
from pages.parts.frame.language import t
from pages.parts.frame.menu import ENTRIES
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.progress import notice_words


def draw_one(service: JobService, row: LeaderboardRow, tags: Sequence[str]) -> None:
    """Everything about one run. tags: those that runs have already."""
    job = row.job
    with st.container(border=True):
        st.markdown(f"**{plain(job.name)}**")
        for name, value in _facts(job):
            st.caption(plain(f"{name}{t(': ')}{value}"))
        if job.notice is not None and job.state != "done":
            st.warning(plain(notice_words(job.notice)))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = service.kind_of(job)
            page = f"{kind.page}.py" if kind is not None else ""
            known = any(entry.file == page for entry in ENTRIES)
            if st.button(t("Open"), key="runs.open", type="primary", disabled=not known):
                st.switch_page(f"pages/{page}", query_params={"job": job.id})
            name = st.text_input(t("Name"), value=job.name, key=f"runs.name_{job.id}", width=320)
            if st.button(t("Rename"), key="runs.rename", disabled=name == job.name):
                _act(lambda: service.store.rename(job.id, name))
            with st.popover(t("Delete")):
                st.caption(t("The run and its results are removed. The score cache stays."))
                if st.button(t("Delete {name}", name=plain(job.name)), key="runs.delete"):
                    _act(lambda: service.delete(job.id))
        _draw_remark(service, row, tags)


def _draw_remark(service: JobService, row: LeaderboardRow, tags: Sequence[str]) -> None:
    """Kept as soon as it is changed."""
    job, remark = row.job, row.remark
    with st.container(horizontal=True, vertical_alignment="bottom"):
        given = st.multiselect(
            t("Tags"),
            sorted({*tags, *remark.tags}),
            default=list(remark.tags),
            accept_new_options=True,
            key=f"runs.tags_{job.id}",
            placeholder=t("Choose or type"),
            width=320,
        )
        note = st.text_input(t("Note"), value=remark.note, key=f"runs.note_{job.id}")
    asked = Remark(note, tuple(given))
    if asked != remark:
        _act(lambda: service.store.remarks.save(job.id, asked))


def _facts(job: Job) -> list[tuple[str, str]]:
    """Settings and model, as far as they are known."""
    facts = [(t("File"), f"{file.name} · SHA-256 {file.sha256[:16]}…") for file in job.inputs]
    columns = job.settings.get("columns", {})
    facts += [(t("Columns"), "; ".join(f"{role}: {', '.join(names)}" for role, names in columns.items()))]
    facts += [(t("Instruction"), job.settings["instruction"])] if job.settings.get("instruction") else []
    if job.model is not None:
        model = job.model
        facts.append(
            (t("Model"), f"{model.label} · {model.device} · {model.precision} · {model.fingerprint[:12]}")
        )
    facts.append(
        (
            t("Pairs"),
            t(
                "{done} of {total}, {cached} from the cache",
                done=f"{job.done:,}",
                total=f"{job.pairs:,}",
                cached=f"{job.from_cache:,}",
            ),
        )
    )
    return facts


def _act(action: Callable[[], object]) -> None:
    try:
        action()
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()
