"""What changed, with or without labels: how far the orders agree, and both orders of each query."""

import streamlit as st

from core.evaluation.agreement import EXPLANATIONS, TOP, AgreementSummary
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import orders_of
from core.workflows.evaluate.verdict import UNMEASURED, movement_lines
from pages.parts.evaluate.handing import draw_query_hand_over
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import draw_clickable
from pages.parts.labelled.orders import draw_orders
from pages.parts.labelled.words import percent, say

HEIGHT = 380


def draw_movement(outcome: Outcome, system: int) -> None:
    """The label-free view of one system."""
    movement = outcome.movement[system]
    with st.container(border=True, key="evaluate.movement"):
        if outcome.report is None:
            st.markdown(f"#### {plain(t(UNMEASURED))}")
        for line in movement_lines(movement):
            st.markdown(plain(say(line.sentence)))
    _draw_table(outcome, movement, system)
    with st.expander(t("What these numbers mean")):
        for explanation in EXPLANATIONS.values():
            st.markdown(plain(t(explanation, top=TOP) if "{top}" in explanation else t(explanation)))


def _draw_table(outcome: Outcome, movement: AgreementSummary, system: int) -> None:
    # Queries that changed most come first.
    queries = sorted(movement.queries, key=lambda one: one.rbo)
    judgements = outcome.data.judgements
    number = st.column_config.NumberColumn(format="%.3f", width=80)
    clicked = draw_clickable(
        [
            {
                t("Query"): (one.query_id in judgements and judgements[one.query_id].query) or one.query_id,
                t("In common"): percent(one.overlap),
                "Kendall": one.kendall,
                "RBO": one.rbo,
                t("Moved by"): one.mean_movement,
                t("Furthest"): one.largest_movement,
            }
            for one in queries
        ],
        len(queries),
        "evaluate.table_movement",
        {
            t("Query"): st.column_config.TextColumn(width=360),
            t("In common"): st.column_config.TextColumn(
                help=t("Share of the first {top} documents", top=TOP)
            ),
            t("Moved by"): st.column_config.NumberColumn(format="%.1f", help=t("Places, on average")),
            "Kendall": number,
            "RBO": number,
        },
        in_full=9,
        height=HEIGHT,
    )
    st.caption(t("Click a row to see both orders."))
    if clicked is not None:
        query = queries[clicked].query_id
        before, after = orders_of(outcome, query, system)
        draw_query_hand_over("evaluate.moved", outcome, query, system)
        draw_orders(before, after, max(len(before), len(after)), outcome.settings.rel)
