"""One of several parts of a page at a time, instead of tabs: only what is seen is computed.

Which one stands in the address, so that a reload and a link that is handed on show the same.
"""

from collections.abc import Mapping

import streamlit as st

from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.language import t


def draw_sections(key: str, parameter: str, titles: Mapping[str, str]) -> str:
    """The chosen part. titles: its name -> its English title, the first one at first. key: of the choice.

    parameter: of the address. A part that is not offered (any more) gives way to the first one.
    """
    first = next(iter(titles))
    take_from_address(key, parameter, lambda word: word if word in titles else None)
    if st.session_state.get(key) not in titles:
        st.session_state[key] = first
    chosen = str(
        st.segmented_control(
            t("Section"),
            list(titles),
            format_func=lambda name: t(titles[name]),
            key=key,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    )
    keep_in_address(key, parameter, chosen, first)
    return chosen
