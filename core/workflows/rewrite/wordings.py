"""The wordings of one query as tables: what each puts first, and every document's rank under each.

For the page and for an export.
"""

from dataclasses import dataclass

from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS
from core.sentences import Say, english, sentence
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.home.provenance import instruction_words, note_rows, settings_sheet, written_rows
from core.workflows.home.score_columns import for_people
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
    reason: str
    first: int
    probability: float
    logit: float
    moved: int


# A wording with its number: 0 is the query as typed.
NumberedWording = tuple[int, WordingSummary]

WORDING_COLUMNS: tuple[ExportColumn[NumberedWording], ...] = (
    ExportColumn("variant", "The wording's number; 0 is the query as typed", lambda one: one[0], "integer"),
    ExportColumn("wording", "Its words", lambda one: one[1].text, width=70),
    ExportColumn("rule", "What made it", lambda one: one[1].source, width=16, words=True),
    ExportColumn("reason", "Why", lambda one: one[1].reason, width=70),
    ExportColumn(
        "best_probability",
        "Probability of its first document; of the embedded model a similarity",
        lambda one: one[1].probability,
        "number",
        "0.0000",
        decimals=PROBABILITY_DECIMALS,
    ),
    ExportColumn(
        "best_logit",
        "The same as log-odds",
        lambda one: one[1].logit,
        "number",
        "0.000",
        decimals=LOGIT_DECIMALS,
    ),
    ExportColumn(
        "documents_moved",
        "Documents with another rank than under the query as typed",
        lambda one: one[1].moved,
        "integer",
    ),
)


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
                " ".join(reason.text for reason in wording.variant.reasons) if wording.variant else "",
                first,
                wording.scores[first].probability,
                wording.scores[first].logit,
                sum(new != old for new, old in zip(wording.ranks, typed, strict=True)),
            )
        )
    return tuple(found)


def wordings_excel(result: RewriteResult, how: MergeRule, say: Say = english) -> bytes:
    """A workbook with the sheets Documents, Wordings and Settings."""
    documents = placed_columns(len(result.wordings) - 1)
    wordings = for_people(WORDING_COLUMNS, result.scorer)
    return workbook_bytes(
        (
            record_table("Documents", documents, lambda: placed_documents(result, how)),
            record_table("Wordings", wordings, lambda: enumerate(wording_summaries(result))),
            _settings(result, how),
        ),
        wording=Wording(say, result.wordings[0].text),
    )


def placed_columns(variants: int) -> tuple[ExportColumn[WordingRanks], ...]:
    """Ranks in every order, then the document. variants: how many wordings there are beside the query's."""
    return (
        ExportColumn("merged_rank", "Rank over all wordings, from 1", lambda one: one.merged, "integer"),
        ExportColumn("rank_as_typed", "Rank under the query as typed", lambda one: one.typed, "integer"),
        ExportColumn("given_rank", "Rank in the list as it was given", lambda one: one.given, "integer"),
        ExportColumn(
            "merged_value", "What the merged order goes by", lambda one: one.value, "number", "0.0000"
        ),
        *(_under(at) for at in range(variants)),
        ExportColumn("document", "The document", lambda one: one.document, width=90),
    )


def _under(at: int) -> ExportColumn[WordingRanks]:
    said = "Rank under that variant"
    title = sentence("rank in variant {number}", number=at + 1)
    return ExportColumn(
        f"rank_variant_{at + 1}", said, lambda one: one.by_wording[at], "integer", title=title
    )


def _settings(result: RewriteResult, how: MergeRule) -> SheetTable:
    scorer = result.scorer
    return settings_sheet(
        [
            ("merged by", how),
            ("instruction", instruction_words(result.instruction)),
            ("model", scorer.name),
            ("scored by", scorer.label),
            ("precision", scorer.precision),
            ("fingerprint", scorer.fingerprint),
            *written_rows(),
            *note_rows(scorer),
        ]
    )
