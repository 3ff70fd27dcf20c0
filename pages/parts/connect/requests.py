"""The Connect page's right side: the last requests as they come, and one of them opened in Rerank."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.workflows.rerank.tables import preview
from core.workflows.serving.recent import KEPT, AskedTexts, RecentRequest, RecentRequests
from pages.parts.asked.instruction_choice import fill_instruction
from pages.parts.asked.query_documents import fill_fields
from pages.parts.connect.session import connect_session
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import draw_clickable

SECONDS_BETWEEN = 2.0
KEY = "connect.requests"


def draw_requests(recent: RecentRequests) -> None:
    """The list, and whether texts are kept."""
    st.subheader(t("Last requests"))
    kept = st.toggle(
        t("Keep their texts"),
        value=recent.keeps_texts,
        key="connect.keep_texts",
        help=t("In memory only, of the last {count} requests; switched off, they are forgotten.", count=KEPT),
    )
    if kept != recent.keeps_texts:
        recent.keep_texts(kept)
    session = connect_session()
    session.stands_still = _any_chosen()
    # No timer while the list stands still: it could go off while another page is being opened.
    every = None if session.stands_still else SECONDS_BETWEEN
    st.fragment(_draw_list, run_every=every)(recent)


def _draw_list(recent: RecentRequests) -> None:
    session = connect_session()
    if _any_chosen() != session.stands_still:
        st.rerun(scope="app")
    if not session.stands_still:
        session.shown = recent.all()
    if not session.shown:
        st.caption(t("Nothing yet. Requests of other programs appear here as they come."))
        return
    columns = {"ms": st.column_config.NumberColumn(format="%.0f")}
    row = draw_clickable(_rows(session.shown), len(session.shown), KEY, columns)
    if row is not None:
        _draw_chosen(session.shown[row])


def _any_chosen() -> bool:
    return bool(st.session_state.get(KEY, {}).get("selection", {}).get("cells"))


def _rows(shown: Sequence[RecentRequest]) -> list[dict[str, Any]]:
    return [
        {
            t("Received"): one.at.strftime("%H:%M:%S"),
            t("Client"): one.client,
            t("Pairs"): one.pairs,
            "ms": one.seconds * 1000,
            t("Status"): one.status,
        }
        | ({t("Query"): preview(one.texts.query)} if one.texts else {})
        for one in shown
    ]


def _draw_chosen(chosen: RecentRequest) -> None:
    st.caption(plain(f"{chosen.path} · {t('Request {id}', id=chosen.request_id)}"))
    if chosen.texts is None:
        st.caption(t("Its texts were not kept. Switch «Keep their texts» on before the next request."))
        return
    if st.button(t("Open in Rerank"), key="connect.open", on_click=_fill, args=(chosen.texts,)):
        st.switch_page("pages/rerank.py")


def _fill(texts: AskedTexts) -> None:
    fill_fields("rerank", texts.query, texts.documents)
    fill_instruction("rerank", texts.instruction)
