"""An evaluation as an Excel workbook: Overview, Verdict, Measures, Per query, Regressions, Settings and
Thresholds; Model labels where a model judged too.

All of it is in the language of `say`. Charts are Excel's own, over cells of the same workbook. What stands on
the first page is for `front_page`.
"""

from collections.abc import Sequence
from operator import itemgetter

from core.evaluation.report import EvaluationReport
from core.evaluation.triage import CAUSES
from core.sentences import Say, Sentence, english, sentence
from core.sheets.columns import ExportColumn, place_of, record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.charts import ChartSeries, ChartSpec
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.evaluate.front_page import front_page
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.tables import (
    CURVE_COLUMNS,
    REGRESSION_COLUMNS,
    SystemCut,
    curve_rows,
    measure_columns,
    measure_rows,
    people_columns,
    query_columns,
    regression_ranks,
    system_queries,
)
from core.workflows.evaluate.use.model_labels import POWERED_COLUMNS, PoweredVerdict
from core.workflows.evaluate.verdict import verdict_lines
from core.workflows.home.provenance import (
    Setting,
    identity_rows,
    instruction_words,
    note_rows,
    settings_sheet,
    written_rows,
)

# Whom a sentence is about, what about, and the sentence.
VerdictRow = tuple[str, str, str]
VERDICT_COLUMNS: tuple[ExportColumn[VerdictRow], ...] = (
    ExportColumn("system", "The model or run; blank for all", itemgetter(0), width=26),
    ExportColumn("about", "What the sentence is about", itemgetter(1), width=16, words=True),
    ExportColumn("sentence", "What was found", itemgetter(2), width=110),
)

GREY, BLUE, GREEN, AMBER = "#9AA4B2", "#2A63B8", "#3B8F6B", "#B5833F"


def evaluation_excel(
    outcome: Outcome,
    details: Sequence[Setting] = (),
    say: Say = english,
    *,
    source: str = "",
    powered: Sequence[PoweredVerdict] = (),
) -> bytes:
    """The workbook. details: further rows of the Settings sheet. source: the file's name. powered: the
    verdicts with a model's labels, where there are any.
    """
    tables = [_verdict(outcome, powered, say)]
    if powered:
        tables.append(record_table("Model labels", POWERED_COLUMNS, lambda: powered))
    charts: list[ChartSpec] = []
    report = outcome.report
    if report is not None:
        queries = people_columns(query_columns(tuple(report.baseline.values)), report)
        measures = people_columns(measure_columns(say), report)
        regressed = people_columns(REGRESSION_COLUMNS, report)
        tables += [
            record_table("Measures", measures, lambda: measure_rows(report)),
            record_table("Per query", queries, lambda: system_queries(outcome)),
            record_table("Regressions", regressed, lambda: regression_ranks(report)),
        ]
    tables.append(_settings(outcome, details, say))
    if report is not None and any(system.thresholds for system in report.systems):
        curve = people_columns(CURVE_COLUMNS, report)
        tables.append(record_table("Thresholds", curve, lambda: curve_rows(report)))
        charts.append(_threshold_chart(report, curve))
    cover = front_page(outcome, source)
    return workbook_bytes(tables, charts, cover=cover, wording=Wording(say, source))


def _verdict(outcome: Outcome, powered: Sequence[PoweredVerdict], say: Say) -> SheetTable:
    others = outcome.runs[1:]
    rows: list[VerdictRow] = [
        (run.name, line.kind, say(line.sentence))
        for number, run in enumerate(others)
        for line in verdict_lines(outcome, number)
    ]
    if not others:
        rows = [(outcome.runs[0].name, line.kind, say(line.sentence)) for line in verdict_lines(outcome)]
    for one in powered:
        found = one.comparison
        rows += [(found.system, "model labels", say(said)) for said in (*found.sentences, *found.notes)]
    if outcome.report is not None:
        rows += [("", "note", say(note)) for note in outcome.report.notes]
    return record_table("Verdict", VERDICT_COLUMNS, lambda: rows)


def _threshold_chart(report: EvaluationReport, columns: Sequence[ExportColumn[SystemCut]]) -> ChartSpec:
    """Of the first system that has a curve."""
    advice = next(system.thresholds for system in report.systems if system.thresholds)
    lines = tuple(
        ChartSeries(Sentence(name), place_of(name, columns), 1, len(advice.curve), colour)
        for name, colour in (
            ("precision", BLUE),
            ("recall", GREEN),
            ("f_beta", AMBER),
            ("queries_left_empty", GREY),
        )
    )
    return ChartSpec(
        "scatter",
        Sentence("What each threshold keeps"),
        "Thresholds",
        place_of("threshold", columns),
        lines,
        "Thresholds",
        "J2",
        x_title=Sentence("threshold"),
    )


def _settings(outcome: Outcome, details: Sequence[Setting], say: Say) -> SheetTable:
    rows: list[Setting] = list(details)
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
    machine = outcome.data.machine
    if machine is not None:
        rows += [
            ("labels by people", str(outcome.basis.people)),
            ("labels by a model", str(machine.count)),
            ("judging model", f"{machine.judge} ({machine.fingerprint})"),
        ]
    if outcome.basis.synthetic:
        rows.append(("questions that a model wrote", str(outcome.basis.synthetic)))
    rows.append(("measures", ", ".join(str(measure) for measure in outcome.settings.chosen())))
    rows.append(("lowest relevant grade", str(outcome.settings.rel)))
    if outcome.report is not None:
        comparison = outcome.report.settings.comparison
        rows.append(("confidence", f"{100 * comparison.confidence:g} %"))
        rows.append(("resamples", str(comparison.resamples)))
        rows.append(("seed", str(comparison.seed)))
        rows += [("convention", say(convention)) for convention in outcome.report.conventions]
        rows += [
            (say(sentence("cause: {name}", name=Sentence(cause.title))), say(sentence(cause.rule)))
            for cause in CAUSES
        ]
    rows += [
        ("input", f"row {row}: {say(problem)}" if row is not None else say(problem))
        for row, problem in outcome.data.problems
    ]
    return settings_sheet(rows + written_rows())
