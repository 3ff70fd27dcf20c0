"""What a browser session remembers, one typed object per page, under one key each.

Widgets keep their own values (`persist_state="session"`); here are results and what they were made from.
"""

from dataclasses import dataclass, field

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.care.preparing import CareSettings
from core.workflows.rerank.reranking import Reranking
from pages.parts.asked.query_documents import KeptFile


@dataclass(frozen=True, slots=True)
class RerankInputs:
    """What was in the fields when a result was asked for; compared to say that a result is out of date."""

    query: str
    documents: tuple[str, ...]
    instruction: str | None
    care: CareSettings = CareSettings()


@dataclass(slots=True)
class RerankSession:
    """The Rerank page: the last result, the inputs it belongs to, and the last failure."""

    inputs: RerankInputs | None = None
    result: Reranking | None = None
    error: WorkbenchError | None = None
    upload: KeptFile = field(default_factory=KeptFile)


def rerank_session() -> RerankSession:
    """This browser session's Rerank state, made on first use."""
    if "rerank.session" not in st.session_state:
        st.session_state["rerank.session"] = RerankSession()
    session: RerankSession = st.session_state["rerank.session"]
    return session
