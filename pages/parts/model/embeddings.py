"""The embedding models of *Retrieve*: which one is set, where the others are, and fetching them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.models.embedding.catalogue import lookup_embedding
from core.models.embedding.selftest import SimilarityReport, run_similarities
from core.workflows.home.inventory import InventoryRow
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.service import retrieve_service
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.words import say
from pages.parts.model.view import draw_action


def draw_embeddings(bench: Workbench, rows: Sequence[InventoryRow]) -> None:
    """A line a model. Which one is used is a setting, because a corpus's vectors belong to one model."""
    st.subheader(t("Embedding models for Retrieve"))
    known = lookup_embedding(bench.settings.embedding)
    status = bench.status()
    download = status.download if status.download and status.download.running else None
    st.caption(
        t("Vectors are made by {name}; RERANK_EMBEDDING sets another one.", name=bench.settings.embedding)
    )
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container():
                st.markdown(f"**{row.title}** · {row.parameters / 1e9:.2f} B")
                st.caption(f"{row.place} ({row.source})" if row.place else t("Not on this machine"))
            if known is not None and row.name == known.name:
                st.badge(t("in use"), color="blue")
            if row.usable:
                continue
            if download is not None and download.model == row.name:
                draw_action(t("Stop"), f"model.stop_{row.name}", bench.cancel_download, False)
            else:
                label = t("Download {size} GB", size=f"{row.download_bytes / 1e9:.1f}")
                key = f"model.fetch_{row.name}"
                draw_action(label, key, partial(bench.download, row.name), download is not None)
    if known is not None and any(row.usable and row.name == known.name for row in rows):
        _draw_selftest()


def _draw_selftest() -> None:
    if not st.button(t("Compare with the published similarities"), key="model.similarities"):
        return
    try:
        with st.spinner(t("Scoring …")):
            report = run_similarities(retrieve_service().embedder())
    except WorkbenchError as error:
        show_error(error)
    else:
        draw_similarities(report)


def draw_similarities(report: SimilarityReport) -> None:
    """What the comparison came to, and the four values beside the published ones."""
    (st.success if report.passed else st.error)(plain(say(report.explanation)))
    expected = report.expected or ((None, None), (None, None))
    rows = [
        {t("Query"): query + 1, t("Passage"): passage + 1, t("Published"): published, t("Here"): actual}
        for query, (own, wanted) in enumerate(zip(report.actual, expected, strict=True))
        for passage, (actual, published) in enumerate(zip(own, wanted, strict=True))
    ]
    st.dataframe(rows, hide_index=True)
