"""The interface language: which it is, and translating English templates.

English sentences are the keys, so that code reads as what a user sees. Translations lie in
`pages/parts/texts`; a sentence without one stays English, and a test names it.
"""

import streamlit as st

from core.errors import WorkbenchError
from core.records import Notice
from core.sentences import Sentence, render
from pages.parts.texts import LANGUAGES

_KEY, _PARAMETER = "app.language", "lang"
# What the sentences in the code are written in.
_SOURCE = "en"


def language() -> str:
    """The code of the chosen language, else of the browser's."""
    chosen = st.session_state.get(_KEY)
    return str(chosen) if chosen in LANGUAGES else _language_of_browser()


def choose_language() -> None:
    """The switch; what was chosen counts before the address's ?lang=, and that before the browser's."""
    st.session_state.setdefault(_KEY, _language_in_address() or language())
    st.segmented_control(
        t("Language"),
        list(LANGUAGES),
        format_func=lambda code: LANGUAGES[code].name,
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )


def keep_language() -> None:
    """Write the language to the address as ?lang= where a reload would find another one.

    At every run, since a page switch clears the address; and after the navigation, which sets the page there.
    """
    if (_language_in_address() or _language_of_browser()) != language():
        st.query_params[_PARAMETER] = language()


def t(template: str, **facts: object) -> str:
    """The sentence in the interface language, its `{fields}` filled in."""
    return spoken(Sentence(template, facts)) if facts else LANGUAGES[language()].of(template)


def spoken(said: Sentence) -> str:
    """A sentence of `core` in the interface language."""
    return render(said, LANGUAGES[language()].of)


def error_sentence(error: WorkbenchError) -> str:
    """What happened, where, and what to do next, in the interface language."""
    return " ".join(filter(None, (spoken(error.sentence), spoken(error.advice))))


def notice_sentence(notice: Notice) -> str:
    """A notice with its place, in the interface language."""
    said = spoken(notice.sentence)
    return f"{place(notice.where)}: {said}" if notice.where else said


def place(where: str) -> str:
    """«document 3, 7» in the interface language; other places are translated whole or left as they are."""
    word, _, rest = where.partition(" ")
    if word == "document" and rest:
        return t("document {numbers}", numbers=rest)
    return t(where)


def _language_in_address() -> str | None:
    asked = st.query_params.get(_PARAMETER)
    return asked if asked in LANGUAGES else None


def _language_of_browser() -> str:
    code = (st.context.locale or "").lower().partition("-")[0]
    return code if code in LANGUAGES else _SOURCE
