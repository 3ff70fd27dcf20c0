"""Charts of the Sandbox page. They draw what `core` computed; colours tell instructions or halves apart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.evaluation.held_out import HeldOut
from core.workflows.rerank.tables import preview, shortened
from core.workflows.sandbox.matrix import Matrix
from core.workflows.sandbox.side_by_side import SideBySide
from pages.parts.frame.charts import BLUE, GREEN, GREY, as_shown, draw_figure, interval_bars
from pages.parts.frame.language import t
from pages.parts.ranking.charts import SLOPE_LIMIT
from pages.parts.ranking.movement import colour_of

# Small points need more light than bars to show on a dark page.
POINT = "#4f86d6"
TITLE_COLUMNS = 22


def draw_ranks(result: SideBySide, titles: Sequence[str], key: str) -> None:
    """One line per document through its ranks; beyond twenty, only those that differ most."""
    rows = result.rows()
    if len(rows) > SLOPE_LIMIT:
        rows = tuple(sorted(rows, key=lambda row: -max(map(abs, row.movements)))[:SLOPE_LIMIT])
        st.caption(t("The {count} documents that move most.", count=SLOPE_LIMIT))
    names = _short(titles)
    figure = go.Figure()
    for row in rows:
        text = as_shown(preview(row.document))
        figure.add_scatter(
            x=names,
            y=row.ranks,
            mode="lines+markers",
            line={"color": colour_of(max(row.movements, key=abs)), "width": 2},
            marker={"size": 7},
            hovertemplate="%{x}: %{y}<br>" + text + "<extra></extra>",
            showlegend=False,
        )
        figure.add_annotation(
            x=1.01,
            xref="paper",
            y=row.ranks[-1],
            text=as_shown(shortened(preview(row.document), 24)),
            showarrow=False,
            xanchor="left",
        )
    figure.update_layout(
        xaxis={"type": "category", "showgrid": False},
        yaxis={"autorange": "reversed", "dtick": 1 if len(rows) <= SLOPE_LIMIT else None, "showgrid": False},
    )
    draw_figure(figure, key, t("Ranks under each instruction"), max(300, 80 + 26 * len(rows)), right=190)


def draw_logits(result: SideBySide, titles: Sequence[str], key: str) -> None:
    """How the logits spread under each instruction: one point per document."""
    figure = go.Figure()
    for one, title in zip(result.results, _short(titles), strict=True):
        figure.add_box(
            x=[ranked.score.logit for ranked in one.ranked],
            name=title,
            boxpoints="all",
            jitter=0.35,
            pointpos=0,
            marker={"color": POINT, "size": 5},
            line={"color": GREY, "width": 1},
            fillcolor="rgba(0,0,0,0)",
            customdata=[as_shown(preview(ranked.document)) for ranked in one.ranked],
            hovertemplate="%{x:+.3f}<br>%{customdata}<extra></extra>",
            showlegend=False,
        )
    figure.update_layout(
        xaxis={"title": t("logit")},
        yaxis={"type": "category", "autorange": "reversed"},
    )
    draw_figure(figure, key, t("Scores under each instruction"), 110 + 62 * len(titles), left=10, right=20)


def draw_halves(matrix: Matrix, found: HeldOut, titles: dict[str, str], key: str) -> None:
    """Each instruction's difference from the default: on all queries with its interval, and on each half."""
    names = _short([titles[half.system] for half in found.systems])
    figure = go.Figure()
    overall = [matrix.row(half.system).comparisons[found.measure] for half in found.systems]
    figure.add_scatter(
        x=[one.difference for one in overall],
        y=names,
        mode="markers",
        name=t("all queries"),
        marker={"color": BLUE, "size": 9},
        error_x=interval_bars(overall, BLUE),
        hovertemplate="%{y} %{x:+.3f}<extra>" + t("all queries") + "</extra>",
    )
    for title, values, colour, symbol in (
        (t("choosing half"), [half.choosing for half in found.systems], GREY, "circle-open"),
        (t("confirming half"), [half.confirming for half in found.systems], GREEN, "diamond"),
    ):
        figure.add_scatter(
            x=values,
            y=names,
            mode="markers",
            name=title,
            marker={"color": colour, "size": 8, "symbol": symbol, "line": {"width": 2, "color": colour}},
            hovertemplate="%{y} %{x:+.3f}<extra>" + title + "</extra>",
        )
    figure.add_vline(x=0, line={"color": GREY, "width": 1, "dash": "dot"})
    figure.update_layout(
        xaxis={"title": t("instruction minus default"), "zeroline": False},
        yaxis={"type": "category", "autorange": "reversed"},
        legend={"orientation": "h", "y": -0.35},
    )
    draw_figure(
        figure,
        key,
        t("Difference in {measure} from the default, with its 95 % interval", measure=str(found.measure)),
        170 + 36 * len(names),
        left=10,
        right=20,
    )


def _short(titles: Sequence[str]) -> list[str]:
    return [as_shown(shortened(title, TITLE_COLUMNS)) for title in titles]
