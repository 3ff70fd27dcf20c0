"""Quality against cost: a point a model, and the line of those that none beats."""

import plotly.graph_objects as go

from core.workflows.compare.outcome import ComparisonOutcome
from pages.parts.frame.charts import BLUE, GREY, as_shown, draw_figure
from pages.parts.frame.language import t
from pages.parts.labelled.words import run_name


def draw_front(outcome: ComparisonOutcome, key: str) -> None:
    """Nothing where no model has both. The order before costs nothing and is a line, not a point."""
    measure = outcome.deciding
    shown = [
        one
        for one in outcome.standings
        if one.contender is not None
        and one.cost
        and measure is not None
        and one.means.get(measure) is not None
    ]
    if measure is None or not shown:
        return
    factor = 1.0 if outcome.by_money else 1000.0
    figure = go.Figure()
    front = sorted((one for one in shown if one.on_front), key=lambda one: one.cost or 0.0)
    figure.add_scatter(
        x=[factor * (one.cost or 0.0) for one in front],
        y=[one.means[measure] for one in front],
        mode="lines",
        line={"color": BLUE, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    costs = [one.cost or 0.0 for one in shown]
    positions = _positions(costs)
    means = [one.means[measure] or 0.0 for one in shown]
    bounds = [one.intervals.get(measure) for one in shown]
    figure.add_scatter(
        x=[factor * (one.cost or 0.0) for one in shown],
        y=means,
        mode="markers+text",
        text=[as_shown(one.title) for one in shown],
        textposition=positions,
        cliponaxis=False,
        marker={"size": 10, "color": [BLUE if one.on_front else GREY for one in shown]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [b.high - mean if b else 0 for b, mean in zip(bounds, means, strict=True)],
            "arrayminus": [mean - b.low if b else 0 for b, mean in zip(bounds, means, strict=True)],
            "color": GREY,
            "thickness": 1,
        },
        hovertemplate="%{text}<br>%{y:.3f}, %{x:,.3g}<extra></extra>",
        showlegend=False,
    )
    before = outcome.standings[0]
    if before.means.get(measure) is not None:
        figure.add_hline(
            y=before.means[measure],
            line={"color": GREY, "width": 1, "dash": "dash"},
            annotation={"text": run_name(before.title), "font": {"size": 11}},
            annotation_position="bottom left",
        )
    axis = t("US$ per 1,000 queries") if outcome.by_money else t("ms per query")
    # BM25 and a cross-encoder lie a thousandfold apart.
    scale = "log" if max(costs) > 20 * min(costs) else "linear"
    steps = {"dtick": 1} if scale == "log" else {}
    figure.update_layout(xaxis={"title": axis, "type": scale, **steps}, yaxis={"title": str(measure)})
    draw_figure(figure, key, t("Quality against cost"), 380, right=60)


def _positions(costs: list[float]) -> list[str]:
    """Names of neighbours above and below their points in turn, those of the dear half to the left."""
    order = sorted(range(len(costs)), key=lambda place: costs[place])
    found = [""] * len(costs)
    for rank, place in enumerate(order):
        side = "right" if 2 * rank < len(costs) - 1 else "left"
        found[place] = f"{'top' if rank % 2 == 0 else 'bottom'} {side}"
    return found
