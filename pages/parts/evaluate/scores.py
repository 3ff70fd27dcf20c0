"""How a model's probabilities spread, and what that may hint at; it needs no label."""

import streamlit as st

from core.workflows.evaluate.outcome import Outcome, ScoreShape
from pages.parts.frame.language import t
from pages.parts.labelled.charts import draw_histogram
from pages.parts.labelled.words import say

HEIGHT = 380


def draw_scores(outcome: Outcome, shape: ScoreShape) -> None:
    """The distribution over all pairs, then every query with its hints; those with a hint come first."""
    draw_histogram(shape.histogram, "evaluate.chart_scores")
    readings = sorted(shape.readings, key=lambda reading: not reading.hints)
    number = st.column_config.NumberColumn(format="%.3f", width=80)
    st.dataframe(
        [
            {
                t("Query"): outcome.data.judgements[reading.query_id].query or reading.query_id,
                t("Best"): reading.best,
                t("Mean"): reading.mean,
                t("Spread"): reading.deviation,
                t("First − second"): reading.gap,
                t("Hint"): " ".join(say(hint) for hint in reading.hints),
            }
            for reading in readings
        ],
        key="evaluate.table_scores",
        hide_index=True,
        height=HEIGHT if len(readings) > 9 else "content",
        column_config={
            t("Query"): st.column_config.TextColumn(width=260),
            t("Spread"): st.column_config.NumberColumn(
                format="%.3f", width=80, help=t("Standard deviation of the probabilities")
            ),
            t("Hint"): st.column_config.TextColumn(width=460),
            **dict.fromkeys((t("Best"), t("Mean"), t("First − second")), number),
        },
    )
    st.caption(t("Hints follow fixed rules on the scores; without labels none of them is a finding."))
