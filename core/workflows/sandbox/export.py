"""A trial of instructions as an Excel workbook: Verdict, Matrix, Held-out, Changes, Per query, Settings.

And one query under several instructions: Results, Settings. All of it is in the language of `say`. Where the
model takes no instruction, every sheet's reader is told.
"""

from collections.abc import Sequence

from core.records import ScorerInfo
from core.sentences import Say, Sentence, english, sentence
from core.sheets.columns import place_of, record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.charts import ChartSeries, ChartSpec
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.home.provenance import Setting, identity_rows, note_rows, settings_sheet, written_rows
from core.workflows.home.score_columns import for_people
from core.workflows.instructions.use import how_used
from core.workflows.sandbox.matrix import Matrix
from core.workflows.sandbox.side_by_side import SideBySide, TriedInstruction
from core.workflows.sandbox.tables import (
    CHANGE_COLUMNS,
    HELD_OUT_COLUMNS,
    MATRIX_COLUMNS,
    VERDICT_COLUMNS,
    VerdictRow,
    changed_queries,
    held_out_rows,
    matrix_rows,
    measured_queries,
    measured_query_columns,
    tried_columns,
    tried_documents,
    wording_of,
)

BLUE, GREY = "#2A63B8", "#9AA4B2"


def matrix_excel(
    matrix: Matrix, details: Sequence[Setting] = (), say: Say = english, *, source: str = ""
) -> bytes:
    """The workbook of a trial. details: further rows of the Settings sheet. source: the file's name."""
    tables = [_verdict(matrix, say)]
    charts: list[ChartSpec] = []
    if matrix.before is not None:
        queries = measured_query_columns([row.variant.name for row in matrix.rows])
        tables += [
            record_table("Matrix", MATRIX_COLUMNS, lambda: matrix_rows(matrix)),
            record_table("Held-out", HELD_OUT_COLUMNS, lambda: held_out_rows(matrix)),
            record_table("Per query", queries, lambda: measured_queries(matrix)),
        ]
        charts += _chart(matrix)
    tables.append(record_table("Changes", CHANGE_COLUMNS, lambda: changed_queries(matrix)))
    tables.append(_settings(matrix, details, say))
    return workbook_bytes(tables, charts, wording=Wording(say, source))


def side_by_side_excel(result: SideBySide, say: Say = english) -> bytes:
    """The workbook of one query under several instructions."""
    columns = for_people(tried_columns([one.variant.name for one in result.results]), result.model)
    settings = [("query", result.query), *_model_rows(result.model, say)]
    settings += _variant_rows([one.variant for one in result.results], result.model)
    settings.append(("pairs", f"{result.scored} scored, {result.known} known already"))
    results = record_table("Results", columns, lambda: tried_documents(result))
    tables = [results, settings_sheet(settings + written_rows())]
    return workbook_bytes(tables, wording=Wording(say, result.query))


def _verdict(matrix: Matrix, say: Say) -> SheetTable:
    rows: list[VerdictRow] = [("", "how", say(matrix.used))]
    if matrix.held_out is not None:
        rows.append((matrix.held_out.winner or "", "held-out", say(matrix.held_out.sentence)))
    for row in matrix.rows[1:]:
        for comparison in row.comparisons.values():
            rows.append((row.variant.name, "all queries", say(comparison.sentence)))
        for comparison in list(row.comparisons.values())[:1]:
            rows += [(row.variant.name, "note", say(note)) for note in comparison.notes]
    rows += [("", "note", say(note)) for note in matrix.notes]
    return record_table("Verdict", VERDICT_COLUMNS, lambda: rows)


def _chart(matrix: Matrix) -> list[ChartSpec]:
    """Mean differences on the choosing and the confirming half, drawn on the Held-out sheet."""
    found = matrix.held_out
    if found is None or not found.systems:
        return []
    last = len(found.systems)
    halves = (
        (Sentence("choosing half"), "difference_choosing_half", GREY),
        (Sentence("confirming half"), "difference_confirming_half", BLUE),
    )
    series = tuple(
        ChartSeries(half, place_of(name, HELD_OUT_COLUMNS), 1, last, colour) for half, name, colour in halves
    )
    title = sentence("Difference in {measure} from the default", measure=str(found.measure))
    return [ChartSpec("column", title, "Held-out", 0, series, "Held-out", f"A{last + 4}")]


def _settings(matrix: Matrix, details: Sequence[Setting], say: Say) -> SheetTable:
    rows = [*details, *_model_rows(matrix.trial.model, say)]
    rows += _variant_rows(matrix.trial.variants, matrix.trial.model)
    chosen = matrix.settings.evaluate
    rows.append(("measures", ", ".join(str(measure) for measure in chosen.chosen())))
    rows.append(("lowest relevant grade", str(chosen.rel)))
    rows.append(("first places compared", str(matrix.settings.top)))
    rows.append(("confidence", f"{100 * matrix.comparison.confidence:g} %"))
    rows.append(("resamples", str(matrix.comparison.resamples)))
    rows.append(("seed of the statistics", str(matrix.comparison.seed)))
    rows.append(("correction", "Holm, over the instructions, for each measure"))
    if matrix.held_out is not None:
        split = matrix.held_out.split
        rows.append(("seed of the split", str(split.seed)))
        rows.append(("choosing / confirming", f"{len(split.choosing)} / {len(split.confirming)} queries"))
        rows.append(("divided evenly by group", f"{split.groups} groups" if split.groups else "no groups"))
    return settings_sheet(rows + written_rows())


def _model_rows(model: ScorerInfo, say: Say) -> list[Setting]:
    used = ("how instructions were used", say(how_used(model)))
    return [*identity_rows(model), used, *note_rows(model)]


def _variant_rows(variants: Sequence[TriedInstruction], model: ScorerInfo) -> list[Setting]:
    return [(f"instruction {variant.name}", wording_of(variant, model)) for variant in variants]
