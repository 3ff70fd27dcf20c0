"""Charts of one reranking. They draw what `core` computed; colours mean movement, never quality."""

import plotly.graph_objects as go
import streamlit as st

from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.tables import preview, shortened
from pages.parts.frame.language import t

UP, DOWN, SAME = "#3b8f6b", "#b5563f", "#9aa4b2"
BAR = "#2a63b8"
# Beyond this many lines a slope chart is a thicket; a scatter of old against new rank still reads.
SLOPE_LIMIT = 20


def draw_movement(result: Reranking, key: str) -> None:
    """Before → after: lines up to 20 documents, points beyond."""
    few = len(result.ranked) <= SLOPE_LIMIT
    figure = _slopes(result) if few else _scatter(result)
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def draw_distribution(result: Reranking, key: str) -> None:
    """How the probabilities spread over 0…1, in twenty fixed bins."""
    figure = go.Figure(
        go.Histogram(
            x=[r.score.probability for r in result.ranked],
            xbins={"start": 0.0, "end": 1.0, "size": 0.05},
            marker={"color": BAR},
            hovertemplate=t("probability") + " %{x}<br>%{y}<extra></extra>",
        )
    )
    figure.update_layout(
        title={"text": t("Scores"), "font": {"size": 14}},
        xaxis={"title": t("probability"), "range": [0, 1]},
        yaxis={"title": t("documents"), "rangemode": "tozero"},
        bargap=0.05,
        height=380,
        margin={"l": 40, "r": 20, "t": 40, "b": 40},
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def colour_of(movement: int) -> str:
    """Up, down, or in its place."""
    return UP if movement > 0 else DOWN if movement < 0 else SAME


def _slopes(result: Reranking) -> go.Figure:
    figure = go.Figure()
    for ranked in result.ranked:
        figure.add_trace(
            go.Scatter(
                x=[0, 1],
                y=[ranked.original_rank, ranked.new_rank],
                mode="lines+markers",
                line={"color": colour_of(ranked.movement), "width": 2},
                marker={"size": 7},
                hovertemplate=f"{ranked.original_rank} → {ranked.new_rank}<br>{_escaped(ranked.document)}"
                "<extra></extra>",
                showlegend=False,
            )
        )
        figure.add_annotation(
            x=1.02, y=ranked.new_rank, text=_escaped(ranked.document, 24), showarrow=False, xanchor="left"
        )
    figure.update_layout(
        title={"text": t("Ranks before and after"), "font": {"size": 14}},
        xaxis={
            "tickvals": [0, 1],
            "ticktext": [t("before"), t("after")],
            "range": [-0.08, 1.75],
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={"autorange": "reversed", "dtick": 1, "showgrid": False, "zeroline": False},
        height=max(300, 60 + 26 * len(result.ranked)),
        margin={"l": 40, "r": 10, "t": 40, "b": 30},
    )
    return figure


def _scatter(result: Reranking) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=[r.original_rank for r in result.ranked],
            y=[r.new_rank for r in result.ranked],
            mode="markers",
            marker={"color": [colour_of(r.movement) for r in result.ranked], "size": 6},
            text=[_escaped(r.document) for r in result.ranked],
            hovertemplate="%{x} → %{y}<br>%{text}<extra></extra>",
        )
    )
    figure.update_layout(
        title={"text": t("Ranks before and after"), "font": {"size": 14}},
        xaxis={"title": t("rank before")},
        yaxis={"title": t("rank after"), "autorange": "reversed"},
        height=380,
        margin={"l": 40, "r": 20, "t": 40, "b": 40},
    )
    return figure


def _escaped(text: str, columns: int = 100) -> str:
    """A preview that plotly shows as text: it reads a little HTML."""
    return shortened(preview(text), columns).replace("&", "&amp;").replace("<", "&lt;")
