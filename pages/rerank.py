"""Rerank: one query, its documents, before and after."""

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.workflows.rerank.reranking import rerank
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS, the_workbench
from pages.parts.rerank.inputs import draw_inputs
from pages.parts.rerank.result import draw_result
from pages.parts.rerank.session import rerank_session

bench = the_workbench()
session = rerank_session()
settings = bench.settings

left, right = st.columns([1, 2], gap="medium")
with left:
    st.header(t("Rerank"))
    inputs = None
    try:
        inputs = draw_inputs(bench.status().active)
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
        bar = st.empty()

        def show_progress(done: int, total: int) -> None:
            bar.progress(done / total, t("{done} of {total} texts", done=done, total=total))

        try:
            with st.spinner(t("Scoring …")):
                session.result = rerank(
                    bench.scorer(wait=FIRST_MODEL_SECONDS),
                    inputs.query,
                    inputs.documents,
                    inputs.instruction,
                    max_documents=settings.max_documents,
                    care=inputs.care,
                    on_progress=show_progress,
                )
            session.inputs, session.error = inputs, None
        except WorkbenchError as error:
            session.error = error
        bar.empty()
    if session.error is not None:
        show_error(session.error)
    if session.result is None:
        st.caption(t("The order before and after reranking appears here. Nothing leaves this machine."))
    else:
        if session.inputs != inputs:
            st.caption(t("The fields have changed since this result; press Ctrl+Enter to score them."))
        draw_result(session.result, settings.port)
