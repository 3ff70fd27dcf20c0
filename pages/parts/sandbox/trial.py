"""A trial of instructions on a file: progress, then the verdict, the matrix, what changed, and saving."""

import streamlit as st

from core.errors import InputError
from core.jobs import Job
from core.workflows.evaluate.jobs import judged_set
from core.workflows.evaluate.outcome import EvaluateSettings
from core.workflows.home.job_service import BatchService
from core.workflows.sandbox.export import matrix_excel
from core.workflows.sandbox.jobs import kept_trial, trial_details
from core.workflows.sandbox.matrix import TOP, Matrix, MatrixSettings, measure_trial
from pages.parts.evaluate.opened import COMMON_MEASURES
from pages.parts.evaluate.session import judgement_store
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.progress import draw_job_progress
from pages.parts.labelled.words import say, speaker
from pages.parts.rerank.result import EXCEL_TYPE
from pages.parts.sandbox.changes import draw_changes
from pages.parts.sandbox.data import trial_facts
from pages.parts.sandbox.save import draw_save
from pages.parts.sandbox.session import SandboxSession, open_trial
from pages.parts.sandbox.verdict import draw_verdict

MEASURES_KEY, REL_KEY, TOP_KEY = "sandbox.measures", "sandbox.rel", "sandbox.top"
# Fewer than Evaluate's: a column each.
MEASURES = ("nDCG@10", "RR@10", "Success@1")


def draw_trial(service: BatchService, session: SandboxSession, job: Job) -> None:
    """A trial as it stands."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container():
            st.markdown(f"**{plain(job.name)}**")
            st.caption(plain(trial_facts(job)))
        st.button(t("New trial"), key="sandbox.new", icon=":material/add:", on_click=open_trial, args=(None,))
    if job.state != "done":
        draw_job_progress(service, job, "sandbox")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        settings = _draw_settings()
        report_place = st.container()
    try:
        matrix = _matrix(service, session, job, settings)
    except InputError as error:
        show_error(error)
        return
    with report_place:
        _draw_report(matrix, job)
    if matrix.trial.as_words:
        st.info(plain(say(matrix.used)), icon=":material/info:")
    else:
        st.caption(plain(say(matrix.used)))
    if matrix.before is not None:
        draw_verdict(matrix)
        draw_save(matrix, job)
    draw_changes(matrix)
    if matrix.before is None:
        draw_save(matrix, job)


def _draw_settings() -> MatrixSettings:
    with st.popover(t("Measures and conventions"), icon=":material/tune:"):
        measures = st.multiselect(
            t("Measures"),
            COMMON_MEASURES,
            default=None if MEASURES_KEY in st.session_state else list(MEASURES),
            key=MEASURES_KEY,
            accept_new_options=True,
            persist_state="session",
            help=t("The first one decides the verdict. Others can be typed, such as nDCG@20 or P(rel=2)@5."),
        )
        rel = st.number_input(
            t("Lowest grade that counts as relevant"),
            min_value=1,
            max_value=10,
            value=1,
            key=REL_KEY,
            persist_state="session",
        )
        top = st.number_input(
            t("First places compared, for what changed"),
            min_value=1,
            max_value=100,
            value=TOP,
            key=TOP_KEY,
            persist_state="session",
        )
    chosen = EvaluateSettings(measures=",".join(measures) or ",".join(MEASURES), rel=int(rel))
    return MatrixSettings(chosen, int(top))


def _matrix(service: BatchService, session: SandboxSession, job: Job, settings: MatrixSettings) -> Matrix:
    """Read and computed once for the same trial, settings and grades."""
    # Grades given by hand on the Evaluate page belong to the file, so they count here, too.
    grades = judgement_store().grades(judged_set(job))
    trial_key = (job.id, grades)
    if session.trial is None or session.trial_key != trial_key:
        session.trial, session.trial_key = kept_trial(service.store, job, grades), trial_key
    key = (trial_key, settings)
    if session.matrix is None or session.matrix_key != key:
        with st.spinner(t("Calculating …")):
            session.matrix, session.matrix_key = measure_trial(session.trial, settings), key
    return session.matrix


def _draw_report(matrix: Matrix, job: Job) -> None:
    # Building happens outside a script run, where the interface language is not known any more.
    speak = speaker(language())
    st.download_button(
        t("Excel report"),
        data=lambda: matrix_excel(matrix, trial_details(job), speak),
        file_name="instructions.xlsx",
        mime=EXCEL_TYPE,
        key="sandbox.download_matrix",
        on_click="ignore",
        icon=":material/download:",
    )
