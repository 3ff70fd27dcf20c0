"""The expander «Document care»: which rules are on and how long documents are cut, for pages that score.

A page shows what the rules do to its own documents with `draw_care_preview`.
"""

from collections.abc import Sequence

import streamlit as st

from core.errors import InputError
from core.text.chunking import (
    DEFAULT_LEAST,
    DEFAULT_OVERLAP,
    DEFAULT_TOKENS,
    FEWEST_TOKENS,
    ChunkSettings,
)
from core.text.cleaning import RULES, CleanedDocument, RuleName, clean_documents, cleaning_counts
from core.workflows.candidates import places
from core.workflows.care import CareSettings
from pages.parts.care_text import draw_differences
from pages.parts.care_words import ADVICE, THIN, changes_words, duplicate_words, rule_name, settings_words
from pages.parts.language import place, t
from pages.parts.messages import show_error

# A document's logit is the mean of its best so many chunks.
TOPS = (1, 2, 3, 5)
MOST_TOKENS = 32_000
SHOWN_DUPLICATES = 5


def draw_care_settings(page: str) -> CareSettings:
    """The choices; nothing is on at first. page: prefix of the keys."""
    rules = st.pills(
        t("Cleaning rules"),
        list(RULES),
        format_func=rule_name,
        selection_mode="multi",
        key=f"{page}.care_rules",
        persist_state="session",
        help=t(
            "Rules work on what is scored; results and exports keep your text. Marked documents are not "
            "changed or dropped."
        ),
    )
    with st.container(horizontal=True):
        st.button(
            t("All rules"), key=f"{page}.care_all", type="tertiary", on_click=_choose, args=(page, True)
        )
        st.button(
            t("No rules"), key=f"{page}.care_none", type="tertiary", on_click=_choose, args=(page, False)
        )
    chunks = _draw_chunks(page)
    return CareSettings(tuple(rule for rule in RULES if rule in rules), chunks)


def care_summary(settings: CareSettings) -> None:
    """What is on, below the closed expander."""
    if settings.active:
        st.caption(settings_words(settings.rules, settings.chunks))


def draw_care_preview(page: str, documents: Sequence[str], settings: CareSettings) -> None:
    """What the rules do to these documents: counts, marks, advice, and one changed document's differences."""
    if not settings.rules or not documents:
        return
    cleaned = _cleaned(tuple(documents), settings.rules)
    counts = cleaning_counts(cleaned)
    line = t("Changed: {changed} of {count} documents", changed=counts.changed, count=counts.documents)
    by_rule = [f"{rule_name(rule)} {count}" for rule, count in counts.by_rule.items()]
    st.caption(" · ".join([line, *by_rule]))
    draw_marks(cleaned)
    changed = [at for at, document in enumerate(cleaned) if document.changed]
    if not changed:
        return
    chosen = st.selectbox(
        t("Before and after cleaning"),
        changed,
        format_func=lambda at: t("document {numbers}", numbers=at + 1) + f" · {changes_words(cleaned[at])}",
        key=f"{page}.care_document_{len(changed)}",
    )
    draw_differences(documents[chosen], cleaned[chosen].text)


def draw_marks(cleaned: Sequence[CleanedDocument]) -> None:
    """Duplicates and documents with too little in them, with advice."""
    repeats = [(at, one) for at, one in enumerate(cleaned) if one.duplicate is not None]
    for at, document in repeats[:SHOWN_DUPLICATES]:
        assert document.duplicate is not None  # picked for it
        words = duplicate_words(document, document.duplicate.of + 1)
        st.caption(t("document {numbers}", numbers=at + 1) + " " + words)
    if len(repeats) > SHOWN_DUPLICATES:
        st.caption(t("… and {count} more", count=len(repeats) - SHOWN_DUPLICATES))
    for kind, advice in ADVICE.items():
        thin = [at for at, document in enumerate(cleaned) if document.thin == kind]
        if thin:
            where, words = place(places(thin)), t(advice)
            st.caption(t("{kind}: {places}. {advice}", kind=t(THIN[kind]), places=where, advice=words))


def _choose(page: str, everything: bool) -> None:
    st.session_state[f"{page}.care_rules"] = list(RULES) if everything else []


@st.cache_data(max_entries=8, show_spinner=False)
def _cleaned(documents: tuple[str, ...], rules: tuple[RuleName, ...]) -> tuple[CleanedDocument, ...]:
    return clean_documents(documents, rules)


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
        top = st.selectbox(
            t("Score of a document"),
            TOPS,
            format_func=lambda count: (
                t("best chunk") if count == 1 else t("mean of its best {count}", count=count)
            ),
            key=f"{page}.care_top",
            persist_state="session",
        )
    try:
        return ChunkSettings(tokens, overlap, least, top)
    except InputError as error:
        show_error(error)
        return None


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
