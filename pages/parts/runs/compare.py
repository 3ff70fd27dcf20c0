"""Two runs side by side: how far they agree, the queries that differ most, and one query in both orders."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

import streamlit as st

from core.records import Notice
from core.workflows.batch.comparison import ComparedQuery, RunComparison
from core.workflows.batch.results import BatchRun, reranking_of
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rerank.tables import shortened
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.figures import draw_figures
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_notices
from pages.parts.frame.scale import scale_title
from pages.parts.frame.tables import draw_clickable

SHOWN_QUERIES = 100
SHOWN_RANKS = 10
LIST_HEIGHT = 320
QUERY_COLUMNS, DOCUMENT_COLUMNS = 100, 90


def draw_comparison(first: BatchRun, second: BatchRun, comparison: RunComparison) -> None:
    """Everything about two runs."""
    st.subheader(t("{first} and {second}", first=plain(first.job.name), second=plain(second.job.name)))
    show_notices(map(Notice, comparison.warnings))
    summary = comparison.summary
    common = t("Over the documents that both runs have; mean over the queries")
    facts = (
        (t("Queries in both"), f"{len(comparison.queries):,}", None),
        (t("Same first document"), percent(summary.first_kept), t("Share of the queries")),
        (t("Overlap of the first ten"), percent(summary.overlap), t("Mean over the queries")),
        (t("Kendall's tau"), decimal(summary.kendall), common),
        (t("Spearman's rho"), decimal(summary.spearman), common),
        (t("Rank-biased overlap"), decimal(summary.rbo), t("Mean over the queries")),
        (t("Moves, on average"), decimal(summary.mean_movement), t("In places, over the common documents")),
    )
    draw_figures(facts)
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
    clicked = draw_clickable(
        [dict(zip(names, row, strict=True)) for row in rows],
        len(rows),
        f"runs.differences_{comparison.summary.first}_{comparison.summary.second}_{len(rows)}",
        {
            names[0]: st.column_config.TextColumn(width=300),
            names[1]: st.column_config.NumberColumn(width=130, format="%.3f"),
            names[2]: st.column_config.NumberColumn(width=140, format="percent"),
            names[3]: st.column_config.NumberColumn(width=100, format="%.3f"),
            names[4]: st.column_config.CheckboxColumn(width=140),
            names[5]: st.column_config.NumberColumn(width=100),
        },
        in_full=8,
        height=LIST_HEIGHT,
    )
    st.caption(t("Click a query to see both orders."))
    return shown[clicked or 0]


def _draw_orders(first: Reranking, second: Reranking, query: ComparedQuery) -> None:
    st.text(query.query)
    before = [one.document for one in sorted(first.ranked, key=lambda one: one.original_rank)]
    draw_hand_over("runs.query", query.query, before, first.instruction)
    ranks = {name: one.new_rank for name, one in zip(_named(first.ranked), first.ranked, strict=True)}
    named = _named(second.ranked)
    names = [
        "#",
        t("First run"),
        t("{scale}, first", scale=scale_title(first.scorer)),
        t("Second run"),
        t("{scale}, second", scale=scale_title(second.scorer)),
        t("Rank in the first run"),
    ]
    rows = [
        (
            place,
            *_cells(one),
            *_cells(two),
            ranks.get(named[place - 1]) if two else None,
        )
        for place, (one, two) in enumerate(
            zip_longest(first.ranked[:SHOWN_RANKS], second.ranked[:SHOWN_RANKS]), start=1
        )
    ]
    st.dataframe(
        [dict(zip(names, row, strict=True)) for row in rows],
        hide_index=True,
        height="content",
        key="runs.orders",
        column_config={
            names[0]: st.column_config.NumberColumn(width=40),
            names[1]: st.column_config.TextColumn(width=270),
            names[2]: st.column_config.NumberColumn(width=100, format="%.4f"),
            names[3]: st.column_config.TextColumn(width=270),
            names[4]: st.column_config.NumberColumn(width=110, format="%.4f"),
            names[5]: st.column_config.NumberColumn(width=120),
        },
    )


def _named(ranked: Sequence[RankedDocument]) -> list[tuple[str, int]]:
    """Each document by its text and which of the equal texts it is, the best first: as runs are compared."""
    seen: Counter[str] = Counter()
    named = []
    for one in ranked:
        seen[one.document] += 1
        named.append((one.document, seen[one.document]))
    return named


def _cells(one: RankedDocument | None) -> tuple[str | None, float | None]:
    """Text and probability; empty where a run has fewer documents."""
    if one is None:
        return None, None
    return shortened(" ".join(one.document[:1000].split()), DOCUMENT_COLUMNS), one.score.probability


def percent(share: float | None) -> str:
    """With one digit; a dash where there is none."""
    return "–" if share is None else f"{share:.1%}"


def decimal(value: float | None) -> str:
    """With three digits; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"
