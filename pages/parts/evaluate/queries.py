"""Every query with its change, and the regressions with their likely causes."""

from collections.abc import Sequence

import streamlit as st

from core.evaluation.triage import CAUSES, Regression
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import QueryRow, deciding_measure, orders_of, query_rows
from core.workflows.evaluate.tables import shown_depth
from pages.parts.evaluate.handing import draw_query_hand_over
from pages.parts.frame.address import keep_in_address, opened_row, take_from_address
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import draw_clickable, draw_page_number
from pages.parts.labelled.orders import draw_orders
from pages.parts.labelled.words import signed

OUTCOMES = {"all": "All", "better": "Better", "same": "Same", "worse": "Worse"}
TABLE_HEIGHT = 420
REGRESSIONS_A_PAGE = 10


def draw_queries(outcome: Outcome, system: int) -> None:
    """A table of all measured queries; a click shows both orders."""
    measure = deciding_measure(outcome)
    if measure is None:
        return
    rows = query_rows(outcome, system)
    grouped = any(row.group for row in rows)
    shown = _filtered(rows)
    clicked = draw_clickable(
        [
            {
                t("Query"): row.query or row.query_id,
                **({t("Group"): row.group} if grouped else {}),
                t("Before"): row.before[measure],
                t("After"): row.after[measure],
                t("Difference"): signed(row.difference),
                t("First rank before"): row.first_before,
                t("First rank after"): row.first_after,
                t("Relevant"): f"{row.retrieved} / {row.relevant}",
                t("Candidates"): row.candidates,
            }
            for row in shown
        ],
        len(shown),
        "evaluate.table_queries",
        {
            t("Query"): st.column_config.TextColumn(width=360),
            t("Before"): st.column_config.NumberColumn(str(measure) + " " + t("before"), format="%.3f"),
            t("After"): st.column_config.NumberColumn(str(measure) + " " + t("after"), format="%.3f"),
            t("First rank before"): st.column_config.NumberColumn(
                help=t("Rank of the first relevant document"), width=110
            ),
            t("First rank after"): st.column_config.NumberColumn(
                help=t("Rank of the first relevant document"), width=110
            ),
            t("Relevant"): st.column_config.TextColumn(
                help=t("Relevant documents among the candidates / of all that are labelled")
            ),
        },
        in_full=10,
        height=TABLE_HEIGHT,
    )
    st.caption(t("Click a row to see both orders."))
    row = opened_row(clicked, [one.query_id for one in shown], "evaluate.opened")
    if row is not None:
        _draw_query(outcome, shown[row], system)


def _filtered(rows: Sequence[QueryRow]) -> list[QueryRow]:
    counts = {name: sum(row.outcome == name for row in rows) for name in OUTCOMES} | {"all": len(rows)}
    take_from_address("evaluate.outcome", "show", lambda word: word if word in OUTCOMES else None)
    take_from_address("evaluate.find", "find", str)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            t("Show"),
            list(OUTCOMES),
            format_func=lambda name: f"{t(OUTCOMES[name])} {counts[name]}",
            default="all" if "evaluate.outcome" not in st.session_state else None,
            key="evaluate.outcome",
            required=True,
            persist_state="session",
        )
        sought = st.text_input(t("Find in queries"), key="evaluate.find", persist_state="session") or ""
    keep_in_address("evaluate.outcome", "show", str(chosen), "all")
    keep_in_address("evaluate.find", "find", sought)
    words = sought.casefold().split()
    return [
        row
        for row in rows
        if chosen in ("all", row.outcome) and all(word in row.query.casefold() for word in words)
    ]


def _draw_query(outcome: Outcome, row: QueryRow, system: int) -> None:
    st.markdown(f"**{plain(row.query or row.query_id)}**")
    st.caption(
        " · ".join(
            f"{measure} {row.before[measure]:.3f} → {row.after[measure]:.3f}" for measure in row.before
        )
    )
    before, after = orders_of(outcome, row.query_id, system)
    draw_query_hand_over("evaluate.query", outcome, row.query_id, system)
    draw_orders(before, after, len(before), outcome.settings.rel)


def draw_regressions(outcome: Outcome, system: int) -> None:
    """Every query that got worse, the largest loss first, with the causes found and their rules."""
    report = outcome.report
    assert report is not None  # this section exists only with labels
    found = report.systems[system].regressions
    if not found:
        st.success(t("No query got worse."))
        return
    chosen = _chosen_causes(found)
    kept = [r for r in found if not chosen or chosen & {cause.cause.key for cause in r.causes}]
    pages = max(1, -(-len(kept) // REGRESSIONS_A_PAGE))
    page = 1
    if pages > 1:
        page = draw_page_number(pages, "evaluate.regression_page")
    for regression in kept[(page - 1) * REGRESSIONS_A_PAGE : page * REGRESSIONS_A_PAGE]:
        _draw_regression(outcome, regression, system)


def _chosen_causes(found: Sequence[Regression]) -> set[str]:
    counts = {cause.key: sum(any(one.cause == cause for one in r.causes) for r in found) for cause in CAUSES}
    present = [cause for cause in CAUSES if counts[cause.key]]
    if not present:
        st.caption(t("No rule explains these losses; read the texts."))
        return set()
    titles = {cause.key: t(cause.title) for cause in present}
    take_from_address(
        "evaluate.causes", "causes", lambda word: [one for one in titles if one in word.split(",")]
    )
    chosen = st.pills(
        t("Likely causes"),
        list(titles),
        selection_mode="multi",
        format_func=lambda key: f"{titles[key]} {counts[key]}",
        key="evaluate.causes",
    )
    keep_in_address("evaluate.causes", "causes", ",".join(chosen))
    with st.expander(t("The rules behind the causes")):
        for cause in CAUSES:
            st.markdown(f"**{t(cause.title)}** · {plain(t(cause.rule))}")
    return set(chosen)


def _draw_regression(outcome: Outcome, regression: Regression, system: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(regression.query or regression.query_id)}**")
        with st.container(horizontal=True, vertical_alignment="center"):
            values = f"{regression.measure} {regression.before:.3f} → {regression.after:.3f}"
            st.caption(f"{values} ({signed(regression.difference)})", width="content")
            if regression.group:
                st.caption(plain(regression.group), width="content")
            for found in regression.causes:
                st.badge(t(found.cause.title), color="gray", help=t(found.cause.rule))
            key = f"evaluate.regression_{regression.query_id}"
            draw_query_hand_over(key, outcome, regression.query_id, system)
        named = {document for found in regression.causes for document in found.documents}
        depth = shown_depth(regression)
        draw_orders(regression.order_before, regression.order_after, depth, outcome.settings.rel)
        if named:
            texts = {p.document: p.text for p in (*regression.order_before, *regression.order_after)}
            for found in regression.causes:
                for document in found.documents[:3]:
                    line = f"{t(found.cause.title)}: {texts.get(document) or document}"
                    st.caption(plain(line[:200]))
