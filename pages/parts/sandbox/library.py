"""The library of instructions: the user's own with their versions and evidence, then the built-in ones."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.home.file_names import file_name
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.instructions.exchange import export_library, import_library
from core.workflows.instructions.library import PREFIX, SavedInstruction, Version
from core.workflows.instructions.presets import PRESETS
from pages.parts.asked.instruction_choice import draw_advice, library
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.words import say

FIELD_HEIGHT = 90


def draw_library() -> None:
    """Own instructions and a form for a new one, then what is built in."""
    saved = library().all()
    left, right = st.columns([2, 1], gap="medium")
    with left:
        st.subheader(t("Own instructions"))
        if not saved:
            st.caption(t("Nothing is saved yet. Write one here, or save one from a trial with its evidence."))
        for one in saved:
            _draw_saved(one)
        st.subheader(t("Built in"))
        for preset in PRESETS:
            st.markdown(f"**{t(preset.title)}** · `{preset.name}`")
            st.caption(plain(preset.instruction))
    with right:
        _draw_new()
        _draw_exchange(bool(saved))
        st.caption(
            t(
                "A name stands for the text on every page, over HTTP as «{example}», and on the command "
                "line with `--preset`.",
                example=f'"instruction": "{PREFIX}NAME"',
            )
        )


def _draw_saved(one: SavedInstruction) -> None:
    latest = one.latest
    with st.expander(f"**{plain(one.name)}** · {t('version {number}', number=latest.number)}"):
        text = st.text_area(
            t("Instruction"),
            value=latest.instruction,
            key=f"sandbox.edit_{one.name}_{latest.number}",
            height=FIELD_HEIGHT,
        )
        draw_advice(text or "")
        note = st.text_input(
            t("Note"), value=latest.note, key=f"sandbox.edit_note_{one.name}_{latest.number}"
        )
        changed = (text or "").strip() != latest.instruction or (note or "").strip() != latest.note
        with st.container(horizontal=True):
            if st.button(
                t("Save as version {number}", number=latest.number + 1),
                key=f"sandbox.edit_save_{one.name}",
                disabled=not changed,
            ):
                # Evidence belongs to a wording: an edited one has to win anew.
                same = (text or "").strip() == latest.instruction
                _save(one.name, text or "", note or "", latest if same else None)
            with st.popover(t("Delete")):
                st.caption(t("All versions are removed; jobs that used them keep their text."))
                if st.button(t("Delete {name}", name=plain(one.name)), key=f"sandbox.delete_{one.name}"):
                    _remove(one.name)
        for version in reversed(one.versions):
            _draw_version(one, version)


def _draw_version(one: SavedInstruction, version: Version) -> None:
    made = version.written.astimezone().strftime("%Y-%m-%d %H:%M")
    st.markdown(f"**{t('version {number}', number=version.number)}** · {made}")
    st.caption(plain(version.instruction))
    evidence = evidence_sentences(version.evidence) if version.evidence else ()
    for line in (version.note, *map(say, evidence)):
        if line:
            st.caption(plain(line))
    if version is not one.latest and st.button(
        t("Use this version again"), key=f"sandbox.again_{one.name}_{version.number}", type="tertiary"
    ):
        _save(one.name, version.instruction, version.note, version)


def _draw_new() -> None:
    with st.container(border=True):
        st.markdown("**" + t("New instruction") + "**")
        name = st.text_input(t("Name"), key="sandbox.new_name", placeholder="legal-contracts")
        text = st.text_area(
            t("Instruction"),
            key="sandbox.new_text",
            height=FIELD_HEIGHT,
            placeholder=t("Given a …, retrieve … that …"),
        )
        draw_advice(text or "")
        note = st.text_input(t("Note"), key="sandbox.new_note")
        if st.button(t("Save"), key="sandbox.new_save", type="primary"):
            _save(name or "", text or "", note or "", None)


def _draw_exchange(any_saved: bool) -> None:
    with st.container(border=True):
        st.markdown("**" + t("Import and export") + "**")
        st.download_button(
            t("Export as JSON"),
            data=lambda: export_library(library()),
            file_name=file_name(t("instructions"), "", "json"),
            mime="application/json",
            key="sandbox.export",
            on_click="ignore",
            icon=":material/download:",
            disabled=not any_saved,
        )
        file = st.file_uploader(t("A file exported here"), type=["json"], key="sandbox.import")
        if file is not None and st.button(t("Import"), key="sandbox.import_button"):
            try:
                done = import_library(library(), file.getvalue())
            except WorkbenchError as error:
                show_error(error)
            else:
                # A toast outlives the run that shows the new list.
                st.toast(
                    t(
                        "New names: {names}, new versions: {versions}, known already: {known}.",
                        names=done.names,
                        versions=done.versions,
                        known=done.known,
                    )
                )
                st.rerun()


def _save(name: str, text: str, note: str, proven: Version | None) -> None:
    try:
        library().save(name, text, note, proven.evidence if proven else None)
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()


def _remove(name: str) -> None:
    try:
        library().remove(name)
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()
