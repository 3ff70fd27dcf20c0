"""An evaluation as rows with declared columns, for Excel and for downloads. Names are English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.evaluation.measures import Measure
from core.evaluation.oracle import Headroom
from core.evaluation.report import EvaluationReport, SystemReport
from core.evaluation.significance import Comparison
from core.evaluation.thresholds.cuts import Cut
from core.evaluation.triage import DEFAULT_DEPTH, PlacedDocument, Regression
from core.sentences import Say, Sentence, sentence
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
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import QueryRow, query_rows

SHARE = "0.0%"
# Characters of a document beside its ranks.
TEXT_SHOWN = 300

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of a system, over all queries or a group. comparison: None where none was made."""

    system: str
    group: str
    measure: Measure
    queries: int
    before: float | None
    after: float | None
    comparison: Comparison | None = None
    room: Headroom | None = None


@dataclass(frozen=True, slots=True)
class SystemQuery:
    """A measured query of a system."""

    system: str
    query: QueryRow


@dataclass(frozen=True, slots=True)
class RegressionRank:
    """One rank of a query that got worse, in both orders; None where an order is shorter."""

    system: str
    regression: Regression
    rank: int
    before: PlacedDocument | None
    after: PlacedDocument | None


@dataclass(frozen=True, slots=True)
class SystemCut:
    """A point of a system's threshold curve."""

    system: str
    cut: Cut


def measure_columns(say: Say) -> tuple[ExportColumn[MeasureRow], ...]:
    """Columns of «Measures»; its sentence is in the language of `say`."""

    def compared(row: MeasureRow) -> Comparison | None:
        return row.comparison

    return (
        ExportColumn("system", "The model or run that is compared", lambda row: row.system, width=20),
        ExportColumn("group", "The group of queries; blank for all", lambda row: row.group, width=14),
        ExportColumn("measure", "The measure", lambda row: str(row.measure), width=14),
        ExportColumn(
            "queries", "How many queries were measured on both sides", lambda row: row.queries, "integer"
        ),
        ExportColumn("before", "Mean of the order before reranking", lambda row: row.before, "number", VALUE),
        ExportColumn("after", "Mean of the order after reranking", lambda row: row.after, "number", VALUE),
        ExportColumn(
            "best_possible",
            "Mean of the same candidates in the order of their labels",
            lambda row: row.room.best if row.room else None,
            "number",
            VALUE,
        ),
        difference_column(compared),
        *interval_columns(compared),
        *chance_columns(compared),
        *count_columns(compared),
        ExportColumn(
            "gap_closed",
            "Share of what a perfect order of the candidates would gain that was gained",
            lambda row: row.room.closed if row.room else None,
            "number",
            SHARE,
        ),
        ExportColumn(
            "missed_by_ranking",
            "What a better order of the same candidates would still gain",
            lambda row: row.room.missed_by_ranking if row.room else None,
            "number",
            VALUE,
        ),
        ExportColumn(
            "missed_by_retrieval",
            "What no order of these candidates can gain, because relevant documents are not among them",
            lambda row: row.room.missed_by_retrieval if row.room else None,
            "number",
            VALUE,
        ),
        verdict_column(compared),
        ExportColumn(
            "more_queries_needed",
            "How many further judged queries would probably decide it; blank where it is decided",
            lambda row: row.comparison.more_queries if row.comparison else None,
            "integer",
        ),
        ExportColumn(
            "sentence",
            "The verdict in a sentence",
            lambda row: say(row.comparison.sentence) if row.comparison else None,
            width=60,
        ),
    )


REGRESSION_COLUMNS: tuple[ExportColumn[RegressionRank], ...] = (
    ExportColumn("system", "The model or run that is compared", lambda row: row.system, width=20),
    ExportColumn("query_id", "The query's id", lambda row: row.regression.query_id, width=16),
    ExportColumn("query", "The query", lambda row: row.regression.query, width=40),
    ExportColumn("group", "The query's group", lambda row: row.regression.group, width=14),
    ExportColumn("measure", "The measure that fell", lambda row: str(row.regression.measure), width=12),
    ExportColumn("before", "Its value before", lambda row: row.regression.before, "number", VALUE),
    ExportColumn("after", "Its value after", lambda row: row.regression.after, "number", VALUE),
    ExportColumn("difference", "After minus before", lambda row: row.regression.difference, "number", SIGNED),
    ExportColumn(
        "causes",
        "Likely causes; Settings says what each means",
        lambda row: tuple(Sentence(found.cause.title) for found in row.regression.causes),
        width=20,
    ),
    ExportColumn("rank", "The rank this row shows, in both orders", lambda row: row.rank, "integer"),
    ExportColumn(
        "document_id_before",
        "The document at this rank before",
        lambda row: row.before.document if row.before else None,
        width=12,
    ),
    ExportColumn(
        "label_before", "Its label", lambda row: row.before.label if row.before else None, "integer"
    ),
    ExportColumn(
        "document_before", "The beginning of its text", lambda row: _beginning(row.before), width=44
    ),
    ExportColumn(
        "document_id_after",
        "The document at this rank after",
        lambda row: row.after.document if row.after else None,
        width=12,
    ),
    ExportColumn("label_after", "Its label", lambda row: row.after.label if row.after else None, "integer"),
    ExportColumn(
        "score_after", "Its score", lambda row: row.after.score if row.after else None, "number", "0.000"
    ),
    ExportColumn("document_after", "The beginning of its text", lambda row: _beginning(row.after), width=44),
)

CURVE_COLUMNS: tuple[ExportColumn[SystemCut], ...] = (
    ExportColumn("system", "The model or run", lambda row: row.system, width=26),
    ExportColumn(
        "threshold",
        "Documents with at least this score are kept",
        lambda row: row.cut.threshold,
        "number",
        "0.000000",
    ),
    ExportColumn(
        "precision", "Share of the kept that is relevant", lambda row: row.cut.precision, "number", SHARE
    ),
    ExportColumn(
        "recall",
        "Share of the relevant candidates that is kept",
        lambda row: row.cut.recall,
        "number",
        SHARE,
    ),
    ExportColumn("f_beta", "Both in one figure", lambda row: row.cut.f_beta, "number", VALUE),
    ExportColumn("share_kept", "Share of all documents kept", lambda row: row.cut.kept, "number", SHARE),
    ExportColumn(
        "queries_with_relevant",
        "Share of the queries with a relevant candidate that keep one",
        lambda row: row.cut.queries_with_relevant,
        "number",
        SHARE,
    ),
    ExportColumn(
        "queries_left_empty",
        "Share of all queries that keep nothing",
        lambda row: row.cut.empty,
        "number",
        SHARE,
    ),
)


def people_columns(
    columns: Sequence[ExportColumn[Record]], report: EvaluationReport
) -> tuple[ExportColumn[Record], ...]:
    """Without what would say the same in every row: the only system, or no group."""
    empty = set() if len(report.systems) > 1 else {"system"}
    if not any(query.group for query in report.judgements.values()):
        empty.add("group")
    return tuple(column for column in columns if column.name not in empty)


def measure_rows(report: EvaluationReport) -> list[MeasureRow]:
    """All queries first, then by group; measures about the judgements only have no comparison."""
    rows: list[MeasureRow] = []
    for system in report.systems:
        rooms = {room.measure: room for room in system.headroom}
        name = system.evaluation.run
        rows += [_compared(name, "", c, rooms.get(c.measure)) for c in system.comparisons]
        rows += _uncompared(report, system)
        for group, comparisons in system.groups.items():
            rows += [_compared(name, group or "(no group)", c, None) for c in comparisons]
    if not report.systems:
        for measure, mean in report.baseline.means().items():
            rows.append(MeasureRow(report.baseline.run, "", measure, report.queries, mean, None))
    return rows


def query_columns(measures: Sequence[Measure]) -> tuple[ExportColumn[SystemQuery], ...]:
    """What is known of the query, then before and after of every measure."""
    return (
        ExportColumn("system", "The model or run that is compared", lambda row: row.system, width=20),
        ExportColumn("query_id", "The query's id", lambda row: row.query.query_id, width=16),
        ExportColumn("query", "The query", lambda row: row.query.query, width=40),
        ExportColumn("group", "The query's group", lambda row: row.query.group, width=14),
        ExportColumn("outcome", "better, worse or same", lambda row: row.query.outcome, width=10, words=True),
        ExportColumn(
            "difference",
            "After minus before, on the first measure of quality",
            lambda row: row.query.difference,
            "number",
            SIGNED,
        ),
        ExportColumn("candidates", "Documents that were ranked", lambda row: row.query.candidates, "integer"),
        ExportColumn(
            "relevant", "Documents judged relevant, ranked or not", lambda row: row.query.relevant, "integer"
        ),
        ExportColumn(
            "relevant_retrieved",
            "Relevant documents among the candidates",
            lambda row: row.query.retrieved,
            "integer",
        ),
        ExportColumn(
            "first_relevant_before",
            "Rank of the first relevant document before; blank when there is none",
            lambda row: row.query.first_before,
            "integer",
        ),
        ExportColumn(
            "first_relevant_after",
            "Rank of the first relevant document after",
            lambda row: row.query.first_after,
            "integer",
        ),
        *(column for measure in measures for column in _measured_columns(measure)),
    )


def _measured_columns(measure: Measure) -> tuple[ExportColumn[SystemQuery], ...]:
    return (
        ExportColumn(
            f"{measure} before",
            "The measure's value for the order before",
            lambda row: row.query.before[measure],
            "number",
            VALUE,
            title=sentence("{measure} before", measure=str(measure)),
        ),
        ExportColumn(
            f"{measure} after",
            "The measure's value for the order after",
            lambda row: row.query.after[measure],
            "number",
            VALUE,
            title=sentence("{measure} after", measure=str(measure)),
        ),
    )


def system_queries(outcome: Outcome) -> list[SystemQuery]:
    """Rows of `query_columns`: per system, the largest gain first."""
    return [
        SystemQuery(run.name, row)
        for number, run in enumerate(outcome.runs[1:])
        for row in query_rows(outcome, number)
    ]


def regression_ranks(report: EvaluationReport) -> list[RegressionRank]:
    """One row per rank, both orders side by side, down to the measure's depth or the last relevant one."""
    return [
        row
        for system in report.systems
        for regression in system.regressions
        for row in _ranks(system.evaluation.run, regression)
    ]


def curve_rows(report: EvaluationReport) -> list[SystemCut]:
    """The threshold curve of every system that has one."""
    return [
        SystemCut(system.evaluation.run, cut)
        for system in report.systems
        if system.thresholds
        for cut in system.thresholds.curve
    ]


def shown_depth(regression: Regression) -> int:
    """How many ranks show the loss: the measure's depth, or more until a relevant document shows."""
    depth = regression.measure.cutoff or DEFAULT_DEPTH
    for order in (regression.order_before, regression.order_after):
        relevant = [placed.rank for placed in order if (placed.label or 0) > 0]
        depth = max(depth, min(relevant, default=0))
    return depth


def _beginning(placed: PlacedDocument | None) -> str | None:
    """What a reader needs to know a document by; the whole text stands in the reader's own file."""
    if placed is None or len(placed.text) <= TEXT_SHOWN:
        return placed.text if placed else None
    return placed.text[:TEXT_SHOWN] + "…"


def _ranks(system: str, regression: Regression) -> Iterator[RegressionRank]:
    before, after = regression.order_before, regression.order_after
    for rank in range(1, min(shown_depth(regression), max(len(before), len(after))) + 1):
        yield RegressionRank(system, regression, rank, _placed(before, rank), _placed(after, rank))


def _placed(order: Sequence[PlacedDocument], rank: int) -> PlacedDocument | None:
    return order[rank - 1] if rank <= len(order) else None


def _compared(system: str, group: str, comparison: Comparison, room: Headroom | None) -> MeasureRow:
    return MeasureRow(
        system,
        group,
        comparison.measure,
        comparison.queries,
        comparison.before,
        comparison.after,
        comparison,
        room,
    )


def _uncompared(report: EvaluationReport, system: SystemReport) -> list[MeasureRow]:
    compared = {comparison.measure for comparison in system.comparisons}
    evaluation = system.evaluation
    return [
        MeasureRow(evaluation.run, "", m, report.queries, report.baseline.mean(m), evaluation.mean(m))
        for m in evaluation.values
        if m not in compared
    ]
