"""The ledger's tables: rules, ways of merging, and every single rewrite with both orders."""

from collections.abc import Sequence

import streamlit as st

from core.text.rewriting.variants import RULE_TITLES
from core.workflows.rerank.tables import preview
from core.workflows.rewrite.decisions import Decisions
from core.workflows.rewrite.ledger import Ledger, LedgerRow, Tally
from core.workflows.rewrite.merge import MERGE_RULES
from pages.parts.asked.hand_over import draw_hand_over
from pages.parts.frame.address import keep_in_address, opened_row, take_from_address
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import draw_clickable
from pages.parts.labelled.charts import draw_intervals
from pages.parts.labelled.words import chance, percent, say, signed, verdict_word
from pages.parts.rewrite.rules import reason_lines
from pages.parts.rewrite.session import OpenedRewriting

SHOWN = {
    "all": "All",
    "gained": "Gained",
    "lost": "Lost",
    "rescued": "Rescued",
    "harmed": "Harmed",
    "same": "Unchanged",
}
OUTCOMES = {"gained": "gained", "lost": "lost", "same": "unchanged"}
DECISIONS = {"rule": "As its rule", "accept": "Accept", "reject": "Reject"}
TITLES = RULE_TITLES | {str(how): title for how, title in MERGE_RULES.items()}
TABLE_HEIGHT = 380
MOST_ROWS = 2000


def draw_rule_table(ledger: Ledger) -> None:
    """One row per rule, the differences with their intervals, and what the statistics say."""
    _draw_tallies(ledger.rules, "rewrite.rules_table")
    compared = [(t(TITLES[r.name]), r.comparison) for r in ledger.rules if r.comparison is not None]
    if not compared:
        st.caption(t("No query with a rewrite has a relevant document, so nothing can be measured."))
        return
    st.caption(
        t(
            "Queries with a rewrite and labels: {measured} of {queries}. Each rule is compared with the "
            "original wordings of those it applies to.",
            measured=ledger.measured,
            queries=ledger.queries,
        )
    )
    known = [(name, comparison) for name, comparison in compared if comparison is not None]
    draw_intervals(
        known,
        t("Difference in {measure} by rule, with its 95 % interval", measure=str(ledger.settings.measure)),
        "rewrite.chart_rules",
        t("new wording minus original wording"),
    )
    for name, comparison in known:
        st.caption(plain(f"{name}{t(': ')}{say(comparison.sentence)}"))
    notes = dict.fromkeys(say(note) for _, comparison in known for note in comparison.notes[:1])
    for note in notes:
        st.caption(plain(note))


def draw_merges(ledger: Ledger) -> None:
    """What it brings to score all wordings of a query and merge their orders."""
    _draw_tallies(ledger.merges, "rewrite.merges_table")
    for tally in ledger.merges:
        if tally.comparison is not None:
            st.caption(plain(f"{t(TITLES[tally.name])}{t(': ')}{say(tally.comparison.sentence)}"))


def draw_rows(opened: OpenedRewriting, ledger: Ledger, decisions: Decisions) -> Decisions | None:
    """The rewrites, filtered; the clicked one in full. Returns the decisions when one was changed."""
    take_from_address("rewrite.find", "find", str)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = _choose_shown(ledger)
        found = st.text_input(
            t("Search in wordings"),
            key="rewrite.find",
            persist_state="session",
            label_visibility="collapsed",
            placeholder=t("Search in wordings"),
        )
    keep_in_address("rewrite.find", "find", found or "")
    rows = [row for row in ledger.rows if _is_shown(row, shown, (found or "").strip().casefold())]
    if not rows:
        st.caption(t("No rewrite is like that."))
        return None
    labelled = any(row.before is not None for row in rows)
    shown_rows = rows[:MOST_ROWS]
    clicked = draw_clickable(
        [_cells(row, decisions, labelled) for row in shown_rows],
        len(shown_rows),
        "rewrite.rows_table",
        {
            t("Query"): st.column_config.TextColumn(width=220),
            t("Wording"): st.column_config.TextColumn(width=280),
        },
        in_full=10,
        height=TABLE_HEIGHT,
    )
    st.caption(t("Click a row to see both orders and to decide on it."))
    ids = [f"{row.query_id} {row.wording}" for row in shown_rows]
    row = opened_row(clicked, ids, f"rewrite.opened_{opened.job_id}")
    return _draw_row(opened, shown_rows[row or 0], decisions)


def _choose_shown(ledger: Ledger) -> str:
    offered = list(SHOWN) if ledger.measured else ["all"]
    take_from_address("rewrite.shown", "show", lambda word: word if word in offered else None)
    if st.session_state.get("rewrite.shown") not in offered:
        st.session_state["rewrite.shown"] = "all"
    chosen = st.segmented_control(
        t("Which rewrites are shown"),
        offered,
        format_func=lambda name: t(SHOWN[name]),
        key="rewrite.shown",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    keep_in_address("rewrite.shown", "show", str(chosen), "all")
    return str(chosen)


def _is_shown(row: LedgerRow, shown: str, found: str) -> bool:
    fits = {
        "all": True,
        "rescued": row.rescued,
        "harmed": row.harmed,
    }.get(shown, row.outcome == shown)
    return fits and (not found or found in row.query.casefold() or found in row.variant.text.casefold())


def _cells(row: LedgerRow, decisions: Decisions, labelled: bool) -> dict[str, object]:
    cells: dict[str, object] = {
        t("Accepted"): decisions.accepts(row),
        t("Query"): row.query,
        t("Wording"): row.variant.text,
        t("Rule"): t(TITLES[row.variant.source]),
    }
    if labelled:
        cells |= {
            t("Outcome"): t(OUTCOMES[row.outcome]) if row.outcome else "–",
            t("Original wording"): row.before,
            t("New wording"): row.after,
            t("Difference"): signed(row.difference) if row.difference is not None else "–",
            t("Rescued"): row.rescued,
            t("Harmed"): row.harmed,
        }
    return cells | {
        t("Another first document"): row.first_changed,
        t("Places moved"): round(row.movement, 2),
    }


def _draw_row(opened: OpenedRewriting, row: LedgerRow, decisions: Decisions) -> Decisions | None:
    with st.container(border=True, key="rewrite.row"):
        st.markdown(f"{plain(row.query)}  \n→ **{plain(row.variant.text)}**")
        st.caption(plain(reason_lines(row.variant.reasons)))
        data = opened.scored.rewritten.data
        ranked = data.initial.rankings[row.query_id].documents
        documents = [data.texts[row.query_id][document] for document in ranked]
        draw_hand_over("rewrite.row", row.variant.text, documents, data.instructions.get(row.query_id))
        _draw_orders(opened, row)
        key = (row.query_id, row.variant.text)
        own = decisions.rewrites.get(key)
        present = "rule" if own is None else "accept" if own else "reject"
        chosen = st.segmented_control(
            t("This rewrite"),
            list(DECISIONS),
            format_func=lambda name: t(DECISIONS[name]),
            default=present,
            key=f"rewrite.decide_{opened.job_id}_{row.query_id}_{row.wording}",
            required=True,
        )
    if chosen == present:
        return None
    others = {one: accepted for one, accepted in decisions.rewrites.items() if one != key}
    if chosen != "rule":
        others[key] = chosen == "accept"
    return Decisions(decisions.rules, others)


def _draw_orders(opened: OpenedRewriting, row: LedgerRow) -> None:
    """Both orders to the measure's depth, side by side, with the labels."""
    data = opened.scored.rewritten.data
    labels, texts = data.judgements[row.query_id].labels, data.texts[row.query_id]
    depth = opened.ledger.settings.depth if opened.ledger is not None else 10
    names = (t("Original wording"), t("New wording"))
    places = zip(names, (0, row.wording), st.columns(2), strict=True)
    for name, wording, column in places:
        with column:
            st.caption(name)
            st.dataframe(
                [
                    {
                        "#": rank,
                        t("Label"): labels.get(document),
                        t("Document"): preview(texts[document]),
                    }
                    for rank, document in enumerate(
                        opened.scored.order(row.query_id, wording)[:depth], start=1
                    )
                ],
                hide_index=True,
                key=f"rewrite.order_{wording}_{name}",
                column_config={
                    "#": st.column_config.NumberColumn(width=40),
                    t("Label"): st.column_config.NumberColumn(width=60),
                },
            )


def _draw_tallies(tallies: Sequence[Tally], key: str) -> None:
    labelled = any(tally.comparison is not None for tally in tallies)
    st.dataframe(
        [_tally_cells(tally, labelled) for tally in tallies],
        hide_index=True,
        key=key,
        column_config={
            t("p"): st.column_config.TextColumn(
                alignment="right",
                width=80,
                help=t("Chance of a difference this large if the two orders were equally good"),
            ),
            t("Rescued"): st.column_config.NumberColumn(
                help=t("No relevant document among the first before, one now")
            ),
            t("Harmed"): st.column_config.NumberColumn(
                help=t("A relevant document among the first before, none now")
            ),
        },
    )


def _tally_cells(tally: Tally, labelled: bool) -> dict[str, object]:
    comparison = tally.comparison
    cells: dict[str, object] = {t("Rule"): t(TITLES[tally.name]), t("Queries"): tally.queries}
    if labelled:
        interval = comparison.interval if comparison else None
        cells |= {
            t("Gained"): tally.gained,
            t("Unchanged"): tally.same,
            t("Lost"): tally.lost,
            t("Rescued"): tally.rescued,
            t("Harmed"): tally.harmed,
            t("First is relevant"): f"{tally.top_before} → {tally.top_after}",
            t("Difference"): signed(comparison.difference) if comparison else "–",
            t("95 % interval"): f"{signed(interval.low)} … {signed(interval.high)}" if interval else "–",
            t("p"): chance(comparison.p_adjusted if comparison else None),
            t("Verdict"): verdict_word(comparison.verdict) if comparison else "–",
        }
    return cells | {t("Another first document"): percent(tally.first_changed)}
