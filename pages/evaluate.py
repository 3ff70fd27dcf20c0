"""Evaluate: did reranking help on one's own data, and is it real."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.evaluate.kept import PREFIX
from core.workflows.home.job_service import batch_service
from core.workflows.home.workbench import workbench
from pages.parts.evaluate.head import draw_head
from pages.parts.evaluate.input import draw_start
from pages.parts.evaluate.sections import draw_run, draw_runs
from pages.parts.evaluate.session import evaluate_session, looked_at, open_job
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.job.progress import draw_job_progress

bench = workbench()
service = batch_service()
session = evaluate_session()

st.header(t("Evaluate"))
job_id = looked_at()
try:
    if job_id is None:
        draw_start(bench, service, session)
    elif job_id.startswith(PREFIX):
        draw_runs(session, job_id)
    else:
        job = service.store.job(job_id)
        draw_head(job)
        if job.state == "done":
            draw_run(service, session, job)
        else:
            draw_job_progress(service, job, "evaluate")
except WorkbenchError as error:
    show_error(error)
    if job_id is not None:
        st.button(t("Back to the start"), key="evaluate.back", on_click=open_job, args=(None,))
