"""Evaluate: did reranking help on one's own data, and is it real."""

from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.compare.kept import PREFIX as MODELS_PREFIX
from core.workflows.evaluate.jobs import EvaluateJob
from core.workflows.evaluate.kept import PREFIX
from core.workflows.kinds import job_service
from pages.parts.compare.view import draw_model_comparison
from pages.parts.evaluate.input import draw_start
from pages.parts.evaluate.opened import draw_settings, settings_now
from pages.parts.evaluate.sections import draw_run, draw_runs
from pages.parts.evaluate.session import evaluate_session, open_run, run_in_view
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.frame.workbench import the_workbench
from pages.parts.job.head import draw_head, head_facts
from pages.parts.job.progress import draw_job_progress

session = evaluate_session()

job_id = run_in_view()
draw_title("evaluate", opened=job_id is not None)
try:
    bench, service = the_workbench(), job_service()
    if job_id is None:
        draw_start(bench, service, session)
    elif job_id.startswith(PREFIX):
        draw_runs(session, job_id)
    elif job_id.startswith(MODELS_PREFIX):
        draw_model_comparison(bench, service, job_id, settings_now, draw_settings, open_run)
    else:
        job = service.store.job(job_id)
        asked = EvaluateJob.of(job)
        facts = head_facts(job, asked.model, (asked.instruction,) if asked.instruction else ())
        draw_head("evaluate", job.name, facts, t("New evaluation"), partial(open_run, None))
        if job.state == "done":
            draw_run(bench, service, session, job)
        else:
            draw_job_progress(service, job, "evaluate")
except WorkbenchError as error:
    show_error(error)
    if job_id is not None:
        st.button(t("Back to the start"), key="evaluate.back", on_click=open_run, args=(None,))
