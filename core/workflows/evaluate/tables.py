"""An evaluation as rows with named, typed columns, for Excel and for downloads. Names are English."""

from collections.abc import Callable, Iterator, Sequence

from core.evaluation.measures import Measure
from core.evaluation.oracle import Headroom
from core.evaluation.report import EvaluationReport, SystemReport
from core.evaluation.significance import Comparison
from core.evaluation.triage import DEFAULT_DEPTH, PlacedDocument, Regression
from core.sentences import Sentence
from core.sheets.tables import Row, TableColumn
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import query_rows

VALUE = "0.0000"
SIGNED = "+0.0000;-0.0000;0.0000"
CHANCE = "0.0000"

MEASURE_COLUMNS = (
    TableColumn("system", width=26),
    TableColumn("group", width=14),
    TableColumn("measure", width=14),
    TableColumn("queries", "integer"),
    TableColumn("before", "number", VALUE),
    TableColumn("after", "number", VALUE),
    TableColumn("best_possible", "number", VALUE),
    TableColumn("difference", "number", SIGNED),
    TableColumn("interval_low", "number", SIGNED),
    TableColumn("interval_high", "number", SIGNED),
    TableColumn("p_value", "number", CHANCE),
    TableColumn("p_adjusted", "number", CHANCE),
    TableColumn("wins", "integer"),
    TableColumn("ties", "integer"),
    TableColumn("losses", "integer"),
    TableColumn("gap_closed", "number", "0 %"),
    TableColumn("missed_by_ranking", "number", VALUE),
    TableColumn("missed_by_retrieval", "number", VALUE),
    TableColumn("verdict", width=14),
    TableColumn("more_queries_needed", "integer"),
    TableColumn("sentence", width=100),
)

REGRESSION_COLUMNS = (
    TableColumn("system", width=26),
    TableColumn("query_id", width=16),
    TableColumn("query", width=40),
    TableColumn("group", width=14),
    TableColumn("measure", width=12),
    TableColumn("before", "number", VALUE),
    TableColumn("after", "number", VALUE),
    TableColumn("difference", "number", SIGNED),
    TableColumn("causes", width=30),
    TableColumn("rank", "integer"),
    TableColumn("document_id_before", width=16),
    TableColumn("label_before", "integer"),
    TableColumn("document_before", width=60),
    TableColumn("document_id_after", width=16),
    TableColumn("label_after", "integer"),
    TableColumn("score_after", "number", "0.000"),
    TableColumn("document_after", width=60),
)

CURVE_COLUMNS = (
    TableColumn("system", width=26),
    TableColumn("threshold", "number", "0.000000"),
    TableColumn("precision", "number", VALUE),
    TableColumn("recall", "number", VALUE),
    TableColumn("f_beta", "number", VALUE),
    TableColumn("share_kept", "number", VALUE),
    TableColumn("queries_with_relevant", "number", VALUE),
    TableColumn("queries_left_empty", "number", VALUE),
)

Say = Callable[[Sentence], str]


def measure_rows(report: EvaluationReport, say: Say) -> list[Row]:
    """All queries first, then by group; measures about the judgements only have no comparison."""
    rows: list[Row] = []
    for system in report.systems:
        rooms = {room.measure: room for room in system.headroom}
        name = system.evaluation.run
        rows += [_compared(name, "", c, rooms.get(c.measure), say) for c in system.comparisons]
        rows += _uncompared(report, system)
        for group, comparisons in system.groups.items():
            rows += [_compared(name, group or "(no group)", c, None, say) for c in comparisons]
    if not report.systems:
        for measure, mean in report.baseline.means().items():
            rows.append(_measured(report.baseline.run, measure, report.queries, mean, None))
    return rows


def query_columns(report: EvaluationReport) -> tuple[TableColumn, ...]:
    """Before, after and difference of every measure, after what is known of the query."""
    columns = [
        TableColumn("system", width=26),
        TableColumn("query_id", width=16),
        TableColumn("query", width=40),
        TableColumn("group", width=14),
        TableColumn("outcome", width=10),
        TableColumn("difference", "number", SIGNED),
        TableColumn("candidates", "integer"),
        TableColumn("relevant", "integer"),
        TableColumn("relevant_retrieved", "integer"),
        TableColumn("first_relevant_before", "integer"),
        TableColumn("first_relevant_after", "integer"),
    ]
    for measure in report.baseline.values:
        columns.append(TableColumn(f"{measure} before", "number", VALUE))
        columns.append(TableColumn(f"{measure} after", "number", VALUE))
    return tuple(columns)


def query_table_rows(outcome: Outcome) -> list[Row]:
    """Rows of `query_columns`: per system, the largest gain first."""
    rows: list[Row] = []
    for number, run in enumerate(outcome.runs[1:]):
        for row in query_rows(outcome, number):
            values = [value for m in row.before for value in (row.before[m], row.after[m])]
            rows.append(
                (
                    run.name,
                    row.query_id,
                    row.query,
                    row.group,
                    row.outcome,
                    row.difference,
                    row.candidates,
                    row.relevant,
                    row.retrieved,
                    row.first_before,
                    row.first_after,
                    *values,
                )
            )
    return rows


def regression_rows(report: EvaluationReport) -> list[Row]:
    """One row per rank, both orders side by side, down to the measure's depth or the last relevant one."""
    return [
        row
        for system in report.systems
        for regression in system.regressions
        for row in _regression(system.evaluation.run, regression)
    ]


def curve_rows(report: EvaluationReport) -> list[Row]:
    """The threshold curve of every system that has one."""
    return [
        (
            system.evaluation.run,
            cut.threshold,
            cut.precision,
            cut.recall,
            cut.f_beta,
            cut.kept,
            cut.queries_with_relevant,
            cut.empty,
        )
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


def _regression(system: str, regression: Regression) -> Iterator[Row]:
    causes = ", ".join(found.cause.key for found in regression.causes)
    before, after = regression.order_before, regression.order_after
    for rank in range(1, min(shown_depth(regression), max(len(before), len(after))) + 1):
        yield (
            system,
            regression.query_id,
            regression.query,
            regression.group,
            str(regression.measure),
            regression.before,
            regression.after,
            regression.difference,
            causes,
            rank,
            *_placed(before, rank)[:3],
            *_after(after, rank),
        )


def _placed(order: Sequence[PlacedDocument], rank: int) -> Row:
    if rank > len(order):
        return (None, None, None)
    placed = order[rank - 1]
    return (placed.document, placed.label, placed.text)


def _after(order: Sequence[PlacedDocument], rank: int) -> Row:
    if rank > len(order):
        return (None, None, None, None)
    placed = order[rank - 1]
    return (placed.document, placed.label, placed.score, placed.text)


def _compared(system: str, group: str, comparison: Comparison, room: Headroom | None, say: Say) -> Row:
    interval = comparison.interval
    return (
        system,
        group,
        str(comparison.measure),
        comparison.queries,
        comparison.before,
        comparison.after,
        room.best if room else None,
        comparison.difference,
        interval.low if interval else None,
        interval.high if interval else None,
        comparison.p_value,
        comparison.p_adjusted,
        comparison.wins,
        comparison.ties,
        comparison.losses,
        room.closed if room else None,
        room.missed_by_ranking if room else None,
        room.missed_by_retrieval if room else None,
        comparison.verdict,
        comparison.more_queries,
        say(comparison.sentence),
    )


def _uncompared(report: EvaluationReport, system: SystemReport) -> list[Row]:
    compared = {comparison.measure for comparison in system.comparisons}
    return [
        _measured(
            system.evaluation.run, m, report.queries, report.baseline.mean(m), system.evaluation.mean(m)
        )
        for m in system.evaluation.values
        if m not in compared
    ]


def _measured(system: str, measure: Measure, queries: int, before: float | None, after: float | None) -> Row:
    known = (system, "", str(measure), queries, before, after)
    return (*known, *[None] * (len(MEASURE_COLUMNS) - len(known)))
