"""The Retrieve page's first line: which corpus, what it holds, how far its vectors are, and adding files."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import WorkbenchError
from core.storage.scratch import scratch_folder
from core.workflows.retrieve.adding import AddChoices, Added, add_files
from core.workflows.retrieve.documents import DOCUMENTS
from core.workflows.retrieve.sample_corpus import NAME as SAMPLE
from core.workflows.retrieve.sample_corpus import add_sample
from core.workflows.retrieve.service import RetrieveService
from core.workflows.retrieve.vectors import Filling
from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error, show_notices
from pages.parts.retrieve.reading import draw_reading, written
from pages.parts.retrieve.session import RetrieveSession
from pages.parts.sheet.files import TABLE_TYPES

CORPUS_KEY = "retrieve.corpus"
MOST_SOURCES = 200
TYPES = sorted({*TABLE_TYPES, *(ending.removeprefix(".") for ending in DOCUMENTS), "zip"})


def draw_corpus(service: RetrieveService, session: RetrieveSession) -> str | None:
    """Choose a corpus and watch it; None while there is none."""
    names = service.corpora.names()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    if not names:
        st.caption(
            t(
                "A corpus is a collection of passages: a table with a passage a row, or documents that are "
                "cut into passages. Nothing leaves this machine unless you set an address for embeddings."
            )
        )
        st.button(
            t("Load the sample"), key="retrieve.sample", type="primary", on_click=_load, args=(service,)
        )
        _draw_adding(service, names)
        _show_failure()
        # The first corpus may have come just now.
        return next(iter(service.corpora.names()), None)
    with left:
        take_from_address(CORPUS_KEY, "corpus", lambda word: word if word in names else None)
        if st.session_state.get(CORPUS_KEY) not in names:
            st.session_state[CORPUS_KEY] = session.corpus if session.corpus in names else names[0]
        name = st.selectbox(t("Corpus"), names, key=CORPUS_KEY, persist_state="session")
        keep_in_address(CORPUS_KEY, "corpus", name, names[0])
    session.corpus = name
    usable = True
    with right:
        try:
            _draw_state(service, name)
        except WorkbenchError as error:
            show_error(error)
            usable = False
    _draw_adding(service, names)
    _show_failure()
    return name if usable else None


def _draw_state(service: RetrieveService, name: str) -> None:
    state = service.vectors.state(name)
    if not state.running and state.done < state.total and state.error is None:
        service.vectors.start(name)
        state = service.vectors.state(name)
    if state.running:
        st.fragment(_watch, run_every=1.0)(service, name)
    else:
        _draw_line(service, name, state)


def _watch(service: RetrieveService, name: str) -> None:
    state = service.vectors.state(name)
    _draw_line(service, name, state)
    if not state.running:
        st.rerun()


def _draw_line(service: RetrieveService, name: str, state: Filling) -> None:
    info = service.corpora.open(name).info
    parts = [
        t("passages: {count}", count=f"{info.passages:,}"),
        t("sources: {count}", count=len(info.sources)),
    ]
    if state.running:
        parts.append(t("vectors: {done} of {total}", done=f"{state.done:,}", total=f"{state.total:,}"))
        if state.seconds_left is not None:
            parts.append(t("{time} left", time=duration(state.seconds_left)))
        parts.append(t("words can be searched already"))
    elif info.embedding is not None:
        parts.append(t("vectors by {model}", model=plain(info.embedding.name)))
    st.caption(" · ".join(parts))
    if state.error is not None:
        show_error(state.error)


def _draw_adding(service: RetrieveService, names: list[str]) -> None:
    with st.expander(t("Add files"), key="retrieve.adding"):
        target = st.text_input(
            t("Name of the corpus"),
            key="retrieve.add_name",
            placeholder=names[0] if names else t("my documents"),
            persist_state="session",
        )
        files = st.file_uploader(
            t("Tables, documents or a zip archive"),
            type=TYPES,
            accept_multiple_files=True,
            key="retrieve.files",
        )
        st.caption(
            t(
                "A table gives a passage a row. Documents are cleaned and cut. The same file again changes "
                "nothing; a newer one replaces its passages."
            )
        )
        choices = draw_reading(files)
        with st.container(horizontal=True):
            if st.button(t("Add"), key="retrieve.add", disabled=not files):
                _add(service, target or (names[0] if names else ""), files, choices)
            if names:
                st.button(t("Load the sample"), key="retrieve.sample", on_click=_load, args=(service,))
                _draw_deleting(service, names)


def _draw_deleting(service: RetrieveService, names: list[str]) -> None:
    with st.popover(t("Delete"), key="retrieve.deleting"):
        doomed = st.selectbox(t("Corpus"), names, key="retrieve.doomed")
        try:
            sources = list(service.corpora.open(doomed).info.sources)[:MOST_SOURCES]
        except WorkbenchError:
            sources = []  # it cannot be read, but it can be deleted
        chosen = st.multiselect(t("Only what came from"), sources, key=f"retrieve.doomed_{doomed}")
        st.button(
            t("Delete these passages") if chosen else t("Delete it with all its passages"),
            key="retrieve.delete",
            on_click=partial(_delete, service, doomed, tuple(chosen)),
        )


def _add(service: RetrieveService, name: str, files: Sequence[UploadedFile], choices: AddChoices) -> None:
    """Uploads lie in memory; a document is named by its file, so they are written under their own names."""
    try:
        corpus = service.corpora.open(name, create=True)
        with scratch_folder() as folder, st.spinner(t("Adding …")):
            added = add_files(corpus, [written(file, folder) for file in files], choices)
        _say_added(added)
        show_notices(added.notices)
        service.vectors.start(name)
    except WorkbenchError as error:
        show_error(error)


def _say_added(added: Added) -> None:
    st.success(
        t(
            "{added} added, {replaced} replaced, {unchanged} unchanged in {time}",
            added=f"{added.report.added:,}",
            replaced=f"{added.report.replaced:,}",
            unchanged=f"{added.report.unchanged:,}",
            time=duration(added.seconds),
        )
    )


def _load(service: RetrieveService) -> None:
    try:
        add_sample(service.corpora.open(SAMPLE, create=True))
        service.vectors.start(SAMPLE)
        st.session_state[CORPUS_KEY] = SAMPLE
    except WorkbenchError as error:
        st.session_state["retrieve.failure"] = error


def _delete(service: RetrieveService, name: str, sources: tuple[str, ...]) -> None:
    try:
        if sources:
            corpus = service.corpora.open(name)
            corpus.remove(corpus.ids(sources))
        else:
            service.corpora.remove(name)
    except WorkbenchError as error:
        st.session_state["retrieve.failure"] = error


def _show_failure() -> None:
    error = st.session_state.pop("retrieve.failure", None)
    if error is not None:
        show_error(error)
