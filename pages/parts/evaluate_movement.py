"""What changed, with or without labels: how far the orders agree, how scores spread, hints per query."""

import streamlit as st

from core.evaluation.agreement import EXPLANATIONS, AgreementSummary
from core.workflows.evaluate import Outcome, ScoreShape
from core.workflows.evaluate_queries import orders_of
from core.workflows.evaluate_verdict import UNMEASURED, movement_lines
from pages.parts.evaluate_charts import draw_histogram
from pages.parts.evaluate_orders import draw_orders
from pages.parts.evaluate_words import plain, say
from pages.parts.language import t

HEIGHT = 380


def draw_movement(outcome: Outcome, system: int) -> None:
    """The label-free view of one system."""
    movement = outcome.movement[system]
    with st.container(border=True, key="evaluate.movement"):
        if outcome.report is None:
            st.markdown(f"#### {plain(t(UNMEASURED))}")
        for line in movement_lines(movement):
            st.markdown(plain(say(line.sentence)))
    shape = outcome.shapes[system] if system < len(outcome.shapes) else None
    if shape is not None:
        draw_histogram(shape.histogram, "evaluate.chart_scores")
    _draw_table(outcome, movement, shape, system)
    with st.expander(t("What these numbers mean")):
        for explanation in EXPLANATIONS.values():
            st.markdown(plain(t(explanation, top=10)) if "{top}" in explanation else plain(t(explanation)))


def _draw_table(outcome: Outcome, movement: AgreementSummary, shape: ScoreShape | None, system: int) -> None:
    readings = {reading.query_id: reading for reading in shape.readings} if shape else {}
    # Queries that changed most come first.
    queries = sorted(movement.queries, key=lambda one: one.rbo)
    rows = []
    for one in queries:
        reading = readings.get(one.query_id)
        rows.append(
            {
                t("Query"): outcome.data.judgements[one.query_id].query or one.query_id,
                t("In common"): f"{one.overlap:.0%}",
                "Kendall": one.kendall,
                "RBO": one.rbo,
                t("Moved by"): one.mean_movement,
                t("Best"): reading.best if reading else None,
                t("Mean"): reading.mean if reading else None,
                t("Spread"): reading.deviation if reading else None,
                t("First − second"): reading.gap if reading else None,
                t("Hint"): " ".join(say(hint) for hint in reading.hints) if reading else "",
            }
        )
    number = st.column_config.NumberColumn(format="%.3f", width=80)
    names = ("Kendall", "RBO", t("Best"), t("Mean"), t("Spread"), t("First − second"))
    event = st.dataframe(
        rows,
        key="evaluate.table_movement",
        hide_index=True,
        height=HEIGHT if len(rows) > 9 else "content",
        on_select="rerun",
        selection_mode="single-cell",
        column_config={
            t("Query"): st.column_config.TextColumn(width=300),
            t("Moved by"): st.column_config.NumberColumn(format="%.1f", width=80),
            **dict.fromkeys(names, number),
        },
    )
    cells = event.selection.cells if event is not None else []
    st.caption(t("Click a row to see both orders."))
    if cells and cells[0][0] < len(queries):
        reading = readings.get(queries[cells[0][0]].query_id)
        for hint in reading.hints if reading else ():
            st.markdown(plain(say(hint)))
        before, after = orders_of(outcome, queries[cells[0][0]].query_id, system)
        draw_orders(before, after, len(before), outcome.settings.rel)
