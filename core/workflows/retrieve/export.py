"""A measurement and a search as Excel workbooks, in the language of `say`."""

from collections.abc import Sequence
from dataclasses import replace

from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS
from core.sentences import Say, Sentence, english, sentence
from core.sheets.tables import Row, SheetTable, TableColumn
from core.sheets.writing.charts import ChartSeries, ChartSpec
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.home.provenance import identity_rows, settings_sheet, written_rows
from core.workflows.home.score_columns import gives_probabilities, scale
from core.workflows.retrieve.measuring import Pipeline
from core.workflows.retrieve.searching import SearchResult

VALUE, SIGNED, SECONDS = "0.0000", "+0.0000;-0.0000;0.0000", "0.000"
BLUE = "#2A63B8"

COMPARED_COLUMNS = (
    TableColumn("system", width=24, words=True),
    TableColumn("compared_with", width=24, words=True),
    TableColumn("measure", width=14),
    TableColumn("difference", "number", SIGNED),
    TableColumn("interval_low", "number", SIGNED),
    TableColumn("interval_high", "number", SIGNED),
    TableColumn("p_adjusted", "number", VALUE),
    TableColumn("verdict", width=14, words=True),
    TableColumn("sentence", width=70),
)
CURVE_COLUMNS = (
    TableColumn("k", "integer"),
    TableColumn("quality", "number", VALUE),
    TableColumn("pairs_per_query", "number", "0.0"),
    TableColumn("seconds_per_query", "number", SECONDS),
)
RESULT_COLUMNS = (
    TableColumn("rank", "integer"),
    TableColumn("first_rank", "integer"),
    TableColumn("movement", "integer"),
    TableColumn("bm25_rank", "integer"),
    TableColumn("embedding_rank", "integer"),
    TableColumn("probability", "number", VALUE),
    TableColumn("logit", "number", "+0.000;-0.000;0.000"),
    TableColumn("passage_id", width=20),
    TableColumn("title", width=30),
    TableColumn("source", width=24),
    TableColumn("text", width=80),
)


def pipeline_excel(
    pipeline: Pipeline, details: Sequence[tuple[str, str]] = (), say: Say = english, *, source: str = ""
) -> bytes:
    """Systems, Compared, Curve (with a chart), Per question, Settings."""
    tables = [
        SheetTable.of("Systems", system_columns(pipeline), system_rows(pipeline)),
        SheetTable.of("Compared", COMPARED_COLUMNS, _compared(pipeline, say)),
        SheetTable.of("Curve", CURVE_COLUMNS, [(p.k, p.quality, p.pairs, p.seconds) for p in pipeline.curve]),
        SheetTable.of("Per question", _question_columns(pipeline), _questions(pipeline)),
        settings_sheet([*details, *written_rows()]),
    ]
    measure = str(pipeline.measures[0])
    chart = ChartSpec(
        kind="line",
        title=sentence("{measure} over candidates per search", measure=measure),
        table="Curve",
        categories=0,
        series=(ChartSeries(measure, 1, 1, len(pipeline.curve), BLUE),),
        sheet="Curve",
        anchor="F2",
        x_title="k",
        y_title=measure,
    )
    return workbook_bytes(tables, [chart], wording=Wording(say, source))


def search_excel(result: SearchResult, n: int | None = None, say: Say = english) -> bytes:
    """One search: Results, Settings."""
    rows: list[Row] = [
        (
            one.rank,
            one.first_rank,
            one.movement,
            one.ranks.get("bm25"),
            one.ranks.get("embedding"),
            round(one.score.probability, PROBABILITY_DECIMALS) if one.score else None,
            round(one.score.logit, LOGIT_DECIMALS) if one.score else None,
            one.passage.id,
            one.passage.title,
            one.passage.source,
            one.passage.text,
        )
        for one in result.found[:n]
    ]
    settings = [
        ("query", result.query),
        ("first stage", result.asked.stage),
        ("candidates of each search", str(result.asked.k)),
        *(identity_rows(result.scorer) if result.scorer else ()),
        *[(f"seconds: {name}", f"{taken:.3f}") for name, taken in result.seconds.items()],
        *written_rows(),
    ]
    columns = [
        replace(column, title=scale(result.scorer)) if column.name == "probability" else column
        for column in RESULT_COLUMNS
    ]
    if not gives_probabilities(result.scorer):
        # A logit says more than a similarity.
        at = [column.name for column in RESULT_COLUMNS].index("probability")
        columns[at : at + 2] = columns[at + 1], columns[at]
        rows = [(*row[:at], row[at + 1], row[at], *row[at + 2 :]) for row in rows]
    tables = [SheetTable.of("Results", columns, rows), settings_sheet(settings)]
    return workbook_bytes(tables, wording=Wording(say, result.query))


def system_columns(pipeline: Pipeline) -> tuple[TableColumn, ...]:
    """A column a measure."""
    return (
        TableColumn("system", width=24, words=True),
        *(TableColumn(str(one), "number", VALUE) for one in pipeline.measures),
        TableColumn("recall_ceiling", "number", VALUE),
        TableColumn("pairs_per_query", "number", "0.0"),
        TableColumn("seconds_per_query", "number", SECONDS),
    )


def system_rows(pipeline: Pipeline) -> list[Row]:
    """A row a system, in the order of the pipeline."""
    return [
        (
            system.run.name,
            *(system.evaluation.mean(one) for one in pipeline.measures),
            system.recall,
            system.pairs,
            system.seconds,
        )
        for system in pipeline.systems
    ]


def _compared(pipeline: Pipeline, say: Say) -> list[Row]:
    return [
        (
            system.evaluation.run,
            base,
            str(one.measure),
            one.difference,
            one.interval.low if one.interval else None,
            one.interval.high if one.interval else None,
            one.p_adjusted,
            one.verdict,
            say(one.sentence),
        )
        for base, report in pipeline.reports.items()
        for system in report.systems
        for one in system.comparisons
    ]


def _question_columns(pipeline: Pipeline) -> tuple[TableColumn, ...]:
    firsts = [
        TableColumn(
            f"first relevant: {system.run.name}",
            "integer",
            title=sentence("first relevant: {system}", system=Sentence(system.run.name)),
        )
        for system in pipeline.systems
    ]
    return (
        TableColumn("query_id", width=14),
        TableColumn("query", width=50),
        TableColumn("group", width=12),
        TableColumn("relevant", "integer"),
        *firsts,
    )


def _questions(pipeline: Pipeline) -> list[Row]:
    """At which rank each system has the first relevant passage; blank where it has none."""
    rows: list[Row] = []
    for query_id, judged in pipeline.retrieved.answerable.items():
        relevant = {one for one, label in judged.labels.items() if label > 0}
        firsts = [
            next(
                (rank for one, rank in system.run.rankings[query_id].ranks().items() if one in relevant), None
            )
            for system in pipeline.systems
        ]
        rows.append((query_id, judged.query, judged.group, len(relevant), *firsts))
    return rows
