"""One query and its documents, typed, pasted, from a file or a sample. For every page that takes them.

Every field keeps its text over page switches; loading a sample replaces the fields, nothing else does.
"""

from dataclasses import dataclass
from functools import partial
from typing import cast

import streamlit as st

from core.errors import InputError
from core.sheets.meaning.documents import DocumentList, read_documents
from core.workflows.rerank.samples import SAMPLES, Sample
from core.workflows.rerank.tables import preview
from core.workflows.rerank.typed_documents import Separation, join_documents, split_documents
from pages.parts.asked.samples import draw_samples
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.session import session_of
from pages.parts.sheet.files import TABLE_TYPES

SHOWN_PROBLEMS = 5
SEPARATIONS = {"lines": "One per line", "blank lines": "Separated by blank lines", "file": "File"}
HEIGHT = 300


@dataclass(slots=True)
class KeptFile:
    """An uploaded file of documents (name, content): Streamlit forgets an upload on a page switch.

    documents: some that came from elsewhere and that no field of text can hold; an upload replaces them.
    """

    content: tuple[str, bytes] | None = None
    documents: tuple[str, ...] = ()


def draw_query_documents(
    page: str, height: int = HEIGHT, *, samples: bool = True
) -> tuple[str, tuple[str, ...]]:
    """Draw the fields and return the query and the documents they hold now. page: prefix of the keys.

    samples: offer the shipped ones; a page that has its own leaves them out.
    """
    if samples:
        draw_samples(page, SAMPLES, partial(_load_sample, page))
    query = st.text_input(
        t("Query"), key=f"{page}.query", placeholder=t("What is being searched for"), persist_state="session"
    )
    return query or "", _draw_documents(page, height)


def fill_fields(page: str, query: str, documents: tuple[str, ...]) -> None:
    """Put a query and its documents into the fields; for a button's callback.

    Documents that the field would cut otherwise, such as those with blank lines, are kept as if uploaded.
    """
    several_lines = any("\n" in document for document in documents)
    separation: Separation = "blank lines" if several_lines else "lines"
    text = join_documents(documents, separation)
    st.session_state[f"{page}.query"] = query
    if split_documents(text, separation) != documents:
        kept = _kept(page)
        kept.content, kept.documents = None, documents
        st.session_state[f"{page}.separation"] = "file"
        return
    st.session_state[f"{page}.separation"] = separation
    st.session_state[f"{page}.documents"] = text


def _load_sample(page: str, sample: Sample) -> None:
    fill_fields(page, sample.query, sample.documents)


def _draw_documents(page: str, height: int) -> tuple[str, ...]:
    key = f"{page}.separation"
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(t("Documents"))
        separation = st.segmented_control(
            t("How documents are separated"),
            list(SEPARATIONS),
            format_func=lambda name: t(SEPARATIONS[name]),
            default="lines" if key not in st.session_state else None,
            key=key,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    if separation == "file":
        return _draw_upload(page)
    text = st.text_area(
        t("Documents"),
        key=f"{page}.documents",
        height=height,
        label_visibility="collapsed",
        placeholder=t("Paste the candidates in their present order"),
        persist_state="session",
    )
    documents = split_documents(text or "", cast(Separation, separation))
    st.caption(t("Documents: {count}, in the order they stand here", count=len(documents)))
    return documents


def _kept(page: str) -> KeptFile:
    return session_of(KeptFile, f"{page}.kept_documents")


def _draw_upload(page: str) -> tuple[str, ...]:
    kept = _kept(page)
    file = st.file_uploader(
        t("A .txt file with one document per line, or a table with a document column"),
        type=TABLE_TYPES,
        key=f"{page}.file",
    )
    if file is not None:
        kept.content = (file.name, file.getvalue())
    if kept.content is None:
        if kept.documents:
            st.caption(t("Documents taken over: {count}", count=len(kept.documents)))
            _draw_first(kept.documents)
        return kept.documents
    name, content = kept.content
    try:
        read = _read(name, content)
    except InputError as error:
        show_error(error)
        return ()
    _describe(page, name, read)
    return read.documents


@st.cache_data(max_entries=4, show_spinner=False)
def _read(name: str, content: bytes) -> DocumentList:
    return read_documents(content, name)


def _describe(page: str, name: str, read: DocumentList) -> None:
    st.caption(t("Documents from {name}: {count}", count=len(read.documents), name=plain(name)))
    if read.query and st.session_state.get(f"{page}.query") != read.query:
        st.button(
            t("Use the file's query: {query}", query=preview(read.query)),
            key=f"{page}.file_query",
            on_click=_use_query,
            args=(page, read.query),
        )
    if not read.encoding_certain:
        st.caption(t("Read as {encoding}; check that the characters are right.", encoding=read.encoding))
    for problem in read.problems[:SHOWN_PROBLEMS]:
        row = t("row {row}", row=problem.row) + ": " if problem.row else ""
        st.caption(f"· {row}{plain(spoken(problem.sentence))}")
    if len(read.problems) > SHOWN_PROBLEMS:
        st.caption(t("… and {count} more", count=len(read.problems) - SHOWN_PROBLEMS))
    _draw_first(read.documents)


def _draw_first(documents: tuple[str, ...]) -> None:
    with st.expander(t("First documents")):
        for text in documents[:5]:
            st.text(text[:300])


def _use_query(page: str, query: str) -> None:
    st.session_state[f"{page}.query"] = query
