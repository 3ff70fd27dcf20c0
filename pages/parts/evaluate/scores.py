"""How a model's scores spread, and what that may hint at; it needs no label."""

import streamlit as st

from core.workflows.evaluate.outcome import Outcome, ScoreShape
from pages.parts.frame.language import t
from pages.parts.labelled.charts import draw_histogram
from pages.parts.labelled.words import say

HEIGHT = 380


def draw_scores(outcome: Outcome, shape: ScoreShape) -> None:
    """The distribution over all pairs, then every query with its hints; those with a hint come first."""
    draw_histogram(shape.histogram, shape.gives_probabilities, "evaluate.chart_scores")
    readings = sorted(shape.readings, key=lambda reading: not shape.hints[reading.query_id])
    number = st.column_config.NumberColumn(format="%.2f", width=80, help=t("In logits"))
    st.dataframe(
        [
            {
                t("Query"): outcome.data.judgements[reading.query_id].query or reading.query_id,
                t("Best"): reading.best,
                t("Mean"): reading.mean,
                t("Spread"): reading.deviation,
                t("First − second"): reading.gap,
                t("Hint"): " ".join(say(hint.sentence) for hint in shape.hints[reading.query_id]),
            }
            for reading in readings
        ],
        key="evaluate.table_scores",
        hide_index=True,
        height=HEIGHT if len(readings) > 9 else "content",
        column_config={
            t("Query"): st.column_config.TextColumn(width=260),
            t("Spread"): st.column_config.NumberColumn(
                format="%.2f", width=80, help=t("Standard deviation of the logits")
            ),
            t("Hint"): st.column_config.TextColumn(width=460),
            **dict.fromkeys((t("Best"), t("Mean"), t("First − second")), number),
        },
    )
    st.caption(t("Hints compare a query with this model's other lists; none of them is a finding."))
