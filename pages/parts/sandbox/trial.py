"""A trial of instructions on a file: progress, then the verdict, the matrix, what changed, and saving."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.errors import InputError
from core.jobs import Job
from core.workflows.evaluate.jobs import judged_set
from core.workflows.evaluate.outcome import EvaluateSettings
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.sandbox.export import matrix_excel
from core.workflows.sandbox.jobs import kept_trial
from core.workflows.sandbox.matrix import TOP, Matrix, MatrixSettings, measure_trial
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.head import draw_head
from pages.parts.job.opened import open_job
from pages.parts.job.progress import draw_job_progress
from pages.parts.labelled.grades import grades_of
from pages.parts.labelled.measures import draw_lowest_grade, draw_measures
from pages.parts.labelled.words import say, speaker
from pages.parts.sandbox.changes import draw_changes
from pages.parts.sandbox.data import trial_facts
from pages.parts.sandbox.save import draw_save
from pages.parts.sandbox.session import SandboxSession
from pages.parts.sandbox.verdict import draw_verdict

MEASURES_KEY, REL_KEY, TOP_KEY = "sandbox.measures", "sandbox.rel", "sandbox.top"
# Fewer than Evaluate's: a column each.
MEASURES = ("nDCG@10", "RR@10", "Success@1")


def draw_trial(service: JobService, session: SandboxSession, job: Job) -> None:
    """A trial as it stands."""
    leave = partial(open_job, session, None)
    draw_head("sandbox", job.name, trial_facts(job), t("New trial"), leave)
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
        _draw_report(matrix, service.details(job), job.name)
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
        measures = draw_measures(MEASURES_KEY, MEASURES)
        rel = draw_lowest_grade(REL_KEY)
        top = st.number_input(
            t("First places compared, for what changed"),
            min_value=1,
            max_value=100,
            value=TOP,
            key=TOP_KEY,
            persist_state="session",
        )
    chosen = EvaluateSettings(measures=",".join(measures) or ",".join(MEASURES), rel=rel)
    return MatrixSettings(chosen, int(top))


def _matrix(service: JobService, session: SandboxSession, job: Job, settings: MatrixSettings) -> Matrix:
    """Read and computed once for the same trial, settings and grades."""
    # Grades given by hand on the Evaluate page belong to the file, so they count here, too.
    grades = grades_of(judged_set(job))
    trial_key = (job.id, grades)
    if session.trial is None or session.trial_key != trial_key:
        session.trial, session.trial_key = kept_trial(service.store, job, grades), trial_key
    key = (trial_key, settings)
    if session.matrix is None or session.matrix_key != key:
        with st.spinner(t("Calculating …")):
            session.matrix, session.matrix_key = measure_trial(session.trial, settings), key
    return session.matrix


def _draw_report(matrix: Matrix, details: Sequence[tuple[str, str]], source: str) -> None:
    build = partial(matrix_excel, matrix, details, speaker(language()), source=source)
    name = file_name(source, t("instructions"), "xlsx")
    draw_export(t("Excel report"), build, name, "sandbox.download_matrix")
