"""A run's head: what was scored, by whom and how, its name, and the way to a new one."""

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job
from core.workflows.batch.opened import open_run as opened_run
from core.workflows.batch.records import BatchSettings
from core.workflows.batch.two_looks import tops_checked
from core.workflows.batch_evaluation import evaluation_of, has_labels
from core.workflows.care.preparing import CareSettings
from core.workflows.home.job_service import JobService
from pages.parts.batch.session import open_run
from pages.parts.batch.start import order_before
from pages.parts.care.words import settings_words
from pages.parts.frame.figures import duration
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.job.progress import STATES


def draw_head(service: JobService, job: Job) -> None:
    """The run that is looked at. Other runs wait in its queue."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(plain(job.name))
        with st.container(horizontal=True, width="content"):
            if job.state == "done":
                _draw_evaluate(service, job)
            st.button(
                t("New batch"),
                key="batch.new",
                icon=":material/add:",
                on_click=open_run,
                args=(None,),
            )
    settings = BatchSettings.read(job.settings)
    care = CareSettings.read(settings.care)
    model = job.model
    facts = [
        t("{count} queries", count=f"{job.queries:,}"),
        t("{count} texts" if care.chunks else "{count} pairs", count=f"{job.pairs:,}"),
    ]
    if job.state == "done":
        facts.append(t("{scored} scored in {time}", scored=f"{job.scored:,}", time=duration(job.seconds)))
        facts.append(t("{count} from the cache", count=f"{job.from_cache:,}"))
    facts.append(t("before: {order}", order=order_before(settings.basis)))
    if model is None:
        st.markdown(" · ".join([t("To be scored by {model}", model=plain(settings.model)), *facts]))
    else:
        draw_scored_by(model, *facts)
    if settings.instruction:
        st.caption(t("Instruction") + t(": ") + plain(settings.instruction))
    checked = tops_checked(service.store, job)
    if checked is not None:
        st.caption(
            spoken(checked.sentence) if job.state == "done" else t("two looks: top {top}", top=checked.top)
        )
    if care.active:
        st.caption(t("Clean and split documents") + t(": ") + settings_words(care.rules, care.chunks))
    _draw_queue(service, job)


def _draw_evaluate(service: JobService, job: Job) -> None:
    """To the verdict, or to judging where the file had no labels; not where documents were changed."""
    run = opened_run(service.store, job.id)
    if run.cares:
        return
    label = t("Evaluate") if has_labels(run) else t("Judge")
    if st.button(label, key="batch.evaluate", icon=":material/fact_check:"):
        try:
            evaluation = service.runner.submit(evaluation_of(service.store, job.id))
        except WorkbenchError as error:
            show_error(error)
        else:
            address = (
                {"job": evaluation.id} if has_labels(run) else {"job": evaluation.id, "section": "judge"}
            )
            st.switch_page("pages/evaluate.py", query_params=address)


def _draw_queue(service: JobService, job: Job) -> None:
    if job.state != "queued":
        return
    try:
        running = service.store.history(states=("running",), limit=1)
    except WorkbenchError as error:
        show_error(error)
        return
    if running:
        st.caption(
            t("Waits for {name} ({state}).", name=plain(running[0].name), state=t(STATES[running[0].state]))
        )
