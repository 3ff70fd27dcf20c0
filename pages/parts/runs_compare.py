"""Two runs side by side: how far they agree, the queries that differ most, and one query in both orders."""

import streamlit as st

from core.workflows.batch_results import BatchRun, reranking_of
from core.workflows.rerank import Reranking
from core.workflows.run_comparison import ComparedQuery, RunComparison
from core.workflows.tables import shortened
from pages.parts.language import t
from pages.parts.messages import plain, show_notices

SHOWN_QUERIES = 100
SHOWN_RANKS = 10
LIST_HEIGHT = 320
QUERY_COLUMNS, DOCUMENT_COLUMNS = 100, 90


def draw_comparison(first: BatchRun, second: BatchRun, comparison: RunComparison) -> None:
    """Everything about two runs."""
    st.subheader(t("{first} and {second}", first=plain(first.job.name), second=plain(second.job.name)))
    show_notices(comparison.warnings)
    summary = comparison.summary
    facts = (
        (t("Queries in both"), f"{len(comparison.queries):,}"),
        (t("Same first document"), _percent(summary.first_kept)),
        (t("Overlap of the first ten"), _percent(summary.overlap)),
        (t("Kendall's tau"), _decimal(summary.kendall)),
        (t("Spearman's rho"), _decimal(summary.spearman)),
        (t("Rank-biased overlap"), _decimal(summary.rbo)),
        (t("Moves, on average"), _decimal(summary.mean_movement)),
    )
    for column, (name, value) in zip(st.columns(len(facts)), facts, strict=True):
        column.metric(name, value)
    query = _draw_list(comparison)
    _draw_orders(reranking_of(first, query.first), reranking_of(second, query.second), query)


def _draw_list(comparison: RunComparison) -> ComparedQuery:
    st.markdown(t("Queries that differ most come first."))
    shown = comparison.queries[:SHOWN_QUERIES]
    names = [
        t("Query"),
        t("Rank-biased overlap"),
        t("Overlap of the first ten"),
        t("Kendall's tau"),
        t("Same first document"),
        t("Largest move"),
    ]
    rows = [
        (
            shortened(" ".join(query.query[:1000].split()), QUERY_COLUMNS),
            query.agreement.rbo,
            query.agreement.overlap,
            query.agreement.kendall,
            query.agreement.first_kept,
            query.agreement.largest_movement,
        )
        for query in shown
    ]
    event = st.dataframe(
        [dict(zip(names, row, strict=True)) for row in rows],
        key=f"runs.differences_{comparison.summary.first}_{comparison.summary.second}_{len(rows)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        height="content" if len(rows) <= 8 else LIST_HEIGHT,
        column_config={
            names[0]: st.column_config.TextColumn(width=420),
            names[1]: st.column_config.NumberColumn(format="%.3f"),
            names[2]: st.column_config.NumberColumn(format="percent"),
            names[3]: st.column_config.NumberColumn(format="%.3f"),
        },
    )
    st.caption(t("Click a query to see both orders."))
    cells = event.selection.cells if event is not None else []
    row = int(cells[0][0]) if cells else 0
    return shown[min(row, len(shown) - 1)]


def _draw_orders(first: Reranking, second: Reranking, query: ComparedQuery) -> None:
    st.text(query.query)
    ranks = {ranked.document: ranked.new_rank for ranked in first.ranked}
    rows = []
    for one, two in zip(first.ranked[:SHOWN_RANKS], second.ranked[:SHOWN_RANKS], strict=False):
        rows.append(
            {
                "#": one.new_rank,
                t("First run"): shortened(" ".join(one.document[:1000].split()), DOCUMENT_COLUMNS),
                t("Probability, first"): one.score.probability,
                t("Second run"): shortened(" ".join(two.document[:1000].split()), DOCUMENT_COLUMNS),
                t("Probability, second"): two.score.probability,
                t("Rank in the first run"): ranks.get(two.document),
            }
        )
    st.dataframe(rows, hide_index=True, height="content", key="runs.orders")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
