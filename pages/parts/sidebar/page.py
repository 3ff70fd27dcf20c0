"""The frame around every page: configuration, navigation, language switch, model status."""

from pathlib import Path

import streamlit as st

from pages.parts.frame.language import choose_language, keep_language, t
from pages.parts.frame.menu import ENTRIES, LINE
from pages.parts.frame.workbench import the_workbench
from pages.parts.sidebar.help_sheet import draw_help
from pages.parts.sidebar.job_strip import draw_job_strip
from pages.parts.sidebar.keys import draw_keys
from pages.parts.sidebar.looks import draw_looks
from pages.parts.sidebar.model_status import draw_model_status

PAGES = Path(__file__).resolve().parents[2]
ICON = Path(__file__).with_name("icon.png")


def draw_page() -> None:
    """Draw the frame, then run the page that the address names."""
    # Without a local file the tab's icon would be fetched from a font host.
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
    with st.sidebar:
        st.caption(t(LINE))
        choose_language()
    draw_looks()
    page = st.navigation(
        [
            st.Page(
                PAGES / entry.file,
                title=t(entry.title),
                icon=entry.icon,
                url_path=Path(entry.file).stem,
                default=position == 0,
            )
            for position, entry in enumerate(ENTRIES)
        ]
    )
    keep_language()
    with st.sidebar:
        draw_job_strip()
        draw_model_status(the_workbench())
        if the_workbench().settings.open_to_everyone:
            st.warning(
                t("No key is asked for (RERANK_AUTH=off): everyone who reaches this address can use it.")
            )
        draw_help()
        draw_keys()
    page.run()
