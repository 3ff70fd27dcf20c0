"""A rewriting as rows with declared columns. Names are English."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.evaluation.measures import Measure
from core.evaluation.significance import Comparison
from core.sentences import Say, sentence
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable
from core.workflows.evaluate.comparison_columns import (
    SIGNED,
    VALUE,
    chance_columns,
    difference_column,
    interval_columns,
    verdict_column,
)
from core.workflows.rewrite.decisions import CHOSEN_HERE, Decisions, WinningQuery, chosen_by_outcome
from core.workflows.rewrite.ledger import ACCEPTED, Ledger, LedgerRow, Tally


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, a way of merging, or what was accepted.

    accepted: the decision on a rule; None where it is none. picked: by its outcome, so it has no test.
    """

    tally: Tally
    measure: Measure
    accepted: bool | None
    picked: bool


@dataclass(frozen=True, slots=True)
class DecidedRewrite:
    """A rewrite of the ledger with the decision on it."""

    row: LedgerRow
    accepted: bool


def rule_columns(say: Say) -> tuple[ExportColumn[RuleRow], ...]:
    """Columns of «Rules»; sentences are in the language of `say`."""

    def compared(row: RuleRow) -> Comparison | None:
        return row.tally.comparison

    def tested(row: RuleRow) -> Comparison | None:
        return None if row.picked else row.tally.comparison

    return (
        ExportColumn(
            "rule",
            "A rule, a way of merging, or «accepted»",
            lambda row: row.tally.name,
            width=16,
            words=True,
        ),
        ExportColumn(
            "decision",
            "accepted or rejected; blank where there is nothing to decide",
            lambda row: "" if row.accepted is None else decision(row.accepted),
            width=12,
            words=True,
        ),
        ExportColumn(
            "advice",
            "What the measure advises",
            lambda row: "" if row.accepted is None else row.tally.advice,
            width=12,
            words=True,
        ),
        ExportColumn("queries", "Queries it rewrote", lambda row: row.tally.queries, "integer"),
        ExportColumn("measured", "Those with labels", lambda row: row.tally.measured, "integer"),
        ExportColumn("gained", "Queries that got better", lambda row: row.tally.gained, "integer"),
        ExportColumn("lost", "Queries that got worse", lambda row: row.tally.lost, "integer"),
        ExportColumn("same", "Queries that stayed the same", lambda row: row.tally.same, "integer"),
        ExportColumn(
            "rescued",
            "Queries whose first relevant document came into the first places",
            lambda row: row.tally.rescued,
            "integer",
        ),
        ExportColumn(
            "harmed",
            "Queries whose first relevant document fell out of the first places",
            lambda row: row.tally.harmed,
            "integer",
        ),
        ExportColumn(
            "top1_before",
            "Queries with a relevant first document before",
            lambda row: row.tally.top_before,
            "integer",
        ),
        ExportColumn("top1_after", "The same after", lambda row: row.tally.top_after, "integer"),
        ExportColumn("measure", "The measure", lambda row: str(row.measure), width=12),
        ExportColumn(
            "before",
            "Its mean with the queries' own wording",
            lambda row: row.tally.comparison.before if row.tally.comparison else None,
            "number",
            VALUE,
        ),
        ExportColumn(
            "after",
            "Its mean with the rewrites",
            lambda row: row.tally.comparison.after if row.tally.comparison else None,
            "number",
            VALUE,
        ),
        difference_column(compared),
        *interval_columns(compared),
        *chance_columns(tested),
        ExportColumn(
            "verdict",
            verdict_column(tested).help,
            lambda row: verdict.verdict if (verdict := tested(row)) else "",
            width=14,
            words=True,
        ),
        ExportColumn(
            "first_changed",
            "Share of the rewritten queries with another first document",
            lambda row: row.tally.first_changed,
            "number",
            "0%",
        ),
        ExportColumn("sentence", "What was found", lambda row: _sentence(row, say), width=60),
    )


def rule_rows(ledger: Ledger, decisions: Decisions, accepted: Tally | None) -> list[RuleRow]:
    """Rules, ways of merging, and the accepted rewrites together."""
    measure = ledger.settings.measure
    rows = [RuleRow(rule, measure, decisions.rules.get(rule.name, False), False) for rule in ledger.rules]
    rows += [RuleRow(merge, measure, None, False) for merge in ledger.merges]
    if accepted is not None:
        picked = accepted.name == ACCEPTED and chosen_by_outcome(ledger, decisions)
        rows.append(RuleRow(accepted, measure, None, picked))
    return rows


def _sentence(row: RuleRow, say: Say) -> str:
    said = [row.tally.comparison.sentence] if row.tally.comparison else []
    return " ".join(say(one) for one in [*said, *([sentence(CHOSEN_HERE)] if row.picked else [])])


def ledger_columns(say: Say) -> tuple[ExportColumn[DecidedRewrite], ...]:
    """Columns of «Ledger»; reasons are in the language of `say`."""

    def measured(row: LedgerRow, value: bool) -> bool | None:
        return value if row.before is not None else None

    return (
        ExportColumn("query_id", "The query's id", lambda one: one.row.query_id, width=14),
        ExportColumn("query", "The query as it stands in the file", lambda one: one.row.query, width=40),
        ExportColumn("rewrite", "The other wording", lambda one: one.row.variant.text, width=50),
        ExportColumn("rule", "What made it", lambda one: one.row.variant.source, width=14, words=True),
        ExportColumn("rules", "All rules in it", lambda one: ", ".join(one.row.variant.rules), width=26),
        ExportColumn(
            "reason", "Why", lambda one: " ".join(say(why) for why in one.row.variant.reasons), width=60
        ),
        ExportColumn(
            "decision", "accepted or rejected", lambda one: decision(one.accepted), width=12, words=True
        ),
        ExportColumn(
            "outcome",
            "gained, lost or same; blank unlabelled",
            lambda one: one.row.outcome or "",
            width=10,
            words=True,
        ),
        ExportColumn(
            "before", "The measure with the query's own wording", lambda one: one.row.before, "number", VALUE
        ),
        ExportColumn("after", "The measure with the rewrite", lambda one: one.row.after, "number", VALUE),
        ExportColumn("difference", "After minus before", lambda one: one.row.difference, "number", SIGNED),
        ExportColumn(
            "rescued",
            "Its first relevant document came into the first places",
            lambda one: measured(one.row, one.row.rescued),
            "boolean",
        ),
        ExportColumn(
            "harmed",
            "Its first relevant document fell out of the first places",
            lambda one: measured(one.row, one.row.harmed),
            "boolean",
        ),
        ExportColumn(
            "top1_before",
            "The first document was relevant",
            lambda one: one.row.top_before,
            "boolean",
        ),
        ExportColumn("top1_after", "It is relevant after", lambda one: one.row.top_after, "boolean"),
        ExportColumn(
            "first_changed", "Another document is first", lambda one: one.row.first_changed, "boolean"
        ),
        ExportColumn(
            "mean_movement",
            "Mean of the places that documents moved",
            lambda one: one.row.movement,
            "number",
            "0.00",
        ),
        ExportColumn("group", "The query's group", lambda one: one.row.group, width=14),
    )


def ledger_table(ledger: Ledger, decisions: Decisions, say: Say) -> SheetTable:
    """One row per rewrite."""
    rows = [DecidedRewrite(row, decisions.accepts(row)) for row in ledger.rows]
    return record_table("Ledger", ledger_columns(say), lambda: rows)


WINNER_COLUMNS: tuple[ExportColumn[WinningQuery], ...] = (
    ExportColumn("query_id", "The query's id", lambda one: one.query_id, width=14),
    ExportColumn("query", "The wording to go on with", lambda one: one.text, width=50),
    ExportColumn("original_query", "The query as it stands in the file", lambda one: one.original, width=50),
    ExportColumn(
        "changed_by",
        "What rewrote it; blank where nothing did",
        lambda one: one.source or "",
        width=14,
        words=True,
    ),
    ExportColumn(
        "before",
        "The measure with the query's own wording",
        lambda one: one.row.before if one.row else None,
        "number",
        VALUE,
    ),
    ExportColumn(
        "after",
        "The measure with the rewrite",
        lambda one: one.row.after if one.row else None,
        "number",
        VALUE,
    ),
)


def queries_table(winners: Sequence[WinningQuery]) -> SheetTable:
    """One row per query, rewritten or not."""
    return record_table("Queries", WINNER_COLUMNS, lambda: winners)


def decision(accepted: bool) -> str:
    """The decision in a word."""
    return "accepted" if accepted else "rejected"
