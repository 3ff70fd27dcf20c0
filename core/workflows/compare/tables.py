"""A comparison of models as rows with declared columns, for Excel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.evaluation.measures import Measure
from core.sentences import Say, sentence
from core.sheets.columns import ExportColumn
from core.workflows.compare.outcome import ComparisonOutcome, Pair, Standing
from core.workflows.evaluate.comparison_columns import (
    SIGNED,
    VALUE,
    chance_columns,
    count_columns,
    interval_columns,
    verdict_column,
)

SECONDS = "0.0000"


@dataclass(frozen=True, slots=True)
class QueryValues:
    """One model's values of one query."""

    model: str
    query_id: str
    query: str
    group: str
    values: dict[Measure, float]


def model_columns(measures: Sequence[Measure], say: Say) -> tuple[ExportColumn[Standing], ...]:
    """Columns of «Models»: one row each, the order before first."""
    return (
        ExportColumn(
            "model", "The model, or «before» for the order before", lambda r: r.title, width=34, words=True
        ),
        *(column for measure in measures for column in _measured(measure)),
        ExportColumn(
            "pairs_per_second",
            "Pairs that the model scored per second, one query after the other",
            lambda r: r.contender.pairs_per_second if r.contender else None,
            "number",
            "0.0",
        ),
        ExportColumn(
            "seconds_per_query",
            "Mean time of a query with all its candidates",
            lambda r: r.contender.seconds_per_query if r.contender else None,
            "number",
            SECONDS,
        ),
        ExportColumn(
            "p95_seconds",
            "Within which 95 % of the queries were answered; blank below 8 timed queries",
            lambda r: r.contender.slow_seconds if r.contender else None,
            "number",
            SECONDS,
        ),
        ExportColumn(
            "timed_queries",
            "How many queries these times are from",
            lambda r: len(r.contender.seconds) if r.contender else None,
            "integer",
        ),
        ExportColumn("memory_mb", "What the model holds in memory here", _memory, "number", "0"),
        ExportColumn(
            "dollars_per_1000_queries",
            "Estimated from the maker's list price, or from the time and the machine's price",
            lambda r: r.dollars_per_1000 if r.contender else None,
            "number",
            "0.0000",
        ),
        ExportColumn(
            "on_front",
            "yes where no other is as good for less",
            lambda r: "yes" if r.on_front else None,
            width=10,
            words=True,
        ),
        ExportColumn(
            "licence",
            "Of the weights, as far as it is known here",
            lambda r: (r.contender.licence if r.contender else "") or None,
            width=14,
        ),
        ExportColumn(
            "problem",
            "Why the model could not be had",
            lambda r: say(r.contender.problem) if r.contender and not r.contender.had else None,
            width=60,
        ),
    )


PAIR_COLUMNS: tuple[ExportColumn[Pair], ...] = (
    ExportColumn("first", "One model, or «before»", lambda row: row.first, width=28, words=True),
    ExportColumn(
        "second", "The model that is compared with it", lambda row: row.second, width=28, words=True
    ),
    ExportColumn("measure", "The deciding measure", lambda row: str(row.comparison.measure), width=12),
    ExportColumn(
        "difference",
        "Mean over the queries of second minus first",
        lambda row: row.comparison.difference,
        "number",
        SIGNED,
    ),
    *interval_columns(lambda row: row.comparison),
    *chance_columns(lambda row: row.comparison),
    *count_columns(lambda row: row.comparison),
    verdict_column(lambda row: row.comparison),
    ExportColumn(
        "kendall", "Kendall's tau of both orders", lambda row: row.agreement.kendall, "number", "0.000"
    ),
    ExportColumn(
        "rbo", "Rank-biased overlap of both orders", lambda row: row.agreement.rbo, "number", "0.000"
    ),
    ExportColumn(
        "overlap",
        "Share of the first ten that both have in common",
        lambda row: row.agreement.overlap,
        "number",
        "0%",
    ),
    ExportColumn(
        "first_kept",
        "Share of queries whose first document is the same",
        lambda row: row.agreement.first_kept,
        "number",
        "0%",
    ),
)


def value_columns(measures: Sequence[Measure]) -> tuple[ExportColumn[QueryValues], ...]:
    """Columns of «Per query»."""

    def of(measure: Measure) -> ExportColumn[QueryValues]:
        return ExportColumn(str(measure), "The measure's value", lambda r: r.values[measure], "number", VALUE)

    return (
        ExportColumn(
            "model", "The model, or «before» for the order before", lambda r: r.model, width=34, words=True
        ),
        ExportColumn("query_id", "The query's id", lambda r: r.query_id, width=16),
        ExportColumn("query", "The query", lambda r: r.query, width=40),
        ExportColumn("group", "The query's group", lambda r: r.group, width=14),
        *(of(measure) for measure in measures),
    )


def value_rows(outcome: ComparisonOutcome) -> Iterator[QueryValues]:
    """Rows of `value_columns`: every model's measured queries."""
    for evaluation in outcome.evaluations:
        for query in evaluation.queries:
            judged = outcome.data.judgements[query]
            values = {measure: by_query[query] for measure, by_query in evaluation.values.items()}
            yield QueryValues(evaluation.run, query, judged.query, judged.group or "", values)


def _measured(measure: Measure) -> tuple[ExportColumn[Standing], ...]:
    def bound(row: Standing, low: bool) -> float | None:
        interval = row.intervals.get(measure)
        return None if interval is None else interval.low if low else interval.high

    return (
        ExportColumn(
            str(measure), "Mean over the measured queries", lambda r: r.means.get(measure), "number", VALUE
        ),
        ExportColumn(
            f"{measure} low",
            "Lower end of its 95 % interval",
            lambda r: bound(r, True),
            "number",
            VALUE,
            title=sentence("{measure} low", measure=str(measure)),
        ),
        ExportColumn(
            f"{measure} high",
            "Upper end of that interval",
            lambda r: bound(r, False),
            "number",
            VALUE,
            title=sentence("{measure} high", measure=str(measure)),
        ),
    )


def _memory(row: Standing) -> float | None:
    model = row.contender.model if row.contender else None
    return model.memory_bytes / 1e6 if model is not None and model.memory_bytes else None
