"""Rewrite: other wordings of a query, by rules that say why, and what they gain and lose."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import job_service
from core.workflows.rewrite.one_query import rerank_wordings
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.frame.sections import draw_sections
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS, the_workbench
from pages.parts.job.opened import looked_at, open_job
from pages.parts.job.progress import draw_job_progress
from pages.parts.rewrite.form import MODE_KEY, draw_inputs, draw_wordings, take_over
from pages.parts.rewrite.result import draw_result
from pages.parts.rewrite.run import draw_run, draw_run_head
from pages.parts.rewrite.session import RewriteSession, rewrite_session
from pages.parts.rewrite.start import draw_start

MODES = {"query": "One query", "data": "On data"}

session = rewrite_session()


def draw_query(bench: Workbench, service: JobService, session: RewriteSession) -> None:
    """One query: fields on the left, wordings and their orders on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        inputs = draw_inputs(session, bench.status().active)
    with right:
        chosen = draw_wordings(session, inputs, bench.settings)
        asked = st.button(t("Score all wordings"), type="primary", key="rewrite.run", shortcut="Ctrl+Enter")
        key = (inputs.query, inputs.documents, inputs.instruction, tuple(one.text for one in chosen))
        if asked:
            try:
                with st.spinner(t("Scoring …")):
                    session.result = rerank_wordings(
                        bench.scorer(wait=FIRST_MODEL_SECONDS),
                        inputs.query,
                        chosen,
                        inputs.documents,
                        inputs.instruction,
                        cache=service.cache,
                        max_documents=bench.settings.max_documents,
                    )
                session.result_key, session.error = key, None
            except WorkbenchError as error:
                session.error = error
        if session.error is not None:
            show_error(session.error)
        if session.result is not None:
            if session.result_key != key:
                st.caption(t("The fields have changed since this result; press Ctrl+Enter to score them."))
            draw_result(session.result)


take_over(session)
job_id = looked_at(session)
draw_title("rewrite", opened=job_id is not None)
try:
    bench, service = the_workbench(), job_service()
    if job_id is not None:
        job = service.store.job(job_id)
        draw_run_head(session, job)
        if job.state == "done":
            draw_run(service, session, job)
        else:
            draw_job_progress(service, job, "rewrite")
    elif draw_sections(MODE_KEY, "section", MODES) == "data":
        draw_start(bench, service, session)
    else:
        draw_query(bench, service, session)
except WorkbenchError as error:
    show_error(error)
    if job_id is not None:
        st.button(t("Back to the start"), key="rewrite.back", on_click=open_job, args=(session, None))
