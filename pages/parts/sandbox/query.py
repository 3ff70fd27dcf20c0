"""The Sandbox page's first section: one query, its documents, several instructions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import WorkbenchError
from core.records import Scorer
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.rerank.typed_documents import Separation, split_documents
from core.workflows.sandbox.side_by_side import TriedInstruction, try_instructions
from pages.parts.asked.hand_over import taken_over
from pages.parts.asked.query_documents import draw_query_documents, fill_fields
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.sandbox.instructions import draw_instructions
from pages.parts.sandbox.result import draw_side_by_side
from pages.parts.sandbox.session import SECTION_KEY, SandboxSession, add_slot

HEIGHT = 200
TOP = 5


def draw_query_section(
    bench: Workbench, service: JobService, session: SandboxSession, scorer: Scorer
) -> None:
    """Fields on the left, the comparison on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        query, documents = draw_fields(session)
        variants = draw_instructions(session, scorer.info, (query,) if query else ())
        asked = st.button(
            t("Compare"),
            type="primary",
            key="sandbox.run",
            shortcut="Ctrl+Enter",
            width="stretch",
            disabled=variants is None,
        )
    key = (query, documents, variants, scorer.info.fingerprint)
    with right:
        if asked and variants is not None:
            if _compare(bench, service, session, scorer, query, documents, variants):
                session.asked = key
        if session.error is not None:
            show_error(session.error)
        if session.result is None:
            st.caption(
                t(
                    "Ranks, movements and scores under each instruction appear here. What has been scored "
                    "once is not scored again. Nothing leaves this machine."
                )
            )
        else:
            if session.asked != key:
                st.caption(t("The fields have changed since this result; press Ctrl+Enter to score them."))
            draw_side_by_side(session.result)


def take_over(session: SandboxSession) -> None:
    """Fill the fields with what another page handed over; its instruction is tried beside the default."""
    handed = taken_over("sandbox")
    if handed is None:
        return
    st.session_state[SECTION_KEY] = "query"
    fill_fields("sandbox", handed.query, handed.documents)
    if handed.instruction:
        session.slots.clear()
        add_slot(session, handed.instruction)


def draw_fields(session: SandboxSession) -> tuple[str, tuple[str, ...]]:
    """Query and documents, with a way to take over those of the Rerank page."""
    there = str(st.session_state.get("rerank.documents") or "")
    separation: Separation = (
        "blank lines" if st.session_state.get("rerank.separation") == "blank lines" else "lines"
    )
    if there and st.session_state.get("rerank.separation") != "file":
        st.button(
            t("Copy from Rerank"),
            key="sandbox.take_over",
            type="tertiary",
            icon=":material/content_copy:",
            on_click=fill_fields,
            args=(
                "sandbox",
                str(st.session_state.get("rerank.query") or ""),
                split_documents(there, separation),
            ),
        )
    return draw_query_documents("sandbox", HEIGHT)


def _compare(
    bench: Workbench,
    service: JobService,
    session: SandboxSession,
    scorer: Scorer,
    query: str,
    documents: tuple[str, ...],
    variants: tuple[TriedInstruction, ...],
) -> bool:
    """Whether there is a new result."""
    try:
        with scoring_bar() as show:
            session.result = try_instructions(
                scorer,
                query,
                documents,
                variants,
                cache=service.cache,
                top=TOP,
                max_documents=bench.settings.max_documents,
                on_progress=show,
            )
        session.error = None
    except WorkbenchError as error:
        session.error = error
    return session.error is None


@contextmanager
def scoring_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar that shows how many pairs are scored, while something is."""
    bar = st.empty()

    def show(done: int, total: int) -> None:
        bar.progress(done / total, t("{done} of {total} pairs", done=done, total=total))

    try:
        with st.spinner(t("Scoring …")):
            yield show
    finally:
        bar.empty()
