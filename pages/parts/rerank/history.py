"""The last rerankings, to look for, open again and delete. They stay on this machine."""

from datetime import datetime

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.rerank.kept import MOST_KEPT, KeptReranking
from core.workflows.rerank.running import RerankRuns
from core.workflows.rerank.tables import preview
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.rerank.session import RUN, open_reranking, rerank_session

SHOWN = 12


def draw_history(runs: RerankRuns) -> None:
    """A button that opens the list."""
    with st.popover(t("History"), icon=":material/history:", width="content", key="rerank.history"):
        try:
            _draw_list(runs)
        except WorkbenchError as error:
            show_error(error)


def _draw_list(runs: RerankRuns) -> None:
    search = st.text_input(
        t("Search in queries"), key="rerank.history_search", icon=":material/search:", width=420
    )
    found = runs.history(search or "")
    if not found:
        st.caption(t("Nothing found.") if search else t("What you rerank is kept here, on this machine."))
        return
    for one in found[:SHOWN]:
        _draw_line(runs, one)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            t(
                "{shown} of {total}; the last {limit} are kept.",
                shown=min(SHOWN, len(found)),
                total=len(found),
                limit=MOST_KEPT,
            )
        )
        st.button(
            t("Delete all"), key="rerank.forget_all", type="tertiary", on_click=_forget, args=(runs, None)
        )


def _draw_line(runs: RerankRuns, one: KeptReranking) -> None:
    made = datetime.fromtimestamp(one.made).strftime("%Y-%m-%d %H:%M")
    facts = [made, t("documents: {count}", count=one.documents), one.model or t("not finished")]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None):
            st.button(
                plain(preview(one.query)),
                key=f"rerank.reopen_{one.id}",
                type="tertiary",
                on_click=_reopen,
                args=(one.id,),
            )
            st.caption(plain(" · ".join(facts)))
        st.button(
            "",
            key=f"rerank.forget_{one.id}",
            icon=":material/delete:",
            type="tertiary",
            help=t("Delete"),
            on_click=_forget,
            args=(runs, one.id),
        )


def _reopen(run_id: str) -> None:
    """The page finds another run in the address than the session's, and fills its fields."""
    rerank_session().run_id = None
    st.query_params[RUN] = run_id


def _forget(runs: RerankRuns, run_id: str | None) -> None:
    session = rerank_session()
    try:
        runs.forget(run_id)
    except WorkbenchError as error:
        session.error = error
        return
    if run_id in (None, session.run_id):
        open_reranking(None)
