"""A text as people read it with marks on it: what cleaning changed, which chunk won, what each sentence did.

A user's text is escaped; nothing of it becomes HTML of the page.
"""

import html
from collections.abc import Sequence

import streamlit as st

from core.retrieval.term_spans import term_spans
from core.text.differences import Piece, differences
from core.text.sentences import Span
from core.workflows.rerank.reranking import RankedDocument
from core.workflows.rerank.why_score import WhyScore
from pages.parts.care.words import care_words
from pages.parts.frame.language import t

# A text of megabytes would freeze the browser.
SHOWN_CHARACTERS = 50_000
# Of an unchanged stretch, so much is shown beside a change.
CONTEXT = 60
SHOWN_CHUNKS = 5
# See-through colours serve light and dark pages; they differ for every kind of colour vision.
REMOVED, ADDED, WINNER = "rgba(214,106,60,.28)", "rgba(42,99,184,.28)", "rgba(42,99,184,.20)"
TERM = "rgba(222,178,60,.30)"
RAISES, LOWERS = "42,99,184", "214,106,60"
_BLOCK = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.55"
_INVISIBLE = {"\n": "⏎\n", "\t": "⇥", " ": "·"}


def draw_differences(before: str, after: str) -> None:
    """What was removed struck through, what was added underlined; unchanged stretches shortened."""
    pieces = differences(before[:SHOWN_CHARACTERS], after[:SHOWN_CHARACTERS])
    _draw("".join(_difference(piece) for piece in pieces))
    st.caption(t("Struck through: removed · underlined: added"))


def draw_cared_text(ranked: RankedDocument, page: str) -> None:
    """The scored text with its winning chunk, the original, or the differences, as is chosen."""
    care = ranked.care
    if care is None:
        return
    st.caption(care_words(care))
    cleaned = care.document.cleaned
    names = {
        "chunk": t("Best chunk"),
        "scored": t("Scored text"),
        "original": t("Original"),
        "differences": t("Differences"),
    }
    hidden = {"chunk": not care.document.cut, "differences": not cleaned.changed}
    views = [name for name in names if not hidden.get(name)]
    view = st.segmented_control(
        t("Which text"),
        views,
        format_func=lambda one: names[one],
        default=views[0],
        key=f"{page}.care_view_{ranked.index}_{len(views)}",
        required=True,
        label_visibility="collapsed",
    )
    if view == "differences":
        draw_differences(ranked.document, cleaned.text)
    elif view == "original":
        _draw(html.escape(_visible(ranked.document)))
    elif view == "chunk":
        _draw(html.escape(_visible(care.winning_chunk.text)))
    else:
        winner = care.winning_chunk
        marks = [(Span(winner.start, winner.end), f"background:{WINNER}", "")] if care.document.cut else []
        _draw(_marked(_visible(cleaned.text), marks))
    if care.document.cut:
        best = sorted(enumerate(care.logits, start=1), key=lambda one: -one[1])[:SHOWN_CHUNKS]
        chunks = " · ".join(f"{number}: {logit:+.2f}" for number, logit in best)
        st.caption(t("Logits of the best chunks: {chunks}", chunks=chunks))


def draw_text_with_terms(text: str, query: str) -> None:
    """A document as it is, with the words of the query marked."""
    shown = _visible(text)
    marks = [(Span(start, end), f"background:{TERM}", "") for start, end in term_spans(query, shown)]
    _draw(_marked(shown, marks))


def draw_effects(why: WhyScore) -> None:
    """The text with each piece shaded by what it did to the logit."""
    marks = [
        (
            effect.span,
            f"background:rgba({RAISES if effect.change > 0 else LOWERS},"
            f"{0.5 * abs(effect.change) / why.largest:.3f})",
            f"{effect.change:+.2f}",
        )
        for effect in why.effects
    ]
    _draw(_marked(why.text, marks, numbers=True))


def _marked(text: str, marks: Sequence[tuple[Span, str, str]], *, numbers: bool = False) -> str:
    """The escaped text with styled spans, each with its number behind it if asked for."""
    parts: list[str] = []
    position = 0
    for span, style, title in marks:
        parts.append(html.escape(text[position : span.start]))
        body = html.escape(span.of(text))
        number = f'<sup style="opacity:.75"> {title}</sup>' if numbers else ""
        parts.append(f'<mark style="{style};color:inherit;border-radius:3px">{body}{number}</mark>')
        position = span.end
    return "".join([*parts, html.escape(text[position:])])


def _difference(piece: Piece) -> str:
    if piece.kind == "same":
        text = piece.text
        if len(text) > 3 * CONTEXT:
            text = f"{text[:CONTEXT]} … {text[-CONTEXT:]}"
        return html.escape(text)
    style = (
        f"background:{REMOVED};text-decoration:line-through"
        if piece.kind == "removed"
        else f"background:{ADDED};text-decoration:underline"
    )
    tag = "del" if piece.kind == "removed" else "ins"
    return f'<{tag} style="{style};color:inherit">{html.escape(_spelled(piece.text))}</{tag}>'


def _spelled(text: str) -> str:
    """Characters that cannot be seen, spelled out where they were changed."""
    if text.isspace():
        text = "".join(_INVISIBLE.get(character, character) for character in text)
    return "".join(
        f"[U+{ord(character):04X}]" if not character.isprintable() and character != "\n" else character
        for character in text
    )


def _visible(text: str) -> str:
    return text[:SHOWN_CHARACTERS]


def _draw(body: str) -> None:
    # «auto»: Arabic and Hebrew begin on the right.
    st.html(f'<div class="care-text" dir="auto" style="{_BLOCK}">{body}</div>')
