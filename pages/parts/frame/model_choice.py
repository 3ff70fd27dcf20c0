"""A model that somebody chose here: if it cannot be had, that is said beside its field, to them only.

Loading goes on in the background and may fail minutes later, on another page; the message waits at its place
until it is dismissed or something else is chosen.
"""

from dataclasses import dataclass

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.home.workbench import Workbench
from pages.parts.frame.language import error_sentence, t
from pages.parts.frame.messages import plain

CHOICE_KEY, DISMISSED_KEY = "app.model_choice", "app.model_dismissed"


@dataclass(slots=True)
class ModelChoice:
    """This session's last choice. number: as the workbench counts choices. place: where it was made."""

    number: int
    place: str
    error: WorkbenchError | None = None


def choose_model(bench: Workbench, name: str, place: str) -> None:
    """Switch to a model; what is wrong with it is for `draw_failed_choice` at the same place."""
    try:
        st.session_state[CHOICE_KEY] = ModelChoice(bench.switch(name), place)
    except WorkbenchError as error:
        st.session_state[CHOICE_KEY] = ModelChoice(0, place, error)


def draw_failed_choice(bench: Workbench, place: str) -> None:
    """Why the model that was chosen here could not be had, until it is dismissed."""
    choice: ModelChoice | None = st.session_state.get(CHOICE_KEY)
    if choice is None or choice.place != place:
        return
    status = bench.status()
    if choice.error is None and status.error is not None and status.failed == choice.number:
        choice.error = status.error
    if choice.error is not None:
        _draw_dismissible(choice.error, f"{place}.dismiss")


def draw_failed_start(bench: Workbench) -> None:
    """Why the model that the program starts with could not be had: that concerns everybody."""
    status = bench.status()
    if status.error is None or status.failed or st.session_state.get(DISMISSED_KEY) == str(status.error):
        return
    _draw_dismissible(status.error, "app.model_failed")


def _draw_dismissible(error: WorkbenchError, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.warning(plain(error_sentence(error)))
        st.button(
            "",
            key=key,
            type="tertiary",
            icon=":material/close:",
            help=t("Dismiss"),
            on_click=_dismiss,
            args=(str(error),),
        )


def _dismiss(said: str) -> None:
    st.session_state.pop(CHOICE_KEY, None)
    st.session_state[DISMISSED_KEY] = said
