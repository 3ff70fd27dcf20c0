"""A comparison of models as an Excel workbook and as the record of `compare --json`.

Sheets: Models, Pairs, Per query, Settings; the workbook is in the language of `say`, the record in English.
"""

from collections.abc import Sequence

from core.evaluation.inference import Interval
from core.evaluation.significance import ComparisonSettings
from core.sentences import Say, Sentence, english, sentence
from core.sheets.columns import place_of, record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.charts import ChartSeries, ChartSpec
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.compare.outcome import SEARCH_EXCLUDED, ComparisonOutcome, Standing
from core.workflows.compare.tables import PAIR_COLUMNS, model_columns, value_columns, value_rows
from core.workflows.home.provenance import (
    Setting,
    identity_rows,
    instruction_words,
    note_rows,
    settings_sheet,
    written_rows,
)

BLUE = "#2A63B8"
# What a cost means, for a chart's axis and for machines.
SECONDS, DOLLARS = "seconds_per_query", "dollars_per_1000_queries"


def comparison_excel(
    outcome: ComparisonOutcome, details: Sequence[Setting] = (), say: Say = english, *, source: str = ""
) -> bytes:
    """The workbook. details: further rows of the Settings sheet. source: the file's name."""
    models = model_columns(outcome.measures, say)
    tables = [record_table("Models", models, lambda: outcome.standings)]
    charts: list[ChartSpec] = []
    if outcome.evaluations and outcome.deciding is not None:
        tables += [
            record_table("Pairs", PAIR_COLUMNS, lambda: outcome.pairs),
            record_table("Per query", value_columns(outcome.measures), lambda: value_rows(outcome)),
        ]
        deciding, rows = str(outcome.deciding), len(outcome.standings)
        cost = DOLLARS if outcome.by_money else SECONDS
        # From the second row: the order before has no time of its own.
        quality = ChartSeries(deciding, place_of(deciding, models), 2, rows, BLUE)
        charts.append(
            ChartSpec(
                "scatter",
                Sentence("Quality against cost"),
                "Models",
                place_of(cost, models),
                (quality,),
                "Models",
                f"B{rows + 4}",
                x_title=Sentence(cost),
                y_title=deciding,
            )
        )
    tables.append(_settings(outcome, details, say))
    return workbook_bytes(tables, charts, wording=Wording(say, source))


def comparison_record(outcome: ComparisonOutcome) -> dict[str, object]:
    """The machine output of `compare --json`: English, plain numbers."""
    return {
        "queries": outcome.queries,
        "measure": str(outcome.deciding) if outcome.deciding else None,
        "cost": DOLLARS if outcome.by_money else SECONDS,
        "worth": outcome.worth.text or None,
        "models": [_model(standing) for standing in outcome.standings],
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "difference": pair.comparison.difference,
                "interval": _bounds(pair.comparison.interval),
                "p_value": pair.comparison.p_value,
                "p_adjusted": pair.comparison.p_adjusted,
                "wins": pair.comparison.wins,
                "ties": pair.comparison.ties,
                "losses": pair.comparison.losses,
                "verdict": pair.comparison.verdict,
                "kendall": pair.agreement.kendall,
                "rbo": pair.agreement.rbo,
                "overlap": pair.agreement.overlap,
            }
            for pair in outcome.pairs
        ],
        "problems": [{"row": row, "message": said.text} for row, said in outcome.data.problems],
    }


def _model(standing: Standing) -> dict[str, object]:
    one = standing.contender
    model = one.model if one else None
    return {
        "model": one.name if one else None,
        "title": standing.title,
        "measures": {
            str(measure): {"mean": mean, "interval": _bounds(standing.intervals.get(measure))}
            for measure, mean in standing.means.items()
        },
        "pairs_per_second": one.pairs_per_second if one else None,
        "seconds_per_query": one.seconds_per_query if one else None,
        "p95_seconds": one.slow_seconds if one else None,
        "timed_queries": len(one.seconds) if one else None,
        "memory_bytes": (model.memory_bytes or None) if model else None,
        "dollars_per_1000_queries": standing.dollars_per_1000 if one else None,
        "on_front": standing.on_front,
        "licence": (one.licence or None) if one else None,
        "device": model.device if model else None,
        "precision": model.precision if model else None,
        "problem": one.problem.text if one and not one.had else None,
        "hint": one.advice.text or None if one and not one.had else None,
    }


def _bounds(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None


def _settings(outcome: ComparisonOutcome, details: Sequence[Setting], say: Say) -> SheetTable:
    rows: list[Setting] = list(details)
    rows += [("verdict", say(outcome.worth))] if outcome.worth.template else []
    rows.append(("cost", say(sentence(SEARCH_EXCLUDED))))
    for one in outcome.contenders:
        rows.append(("contender", one.title))
        if one.model is not None:
            rows += identity_rows(one.model)
            rows += (
                [("instruction", instruction_words(one.instruction))] if one.model.uses_instruction else []
            )
            rows += note_rows(one.model)
    settings, comparison = outcome.settings, ComparisonSettings()
    rows += [
        ("measures", ", ".join(str(measure) for measure in outcome.measures)),
        ("lowest relevant grade", str(settings.rel)),
        ("queries measured", str(outcome.queries)),
        ("confidence", f"{100 * comparison.confidence:g} %"),
        ("resamples", str(comparison.resamples)),
        ("seed", str(comparison.seed)),
        ("machine, US$ an hour", "" if outcome.machine_price is None else f"{outcome.machine_price:g}"),
    ]
    rows += [
        ("input", f"row {row}: {say(said)}" if row is not None else say(said))
        for row, said in outcome.data.problems
    ]
    return settings_sheet(rows + written_rows())
