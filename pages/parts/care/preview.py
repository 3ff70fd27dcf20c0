"""What document care does to the documents at hand: counts, marks with advice, one before and after."""

from collections.abc import Sequence

import streamlit as st

from core.text.cleaning.documents import CleanedDocument, CleaningCounts, clean_documents, cleaning_counts
from core.text.cleaning.rules import RuleName
from core.workflows.batch.care import BatchCare
from core.workflows.care.preparing import CareSettings
from core.workflows.rerank.candidates import places
from pages.parts.care.marked_text import draw_differences
from pages.parts.care.words import ADVICE, THIN, changes_words, duplicate_words, rule_name
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import place, t

SHOWN_DUPLICATES = 5
# Changed documents of a batch to choose from.
SHOWN_EXAMPLES = 50


def draw_care_preview(page: str, documents: Sequence[str], settings: CareSettings) -> None:
    """For one list of documents. page: prefix of the keys."""
    if not settings.rules or not documents:
        return
    cleaned = _cleaned(tuple(documents), settings.rules)
    _draw_counts(cleaning_counts(cleaned))
    _draw_marks(cleaned)
    changed = [at for at, document in enumerate(cleaned) if document.changed]
    _draw_example(page, documents, cleaned, changed)


def draw_batch_care(care: BatchCare) -> None:
    """For a batch: what was done to its pairs, and examples among different documents."""
    if care.settings.rules:
        _draw_counts(care.counts)
    if care.settings.chunks is not None:
        documents, chunks = care.cut
        st.caption(
            t(
                "Documents scored in chunks: {documents}, as {chunks} chunks",
                documents=f"{documents:,}",
                chunks=f"{chunks:,}",
            )
        )
    originals: dict[str, CleanedDocument] = {}
    for request, cared in zip(care.requests, care.documents, strict=True):
        for original, document in zip(request.documents, cared, strict=True):
            if document.cleaned.changed and len(originals) < SHOWN_EXAMPLES:
                originals.setdefault(original, document.cleaned)
    _draw_example("batch", list(originals), list(originals.values()), range(len(originals)))


def _draw_counts(counts: CleaningCounts) -> None:
    line = t(
        "Changed: {changed} of {count} documents",
        changed=f"{counts.changed:,}",
        count=f"{counts.documents:,}",
    )
    by_rule = [f"{rule_name(rule)} {count:,}" for rule, count in counts.by_rule.items()]
    st.caption(" · ".join([line, *by_rule]))


def _draw_example(
    page: str, originals: Sequence[str], cleaned: Sequence[CleanedDocument], changed: Sequence[int]
) -> None:
    if not changed:
        return
    titles = {
        at: t("document {numbers}", numbers=at + 1) + f" · {changes_words(cleaned[at])}" for at in changed
    }
    chosen = draw_choice(t("Before and after cleaning"), titles, f"{page}.care_document_{len(changed)}")
    draw_differences(originals[chosen], cleaned[chosen].text)


def _draw_marks(cleaned: Sequence[CleanedDocument]) -> None:
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


@st.cache_data(max_entries=8, show_spinner=False)
def _cleaned(documents: tuple[str, ...], rules: tuple[RuleName, ...]) -> tuple[CleanedDocument, ...]:
    return clean_documents(documents, rules)
