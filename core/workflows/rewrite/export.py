"""A rewriting as files: the workbook with its ledger, and the winning queries as a table to go on with.

Sheet and column names are English whatever the interface language; sentences are in the language of `say`.
"""

import io
from collections.abc import Callable, Sequence

from core.sentences import Sentence, sentence
from core.sheets.tables import Row, SheetTable, TableColumn
from core.sheets.writing.exports import csv_bytes
from core.sheets.writing.workbook import write_workbook
from core.workflows.evaluate.tables import CHANCE, SIGNED, VALUE
from core.workflows.home.provenance import settings_sheet, written_rows
from core.workflows.rewrite.decisions import CHOSEN_HERE, Decisions, WinningQuery, chosen_by_outcome
from core.workflows.rewrite.ledger import ACCEPTED, Ledger, LedgerRow, Tally

Say = Callable[[Sentence], str]

RULE_COLUMNS = (
    TableColumn("rule", width=16),
    TableColumn("decision", width=12),
    TableColumn("advice", width=12),
    TableColumn("queries", "integer"),
    TableColumn("measured", "integer"),
    TableColumn("gained", "integer"),
    TableColumn("lost", "integer"),
    TableColumn("same", "integer"),
    TableColumn("rescued", "integer"),
    TableColumn("harmed", "integer"),
    TableColumn("top1_before", "integer"),
    TableColumn("top1_after", "integer"),
    TableColumn("measure", width=12),
    TableColumn("before", "number", VALUE),
    TableColumn("after", "number", VALUE),
    TableColumn("difference", "number", SIGNED),
    TableColumn("interval_low", "number", SIGNED),
    TableColumn("interval_high", "number", SIGNED),
    TableColumn("p_value", "number", CHANCE),
    TableColumn("p_adjusted", "number", CHANCE),
    TableColumn("verdict", width=14),
    TableColumn("first_changed", "number", "0 %"),
    TableColumn("sentence", width=100),
)
LEDGER_COLUMNS = (
    TableColumn("query_id", width=14),
    TableColumn("query", width=40),
    TableColumn("rewrite", width=50),
    TableColumn("rule", width=14),
    TableColumn("rules", width=26),
    TableColumn("reason", width=60),
    TableColumn("decision", width=12),
    TableColumn("outcome", width=10),
    TableColumn("before", "number", VALUE),
    TableColumn("after", "number", VALUE),
    TableColumn("difference", "number", SIGNED),
    TableColumn("rescued", "boolean"),
    TableColumn("harmed", "boolean"),
    TableColumn("top1_before", "boolean"),
    TableColumn("top1_after", "boolean"),
    TableColumn("first_changed", "boolean"),
    TableColumn("mean_movement", "number", "0.00"),
    TableColumn("group", width=14),
)
QUERY_COLUMNS = (
    TableColumn("query_id", width=14),
    TableColumn("query", width=50),
    TableColumn("original_query", width=50),
    TableColumn("changed_by", width=14),
    TableColumn("before", "number", VALUE),
    TableColumn("after", "number", VALUE),
)


def rewrite_excel(
    ledger: Ledger,
    winners: Sequence[WinningQuery],
    decisions: Decisions,
    accepted: Tally | None,
    details: Sequence[tuple[str, str]] = (),
    say: Say | None = None,
) -> bytes:
    """The workbook: Rules, Ledger, Queries, Settings. accepted: the accepted rewrites together.

    Rewrites that were picked by their outcome get no test: it would find luck significant.
    """
    say = say or _english
    tallies = [*ledger.rules, *ledger.merges, *([accepted] if accepted else [])]
    rules = [_tally_row(tally, decisions, ledger, say) for tally in tallies]
    settings = [
        *details,
        ("measure", str(ledger.settings.measure)),
        ("lowest relevant grade", str(ledger.settings.rel)),
        ("rescued and harmed look at the first", str(ledger.settings.depth)),
        ("queries", str(ledger.queries)),
        ("rewritten", str(ledger.rewritten)),
        ("measured", str(ledger.measured)),
        *written_rows(),
    ]
    buffer = io.BytesIO()
    write_workbook(
        buffer,
        (
            SheetTable.of("Rules", RULE_COLUMNS, rules),
            ledger_table(ledger, decisions, say),
            queries_table(winners),
            settings_sheet(settings),
        ),
    )
    return buffer.getvalue()


def ledger_csv(ledger: Ledger, decisions: Decisions) -> bytes:
    """The ledger alone, in English."""
    return csv_bytes(ledger_table(ledger, decisions, _english))


def queries_csv(winners: Sequence[WinningQuery]) -> bytes:
    """The winning queries alone, ready to be used in place of the original ones."""
    return csv_bytes(queries_table(winners))


def ledger_table(ledger: Ledger, decisions: Decisions, say: Say) -> SheetTable:
    """One row per rewrite."""
    return SheetTable.of("Ledger", LEDGER_COLUMNS, [_ledger_row(row, decisions, say) for row in ledger.rows])


def queries_table(winners: Sequence[WinningQuery]) -> SheetTable:
    """One row per query, rewritten or not."""
    rows: list[Row] = [
        (
            winner.query_id,
            winner.text,
            winner.original,
            winner.source or "",
            winner.row.before if winner.row else None,
            winner.row.after if winner.row else None,
        )
        for winner in winners
    ]
    return SheetTable.of("Queries", QUERY_COLUMNS, rows)


def _tally_row(tally: Tally, decisions: Decisions, ledger: Ledger, say: Say) -> Row:
    comparison = tally.comparison
    interval = comparison.interval if comparison else None
    is_rule = tally in ledger.rules
    picked = tally.name == ACCEPTED and chosen_by_outcome(ledger, decisions)
    said = [comparison.sentence] if comparison else []
    tested = comparison if not picked else None
    return (
        tally.name,
        _decision(decisions.rules.get(tally.name, False)) if is_rule else "",
        tally.advice if is_rule else "",
        tally.queries,
        tally.measured,
        tally.gained,
        tally.lost,
        tally.same,
        tally.rescued,
        tally.harmed,
        tally.top_before,
        tally.top_after,
        str(ledger.settings.measure),
        comparison.before if comparison else None,
        comparison.after if comparison else None,
        comparison.difference if comparison else None,
        interval.low if interval else None,
        interval.high if interval else None,
        tested.p_value if tested else None,
        tested.p_adjusted if tested else None,
        tested.verdict if tested else "",
        tally.first_changed,
        " ".join(say(one) for one in [*said, *([sentence(CHOSEN_HERE)] if picked else [])]),
    )


def _ledger_row(row: LedgerRow, decisions: Decisions, say: Say) -> Row:
    return (
        row.query_id,
        row.query,
        row.variant.text,
        row.variant.source,
        ", ".join(row.variant.rules),
        " ".join(say(reason) for reason in row.variant.reasons),
        _decision(decisions.accepts(row)),
        row.outcome or "",
        row.before,
        row.after,
        row.difference,
        row.rescued if row.before is not None else None,
        row.harmed if row.before is not None else None,
        row.top_before,
        row.top_after,
        row.first_changed,
        row.movement,
        row.group,
    )


def _decision(accepted: bool) -> str:
    return "accepted" if accepted else "rejected"


def _english(said: Sentence) -> str:
    return said.text
