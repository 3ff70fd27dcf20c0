"""One query with its documents, handed over to another page: a button where a query is read, and the taking.

The page that takes fills its own fields; nothing is scored before somebody asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.frame.language import t

# Pages that take a query, with the titles they have in the menu.
TAKERS: Mapping[str, str] = {"rerank": "Rerank", "sandbox": "Sandbox", "rewrite": "Rewrite"}
_KEY = "app.handed_over"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """page: who shall take it. instruction: None where nothing is known of it, or the default is meant."""

    page: str
    query: str
    documents: tuple[str, ...]
    instruction: str | None = None


def draw_hand_over(
    key: str, query: str, documents: Sequence[str], instruction: str | None = None, *, here: str = ""
) -> None:
    """A button for the pages that can take it. key: prefix of its own. here: the page that shows it."""
    titles = {page: t(title) for page, title in TAKERS.items() if page != here}
    chosen = st.menu_button(
        t("Open in"),
        list(titles),
        format_func=lambda page: titles[page],
        key=f"{key}.hand_over",
        type="tertiary",
        icon=":material/open_in_new:",
    )
    if chosen is not None:
        hand_over(HandedOver(chosen, query, tuple(documents), instruction))


def hand_over(handed: HandedOver) -> None:
    """Go to the page that shall take it."""
    st.session_state[_KEY] = handed
    st.switch_page(f"pages/{handed.page}.py")


def taken_over(page: str) -> HandedOver | None:
    """What was handed to this page and not yet taken; to be called before its fields are drawn."""
    handed = st.session_state.get(_KEY)
    if not isinstance(handed, HandedOver) or handed.page != page:
        return None
    del st.session_state[_KEY]
    return handed
