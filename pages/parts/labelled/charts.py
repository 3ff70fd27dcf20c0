"""Charts of what labels say: measures, differences with their intervals, costs, thresholds, scores."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.evaluation.distributions import Histogram
from core.evaluation.measures import Measure
from core.evaluation.oracle import Headroom
from core.evaluation.significance import Comparison
from core.evaluation.thresholds.advice import ThresholdAdvice
from core.workflows.evaluate.queries import QueryRow
from core.workflows.rerank.tables import preview
from pages.parts.frame.charts import AMBER, BLUE, GREEN, GREY, as_shown, draw_figure, interval_bars
from pages.parts.frame.language import t
from pages.parts.ranking.movement import DOWN, SAME, UP

BEFORE, AFTER, BEST = GREY, BLUE, GREEN
RECALL, EMPTY = AMBER, GREY
# A bar of each query is drawn to about this many; beyond it the bars melt into a shape, which still reads.
NAMED_BARS = 60


def draw_measures(comparisons: Sequence[Comparison], rooms: Sequence[Headroom], key: str) -> None:
    """Before, after and the best possible order of the same candidates, where they are the same."""
    names = [str(comparison.measure) for comparison in comparisons]
    bars = [
        (t("before"), [comparison.before for comparison in comparisons], BEFORE),
        (t("after"), [comparison.after for comparison in comparisons], AFTER),
    ]
    if rooms:
        bars.append((t("best possible"), [room.best for room in rooms], BEST))
    figure = go.Figure()
    for title, values, colour in bars:
        figure.add_bar(
            x=names,
            y=values,
            name=title,
            marker={"color": colour},
            hovertemplate="%{x} %{y:.3f}<extra>" + title + "</extra>",
        )
    figure.update_layout(
        barmode="group",
        xaxis={"type": "category"},
        yaxis={"rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.15},
    )
    draw_figure(figure, key, t("Before, after, best possible order") if rooms else t("Before and after"), 320)


def draw_intervals(
    comparisons: Sequence[tuple[str, Comparison]], title: str, key: str, axis: str | None = None
) -> None:
    """Mean differences with their intervals; one line per name, the first on top.

    axis: what is subtracted from what, where it is not the order before reranking.
    """
    names = [name for name, _ in comparisons]
    differences = [comparison.difference for _, comparison in comparisons]
    figure = go.Figure(
        go.Scatter(
            x=differences,
            y=names,
            mode="markers",
            marker={"color": AFTER, "size": 9},
            error_x=interval_bars([comparison for _, comparison in comparisons], AFTER),
            hovertemplate="%{y} %{x:+.3f}<extra></extra>",
        )
    )
    figure.add_vline(x=0, line={"color": BEFORE, "width": 1, "dash": "dot"})
    figure.update_layout(
        xaxis={"title": axis or t("after minus before"), "zeroline": False},
        yaxis={"type": "category", "autorange": "reversed"},
    )
    draw_figure(figure, key, title, 110 + 36 * len(names), left=10, right=20)


def draw_differences(rows: Sequence[QueryRow], measure: Measure, key: str) -> None:
    """One bar per query, sorted from gain to loss."""
    colours = {"better": UP, "worse": DOWN, "same": SAME}
    figure = go.Figure(
        go.Bar(
            x=list(range(1, len(rows) + 1)),
            y=[row.difference for row in rows],
            marker={"color": [colours[row.outcome] for row in rows], "line": {"width": 0}},
            customdata=[as_shown(preview(row.query or row.query_id)) for row in rows],
            hovertemplate="%{customdata}<br>%{y:+.3f}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"title": t("queries"), "showticklabels": len(rows) <= NAMED_BARS},
        yaxis={"title": t("after minus before")},
        bargap=0.1 if len(rows) <= NAMED_BARS else 0,
    )
    draw_figure(figure, key, t("Difference in {measure} of each query, sorted", measure=str(measure)), 300)


def draw_sorted_differences(
    systems: Sequence[tuple[str, Sequence[float]]], measure: Measure, key: str
) -> None:
    """Each system's differences from gain to loss as a line: where it crosses zero, losses begin."""
    figure = go.Figure()
    for name, values in systems:
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=values,
            mode="lines",
            name=name,
            line={"shape": "hv", "width": 2},
            hovertemplate="%{y:+.3f}<extra>" + as_shown(preview(name)) + "</extra>",
        )
    figure.add_hline(y=0, line={"color": BEFORE, "width": 1, "dash": "dot"})
    figure.update_layout(
        xaxis={"title": t("queries")},
        yaxis={"title": t("after minus before"), "zeroline": False},
        showlegend=len(systems) > 1,
        legend={"orientation": "h", "y": -0.3},
    )
    draw_figure(figure, key, t("Difference in {measure} of each query, sorted", measure=str(measure)), 320)


def draw_costs(values: Sequence[tuple[str, float | None]], title: str, key: str) -> None:
    """One bar per system; none where nothing was measured."""
    figure = go.Figure(
        go.Bar(
            x=[value for _, value in values],
            y=[name for name, _ in values],
            orientation="h",
            marker={"color": AFTER},
            hovertemplate="%{y} %{x:,.1f}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"rangemode": "tozero"},
        yaxis={"type": "category", "autorange": "reversed"},
    )
    draw_figure(figure, key, title, 90 + 32 * len(values), left=10, bottom=30)


def draw_thresholds(advice: ThresholdAdvice, scale: str, to_one: bool, key: str) -> None:
    """What each cut keeps, with the recommended ones marked. scale: of the scores; to_one: from 0 to 1."""
    cuts = advice.curve
    figure = go.Figure()
    for title, values, colour in (
        (t("precision"), [cut.precision for cut in cuts], AFTER),
        (t("recall"), [cut.recall for cut in cuts], RECALL),
        (f"F{advice.settings.beta:g}", [cut.f_beta for cut in cuts], BEST),
        (t("queries left with nothing"), [cut.empty for cut in cuts], EMPTY),
    ):
        figure.add_scatter(
            x=[cut.threshold for cut in cuts],
            y=values,
            mode="lines",
            name=title,
            line={"color": colour, "width": 2},
            hovertemplate="%{x:.4g}: %{y:.0%}<extra>" + title + "</extra>",
        )
    for cut in dict.fromkeys((advice.best, advice.coverage)):
        figure.add_vline(x=cut.threshold, line={"color": BEFORE, "width": 1, "dash": "dot"})
    figure.update_layout(
        xaxis={
            "title": scale,
            "range": [0, 1] if to_one else None,
        },
        yaxis={"range": [0, 1.02], "tickformat": ".0%"},
        legend={"orientation": "h", "y": -0.2},
    )
    draw_figure(figure, key, t("What each threshold keeps"), 380)


def draw_histogram(histogram: Histogram, probability: bool, key: str) -> None:
    """How the scores of all pairs spread, in equal bins. probability: they are some; else they are logits."""
    title = t("probability") if probability else "logit"
    figure = go.Figure(
        go.Bar(
            x=histogram.middles,
            y=histogram.counts,
            width=histogram.width * 0.95,
            marker={"color": AFTER},
            hovertemplate=title + " %{x:.3f}<br>%{y}<extra></extra>",
        )
    )
    figure.update_layout(
        xaxis={"title": title, "range": [0, 1] if probability else None},
        yaxis={"title": t("documents"), "rangemode": "tozero"},
    )
    draw_figure(figure, key, t("Scores"), 320)
