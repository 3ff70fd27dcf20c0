"""The frame around every page: configuration, navigation, language switch, model status."""

import json
from pathlib import Path

import streamlit as st

from pages.parts.frame.language import choose_language, keep_language, t
from pages.parts.frame.menu import ENTRIES, LINE, NAME
from pages.parts.frame.workbench import the_workbench
from pages.parts.sidebar.help_sheet import draw_help
from pages.parts.sidebar.job_strip import draw_job_strip
from pages.parts.sidebar.keys import draw_keys
from pages.parts.sidebar.model_status import draw_model_status

PAGES = Path(__file__).resolve().parents[2]
ICON = Path(__file__).with_name("icon.png")


# Streamlit's wide layout leaves 5rem on either side, which a table of ranks needs itself.
# A figure that opens something looks like the other figures.
STYLE = (
    "<style>.stMainBlockContainer { padding-left: 2rem; padding-right: 2rem; }"
    " [class*='st-key-figure_open_'] button p { font-size: 2.25rem; line-height: normal;"
    " text-decoration: underline dotted; text-decoration-thickness: 1px; text-underline-offset: 0.3rem; }"
    # What the page is there to do is in view however long its fields are.
    " .stMain [data-testid=stElementContainer]:has([data-testid=stBaseButton-primary])"
    " { position: sticky; bottom: 0.75rem; z-index: 5; }"
    # Where the keys go is seen on every control; this blue can be told from the light and the dark page.
    " :is(button, a, summary, [role=tab], [tabindex]):focus-visible, label:has(input:focus-visible)"
    " { outline: 2px solid #4a86dc !important; outline-offset: 1px; }"
    "</style>"
)
# White on the dark theme's light blue has a contrast of 2.6; dark has more than 7.
DARK_STYLE = (
    "<style>[data-testid='stBaseButton-primary'], [data-testid='stBaseButton-primary'] * "
    "{ color: #10151d !important; }</style>"
)


def _upload_style() -> str:
    """Streamlit writes the words of an upload in English only, with a long list of endings behind them."""
    limit = t("up to {size} MB", size=st.get_option("server.maxUploadSize"))
    zone, words = "[data-testid='stFileUploaderDropzone'] > span button p", _quoted(t("Choose a file"))
    about = "[data-testid='stFileUploaderDropzoneInstructions'] span"
    return (
        f"<style>{zone}, {about} {{ font-size: 0 !important; }}"
        f" {zone}::after {{ content: {words}; font-size: 0.875rem; }}"
        f" {about}::after {{ content: {_quoted(limit)}; font-size: 0.875rem; }}</style>"
    )


def _quoted(words: str) -> str:
    """As a style sheet's string."""
    return json.dumps(words, ensure_ascii=False)


def draw_page() -> None:
    """Draw the frame, then run the page that the address names."""
    # Without a local file the tab's icon would be fetched from a font host.
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
    st.html(STYLE)
    if st.context.theme.type == "dark":
        st.html(DARK_STYLE)
    with st.sidebar:
        st.caption(t(LINE))
        choose_language()
    st.html(_upload_style())
    page = st.navigation(
        {
            t(NAME): [
                st.Page(
                    PAGES / entry.file,
                    title=t(entry.title),
                    icon=entry.icon,
                    url_path=Path(entry.file).stem,
                    default=position == 0,
                )
                for position, entry in enumerate(ENTRIES)
            ]
        }
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
