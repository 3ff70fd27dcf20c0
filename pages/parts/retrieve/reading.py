"""How files for a corpus are read: a table's columns, guessed and corrected; how documents are cut."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import InputError
from core.storage.scratch import scratch_folder
from core.workflows.retrieve.adding import PASSAGE_PARTS, PASSAGE_TOKENS, AddChoices
from core.workflows.retrieve.documents import is_document
from core.workflows.retrieve.rows import guessed_parts
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error

PART_NAMES = {
    "document_id": "Document id",
    "document": "Document",
    "title": "Title",
    "source": "Source",
}
NONE = ""


def draw_reading(files: Sequence[UploadedFile]) -> AddChoices:
    """Fields for what was chosen; columns for one table, because several may differ."""
    choices = AddChoices()
    tables = [file for file in files if not is_document(Path(file.name))]
    if len(tables) == 1:
        choices = replace(choices, mapping=_draw_columns(tables[0]))
    if len(tables) < len(files):
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            length = st.number_input(
                t("Tokens of a passage"),
                64,
                2048,
                PASSAGE_TOKENS,
                step=64,
                key="retrieve.length",
                help=t("Documents are cut at headings, paragraphs and sentences, not beyond this length."),
            )
        with right:
            cleaned = st.checkbox(t("Clean documents"), value=True, key="retrieve.clean")
        choices = replace(choices, chunks=replace(choices.chunks, tokens=int(length)))
        choices = choices if cleaned else replace(choices, rules=())
    return choices


def _draw_columns(file: UploadedFile) -> dict[str, str]:
    try:
        columns, guesses = _guessed(file.file_id, file)
    except InputError as error:
        show_error(error)
        return {}
    chosen: dict[str, str] = {}
    for place, part in zip(st.columns(len(PASSAGE_PARTS)), PASSAGE_PARTS, strict=True):
        guess = guesses.get(part)
        with place:
            chosen[str(part)] = st.selectbox(
                t(PART_NAMES[part]),
                (NONE, *columns),
                index=columns.index(guess) + 1 if guess in columns else 0,
                format_func=lambda name: name or "–",
                key=f"retrieve.column_{file.file_id}_{part}",
            )
    st.caption(t("The other columns become metadata, by which searches can be filtered."))
    return chosen


@st.cache_data(max_entries=8, show_spinner=False)
def _guessed(file_id: str, _file: UploadedFile) -> tuple[tuple[str, ...], dict[str, str]]:
    with scratch_folder() as folder:
        columns, guesses = guessed_parts(written(_file, folder), ("document",))
    return columns, {str(part): name for part, name in guesses.items()}


def written(file: UploadedFile, folder: Path) -> Path:
    """An upload under its own name, because a document is called after its file."""
    path = folder / Path(file.name).name
    path.write_bytes(file.getvalue())
    return path
