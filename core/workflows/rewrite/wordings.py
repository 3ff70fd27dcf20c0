"""The wordings of one query as tables: what each puts first, and every document's rank under each.

For the page and for an export. Column names are English.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from core.sheets.tables import Row, SheetTable, TableColumn
from core.sheets.writing.workbook import write_workbook
from core.workflows.home.provenance import instruction_words, note_rows, settings_sheet, written_rows
from core.workflows.rewrite.merge import MergeRule, ranks_of
from core.workflows.rewrite.one_query import RewriteResult


@dataclass(frozen=True, slots=True)
class WordingRanks:
    """A document's ranks, from 1. given: in the list; typed: under the query as typed; merged: over all.

    by_wording: under each variant, in their order. value: what the merged order goes by.
    """

    document: str
    given: int
    typed: int
    merged: int
    by_wording: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class WordingSummary:
    """A wording beside the query as typed. first: its best document's position; moved: documents it moved."""

    text: str
    source: str
    first: int
    probability: float
    logit: float
    moved: int


def placed_documents(result: RewriteResult, how: MergeRule) -> tuple[WordingRanks, ...]:
    """Every document with its ranks, the best of the merged order first."""
    values = result.values(how)
    merged = ranks_of(values)
    placed = [
        WordingRanks(
            document,
            given=at + 1,
            typed=result.wordings[0].ranks[at],
            merged=merged[at],
            by_wording=tuple(wording.ranks[at] for wording in result.wordings[1:]),
            value=values[at],
        )
        for at, document in enumerate(result.documents)
    ]
    return tuple(sorted(placed, key=lambda one: one.merged))


def wording_summaries(result: RewriteResult) -> tuple[WordingSummary, ...]:
    """One line per wording, the query as typed first."""
    typed = result.wordings[0].ranks
    found = []
    for wording in result.wordings:
        first = wording.ranks.index(1)
        found.append(
            WordingSummary(
                wording.text,
                wording.variant.source if wording.variant else "",
                first,
                wording.scores[first].probability,
                wording.scores[first].logit,
                sum(new != old for new, old in zip(wording.ranks, typed, strict=True)),
            )
        )
    return tuple(found)


def wordings_excel(result: RewriteResult, how: MergeRule) -> bytes:
    """A workbook with the sheets Documents, Wordings and Settings."""
    buffer = io.BytesIO()
    write_workbook(buffer, (_documents(result, how), _wordings(result), _settings(result, how)))
    return buffer.getvalue()


def _documents(result: RewriteResult, how: MergeRule) -> SheetTable:
    columns = [
        TableColumn("merged_rank", "integer"),
        TableColumn("rank_as_typed", "integer"),
        TableColumn("given_rank", "integer"),
        TableColumn("merged_value", "number", "0.0000"),
        *(TableColumn(f"rank_variant_{at}", "integer") for at in range(1, len(result.wordings))),
        TableColumn("document", width=90),
    ]
    rows: Sequence[Row] = [
        (one.merged, one.typed, one.given, one.value, *one.by_wording, one.document)
        for one in placed_documents(result, how)
    ]
    return SheetTable.of("Documents", columns, rows)


def _wordings(result: RewriteResult) -> SheetTable:
    columns = (
        TableColumn("variant", "integer"),
        TableColumn("wording", width=70),
        TableColumn("rule", width=16),
        TableColumn("reason", width=70),
        TableColumn("best_probability", "number", "0.0000"),
        TableColumn("best_logit", "number", "0.000"),
        TableColumn("documents_moved", "integer"),
    )
    rows = []
    for at, (wording, line) in enumerate(zip(result.wordings, wording_summaries(result), strict=True)):
        reasons = wording.variant.reasons if wording.variant else ()
        why = " ".join(reason.text for reason in reasons)
        rows.append((at, line.text, line.source, why, line.probability, line.logit, line.moved))
    return SheetTable.of("Wordings", columns, rows)


def _settings(result: RewriteResult, how: MergeRule) -> SheetTable:
    scorer = result.scorer
    rows = [
        ("merged by", how),
        ("instruction", instruction_words(result.instruction)),
        ("model", scorer.name),
        ("scored by", scorer.label),
        ("precision", scorer.precision),
        ("fingerprint", scorer.fingerprint),
        *written_rows(),
        *note_rows(scorer),
    ]
    return settings_sheet(rows)
