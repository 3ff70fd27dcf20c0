"""Runs: everything that was scored as a job; reopen, rename, delete, compare two."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.kinds import job_service
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.runs.list import draw_cache, draw_runs

st.header(t("Runs"))
try:
    service = job_service()
    draw_runs(service)
    draw_cache(service)
except WorkbenchError as error:
    show_error(error)
