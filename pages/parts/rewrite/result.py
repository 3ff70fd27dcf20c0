"""One query's wordings, scored: what each puts first, the merged order before and after, export."""

from functools import partial

import pandas as pd
import streamlit as st

from core.text.rewriting.variants import RULE_TITLES
from core.workflows.home.file_names import file_name
from core.workflows.rerank.tables import preview
from core.workflows.rewrite.merge import MERGE_RULES, MergeRule
from core.workflows.rewrite.one_query import RewriteResult
from core.workflows.rewrite.wordings import placed_documents, wording_summaries, wordings_excel
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import show_notices
from pages.parts.frame.scale import scale_title
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.frame.tables import draw_clickable, draw_whole_text
from pages.parts.labelled.words import speaker
from pages.parts.ranking.charts import draw_movement
from pages.parts.ranking.movement import movement_colour

MERGE_KEY = "rewrite.merge"
TYPED = "as typed"


def draw_result(result: RewriteResult) -> None:
    """Everything about one query in several wordings."""
    draw_scored_by(
        result.scorer,
        t("documents: {count}", count=len(result.documents)),
        t("wordings: {count}", count=len(result.wordings)),
        t(
            "{scored} of {pairs} pairs scored now",
            scored=result.scored,
            pairs=len(result.documents) * len(result.wordings),
        ),
        t("{seconds} s", seconds=f"{result.seconds:.2f}"),
    )
    show_notices(result.notices)
    draw_hand_over("rewrite", result.query, result.documents, result.instruction, here="rewrite")
    how = _choose_merge()
    documents, wordings, charts, exports = st.tabs(
        [t("Before and after"), t("By wording"), t("Charts"), t("Export")]
    )
    with documents:
        _draw_documents(result, how)
    with wordings:
        _draw_wordings(result)
    with charts:
        draw_movement(result.merged(how), "rewrite.slope")
    with exports:
        build = partial(wordings_excel, result, how, speaker(language()))
        name = file_name(result.wordings[0].text, t("wordings"), "xlsx")
        draw_export("Excel", build, name, "rewrite.download_wordings")


def _choose_merge() -> MergeRule:
    chosen = st.segmented_control(
        t("Merged by"),
        list(MERGE_RULES),
        format_func=lambda how: t(MERGE_RULES[how]),
        default=None if MERGE_KEY in st.session_state else "maximum",
        key=MERGE_KEY,
        required=True,
        persist_state="session",
        help=t("One order out of the orders of all wordings, the query as typed included."),
    )
    return chosen or "maximum"


def _draw_documents(result: RewriteResult, how: MergeRule) -> None:
    placed = placed_documents(result, how)
    merged, typed, given = t("Merged"), t("As typed"), t("Given")
    moved, document = t("Moved"), t("Document")
    variants = [t("Variant {number}", number=at) for at in range(1, len(result.wordings))]
    rows = [
        {
            merged: one.merged,
            typed: one.typed,
            moved: one.typed - one.merged,
            document: preview(one.document),
            **dict(zip(variants, one.by_wording, strict=True)),
            given: one.given,
        }
        for one in placed
    ]
    styled = pd.DataFrame(rows).style.format({moved: moved}).map(movement_colour, subset=[moved])
    narrow = st.column_config.NumberColumn(width=65)
    clicked = draw_clickable(
        styled,
        len(placed),
        "rewrite.documents_table",
        {
            **dict.fromkeys((merged, typed, moved, given, *variants), narrow),
            document: st.column_config.TextColumn(width=290),
        },
    )
    st.caption(
        t("Movement: from the query as typed to the merged order. Click a row to read its whole text.")
    )
    if placed:
        with st.container(border=True, key="rewrite.text"):
            draw_whole_text(placed[clicked or 0].document)


def _draw_wordings(result: RewriteResult) -> None:
    lines = wording_summaries(result)
    scale = scale_title(result.scorer)
    st.dataframe(
        [
            {
                t("Variant"): str(at) if at else "–",
                t("Wording"): line.text,
                t("Rule"): _rule(line.source),
                t("Puts first"): preview(result.documents[line.first]),
                t("Logit"): line.logit,
                scale: line.probability,
                t("Documents moved"): line.moved,
            }
            for at, line in enumerate(lines)
        ],
        hide_index=True,
        key="rewrite.wordings_table",
        column_config={
            t("Variant"): st.column_config.TextColumn(width=55),
            t("Wording"): st.column_config.TextColumn(width=200),
            t("Rule"): st.column_config.TextColumn(width=110),
            t("Puts first"): st.column_config.TextColumn(width=190),
            scale: st.column_config.NumberColumn(format="%.4f", width=80),
            t("Logit"): st.column_config.NumberColumn(format="%+.3f", width=70),
            t("Documents moved"): st.column_config.NumberColumn(width=90),
        },
    )
    first = {line.first for line in lines}
    if len(first) == 1:
        st.caption(t("All wordings put the same document first."))
    else:
        st.caption(t("The wordings put {count} different documents first.", count=len(first)))


def _rule(source: str) -> str:
    return t(RULE_TITLES[source] if source else TYPED)
