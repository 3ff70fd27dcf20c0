"""One query under several instructions: ranks, movements and scores side by side, charts, export."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.workflows.home.file_names import file_name
from core.workflows.instructions.use import how_used
from core.workflows.rerank.tables import preview
from core.workflows.sandbox.export import side_by_side_excel
from core.workflows.sandbox.side_by_side import DocumentRow, SideBySide
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_notices
from pages.parts.frame.scale import gives_probabilities, scale_word
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.frame.tables import draw_clickable, draw_whole_text
from pages.parts.labelled.words import say, speaker
from pages.parts.ranking.movement import moved, text_colour_of
from pages.parts.sandbox.charts import draw_logits, draw_ranks
from pages.parts.sandbox.instructions import variant_title

SHOWN = {"ranks": "Ranks", "probabilities": "Probabilities", "logits": "Logits"}
SHOWN_SIMILAR = {"ranks": "Ranks", "logits": "Logits", "probabilities": "Similarities"}


def draw_side_by_side(result: SideBySide) -> None:
    """Everything about one comparison."""
    titles = _titles(result)
    draw_scored_by(
        result.model,
        t("{scored} pairs scored, {known} known", scored=result.scored, known=result.known),
        t("{seconds} s", seconds=f"{result.seconds:.2f}"),
    )
    st.caption(plain(say(how_used(result.model))))
    show_notices(result.notices)
    draw_hand_over("sandbox", result.query, result.documents, here="sandbox")
    table, charts, export = st.tabs([t("Side by side"), t("Charts"), t("Export")])
    with table:
        _draw_summary(result, titles)
        _draw_table(result, titles)
    with charts:
        draw_ranks(result, titles, "sandbox.chart_ranks")
        draw_logits(result, titles, "sandbox.chart_logits")
    with export:
        build = partial(side_by_side_excel, result, speaker(language()))
        name = file_name(result.query, t("instructions"), "xlsx")
        draw_export("Excel", build, name, "sandbox.download_query")


def _titles(result: SideBySide) -> list[str]:
    return [variant_title(one.variant) for one in result.results]


def _draw_summary(result: SideBySide, titles: Sequence[str]) -> None:
    rows = []
    mean = t("Mean probability") if gives_probabilities(result.model) else t("Mean similarity")
    for one, title in zip(result.results, titles, strict=True):
        agreed = one.agreement
        first = one is result.results[0]
        rows.append(
            {
                t("Instruction"): title,
                t("First"): preview(one.ranked[0].document),
                t("In common"): "" if first else f"{agreed.overlap:.0%}",
                "Kendall": "" if first or agreed.kendall is None else f"{agreed.kendall:.2f}",
                t("Moved"): "" if first else f"{one.moved}",
                t("Highest logit"): one.ranked[0].score.logit,
                mean: one.mean_probability,
            }
        )
    top = result.results[0].agreement.top
    st.dataframe(
        rows,
        hide_index=True,
        key="sandbox.summary",
        column_config={
            t("First"): st.column_config.TextColumn(width=230),
            t("In common"): st.column_config.TextColumn(
                help=t("Share of the first {top} that the default has there, too", top=top)
            ),
            "Kendall": st.column_config.TextColumn(
                help=t("Agreement with the order of the default, from −1 to 1")
            ),
            t("Moved"): st.column_config.TextColumn(help=t("Documents on another rank than by default")),
            t("Highest logit"): st.column_config.NumberColumn(format="%.2f"),
            mean: st.column_config.NumberColumn(format="%.3f"),
        },
    )


def _draw_table(result: SideBySide, titles: Sequence[str]) -> None:
    names = SHOWN if gives_probabilities(result.model) else SHOWN_SIMILAR
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shown = st.segmented_control(
            t("Show"),
            list(names),
            format_func=lambda name: t(names[name]),
            default="ranks" if "sandbox.shown" not in st.session_state else None,
            key="sandbox.shown",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        only = st.toggle(t("Show only what differs"), key="sandbox.differs", persist_state="session")
    rows = [row for row in result.rows() if row.differs or not only]
    if not rows:
        st.success(t("No document stands on another rank: these instructions give the same order."))
        return
    clicked = draw_clickable(
        _styled(rows, titles, str(shown)),
        len(rows),
        "sandbox.table",
        {
            t("Document"): st.column_config.TextColumn(width=290),
            t("Before"): st.column_config.NumberColumn(width=60),
            **dict.fromkeys(titles, st.column_config.NumberColumn(width=105)),
        },
    )
    st.caption(t("Arrows compare with the default. Click a row to read its whole text."))
    if clicked is not None:
        _draw_text(result, rows[clicked], titles)


def _styled(rows: Sequence[DocumentRow], titles: Sequence[str], shown: str) -> Styler:
    """Numbers stay numbers, so that columns sort; ranks carry their movement against the default."""
    columns: dict[str, list[object]] = {
        t("Document"): [preview(row.document) for row in rows],
        t("Before"): [row.index + 1 for row in rows],
    }
    for at, title in enumerate(titles):
        if shown == "ranks":
            columns[title] = [row.ranks[at] for row in rows]
        elif shown == "logits":
            columns[title] = [row.scores[at].logit for row in rows]
        else:
            columns[title] = [row.scores[at].probability for row in rows]
    styler = pd.DataFrame(columns).style
    if shown != "ranks":
        return styler.format("{:+.3f}" if shown == "logits" else "{:.4f}", subset=list(titles))
    for at, title in enumerate(titles):
        for places in {row.movements[at] for row in rows} - {0}:
            here = [number for number, row in enumerate(rows) if row.movements[at] == places]
            colour = text_colour_of(places)
            styler = styler.format("{} " + moved(places), subset=pd.IndexSlice[here, [title]])
            styler = styler.map(lambda _, c=colour: f"color: {c}", subset=pd.IndexSlice[here, [title]])
    return styler


def _draw_text(result: SideBySide, row: DocumentRow, titles: Sequence[str]) -> None:
    with st.container(border=True, key="sandbox.text"):
        for title, rank, score in zip(titles, row.ranks, row.scores, strict=True):
            st.caption(
                plain(title)
                + " · "
                + t(
                    "rank {rank}, logit {logit}, {scale} {value}",
                    rank=rank,
                    logit=f"{score.logit:+.3f}",
                    scale=scale_word(result.model),
                    value=f"{score.probability:.4f}",
                )
            )
        draw_whole_text(row.document)
