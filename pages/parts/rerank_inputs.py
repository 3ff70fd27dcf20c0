"""The Rerank page's input column: query, documents, instruction, samples.

Every field keeps its text over page switches; loading a sample replaces the fields, nothing else does.
"""

from typing import cast

import streamlit as st

from core.errors import InputError
from core.records import ScorerInfo
from core.sheets.documents import DocumentList, read_documents
from core.workflows.presets import PRESETS, preset
from core.workflows.samples import SAMPLES, Sample
from core.workflows.tables import preview
from core.workflows.typed_documents import Separation, join_documents, split_documents
from pages.parts.language import language, t
from pages.parts.messages import show_error
from pages.parts.session import RerankInputs, rerank_session

CUSTOM = "custom"
SHOWN_PROBLEMS = 5
FILE_TYPES = ["txt", "csv", "tsv", "xlsx", "xls", "ods", "jsonl", "parquet"]
SEPARATIONS = {"lines": "One per line", "blank lines": "Blank line between", "file": "File"}
_QUERY, _TEXT, _SEPARATION = "rerank.query", "rerank.documents", "rerank.separation"
_PRESET, _OWN = "rerank.preset", "rerank.own_instruction"


def draw_inputs(scorer: ScorerInfo | None) -> RerankInputs:
    """Draw the fields and return what they hold now."""
    _draw_samples()
    query = st.text_input(
        t("Query"), key=_QUERY, placeholder=t("What is being searched for"), persist_state="session"
    )
    documents = _draw_documents()
    return RerankInputs(query or "", documents, _draw_instruction(scorer))


def _draw_samples() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Try a sample:"), width="content")
        # The interface language's own sample first.
        for sample in sorted(SAMPLES, key=lambda one: one.language != language()):
            st.button(
                sample.title,
                key=f"rerank.sample_{sample.language}",
                on_click=_load_sample,
                args=(sample,),
                type="tertiary",
            )


def _load_sample(sample: Sample) -> None:
    st.session_state[_QUERY] = sample.query
    st.session_state[_SEPARATION] = "lines"
    st.session_state[_TEXT] = join_documents(sample.documents, "lines")


def _draw_documents() -> tuple[str, ...]:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(t("Documents"))
        separation = st.segmented_control(
            t("How documents are separated"),
            list(SEPARATIONS),
            format_func=lambda name: t(SEPARATIONS[name]),
            default="lines" if _SEPARATION not in st.session_state else None,
            key=_SEPARATION,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    if separation == "file":
        return _draw_upload()
    text = st.text_area(
        t("Documents"),
        key=_TEXT,
        height=300,
        label_visibility="collapsed",
        placeholder=t("Paste the candidates in their present order"),
        persist_state="session",
    )
    documents = split_documents(text or "", cast(Separation, separation))
    st.caption(t("Documents: {count}, in the order they stand here", count=len(documents)))
    return documents


def _draw_upload() -> tuple[str, ...]:
    session = rerank_session()
    file = st.file_uploader(
        t("A .txt file with one document per line, or a table with a document column"),
        type=FILE_TYPES,
        key="rerank.file",
    )
    if file is not None:
        # Streamlit forgets an upload on a page switch; the session keeps it.
        session.upload = (file.name, file.getvalue())
    if session.upload is None:
        return ()
    name, content = session.upload
    try:
        read = _read(name, content)
    except InputError as error:
        show_error(error)
        return ()
    _describe(name, read)
    return read.documents


@st.cache_data(max_entries=4, show_spinner=False)
def _read(name: str, content: bytes) -> DocumentList:
    return read_documents(content, name)


def _describe(name: str, read: DocumentList) -> None:
    st.caption(t("Documents from {name}: {count}", count=len(read.documents), name=name))
    if read.query and st.session_state.get(_QUERY) != read.query:
        st.button(
            t("Use the file's query: {query}", query=preview(read.query)),
            key="rerank.file_query",
            on_click=_use_query,
            args=(read.query,),
        )
    if not read.encoding_certain:
        st.caption(t("Read as {encoding}; check that the characters are right.", encoding=read.encoding))
    for problem in read.problems[:SHOWN_PROBLEMS]:
        row = t("row {row}", row=problem.row) + ": " if problem.row else ""
        st.caption(f"· {row}{t(problem.template).format(**problem.facts)}")
    if len(read.problems) > SHOWN_PROBLEMS:
        st.caption(t("… and {count} more", count=len(read.problems) - SHOWN_PROBLEMS))
    with st.expander(t("First documents")):
        for text in read.documents[:5]:
            st.text(text[:300])


def _use_query(query: str) -> None:
    st.session_state[_QUERY] = query


def _draw_instruction(scorer: ScorerInfo | None) -> str | None:
    if scorer is not None and not scorer.uses_instruction:
        st.caption(t("{model} takes no instruction; Qwen3-Reranker does.", model=scorer.label))
        return None
    names = [one.name for one in PRESETS] + [CUSTOM]
    titles = {one.name: one.title for one in PRESETS} | {CUSTOM: "Own instruction"}
    chosen = st.selectbox(
        t("Instruction"),
        names,
        format_func=lambda name: t(titles[name]),
        key=_PRESET,
        persist_state="session",
        help=t("What makes a document relevant. English works best, also for Chinese data."),
    )
    if chosen != CUSTOM:
        st.caption(preset(chosen).instruction)
        return preset(chosen).instruction
    own = st.text_area(
        t("Own instruction"), key=_OWN, height=80, label_visibility="collapsed", persist_state="session"
    )
    return (own or "").strip() or None
