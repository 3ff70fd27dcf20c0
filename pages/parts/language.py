"""The interface language: which it is, and translating English templates.

English sentences are the keys, so that code reads as what a user sees. Chinese lies in `chinese.py`; a
sentence without a translation stays English, and a test names it.
"""

from typing import Literal, cast

import streamlit as st

from core.errors import WorkbenchError
from core.records import Notice
from pages.parts.chinese import CHINESE

Language = Literal["en", "zh"]
NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}
_KEY = "app.language"


def language() -> Language:
    """The chosen language, else the browser's."""
    chosen = st.session_state.get(_KEY)
    if chosen in NAMES:
        return cast(Language, chosen)
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def choose_language() -> None:
    """The switch; it stays in the address as ?lang=, so that a reload keeps it."""
    st.session_state.setdefault(_KEY, _language_in_address() or language())
    st.segmented_control(
        "Language / 语言",
        list(NAMES),
        format_func=lambda name: NAMES[name],
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )


def t(template: str, **facts: object) -> str:
    """The sentence in the interface language, its `{fields}` filled in."""
    text = CHINESE.get(template, template) if language() == "zh" else template
    return text.format(**facts) if facts else text


def error_sentence(error: WorkbenchError) -> str:
    """What happened, where, and what to do next, in the interface language."""
    sentence = t(error.template, **error.facts) if error.facts else t(error.template).format()
    hint = t(error.hint_template).format(**error.facts) if error.hint_template else ""
    return " ".join(part for part in (sentence, hint) if part)


def notice_sentence(notice: Notice) -> str:
    """A notice with its place, in the interface language."""
    sentence = t(notice.template).format(**notice.facts)
    return f"{place(notice.where)}: {sentence}" if notice.where else sentence


def place(where: str) -> str:
    """«document 3, 7» in the interface language; other places are translated whole or left as they are."""
    word, _, rest = where.partition(" ")
    if word == "document" and rest:
        return t("document {numbers}", numbers=rest)
    return t(where) if where in CHINESE else where


def _language_in_address() -> Language | None:
    asked = st.query_params.get("lang")
    return asked if asked in NAMES else None
