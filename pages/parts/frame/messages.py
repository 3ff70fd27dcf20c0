"""Errors and notices as people see them."""

import re
from collections.abc import Iterable

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.records import Notice
from pages.parts.frame.language import error_sentence, notice_sentence

_SIGNS = re.compile(r"([\\`*_\[\]#<>$~:&|])")
_MAIL = re.compile(r"@(?=[^\s@]+\.\w)")
_ADDRESS = re.compile(r"https?(?=\\?://|\\?:/)|www(?=\.)", re.IGNORECASE)


def show_error(error: WorkbenchError) -> None:
    """One sentence; red only when the tool is at fault, not the input."""
    (st.warning if isinstance(error, InputError) else st.error)(plain(error_sentence(error)))


def show_notices(notices: Iterable[Notice]) -> None:
    """What is odd but stopped nothing, together in one box."""
    lines = [plain(notice_sentence(notice)) for notice in notices]
    if lines:
        st.info("  \n".join(lines), icon=":material/info:")


def plain(text: str) -> str:
    """What a file, a run or a person says, without Markdown's meaning.

    Addresses become links even where every sign is escaped; a word joiner, which nobody sees, prevents it.
    """
    escaped = _SIGNS.sub(r"\\\1", text)
    return _MAIL.sub("\u2060@", _ADDRESS.sub("\u2060\\g<0>", escaped))
