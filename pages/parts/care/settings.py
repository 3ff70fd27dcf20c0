"""The expander «Document care»: which rules are on and how long documents are cut, for pages that score.

What the rules do to a page's documents is shown by `care_preview`.
"""

import streamlit as st

from core.text.chunking import (
    DEFAULT_LEAST,
    DEFAULT_OVERLAP,
    DEFAULT_TOKENS,
    FEWEST_TOKENS,
    ChunkSettings,
)
from core.text.cleaning.rules import RULE_NAMES
from core.workflows.care.preparing import CareSettings
from pages.parts.care.words import rule_name, rules_help, settings_words
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t

# A document's logit is the mean of its best so many chunks.
TOPS = (1, 2, 3, 5)
MOST_TOKENS = 32_000


def draw_care_settings(page: str) -> CareSettings:
    """The choices; nothing is on at first. page: prefix of the keys.

    InputError when the numbers for chunks do not fit together: nothing is to be scored then.
    """
    rules = st.pills(
        t("Cleaning rules"),
        list(RULE_NAMES),
        format_func=rule_name,
        selection_mode="multi",
        key=f"{page}.care_rules",
        persist_state="session",
        help=t(
            "Rules work on what is scored; results and exports keep your text. Marked documents are not "
            "changed or dropped."
        )
        + "\n\n"
        + rules_help(),
    )
    with st.container(horizontal=True):
        st.button(
            t("All rules"), key=f"{page}.care_all", type="tertiary", on_click=_choose, args=(page, True)
        )
        st.button(
            t("No rules"), key=f"{page}.care_none", type="tertiary", on_click=_choose, args=(page, False)
        )
    chunks = _draw_chunks(page)
    return CareSettings(tuple(rule for rule in RULE_NAMES if rule in rules), chunks)


def fill_care(page: str, settings: CareSettings) -> None:
    """Put settings into the choices; for a button's callback. page: prefix of the keys."""
    st.session_state[f"{page}.care_rules"] = list(settings.rules)
    chunks = settings.chunks
    st.session_state[f"{page}.care_chunks"] = chunks is not None
    if chunks is not None:
        for name, value in (("tokens", chunks.tokens), ("least", chunks.least), ("overlap", chunks.overlap)):
            st.session_state[f"{page}.care_{name}"] = value
        st.session_state[f"{page}.care_top"] = chunks.top


def care_summary(settings: CareSettings) -> None:
    """What is on, below the closed expander."""
    if settings.active:
        st.caption(settings_words(settings.rules, settings.chunks))


def _choose(page: str, everything: bool) -> None:
    st.session_state[f"{page}.care_rules"] = list(RULE_NAMES) if everything else []


def _draw_chunks(page: str) -> ChunkSettings | None:
    on = st.toggle(
        t("Cut long documents into chunks"),
        key=f"{page}.care_chunks",
        persist_state="session",
        help=t("At headings, paragraphs and sentences. Each chunk is scored; the document takes its best."),
    )
    if not on:
        return None
    left, right = st.columns(2)
    with left:
        tokens = _number(page, "tokens", t("Most tokens of a chunk"), DEFAULT_TOKENS, FEWEST_TOKENS)
        least = _number(page, "least", t("Least tokens of a chunk"), DEFAULT_LEAST, 0)
    with right:
        overlap = _number(page, "overlap", t("Overlap in tokens"), DEFAULT_OVERLAP, 0)
        top = draw_choice(t("Score of a document"), _top_titles(), f"{page}.care_top")
    return ChunkSettings(tokens, overlap, least, top)


def _top_titles() -> dict[int, str]:
    return {
        count: t("best chunk") if count == 1 else t("mean of its best {count}", count=count) for count in TOPS
    }


def _number(page: str, name: str, label: str, default: int, least: int) -> int:
    value = st.number_input(
        label,
        least,
        MOST_TOKENS,
        value=default,
        step=16,
        key=f"{page}.care_{name}",
        persist_state="session",
    )
    return int(value)
