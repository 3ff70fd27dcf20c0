"""Charts of a whole run: where the new first documents came from, and how scores spread before and after."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.evaluation.distributions import Histogram
from core.workflows.batch.results import LAST_PLACE_SHOWN, BatchSummary
from pages.parts.frame.charts import BLUE, GREY, draw_figure
from pages.parts.frame.language import t

HEIGHT = 320
# Up to this count every whole number has its tick.
FEW = 5


def draw_first_places(summary: BatchSummary, key: str) -> None:
    """How many of the new first documents stood first, second, … before."""
    places = [str(place) for place in range(1, LAST_PLACE_SHOWN)] + [f"≥{LAST_PLACE_SHOWN}"]
    figure = _bars(places, summary.first_places, BLUE)
    figure.update_layout(
        xaxis={"title": t("rank before"), "type": "category"},
        yaxis=_counted(t("queries"), summary.first_places),
        bargap=0.2,
    )
    draw_figure(figure, key, t("Where the new first document stood before"), HEIGHT)


def draw_probabilities(summary: BatchSummary, key: str) -> None:
    """Probabilities, or similarities, of all documents after reranking, in fixed bins over 0…1."""
    probable = summary.gives_probabilities
    figure = _histogram(summary.probabilities, BLUE)
    figure.update_layout(
        xaxis={"title": t("probability") if probable else t("similarity"), "range": [0, 1]},
        yaxis=_counted(t("documents"), summary.probabilities.counts),
    )
    draw_figure(
        figure,
        key,
        t("Probabilities after reranking") if probable else t("Similarities after reranking"),
        HEIGHT,
    )


def draw_initial_scores(histogram: Histogram, key: str) -> None:
    """The scores before reranking, on their own scale: the two are not comparable."""
    figure = _histogram(histogram, GREY)
    figure.update_layout(
        xaxis={"title": t("score before")},
        yaxis=_counted(t("documents"), histogram.counts),
    )
    draw_figure(figure, key, t("Scores before, on their own scale"), HEIGHT)


def _histogram(histogram: Histogram, colour: str) -> go.Figure:
    figure = _bars(histogram.middles, histogram.counts, colour)
    figure.update_traces(width=histogram.width)
    figure.update_layout(bargap=0)
    return figure


def _bars(x: Sequence[object], counts: Sequence[int], colour: str) -> go.Figure:
    return go.Figure(
        go.Bar(
            x=list(x), y=list(counts), marker={"color": colour}, hovertemplate="%{x}<br>%{y}<extra></extra>"
        )
    )


def _counted(title: str, counts: Sequence[int]) -> dict[str, object]:
    """An axis of whole numbers from 0."""
    axis: dict[str, object] = {"title": title, "rangemode": "tozero"}
    return axis | {"dtick": 1} if max(counts) <= FEW else axis
