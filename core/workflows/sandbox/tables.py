"""A trial of instructions as rows with declared columns. Names are English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from core.evaluation.agreement import Agreement
from core.evaluation.held_out import HalfDifferences
from core.evaluation.measures import Measure
from core.evaluation.significance import Comparison
from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS, ScorerInfo
from core.sentences import sentence
from core.sheets.columns import ExportColumn
from core.workflows.evaluate.comparison_columns import (
    SIGNED,
    VALUE,
    chance_columns,
    count_columns,
    difference_column,
    interval_columns,
    verdict_column,
)
from core.workflows.home.provenance import DEFAULT_WORDS
from core.workflows.rerank.reranking import RankedDocument
from core.workflows.sandbox.matrix import Matrix
from core.workflows.sandbox.side_by_side import SideBySide, TriedInstruction

QUERY_ALONE = "(the query alone)"


@dataclass(frozen=True, slots=True)
class InstructionMeasure:
    """A measure under an instruction. comparison: with the default; None for the default itself."""

    name: str
    wording: str
    measure: Measure
    queries: int
    mean: float | None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class HeldOutRow:
    """An instruction on both halves. confirmation: of the chosen one only."""

    half: HalfDifferences
    measure: Measure
    chosen: bool
    confirmation: Comparison | None


@dataclass(frozen=True, slots=True)
class ChangedQuery:
    """How far an instruction changed a query's order."""

    instruction: str
    query: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class MeasuredQuery:
    """A query of a trial: its half, and the deciding measure before and under each instruction."""

    query_id: str
    query: str
    group: str
    half: str
    measure: Measure
    before: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TriedDocument:
    """A document of one query in every instruction's order. given: its rank in the list, from 1."""

    document: str
    given: int
    ranked: tuple[RankedDocument, ...]


# Which instruction a sentence is about, what about, and the sentence.
VerdictRow = tuple[str, str, str]

VERDICT_COLUMNS: tuple[ExportColumn[VerdictRow], ...] = (
    ExportColumn("instruction", "The instruction's name; blank for all", itemgetter(0), width=24),
    ExportColumn("about", "What the sentence is about", itemgetter(1), width=16, words=True),
    ExportColumn("sentence", "What was found", itemgetter(2), width=120),
)


def _compared(row: InstructionMeasure) -> Comparison | None:
    return row.comparison


def _confirmed(row: HeldOutRow) -> Comparison | None:
    return row.confirmation


MATRIX_COLUMNS: tuple[ExportColumn[InstructionMeasure], ...] = (
    ExportColumn("instruction", "The instruction's name", lambda row: row.name, width=24),
    ExportColumn("wording", "Its words", lambda row: row.wording, width=60),
    ExportColumn("measure", "The measure", lambda row: str(row.measure), width=12),
    ExportColumn("queries", "How many queries were measured", lambda row: row.queries, "integer"),
    ExportColumn("mean", "The measure's mean under the instruction", lambda row: row.mean, "number", VALUE),
    ExportColumn(
        "default",
        "The measure's mean under the default instruction",
        lambda row: row.comparison.before if row.comparison else None,
        "number",
        VALUE,
    ),
    difference_column(_compared),
    *interval_columns(_compared),
    *chance_columns(_compared),
    *count_columns(_compared),
    verdict_column(_compared),
)
HELD_OUT_COLUMNS: tuple[ExportColumn[HeldOutRow], ...] = (
    ExportColumn("instruction", "The instruction's name", lambda row: row.half.system, width=24),
    ExportColumn("measure", "The deciding measure", lambda row: str(row.measure), width=12),
    ExportColumn(
        "difference_choosing_half",
        "Difference from the default on the queries the best was chosen on",
        lambda row: row.half.choosing,
        "number",
        SIGNED,
        24,
    ),
    ExportColumn(
        "difference_confirming_half",
        "Difference from the default on the queries kept back",
        lambda row: row.half.confirming,
        "number",
        SIGNED,
        26,
    ),
    ExportColumn("chosen", "It was the best on the choosing half", lambda row: row.chosen, "boolean"),
    *interval_columns(_confirmed),
    chance_columns(_confirmed)[0],
)
CHANGE_COLUMNS: tuple[ExportColumn[ChangedQuery], ...] = (
    ExportColumn("instruction", "The instruction's name", lambda row: row.instruction, width=24),
    ExportColumn("query_id", "The query's id", lambda row: row.agreement.query_id, width=16),
    ExportColumn("query", "The query", lambda row: row.query, width=50),
    ExportColumn(
        "kendall",
        "Kendall's tau with the default's order: 1 is the same order, -1 the reverse",
        lambda row: row.agreement.kendall,
        "number",
        "0.000",
    ),
    ExportColumn(
        "rbo",
        "Rank-biased overlap with the default's order, 0 to 1; the first places count most",
        lambda row: row.agreement.rbo,
        "number",
        "0.000",
    ),
    ExportColumn(
        "overlap",
        "Share of the first places that both orders have in common",
        lambda row: row.agreement.overlap,
        "number",
        "0.000",
    ),
    ExportColumn("first_kept", "The first document stayed", lambda row: row.agreement.first_kept, "boolean"),
    ExportColumn(
        "largest_movement",
        "The most places that a document moved",
        lambda row: row.agreement.largest_movement,
        "integer",
        width=17,
    ),
)


def matrix_rows(matrix: Matrix) -> Iterator[InstructionMeasure]:
    """The order before, the default, then every other instruction; a row per measure."""
    assert matrix.before is not None  # the caller asked
    for measure, mean in matrix.before.means().items():
        yield InstructionMeasure("(before reranking)", "", measure, matrix.queries, mean)
    for row in matrix.rows:
        wording = wording_of(row.variant, matrix.trial.model)
        assert row.evaluation is not None  # as for the order before
        for measure, mean in row.evaluation.means().items():
            one = row.comparisons.get(measure)
            if one is None:
                yield InstructionMeasure(row.variant.name, wording, measure, matrix.queries, mean)
            else:
                yield InstructionMeasure(row.variant.name, wording, measure, one.queries, one.after, one)


def held_out_rows(matrix: Matrix) -> Iterator[HeldOutRow]:
    """Every instruction on both halves; none without the check."""
    found = matrix.held_out
    for half in found.systems if found else ():
        assert found is not None  # there are halves
        chosen = half.system == found.winner
        yield HeldOutRow(half, found.measure, chosen, found.confirmation if chosen else None)


def measured_query_columns(names: Sequence[str]) -> tuple[ExportColumn[MeasuredQuery], ...]:
    """What is known of the query, then the measure before and under each instruction. names: theirs."""
    return (
        ExportColumn("query_id", "The query's id", lambda row: row.query_id, width=16),
        ExportColumn("query", "The query", lambda row: row.query, width=50),
        ExportColumn("group", "The query's group", lambda row: row.group, width=14),
        ExportColumn("half", "choosing or confirming", lambda row: row.half, width=12, words=True),
        ExportColumn("measure", "The deciding measure", lambda row: str(row.measure), width=12),
        ExportColumn("before", "Its value before reranking", lambda row: row.before, "number", VALUE),
        *(_under(name, at) for at, name in enumerate(names)),
    )


def _under(name: str, at: int) -> ExportColumn[MeasuredQuery]:
    said = "Its value under that instruction"
    return ExportColumn(name, said, lambda row: row.values[at], "number", VALUE, 18)


def measured_queries(matrix: Matrix) -> Iterator[MeasuredQuery]:
    """The deciding measure of every query under every instruction, and the half it is in."""
    assert matrix.before is not None  # the caller asked
    measure = (matrix.measures or tuple(matrix.before.values))[0]
    choosing = set(matrix.held_out.split.choosing) if matrix.held_out else set()
    for query in matrix.before.queries:
        judged = matrix.trial.data.judgements[query]
        yield MeasuredQuery(
            query,
            judged.query,
            judged.group or "",
            "choosing" if query in choosing else "confirming",
            measure,
            matrix.before.values[measure][query],
            tuple(row.evaluation.values[measure][query] for row in matrix.rows if row.evaluation),
        )


def changed_queries(matrix: Matrix) -> Iterator[ChangedQuery]:
    """How far each instruction changed the order of each query."""
    for row in matrix.rows:
        for one in row.agreement.queries if row.agreement else ():
            yield ChangedQuery(row.variant.name, matrix.trial.data.judgements[one.query_id].query, one)


def tried_columns(names: Sequence[str]) -> tuple[ExportColumn[TriedDocument], ...]:
    """The document, then rank, probability and logit under each instruction. names: theirs."""
    return (
        ExportColumn("document", "The document", lambda row: row.document, width=70),
        ExportColumn(
            "original_rank",
            "Its rank in the list as given",
            lambda row: row.given,
            "integer",
            width=13,
        ),
        *(column for at, name in enumerate(names) for column in _ranked(name, at)),
    )


def _ranked(name: str, at: int) -> tuple[ExportColumn[TriedDocument], ...]:
    return (
        ExportColumn(
            f"{name} rank",
            "Its rank under that instruction",
            lambda row: row.ranked[at].new_rank,
            "integer",
            width=16,
            title=sentence("{name} rank", name=name),
        ),
        ExportColumn(
            f"{name} probability",
            "Its probability under that instruction; of the embedded model a similarity",
            lambda row: row.ranked[at].score.probability,
            "number",
            VALUE,
            16,
            bar=True,
            decimals=PROBABILITY_DECIMALS,
            title=sentence("{name} probability", name=name),
        ),
        ExportColumn(
            f"{name} logit",
            "Its logit under that instruction",
            lambda row: row.ranked[at].score.logit,
            "number",
            "0.000",
            14,
            decimals=LOGIT_DECIMALS,
        ),
    )


def tried_documents(result: SideBySide) -> Iterator[TriedDocument]:
    """Every document of one query, in the order it was given."""
    orders = [one.by_document() for one in result.results]
    for at, document in enumerate(result.documents):
        yield TriedDocument(document, at + 1, tuple(ranked[at] for ranked in orders))


def wording_of(variant: TriedInstruction, model: ScorerInfo) -> str:
    """The words of an instruction, or what stands in their place."""
    return variant.instruction or (DEFAULT_WORDS if model.uses_instruction else QUERY_ALONE)
