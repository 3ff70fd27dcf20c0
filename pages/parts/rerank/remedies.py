"""What can be done about a result at once: long documents in chunks, repeated ones left out."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.text.chunking import ChunkSettings
from core.workflows.rerank.running import RerankingNow
from core.workflows.rerank.stored import AskedReranking
from pages.parts.frame.language import t
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS, the_workbench
from pages.parts.rerank.session import fill, open_reranking, rerank_session, the_runs


def draw_remedies(run: RerankingNow) -> None:
    """A button for each that applies; it fills the fields and scores them."""
    result, asked = run.result, run.asked
    if result is None:
        return
    if asked.two_looks:
        _draw(t("Read every document whole"), "whole", replace(asked, two_looks=0))
    elif asked.care.chunks is None and any(one.score.truncated for one in result.ranked):
        _draw(t("Score long documents in chunks"), "chunks", _in_chunks(asked))
    different = tuple(dict.fromkeys(asked.documents))
    if len(different) < len(asked.documents):
        _draw(t("Leave repeated documents out"), "repeats", replace(asked, documents=different))


def _in_chunks(asked: AskedReranking) -> AskedReranking:
    return replace(asked, care=replace(asked.care, chunks=ChunkSettings()))


def _draw(label: str, name: str, asked: AskedReranking) -> None:
    st.button(
        label,
        key=f"rerank.remedy_{name}",
        type="tertiary",
        icon=":material/build:",
        on_click=_score,
        args=(asked,),
    )


def _score(asked: AskedReranking) -> None:
    bench = the_workbench()
    scorer_for = partial(bench.scorer, wait=FIRST_MODEL_SECONDS)
    fill(asked)
    try:
        open_reranking(the_runs().start(asked, scorer_for, max_documents=bench.settings.max_documents))
    except WorkbenchError as error:
        rerank_session().error = error
