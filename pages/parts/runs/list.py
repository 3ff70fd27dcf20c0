"""The list of runs, and what can be done with the chosen ones: reopen, rename, delete, compare."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job
from core.workflows.batch.comparison import compare_runs
from core.workflows.batch.opened import open_run
from core.workflows.batch.records import KIND
from core.workflows.evaluate.jobs import comparable
from core.workflows.home.job_service import JobService
from core.workflows.retrieve.comparing import compare_measurements
from core.workflows.retrieve.jobs import is_measurement
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.page import ENTRIES
from pages.parts.job.opened import COMPARED, SECTION
from pages.parts.job.progress import STATES, notice_words
from pages.parts.runs.compare import draw_comparison
from pages.parts.runs.measurements import draw_measurements

MOST_SHOWN = 500
LIST_HEIGHT = 420


def draw_runs(service: JobService) -> None:
    """History, newest first; a click on a row's mark chooses it."""
    jobs = service.store.history(limit=MOST_SHOWN)
    if not jobs:
        st.caption(t("There are no runs yet. The Batch page makes them."))
        return
    chosen = [jobs[row] for row in _draw_list(service, jobs) if row < len(jobs)]
    if not chosen:
        st.caption(t("Tick one run to open, rename or delete it; tick two to compare them."))
    elif len(chosen) == 1:
        _draw_one(service, chosen[0])
    elif len(chosen) == 2:
        _draw_two(service, chosen[1], chosen[0])
    else:
        st.caption(t("Two runs are compared at a time."))


def draw_cache(service: JobService) -> None:
    """How many scores are kept, and a way to forget them."""
    statistics = service.cache.statistics()
    with st.expander(t("Score cache")):
        st.caption(
            t(
                "{entries} of at most {limit} scores are kept, {size} MB. An equal pair is never scored "
                "twice by the same model; runs keep their own scores.",
                entries=f"{statistics.entries:,}",
                limit=f"{statistics.limit:,}",
                size=f"{statistics.bytes / 1e6:,.1f}",
            )
        )
        if st.button(t("Clear score cache"), key="runs.clear_cache", disabled=not statistics.entries):
            service.cache.clear()
            st.rerun()


def _draw_list(service: JobService, jobs: Sequence[Job]) -> list[int]:
    names = [
        t("Name"),
        t("Kind"),
        t("State"),
        t("Model"),
        t("Instruction"),
        t("Queries"),
        t("Pairs"),
        t("Time"),
        t("Created"),
    ]
    rows = [
        (
            job.name,
            t(kind.title if (kind := service.kind_of(job)) is not None else "Other"),
            t(STATES[job.state]),
            f"{job.model.label} · {job.model.precision}" if job.model else str(job.settings.get("model", "")),
            job.settings.get("instruction") or "",
            job.queries,
            job.pairs,
            duration(job.seconds) if job.seconds else "",
            job.created.astimezone().replace(tzinfo=None),
        )
        for job in jobs
    ]
    event = st.dataframe(
        [dict(zip(names, row, strict=True)) for row in rows],
        key=f"runs.list_{len(jobs)}_{jobs[0].id}",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        height="content" if len(jobs) <= 10 else LIST_HEIGHT,
        column_config={
            names[0]: st.column_config.TextColumn(width=180),
            names[1]: st.column_config.TextColumn(width=80),
            names[2]: st.column_config.TextColumn(width=80),
            names[3]: st.column_config.TextColumn(width=170),
            names[4]: st.column_config.TextColumn(width=110),
            names[5]: st.column_config.NumberColumn(width=65, format="localized"),
            names[6]: st.column_config.NumberColumn(width=70, format="localized"),
            names[7]: st.column_config.TextColumn(width=65),
            names[8]: st.column_config.DatetimeColumn(width=120, format="YYYY-MM-DD HH:mm"),
        },
    )
    return [int(row) for row in event.selection.rows] if event is not None else []


def _draw_one(service: JobService, job: Job) -> None:
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


def _draw_two(service: JobService, first: Job, second: Job) -> None:
    """The older one is the first."""
    try:
        if is_measurement(first) and is_measurement(second):
            draw_measurements(first, second, compare_measurements(service.store, first, second))
        elif first.kind == second.kind == KIND:
            one, two = open_run(service.store, first.id), open_run(service.store, second.id)
            draw_comparison(one, two, compare_runs(one, two))
        elif first.kind == second.kind and first.id in {one.id for one in comparable(service.store, second)}:
            st.page_link(
                "pages/evaluate.py",
                label=t("Compare them in Evaluate"),
                query_params={"job": second.id, COMPARED: first.id, SECTION: "compare"},
            )
        else:
            st.caption(
                t(
                    "Two batches, two measurements of Retrieve, or two evaluations of the same data can be "
                    "compared."
                )
            )
    except WorkbenchError as error:
        show_error(error)


def _act(action: Callable[[], object]) -> None:
    try:
        action()
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()
