"""An evaluation as an Excel workbook: Verdict, Measures, Per query, Regressions, Settings, Thresholds.

Sheet and column names are English whatever the interface language, so that programs can read them;
sentences are in the language of `say`. Charts are Excel's own, over cells of the same workbook.
"""

import io
from collections.abc import Callable, Sequence

from core.evaluation.report import EvaluationReport
from core.evaluation.triage import CAUSES
from core.sentences import Sentence, sentence
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.workbook import ChartSeries, ChartSpec, write_workbook
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.tables import (
    CURVE_COLUMNS,
    MEASURE_COLUMNS,
    REGRESSION_COLUMNS,
    curve_rows,
    measure_rows,
    query_columns,
    query_table_rows,
    regression_rows,
)
from core.workflows.evaluate.verdict import verdict_lines
from core.workflows.home.provenance import (
    identity_rows,
    instruction_words,
    note_rows,
    settings_sheet,
    written_rows,
)

Say = Callable[[Sentence], str]

GREY, BLUE, GREEN, AMBER = "#9AA4B2", "#2A63B8", "#3B8F6B", "#B5833F"


def english(said: Sentence) -> str:
    """The sentence as it is."""
    return said.text


def evaluation_excel(outcome: Outcome, details: Sequence[tuple[str, str]] = (), say: Say = english) -> bytes:
    """The workbook. details: further rows of the Settings sheet (file, columns …)."""
    tables = [_verdict(outcome, say)]
    charts: list[ChartSpec] = []
    report = outcome.report
    if report is not None:
        tables.append(SheetTable.of("Measures", MEASURE_COLUMNS, measure_rows(report, say)))
        tables.append(SheetTable.of("Per query", query_columns(report), query_table_rows(outcome)))
        tables.append(SheetTable.of("Regressions", REGRESSION_COLUMNS, regression_rows(report)))
        charts += _charts(outcome, report)
    tables.append(_settings(outcome, details, say))
    if report is not None and any(system.thresholds for system in report.systems):
        tables.append(SheetTable.of("Thresholds", CURVE_COLUMNS, curve_rows(report)))
        charts.append(_threshold_chart(report))
    buffer = io.BytesIO()
    write_workbook(buffer, tables, charts)
    return buffer.getvalue()


def _verdict(outcome: Outcome, say: Say) -> SheetTable:
    others = outcome.runs[1:]
    rows = [
        (run.name, line.kind, say(line.sentence))
        for number, run in enumerate(others)
        for line in verdict_lines(outcome, number)
    ]
    if not others:
        rows = [(outcome.runs[0].name, line.kind, say(line.sentence)) for line in verdict_lines(outcome)]
    if outcome.report is not None:
        rows += [("", "note", say(note)) for note in outcome.report.notes]
    columns = (
        TableColumn("system", width=26),
        TableColumn("about", width=13),
        TableColumn("sentence", width=110),
    )
    return SheetTable.of("Verdict", columns, rows)


def _charts(outcome: Outcome, report: EvaluationReport) -> list[ChartSpec]:
    """Drawn on the Verdict sheet, over the first system's rows."""
    if not report.systems or not report.systems[0].comparisons:
        return []
    names = [column.name for column in MEASURE_COLUMNS]
    last = len(report.systems[0].comparisons)
    bars = tuple(
        ChartSeries(title, names.index(name), 1, last, colour)
        for title, name, colour in (
            ("before", "before", GREY),
            ("after", "after", BLUE),
            ("best possible", "best_possible", GREEN),
        )
    )
    columns = [column.name for column in query_columns(report)]
    difference = ChartSeries("difference", columns.index("difference"), 1, report.queries, BLUE)
    headline = str(report.systems[0].comparisons[0].measure)
    return [
        ChartSpec(
            "column",
            "Before, after, best possible order",
            "Measures",
            names.index("measure"),
            bars,
            "Verdict",
            "E2",
        ),
        ChartSpec(
            "histogram",
            f"Difference in {headline} per query, sorted",
            "Per query",
            columns.index("query_id"),
            (difference,),
            "Verdict",
            "E19",
            x_title="queries",
            y_title=headline,
        ),
    ]


def _threshold_chart(report: EvaluationReport) -> ChartSpec:
    names = [column.name for column in CURVE_COLUMNS]
    advice = next(system.thresholds for system in report.systems if system.thresholds)
    lines = tuple(
        ChartSeries(name, names.index(name), 1, len(advice.curve), colour)
        for name, colour in (
            ("precision", BLUE),
            ("recall", GREEN),
            ("f_beta", AMBER),
            ("queries_left_empty", GREY),
        )
    )
    return ChartSpec(
        "scatter",
        "What each threshold keeps",
        "Thresholds",
        names.index("threshold"),
        lines,
        "Thresholds",
        "J2",
        x_title="threshold",
    )


def _settings(outcome: Outcome, details: Sequence[tuple[str, str]], say: Say) -> SheetTable:
    rows: list[tuple[str, str]] = list(details)
    for system in outcome.systems:
        rows += [
            ("system", system.name),
            *identity_rows(system.model),
            ("instruction", instruction_words(system.instruction)),
            *note_rows(system.model),
        ]
        if system.cost is not None:
            cost = system.cost
            rows.append(("pairs scored now", f"{cost.scored} of {cost.pairs}"))
            rows.append(("seconds", f"{cost.seconds:.3f}"))
            rows.append(("model memory (bytes)", str(cost.memory_bytes)))
    rows.append(("measures", ", ".join(str(measure) for measure in outcome.settings.chosen())))
    rows.append(("lowest relevant grade", str(outcome.settings.rel)))
    if outcome.report is not None:
        comparison = outcome.report.settings.comparison
        rows.append(("confidence", f"{100 * comparison.confidence:g} %"))
        rows.append(("resamples", str(comparison.resamples)))
        rows.append(("seed", str(comparison.seed)))
        rows += [("convention", say(convention)) for convention in outcome.report.conventions]
        rows += [(f"cause: {cause.key}", say(sentence(cause.rule))) for cause in CAUSES]
    rows += [
        ("input", f"row {row}: {say(problem)}" if row is not None else say(problem))
        for row, problem in outcome.data.problems
    ]
    return settings_sheet(rows + written_rows())
