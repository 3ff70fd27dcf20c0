"""Rerank: one query, its documents, before and after."""

from functools import partial

import streamlit as st

from core.errors import InputError, WorkbenchError
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_purpose
from pages.parts.frame.messages import show_error
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS, the_workbench
from pages.parts.rerank.history import draw_history
from pages.parts.rerank.inputs import draw_inputs
from pages.parts.rerank.progress import draw_progress
from pages.parts.rerank.result import draw_run
from pages.parts.rerank.session import open_reranking, rerank_session, reranking_in_view, the_runs

# A short reranking ends within this time and is shown at once; of a longer one the first documents are
# shown then.
SHORT_SECONDS = 0.8

bench = the_workbench()
runs = the_runs()
session = rerank_session()
run = reranking_in_view()

left, right = st.columns([1, 2], gap="medium")
with left:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(t("Rerank"))
        draw_history(runs)
    if run is None:
        draw_purpose("rerank")
    inputs = None
    try:
        inputs = draw_inputs(bench.status())
    except InputError as error:
        show_error(error)
    asked = st.button(
        t("Rerank"),
        type="primary",
        key="rerank.run",
        shortcut="Ctrl+Enter",
        width="stretch",
        disabled=inputs is None,
    )

with right:
    if asked and inputs is not None:
        try:
            with st.spinner(t("Scoring …")):
                scorer_for = partial(bench.scorer, wait=FIRST_MODEL_SECONDS)
                open_reranking(runs.start(inputs, scorer_for, max_documents=bench.settings.max_documents))
                assert session.run_id is not None
                run = runs.wait(session.run_id, SHORT_SECONDS)
        except WorkbenchError as error:
            session.error = error
    if session.error is not None:
        show_error(session.error)
    if run is None:
        st.caption(t("The order before and after reranking appears here. Nothing leaves this machine."))
    elif run.state == "running":
        draw_progress(runs, run.id)
    else:
        runs.look(run.id)
        if run.asked != inputs:
            st.caption(t("The fields have changed since this result; press Ctrl+Enter to score them."))
        draw_run(run, bench.settings.port)
