"""The table of one reranked list, with the whole text of the clicked row.

For every page that shows one; what is in it is computed by `core.workflows.rerank`.
"""

from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from core.errors import WorkbenchError
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rerank.tables import reranking_table, wrapped
from core.workflows.rerank.tokens_read import tokens_read
from pages.parts.care.marked_text import draw_cared_text, draw_text_with_terms
from pages.parts.care.words import care_marks
from pages.parts.frame.language import t
from pages.parts.frame.scale import gives_probabilities, scale_title, scale_word
from pages.parts.frame.tables import TABLE_HEIGHT, draw_clickable, draw_shortened
from pages.parts.frame.workbench import the_workbench
from pages.parts.ranking.movement import moved, movement_colour
from pages.parts.ranking.why_score import draw_why

SHOWN_COLUMNS = (
    "new_rank",
    "original_rank",
    "movement",
    "preview",
    "logit",
    "probability",
    "marks",
    "tokens",
)
# A probability says more than a logit; where there is none the logit comes first.
PROBABLE_COLUMNS = (*SHOWN_COLUMNS[:4], "probability", "logit", *SHOWN_COLUMNS[6:])
# A longer text than this many characters scrolls within so many pixels, so that the page does not.
LONG_TEXT, TEXT_HEIGHT = 1500, 320
# What holds already while documents are still read.
PROVISIONAL_COLUMNS = ("new_rank", "original_rank", "preview", "probability", "logit")
# A letter of a table's font, and half of a Chinese character.
COLUMN_PIXELS = 6.5
# The text is what people read: so many lines of it in a row, which Streamlit wraps from 57 pixels on, and
# so many rows before the table scrolls.
LINES, ROW_HEIGHT, ROWS_IN_FULL = 2, 58, 10


def draw_table(result: Reranking, page: str, *, text_width: int = 330) -> None:
    """Before and after, densely, with the whole text of the clicked row.

    page: prefix of the keys. text_width: of the documents' column at least, in pixels.
    """
    frame, names = reranking_table(result), _names(result)
    columns = PROBABLE_COLUMNS if gives_probabilities(result.scorer) else SHOWN_COLUMNS
    clicked = draw_clickable(
        _styled(result, frame, names, columns, text_width),
        len(frame),
        f"{page}.table",
        _column_setup(result, names, text_width),
        in_full=ROWS_IN_FULL,
        row_height=ROW_HEIGHT,
    )
    st.caption(t("Click a row to read its whole text."))
    if result.ranked:
        _draw_text(result, result.ranked[clicked or 0], page)


def draw_provisional_table(result: Reranking, *, text_width: int = 330) -> None:
    """An order that still changes: nothing to click, and no movement, which the last place decides."""
    frame, names = reranking_table(result), _names(result)
    columns = PROBABLE_COLUMNS if gives_probabilities(result.scorer) else SHOWN_COLUMNS
    shown = tuple(column for column in columns if column in PROVISIONAL_COLUMNS)
    st.dataframe(
        _styled(result, frame, names, shown, text_width),
        hide_index=True,
        height="content" if len(frame) <= ROWS_IN_FULL else TABLE_HEIGHT,
        column_config=_column_setup(result, names, text_width),
        row_height=ROW_HEIGHT,
    )


def _names(result: Reranking) -> dict[str, str]:
    """The columns' titles."""
    return {
        "new_rank": t("New"),
        "original_rank": t("Before"),
        "movement": t("Moved"),
        "probability": scale_title(result.scorer),
        "logit": t("Logit"),
        "tokens": t("Tokens"),
        "marks": t("Marks"),
        "preview": t("Document"),
    }


def _column_setup(result: Reranking, names: dict[str, str], text_width: int) -> dict[str, ColumnConfig]:
    """How wide the columns are and what is to be said of them, by their titles."""
    return {
        names["new_rank"]: st.column_config.NumberColumn(width=45),
        names["original_rank"]: st.column_config.NumberColumn(width=55),
        names["movement"]: st.column_config.NumberColumn(width=55),
        names["preview"]: st.column_config.TextColumn(width=text_width),
        names["probability"]: st.column_config.NumberColumn(
            width=80,
            help=None
            if gives_probabilities(result.scorer)
            else t("On a scale from 0 to 1, but no probability: only its order counts"),
        ),
        names["logit"]: st.column_config.NumberColumn(
            width=70, help=t("Log-odds of «yes»: the value that decides the order")
        ),
        names["tokens"]: st.column_config.NumberColumn(width=65),
        names["marks"]: st.column_config.TextColumn(
            width=55 if result.care is None else 100, help=_marks_help(result)
        ),
    }


def _styled(
    result: Reranking, frame: pd.DataFrame, names: dict[str, str], columns: tuple[str, ...], text_width: int
) -> Styler:
    """The rows as they are shown. columns: which, by their English names."""
    cares = [care_marks(ranked.care) for ranked in result.ranked]
    marks = [
        " ".join(mark for mark, on in (("≈", near), ("✂", cut), (care, care)) if on)
        for near, cut, care in zip(frame["near_tie"], frame["truncated"], cares, strict=True)
    ]
    width = int(text_width / COLUMN_PIXELS)
    texts = [wrapped(" ".join(text[:1000].split()), width, LINES) for text in frame["document"]]
    shown = frame.assign(marks=marks, preview=texts)[list(columns)].rename(columns=names)
    formats: dict[str, Any] = {
        names["movement"]: moved,
        names["probability"]: "{:.4f}",
        names["logit"]: "{:+.3f}",
    }
    styled = shown.style.format({name: form for name, form in formats.items() if name in shown})
    return styled.map(movement_colour, subset=[name for name in (names["movement"],) if name in shown])


def _marks_help(result: Reranking) -> str:
    help_text = t("≈ near tie with a neighbour · ✂ truncated")
    if result.care is None:
        return help_text
    return f"{help_text} · {t('✎ cleaned · ≡ repeats another · ◦ too short · § best chunk')}"


def _draw_text(result: Reranking, ranked: RankedDocument, page: str) -> None:
    with st.container(border=True, key=f"{page}.text"):
        line = t(
            "Rank {new} (before {old}) · logit {logit} · {scale} {value}",
            new=ranked.new_rank,
            old=ranked.original_rank,
            logit=f"{ranked.score.logit:+.3f}",
            scale=scale_word(result.scorer),
            value=f"{ranked.score.probability:.4f}",
        )
        st.caption(line)
        _draw_read(result, ranked)
        actions = st.container()
        with st.container(
            height=TEXT_HEIGHT if len(ranked.document) > LONG_TEXT else "content", border=False
        ):
            if ranked.care is not None:
                draw_cared_text(ranked, page)
            else:
                draw_text_with_terms(ranked.document, result.query)
            draw_shortened(ranked.document)
        with actions:
            draw_why(result, ranked, page)


def _draw_read(result: Reranking, ranked: RankedDocument) -> None:
    """That a document lost its end, and how much was read."""
    if not ranked.score.truncated:
        return
    scorer: object = None
    with suppress(WorkbenchError):  # no model is loaded; what was read is not counted then
        scorer = the_workbench().scorer()
    counted = tokens_read(scorer, result, ranked)
    if counted is None:
        st.caption(t("✂ Only the beginning was read."))
    else:
        st.caption(
            t(
                "✂ Read: {read} of {total} tokens. The rest had no say in the score.",
                read=f"{counted.read:,}",
                total=f"{counted.total:,}",
            )
        )
