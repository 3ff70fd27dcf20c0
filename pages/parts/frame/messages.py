"""Errors and notices as people see them."""

import re
from collections.abc import Iterable

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.records import Notice
from pages.parts.frame.language import error_sentence, notice_sentence


def show_error(error: WorkbenchError) -> None:
    """One sentence; red only when the tool is at fault, not the input."""
    (st.warning if isinstance(error, InputError) else st.error)(error_sentence(error))


def show_notices(notices: Iterable[Notice]) -> None:
    """What is odd but stopped nothing, together in one box."""
    lines = [notice_sentence(notice) for notice in notices]
    if lines:
        st.info("  \n".join(lines), icon=":material/info:")


def plain(text: str) -> str:
    """A file's, run's or column's name without Markdown's meaning."""
    return re.sub(r"([\\`*_\[\]#<>$~:])", r"\\\1", text)
