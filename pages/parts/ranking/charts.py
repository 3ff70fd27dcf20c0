"""Charts of one reranked list: ranks before and after, and how the scores spread."""

import plotly.graph_objects as go

from core.evaluation.distributions import saturated
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rerank.tables import preview, shortened
from pages.parts.frame.charts import BLUE, as_shown, draw_figure
from pages.parts.frame.language import t
from pages.parts.frame.scale import gives_probabilities
from pages.parts.ranking.movement import colour_of

# Beyond this many lines a slope chart is a thicket; a scatter of old against new rank still reads.
SLOPE_LIMIT = 20


def draw_movement(result: Reranking, key: str) -> None:
    """Before → after: lines up to 20 documents, points beyond."""
    title = t("Ranks before and after")
    if len(result.ranked) <= SLOPE_LIMIT:
        draw_figure(_slopes(result), key, title, max(300, 60 + 26 * len(result.ranked)), bottom=30)
    else:
        draw_figure(_scatter(result), key, title, 380, right=20)


def draw_distribution(result: Reranking, key: str) -> None:
    """How the probabilities spread over 0…1, in twenty fixed bins; the logits where those say nothing."""
    probabilities = [one.score.probability for one in result.ranked]
    if not gives_probabilities(result.scorer) or saturated(probabilities):
        draw_figure(_logits(result), key, t("Scores"), 380, right=20)
        return
    figure = go.Figure(
        go.Histogram(
            x=[r.score.probability for r in result.ranked],
            xbins={"start": 0.0, "end": 1.0, "size": 0.05},
            marker={"color": BLUE},
            hovertemplate=t("probability") + " %{x}<br>%{y}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"title": t("probability"), "range": [0, 1]},
        yaxis={"title": t("documents"), "rangemode": "tozero"},
        bargap=0.05,
    )
    draw_figure(figure, key, t("Scores"), 380, right=20)


def _logits(result: Reranking) -> go.Figure:
    figure = go.Figure(
        go.Histogram(
            x=[one.score.logit for one in result.ranked],
            nbinsx=20,
            marker={"color": BLUE},
            hovertemplate=t("logit") + " %{x}<br>%{y}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"title": t("logit")}, yaxis={"title": t("documents"), "rangemode": "tozero"}, bargap=0.05
    )
    return figure


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
                hovertemplate=f"{ranked.original_rank} → {ranked.new_rank}<br>{_named(ranked)}"
                "<extra></extra>",
                showlegend=False,
            )
        )
        figure.add_annotation(
            x=1.02, y=ranked.new_rank, text=_named(ranked, 24), showarrow=False, xanchor="left"
        )
    figure.update_layout(
        xaxis={
            "tickvals": [0, 1],
            "ticktext": [t("before"), t("after")],
            "range": [-0.08, 1.75],
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={"autorange": "reversed", "dtick": 1, "showgrid": False, "zeroline": False},
    )
    return figure


def _scatter(result: Reranking) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=[r.original_rank for r in result.ranked],
            y=[r.new_rank for r in result.ranked],
            mode="markers",
            marker={"color": [colour_of(r.movement) for r in result.ranked], "size": 6},
            text=[_named(r) for r in result.ranked],
            hovertemplate="%{x} → %{y}<br>%{text}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"title": t("rank before")},
        yaxis={"title": t("rank after"), "autorange": "reversed"},
    )
    return figure


def _named(ranked: RankedDocument, columns: int = 100) -> str:
    return as_shown(shortened(preview(ranked.document), columns))
