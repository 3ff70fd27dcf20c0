"""A model that the catalogue does not know: a folder on this machine, or a rerank server by its address."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.home.servers import agree, host_without_consent
from core.workflows.home.workbench import Workbench
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.model_choice import choose_model, draw_failed_choice

PLACE = "model.own"


def draw_own_model(bench: Workbench) -> None:
    """One field for both; texts leave this machine only after a tick that says so."""
    st.subheader(t("A model of your own"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("Folder with config.json and the safetensors files, or the address of a rerank server"),
            key="model.folder",
            placeholder="http://localhost:8000",
            persist_state="session",
        ).strip()
        try:
            host = host_without_consent(name, bench.settings)
        except WorkbenchError as error:
            show_error(error)
            return
        # A tick is for one host: another address asks anew.
        agreed = host is None or _agreed(host)
        busy = bench.status().loading is not None
        asked = st.button(t("Use"), key="model.use_folder", disabled=busy or not name or not agreed)
    if asked:
        try:
            if host is not None:
                agree(name, bench.settings)
        except WorkbenchError as error:
            show_error(error)
            return
        choose_model(bench, name, PLACE)
        st.rerun()
    draw_failed_choice(bench, PLACE)


def _agreed(host: str) -> bool:
    return st.checkbox(
        t("Queries and documents may be sent to {host}", host=plain(host)), key=f"model.send_to_{host}"
    )
