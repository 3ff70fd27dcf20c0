"""A run's results: summary, the queries that a person picks out, one query in full.

What is counted and picked is computed in `core.workflows`; one page of queries goes to the browser at a time.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.workflows.batch.opened import open_run
from core.workflows.batch.results import (
    FAR,
    FILTERS,
    LOW_PROBABILITY,
    BatchRun,
    BatchSummary,
    Filter,
    QueryOutcome,
    chosen_outcomes,
    reranking_of,
    summary_of,
)
from core.workflows.home.job_service import JobService
from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.tables import shortened
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.batch.charts import draw_first_places, draw_initial_scores, draw_probabilities
from pages.parts.batch.exports import draw_exports
from pages.parts.frame.address import keep_in_address, opened_row, take_from_address
from pages.parts.frame.figures import draw_figures
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_notices
from pages.parts.frame.scale import gives_probabilities
from pages.parts.frame.sections import draw_sections
from pages.parts.frame.tables import draw_clickable, draw_page_number
from pages.parts.ranking.charts import draw_distribution, draw_movement
from pages.parts.ranking.table import draw_table

SECTION_KEY = "batch.section"
SECTIONS = {"summary": "Summary", "queries": "Queries", "exports": "Export and remarks"}
# Queries in the browser at a time; more are on further pages.
PAGE_SIZE = 100
LIST_HEIGHT = 380
QUERY_COLUMNS = 120
# Of the documents' column; with the others it fills a window of 1280 pixels.
TEXT_WIDTH = 480


def draw_results(service: JobService, job_id: str) -> None:
    """Everything about the complete queries of a run."""
    run = open_run(service.store, job_id)
    if not run.outcomes:
        st.caption(t("No query is completely scored yet."))
        return
    if len(run.outcomes) < run.job.queries:
        st.info(
            t(
                "Complete queries: {done} of {total}. Only these are shown and exported.",
                done=f"{len(run.outcomes):,}",
                total=f"{run.job.queries:,}",
            ),
            icon=":material/info:",
        )
    section = draw_sections(SECTION_KEY, "section", SECTIONS)
    if section == "summary":
        model = run.job.model.fingerprint if run.job.model else ""
        _draw_summary(_summary(run.job.id, run.job.done, model, run))
    elif section == "queries":
        _draw_queries(run)
    else:
        draw_exports(service, run)


@st.cache_data(max_entries=8, show_spinner=False)
def _summary(job_id: str, done: int, model: str, _run: BatchRun) -> BatchSummary:
    return summary_of(_run)


def _draw_summary(summary: BatchSummary) -> None:
    probable = summary.gives_probabilities
    facts: tuple[tuple[str, str, str | None], ...] = (
        (t("Queries"), f"{summary.complete:,}", None),
        (t("Documents"), f"{summary.pairs:,}", None),
        (t("Another first document"), _percent(summary.first_changed), t("Share of the queries")),
        (
            t("New first was"),
            _decimal(summary.first_was, 1),
            t("Rank before of the document that is now first; mean over the queries"),
        ),
        (_best_title(probable), _decimal(summary.best_probability, 3), t("Mean over the queries")),
        (
            t("Low best score"),
            f"{summary.low:,}",
            t("Queries whose best probability is below {limit}", limit=LOW_PROBABILITY)
            if probable
            else t("Queries whose best score is as low as in 5 % of this model's lists"),
        ),
        (
            t("Near ties at the top"),
            f"{summary.ties:,}",
            t("Queries whose first two documents can hardly be told apart"),
        ),
        (
            t("Truncated documents"),
            f"{summary.truncated_pairs:,}",
            t("Documents longer than the model reads; only their beginning is scored."),
        ),
    )
    if summary.left:
        saved = t(
            "Queries whose order the recipe's gate kept; {share} of the pairs were not scored",
            share=f"{summary.saved:.0%}",
        )
        facts = (*facts, (t("Left to the first stage"), f"{summary.left:,}", saved))
    opens: dict[str, Filter] = {
        t("Another first document"): "first changed",
        t("Low best score"): "low best score",
        t("Near ties at the top"): "near tie",
        t("Truncated documents"): "truncated",
    }
    draw_figures(facts, {name: partial(_show_only, one) for name, one in opens.items()})
    columns = st.columns(3 if summary.initial_scores is not None else 2)
    with columns[0]:
        draw_first_places(summary, "batch.first_places")
    with columns[1]:
        draw_probabilities(summary, "batch.probabilities")
    if summary.initial_scores is not None:
        with columns[2]:
            draw_initial_scores(summary.initial_scores, "batch.initial_scores")


def _show_only(which: Filter) -> None:
    st.session_state[SECTION_KEY] = "queries"
    st.session_state["batch.filters"] = [which]
    st.session_state["batch.search"] = ""


def _draw_queries(run: BatchRun) -> None:
    take_from_address("batch.filters", "show", _filters_named)
    take_from_address("batch.search", "find", str)
    # Side by side in a wide window, below each other in a narrow one: no filter is hidden.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters = st.pills(
            t("Only queries where"),
            list(FILTERS),
            format_func=lambda name: _filter_name(name, gives_probabilities(run.job.model)),
            selection_mode="multi",
            key="batch.filters",
            persist_state="session",
            width="content",
        )
        search = st.text_input(
            t("Search in ids, queries and documents"), key="batch.search", persist_state="session", width=320
        )
    keep_in_address("batch.filters", "show", ",".join(filters))
    keep_in_address("batch.search", "find", search or "")
    outcomes = chosen_outcomes(run, filters, search or "")
    if not outcomes:
        st.caption(t("No query fits. Loosen the filters or the search."))
        return
    outcome = _draw_list(run, outcomes)
    result = reranking_of(run, outcome.position)
    st.caption(t("Query"))
    st.text(result.query)
    if result.instruction:
        st.caption(t("Instruction") + t(": ") + result.instruction)
    show_notices(result.notices)
    if result.kept_first:
        _draw_kept(result)
        return
    before = [one.document for one in sorted(result.ranked, key=lambda one: one.original_rank)]
    draw_hand_over("batch", result.query, before, result.instruction)
    table, charts = st.tabs([t("Before and after"), t("Charts")])
    with table:
        # The place of a click belongs to one query's table.
        draw_table(result, f"batch.{run.job.id}_{outcome.position}", text_width=TEXT_WIDTH)
    with charts:
        slope, scores = st.columns([3, 2])
        with slope:
            draw_movement(result, "batch.slope")
        with scores:
            draw_distribution(result, "batch.scores")


def _draw_kept(result: Reranking) -> None:
    """A query that was not reranked: its documents as the first stage has them."""
    st.dataframe(
        [
            {t("Rank"): one.new_rank, t("First-stage score"): one.first_score, t("Document"): one.document}
            for one in result.ranked
        ],
        hide_index=True,
        key="batch.kept",
    )


def _draw_list(run: BatchRun, outcomes: Sequence[QueryOutcome]) -> QueryOutcome:
    """One page of queries; returns the one that is looked at."""
    pages = -(-len(outcomes) // PAGE_SIZE)
    page = 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            t("{shown} of {total} queries", shown=f"{len(outcomes):,}", total=f"{len(run.outcomes):,}"),
            width="content",
        )
        if pages > 1:
            page = draw_page_number(pages, f"batch.page_{pages}")
    shown = outcomes[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    names = [
        t("Query id"),
        t("Query"),
        t("Documents"),
        t("New first was"),
        t("Largest move"),
        _best_title(gives_probabilities(run.job.model)),
        t("Marks"),
    ]
    clicked = draw_clickable(
        [dict(zip(names, _cells(outcome), strict=True)) for outcome in shown],
        len(shown),
        f"batch.list_{run.job.id}_{len(outcomes)}_{page}",
        {
            names[0]: st.column_config.TextColumn(width=90),
            names[1]: st.column_config.TextColumn(width=340),
            names[2]: st.column_config.NumberColumn(width=80),
            names[3]: st.column_config.NumberColumn(
                width=110, help=t("Rank before of the document that is now first")
            ),
            names[4]: st.column_config.NumberColumn(width=100),
            names[5]: st.column_config.NumberColumn(width=110, format="%.4f"),
            names[6]: st.column_config.TextColumn(
                width=70, help=t("≈ near tie at the top · ✂ truncated documents")
            ),
        },
        in_full=10,
        height=LIST_HEIGHT,
    )
    st.caption(t("Click a query to see its documents."))
    ids = [f"{outcome.query_id} {outcome.position}" for outcome in shown]
    return shown[opened_row(clicked, ids, f"batch.opened_{run.job.id}") or 0]


def _filters_named(word: str) -> list[Filter]:
    return [one for one in FILTERS if one in word.split(",")]


def _cells(outcome: QueryOutcome) -> tuple[object, ...]:
    marks = " ".join(mark for mark, on in (("≈", outcome.tie), ("✂", outcome.truncated > 0)) if on)
    return (
        outcome.query_id,
        shortened(" ".join(outcome.query[:1000].split()), QUERY_COLUMNS),
        outcome.documents,
        outcome.first_was,
        outcome.largest_movement,
        outcome.best.probability if outcome.best else None,
        marks,
    )


def _best_title(probable: bool) -> str:
    return t("Best probability") if probable else t("Best similarity")


def _filter_name(name: Filter, probable: bool) -> str:
    match name:
        case "first changed":
            return t("first place changed")
        case "moved far":
            return t("moved more than {places}", places=FAR)
        case "low best score":
            if not probable:
                return t("low best score")
            return t("best probability below {limit}", limit=LOW_PROBABILITY)
        case "near tie":
            return t("near tie at the top")
        case "truncated":
            return t("truncated documents")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _decimal(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
