"""One of several parts of a page at a time, instead of tabs: only what is seen is computed.

Which one stands in the address, so that a reload and a link that is handed on show the same.
"""

from collections.abc import Mapping

import streamlit as st

from pages.parts.frame.language import t


def draw_sections(key: str, parameter: str, titles: Mapping[str, str]) -> str:
    """The chosen part. titles: its name -> its English title, the first one at first. key: of the choice.

    parameter: of the address. A part that is not offered (any more) gives way to the first one.
    """
    first, asked = next(iter(titles)), st.query_params.get(parameter)
    if asked in titles and asked != st.session_state.get(f"{key}.written"):
        st.session_state[key] = asked  # a link, a reload, another page
    elif st.session_state.get(key) not in titles:
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
    if chosen != first or parameter in st.query_params:
        st.query_params[parameter] = st.session_state[f"{key}.written"] = chosen
    return chosen
