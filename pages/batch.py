"""Batch: a spreadsheet in, a job that survives everything, results and Excel out."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.kinds import job_service
from pages.parts.batch.results import draw_results
from pages.parts.batch.run import draw_head
from pages.parts.batch.session import batch_session, open_run
from pages.parts.batch.start import draw_start
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.frame.workbench import the_workbench
from pages.parts.job.opened import looked_at
from pages.parts.job.progress import draw_job_progress

session = batch_session()
job_id = looked_at(session)
try:
    service = job_service()
    if job_id is None:
        draw_start(the_workbench(), service, session)
    else:
        job = service.runner.progress(job_id).job
        draw_head(service, job)
        if job.state != "done":
            draw_job_progress(service, job, "batch")
        if job.state not in ("queued", "running"):
            draw_results(service, job_id)
except WorkbenchError as error:
    show_error(error)
    session.job_id = None
    if job_id is not None:
        st.button(t("Back to the start"), key="batch.back", on_click=open_run, args=(None,))
