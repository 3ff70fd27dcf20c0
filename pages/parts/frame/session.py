"""What a page remembers in a browser session: one typed object under one key.

Widgets keep their own values (`persist_state="session"`); here are results and what they were made from.
"""

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def session_of(kind: type[T], key: str) -> T:
    """This browser session's object of the kind, made on first use."""
    if key not in st.session_state:
        st.session_state[key] = kind()
    remembered: T = st.session_state[key]
    return remembered
