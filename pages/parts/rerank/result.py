"""The Rerank page's result column: by whom, before and after, full text, charts, export."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.workflows.rerank.export import (
    curl_command,
    curl_file_command,
    request_body,
    reranking_csv,
    reranking_excel,
    reranking_json,
)
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rerank.tables import reranking_table, shortened
from pages.parts.care.marked_text import draw_cared_text
from pages.parts.care.words import care_marks
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_notices
from pages.parts.ordered.charts import DOWN, UP, draw_distribution, draw_movement
from pages.parts.rerank.why_score import draw_why

SHOWN_COLUMNS = (
    "new_rank",
    "original_rank",
    "movement",
    "preview",
    "probability",
    "logit",
    "marks",
    "tokens",
)
# A table of up to this many rows is shown whole; a longer one scrolls within TABLE_HEIGHT pixels.
ROWS_IN_FULL, TABLE_HEIGHT = 15, 520
# The narrowest letters of a table's font.
COLUMN_PIXELS = 4
# A text of megabytes would freeze the browser.
SHOWN_CHARACTERS = 50_000
# A longer request is a file to send, not a line to copy.
CURL_BYTES = 10_000
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_result(result: Reranking, port: int) -> None:
    """Everything about one reranking."""
    _draw_heading(result)
    show_notices(result.notices)
    table, charts, exports = st.tabs([t("Before and after"), t("Charts"), t("Export and API")])
    with table:
        draw_table(result)
    with charts:
        left, right = st.columns([3, 2])
        with left:
            draw_movement(result, "rerank.slope")
        with right:
            draw_distribution(result, "rerank.scores")
    with exports:
        _draw_exports(result, port)


def _draw_heading(result: Reranking) -> None:
    scorer = result.scorer
    st.markdown(
        t(
            "Scored by **{model}** · {device} {precision} · "
            "documents: {count} · tokens: {tokens} · {seconds} s",
            model=scorer.label,
            device=scorer.device,
            precision=scorer.precision,
            count=len(result.ranked),
            tokens=f"{result.tokens:,}",
            seconds=f"{result.seconds:.2f}",
        )
    )
    for note in scorer.notes:
        st.caption(t(note))


def draw_table(result: Reranking, page: str = "rerank", *, text_width: int = 270) -> None:
    """Before and after, densely, with the whole text of the clicked row.

    page: prefix of the keys. text_width: of the documents' column at least, in pixels.
    """
    frame = reranking_table(result)
    names = {
        "new_rank": t("New"),
        "original_rank": t("Before"),
        "movement": t("Moved"),
        "probability": t("Probability"),
        "logit": t("Logit"),
        "tokens": t("Tokens"),
        "marks": t("Marks"),
        "preview": t("Document"),
    }
    event = st.dataframe(
        _styled(frame, names, text_width // COLUMN_PIXELS, [care_marks(r.care) for r in result.ranked]),
        key=f"{page}.table",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        height="content" if len(frame) <= ROWS_IN_FULL else TABLE_HEIGHT,
        column_config={
            names["new_rank"]: st.column_config.NumberColumn(width=55),
            names["original_rank"]: st.column_config.NumberColumn(width=55),
            names["movement"]: st.column_config.NumberColumn(width=55),
            names["preview"]: st.column_config.TextColumn(width=text_width),
            names["probability"]: st.column_config.NumberColumn(width=80),
            names["logit"]: st.column_config.NumberColumn(
                width=70, help=t("Log-odds of «yes»: the value that decides the order")
            ),
            names["tokens"]: st.column_config.NumberColumn(width=65),
            names["marks"]: st.column_config.TextColumn(
                width=55 if result.care is None else 100, help=_marks_help(result)
            ),
        },
    )
    cells = event.selection.cells if event is not None else []
    row = cells[0][0] if cells else 0
    st.caption(t("Click a row to read its whole text."))
    if row < len(result.ranked):
        _draw_text(result, result.ranked[row], page)


def _styled(frame: pd.DataFrame, names: dict[str, str], text_columns: int, cares: Sequence[str]) -> Styler:
    marks = [
        " ".join(mark for mark, on in (("≈", near), ("✂", cut), (care, care)) if on)
        for near, cut, care in zip(frame["near_tie"], frame["truncated"], cares, strict=True)
    ]
    texts = [shortened(" ".join(text[:1000].split()), text_columns) for text in frame["document"]]
    shown = frame.assign(marks=marks, preview=texts)[list(SHOWN_COLUMNS)].rename(columns=names)
    return shown.style.format(
        {names["movement"]: _moved, names["probability"]: "{:.4f}", names["logit"]: "{:+.3f}"}
    ).map(_movement_colour, subset=[names["movement"]])


def _marks_help(result: Reranking) -> str:
    help_text = t("≈ near tie with a neighbour · ✂ truncated")
    if result.care is None:
        return help_text
    return f"{help_text} · {t('✎ cleaned · ≡ repeats another · ◦ too short · § best chunk')}"


def _moved(movement: object) -> str:
    places = int(str(movement))
    return f"▲ {places}" if places > 0 else f"▼ {-places}" if places < 0 else "·"


def _movement_colour(movement: object) -> str:
    places = int(str(movement))
    return f"color: {UP}" if places > 0 else f"color: {DOWN}" if places < 0 else ""


def _draw_text(result: Reranking, ranked: RankedDocument, page: str) -> None:
    with st.container(border=True, key=f"{page}.text"):
        line = t(
            "Rank {new} (before {old}) · probability {probability} · logit {logit}",
            new=ranked.new_rank,
            old=ranked.original_rank,
            probability=f"{ranked.score.probability:.4f}",
            logit=f"{ranked.score.logit:+.3f}",
        )
        st.caption(line)
        if ranked.care is not None:
            draw_cared_text(ranked, page)
        else:
            # st.text neither reads Markdown nor HTML, so a document is shown as it is.
            st.text(ranked.document[:SHOWN_CHARACTERS])
        if len(ranked.document) > SHOWN_CHARACTERS:
            st.caption(
                t(
                    "The first {shown} of {count} characters; exports hold the whole text.",
                    shown=f"{SHOWN_CHARACTERS:,}",
                    count=f"{len(ranked.document):,}",
                )
            )
        draw_why(result, ranked, page)


def _draw_exports(result: Reranking, port: int) -> None:
    with st.container(horizontal=True):
        for label, build, ending, kind in (
            ("Excel", reranking_excel, "xlsx", EXCEL_TYPE),
            ("CSV", reranking_csv, "csv", "text/csv"),
            ("JSON", reranking_json, "json", "application/json"),
        ):
            st.download_button(
                label,
                # Built when it is asked for, not at every run of the page.
                data=partial(build, result),
                file_name=f"reranked.{ending}",
                mime=kind,
                key=f"rerank.download_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )
    st.caption(t("The same request over HTTP:"))
    if result.care is not None:
        st.caption(
            t("It sends the cleaned texts. Documents are not cut into chunks over HTTP: such scores differ.")
            if result.care.chunks
            else t("It sends the cleaned texts.")
        )
    if len(request_body(result)) > CURL_BYTES:
        st.download_button(
            "request.json",
            data=partial(request_body, result),
            file_name="request.json",
            mime="application/json",
            key="rerank.download_request",
            on_click="ignore",
            icon=":material/download:",
        )
        st.code(curl_file_command(port), language="bash")
    else:
        st.code(curl_command(result, port), language="bash", wrap_lines=True)
