"""Sandbox: try instructions side by side, on one query or on a file, and keep what is proven."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.kinds import job_service
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.frame.sections import draw_sections
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS, the_workbench
from pages.parts.job.opened import looked_at, open_job
from pages.parts.sandbox.data import draw_data_start
from pages.parts.sandbox.library import draw_library
from pages.parts.sandbox.query import draw_query_section, take_over
from pages.parts.sandbox.sensitivity import draw_sensitivity_section
from pages.parts.sandbox.session import SECTION_KEY, sandbox_session
from pages.parts.sandbox.trial import draw_trial

SECTIONS = {"query": "One query", "data": "On data", "sensitivity": "Sensitivity", "library": "Library"}

session = sandbox_session()
take_over(session)
draw_title("sandbox", opened="job" in st.query_params)
opened = st.query_params.get("job") not in (None, session.job_id)
job_id = looked_at(session)
if opened:
    st.session_state[SECTION_KEY] = "data"
section = draw_sections(SECTION_KEY, "section", SECTIONS)
try:
    bench, service = the_workbench(), job_service()
    if section == "library":
        draw_library()
    elif section == "data" and job_id is not None:
        draw_trial(service, session, service.store.job(job_id))
    else:
        scorer = bench.scorer(wait=FIRST_MODEL_SECONDS)
        if section == "data":
            draw_data_start(bench, service, session, scorer)
        elif section == "sensitivity":
            draw_sensitivity_section(bench, service, session, scorer)
        else:
            draw_query_section(bench, service, session, scorer)
except WorkbenchError as error:
    show_error(error)
    if job_id is not None:
        st.button(t("Back to the start"), key="sandbox.back", on_click=open_job, args=(session, None))
