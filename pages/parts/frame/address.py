"""A widget's choice in the page's address, so that a reload and a link that is handed on show the same.

What stands there is a word of the program, never a translated one. After a page switch, which clears the
address, the session's choice is written there again.
"""

from collections.abc import Callable, Sequence

import streamlit as st


def take_from_address(key: str, parameter: str, read: Callable[[str], object | None]) -> None:
    """Before the widget `key` is drawn: choose what a link or a reload asks for.

    read: the value that an address's word stands for; None where it is none of the offered ones.
    """
    asked = st.query_params.get(parameter)
    if asked is None or asked == st.session_state.get(f"{key}.written"):
        return
    value = read(asked)
    if value is not None:
        st.session_state[key] = value


def keep_in_address(key: str, parameter: str, word: str, first: str = "") -> None:
    """After the widget was drawn: write the word of its choice there. first: what needs no word."""
    if not word:
        st.query_params.pop(parameter, None)
        st.session_state[f"{key}.written"] = word
    elif word != first or parameter in st.query_params:
        st.query_params[parameter] = st.session_state[f"{key}.written"] = word


def opened_row(clicked: int | None, ids: Sequence[str], key: str, parameter: str = "query") -> int | None:
    """Which row of a clickable table is looked at: the one clicked now, else the one of the address.

    ids: what stands for each row in the address. It stays the same one when filters move it; None where it is
    not among the rows.
    """
    asked = st.query_params.get(parameter)
    opened: str | None = st.session_state.get(f"{key}.opened")
    if clicked is not None and clicked != st.session_state.get(f"{key}.clicked"):
        opened = ids[clicked]
    elif asked is not None and asked != st.session_state.get(f"{key}.written"):
        opened = asked
    st.session_state[f"{key}.clicked"], st.session_state[f"{key}.opened"] = clicked, opened
    if opened is None or opened not in ids:
        return None
    keep_in_address(key, parameter, opened)
    return ids.index(opened)
