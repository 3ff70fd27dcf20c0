"""The Rerank page's result column: by whom, before and after, full text, charts, export."""

from functools import partial

import streamlit as st

from core.workflows.home.file_names import file_name
from core.workflows.rerank.export import (
    curl_command,
    curl_file_command,
    request_body,
    reranking_csv,
    reranking_excel,
    reranking_json,
)
from core.workflows.rerank.front_page import headline
from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.running import RerankingNow
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, spoken, t
from pages.parts.frame.messages import show_error, show_notices
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.labelled.words import speaker
from pages.parts.ranking.charts import draw_distribution, draw_movement
from pages.parts.ranking.table import draw_table
from pages.parts.rerank.progress import draw_so_far
from pages.parts.rerank.remedies import draw_remedies

# A longer request is a file to send, not a line to copy.
CURL_BYTES = 10_000


def draw_run(run: RerankingNow, port: int) -> None:
    """How a run ended."""
    if run.error is not None:
        show_error(run.error)
    if run.unkept is not None:
        show_error(run.unkept)
    if run.result is not None:
        _draw_result(run, run.result, port)
    elif run.state == "stopped":
        st.caption(t("Stopped before the end. Press Ctrl+Enter to score it."))
        draw_so_far(run)


def _draw_result(run: RerankingNow, result: Reranking, port: int) -> None:
    """Everything about one reranking."""
    st.subheader(spoken(headline(result)))
    draw_scored_by(
        result.scorer,
        t("documents: {count}", count=len(result.ranked)),
        t("tokens: {count}", count=f"{result.tokens:,}"),
        t("{seconds} s", seconds=f"{result.seconds:.2f}"),
        *((t("two looks: top {top}", top=result.scorer.two_looks),) if result.scorer.two_looks else ()),
        *((t("recipe {name}", name=result.recipe.title),) if result.recipe else ()),
    )
    show_notices(result.notices)
    if not result.ranked:
        return
    before = [one.document for one in sorted(result.ranked, key=lambda one: one.original_rank)]
    with st.container(horizontal=True):
        draw_hand_over("rerank", result.query, before, result.instruction, here="rerank")
        draw_remedies(run)
    table, charts, exports = st.tabs([t("Before and after"), t("Charts"), t("Export and API")])
    with table:
        draw_table(result, "rerank")
    with charts:
        left, right = st.columns([3, 2])
        with left:
            draw_movement(result, "rerank.slope")
        with right:
            draw_distribution(result, "rerank.scores")
    with exports:
        _draw_exports(result, port)


def _draw_exports(result: Reranking, port: int) -> None:
    with st.container(horizontal=True):
        for label, build, ending in (
            ("Excel", partial(reranking_excel, say=speaker(language())), "xlsx"),
            ("CSV", reranking_csv, "csv"),
            ("JSON", reranking_json, "json"),
        ):
            name = file_name(result.query, t("reranked"), ending)
            draw_export(label, partial(build, result), name, f"rerank.download_{ending}")
    st.caption(t("The same request over HTTP:"))
    if result.care is not None and result.recipe is None:
        st.caption(
            t("It sends the cleaned texts. Documents are not cut into chunks over HTTP: such scores differ.")
            if result.care.chunks
            else t("It sends the cleaned texts.")
        )
    if result.scorer.two_looks:
        st.caption(t("Over HTTP every document is read whole: such scores differ."))
    if len(request_body(result)) > CURL_BYTES:
        draw_export("request.json", partial(request_body, result), "request.json", "rerank.download_request")
        st.code(curl_file_command(port), language="bash")
    else:
        st.code(curl_command(result, port), language="bash", wrap_lines=True)
