"""A rewriting as files: the workbook with its ledger, and the winning queries as a table to go on with.

The workbook is in the language of `say`; CSV is English whatever the interface language.
"""

from collections.abc import Sequence

from core.sentences import Say, english
from core.sheets.columns import record_table
from core.sheets.writing.exports import csv_bytes
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.home.provenance import Setting, settings_sheet, written_rows
from core.workflows.rewrite.decisions import Decisions, WinningQuery
from core.workflows.rewrite.ledger import Ledger, Tally
from core.workflows.rewrite.tables import ledger_table, queries_table, rule_columns, rule_rows


def rewrite_excel(
    ledger: Ledger,
    winners: Sequence[WinningQuery],
    decisions: Decisions,
    accepted: Tally | None,
    details: Sequence[Setting] = (),
    say: Say = english,
    *,
    source: str = "",
) -> bytes:
    """The workbook: Rules, Ledger, Queries, Settings. accepted: the accepted rewrites together.

    Rewrites that were picked by their outcome get no test: it would find luck significant.
    """
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
    return workbook_bytes(
        (
            record_table("Rules", rule_columns(say), lambda: rule_rows(ledger, decisions, accepted)),
            ledger_table(ledger, decisions, say),
            queries_table(winners),
            settings_sheet(settings),
        ),
        wording=Wording(say, source),
    )


def ledger_csv(ledger: Ledger, decisions: Decisions) -> bytes:
    """The ledger alone, in English."""
    return csv_bytes(ledger_table(ledger, decisions, english))


def queries_csv(winners: Sequence[WinningQuery]) -> bytes:
    """The winning queries alone, ready to be used in place of the original ones."""
    return csv_bytes(queries_table(winners))
