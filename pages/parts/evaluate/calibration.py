"""Calibration: what the model says beside what is so, and the calibrated probabilities for a recipe."""

import plotly.graph_objects as go
import streamlit as st

from core.errors import InputError
from core.evaluation.calibrations.curve import Calibration, for_base_rate
from core.evaluation.calibrations.reliability import CalibrationReport, Reliability
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.use.calibration import calibrated
from pages.parts.frame.charts import BLUE, GREY, draw_figure
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error

METHODS = {"none": "The model's own", "platt": "Platt's line", "isotonic": "Isotonic curve"}


def draw_calibration(outcome: Outcome, system: int) -> Calibration | None:
    """The diagram, the errors, and a switch; the calibration where it is wanted in a recipe."""
    try:
        report = calibrated(outcome, system)
    except InputError as error:
        show_error(error)
        return None
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_figure(
            reliability_figure(report), "evaluate.reliability", t("Said and so, on held-out queries"), 330
        )
    with right:
        _draw_errors(report)
        share = st.number_input(
            t("Relevant among what is served, %"),
            0.1,
            99.9,
            round(100 * report.calibration.base_rate, 1),
            key=f"evaluate.base_rate_{outcome.names[system]}",
            help=t("Judged candidates often hold more relevant documents than what is served."),
        )
        wanted = st.toggle(t("Calibrated probabilities in the recipe"), key="evaluate.calibrated")
    if not wanted:
        return None
    if abs(share / 100 - report.calibration.base_rate) < 0.0006:
        return report.calibration
    return for_base_rate(report.calibration, share / 100)


def _draw_errors(report: CalibrationReport) -> None:
    error = t("Calibration error")
    st.dataframe(
        [
            {
                t("Probabilities"): t(METHODS[row.method]),
                error: row.error,
                t("95 % interval"): f"{row.low:.3f} … {row.high:.3f}",
                t("Log loss"): row.log_loss,
            }
            for row in report.rows
        ],
        hide_index=True,
        key="evaluate.calibration_table",
        height="content",
        column_config={
            error: st.column_config.NumberColumn(
                format="%.3f", help=t("Mean distance between said and so, in ten bins of as many pairs")
            ),
            t("Log loss"): st.column_config.NumberColumn(format="%.3f"),
        },
    )


def reliability_figure(report: CalibrationReport) -> go.Figure:
    """The share that is relevant over the probability that was said; on the diagonal both agree."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": GREY, "dash": "dot"},
        showlegend=False,
        hoverinfo="skip",
    )
    _add(figure, report.own, GREY)
    _add(figure, report.best, BLUE)
    figure.update_xaxes(title=t("said"), range=[0, 1])
    figure.update_yaxes(title=t("so"), range=[0, 1])
    return figure


def _add(figure: go.Figure, row: Reliability, colour: str) -> None:
    figure.add_scatter(
        x=[one.said for one in row.bins],
        y=[one.so for one in row.bins],
        customdata=[one.pairs for one in row.bins],
        mode="lines+markers",
        name=t(METHODS[row.method]),
        line={"color": colour},
        hovertemplate="%{x:.3f} → %{y:.3f} (%{customdata})<extra></extra>",
    )
