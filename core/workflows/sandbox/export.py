"""A trial of instructions as an Excel workbook: Verdict, Matrix, Held-out, Changes, Per query, Settings.

And one query under several instructions: Results, Instructions, Settings. Sheet and column names are English;
sentences are in the language of `say`. Where the model takes no instruction, every sheet's reader is told.
"""

import io
from collections.abc import Callable, Iterator, Sequence

from core.records import ScorerInfo
from core.sentences import Sentence
from core.sheets.tables import Row, SheetTable, TableColumn
from core.sheets.writing.workbook import ChartSeries, ChartSpec, write_workbook
from core.workflows.home.provenance import (
    DEFAULT_WORDS,
    identity_rows,
    note_rows,
    settings_sheet,
    written_rows,
)
from core.workflows.instructions.use import how_used
from core.workflows.sandbox.matrix import Matrix
from core.workflows.sandbox.side_by_side import SideBySide, TriedInstruction

Say = Callable[[Sentence], str]
VALUE, SIGNED = "0.0000", "+0.0000;-0.0000;0.0000"
BLUE = "#2A63B8"
QUERY_ALONE = "(the query alone)"

MATRIX_COLUMNS = (
    TableColumn("instruction", width=24),
    TableColumn("wording", width=60),
    TableColumn("measure", width=12),
    TableColumn("queries", "integer"),
    TableColumn("mean", "number", VALUE),
    TableColumn("default", "number", VALUE),
    TableColumn("difference", "number", SIGNED),
    TableColumn("interval_low", "number", SIGNED),
    TableColumn("interval_high", "number", SIGNED),
    TableColumn("p_value", "number", VALUE),
    TableColumn("p_adjusted", "number", VALUE),
    TableColumn("wins", "integer"),
    TableColumn("ties", "integer"),
    TableColumn("losses", "integer"),
    TableColumn("verdict", width=14),
)
HELD_OUT_COLUMNS = (
    TableColumn("instruction", width=24),
    TableColumn("measure", width=12),
    TableColumn("difference_choosing_half", "number", SIGNED, width=24),
    TableColumn("difference_confirming_half", "number", SIGNED, width=26),
    TableColumn("chosen", "boolean"),
    TableColumn("interval_low", "number", SIGNED),
    TableColumn("interval_high", "number", SIGNED),
    TableColumn("p_value", "number", VALUE),
)
CHANGE_COLUMNS = (
    TableColumn("instruction", width=24),
    TableColumn("query_id", width=16),
    TableColumn("query", width=50),
    TableColumn("kendall", "number", "0.000"),
    TableColumn("rbo", "number", "0.000"),
    TableColumn("overlap", "number", "0.000"),
    TableColumn("first_kept", "boolean"),
    TableColumn("largest_movement", "integer", width=17),
)


def english(said: Sentence) -> str:
    """The sentence as it is."""
    return said.text


def matrix_excel(matrix: Matrix, details: Sequence[tuple[str, str]] = (), say: Say = english) -> bytes:
    """The workbook of a trial. details: further rows of the Settings sheet (file, columns …)."""
    tables = [_verdict(matrix, say)]
    charts: list[ChartSpec] = []
    if matrix.before is not None:
        rows = list(_matrix_rows(matrix))
        tables.append(SheetTable.of("Matrix", MATRIX_COLUMNS, rows))
        tables.append(SheetTable.of("Held-out", HELD_OUT_COLUMNS, list(_held_out_rows(matrix))))
        tables.append(_per_query(matrix))
        charts += _chart(matrix)
    tables.append(SheetTable.of("Changes", CHANGE_COLUMNS, list(_change_rows(matrix))))
    tables.append(_settings(matrix, details, say))
    return _workbook(tables, charts)


def side_by_side_excel(result: SideBySide, say: Say = english) -> bytes:
    """The workbook of one query under several instructions."""
    columns = [TableColumn("document", "text", width=70), TableColumn("original_rank", "integer", width=13)]
    for one in result.results:
        columns.append(TableColumn(f"{one.variant.name} rank", "integer", width=16))
        columns.append(TableColumn(f"{one.variant.name} probability", "number", VALUE, width=16, bar=True))
        columns.append(TableColumn(f"{one.variant.name} logit", "number", "0.000", width=14))
    by_document = [one.by_document() for one in result.results]
    rows: list[Row] = []
    for at, document in enumerate(result.documents):
        cells: list[object] = [document, at + 1]
        for ranked in by_document:
            cells += [ranked[at].new_rank, ranked[at].score.probability, ranked[at].score.logit]
        rows.append(cells)
    settings = [("query", result.query), *_model_rows(result.model, say)]
    settings += _variant_rows([one.variant for one in result.results], result.model)
    settings.append(("pairs", f"{result.scored} scored, {result.known} known already"))
    tables = [SheetTable.of("Results", columns, rows), settings_sheet(settings + written_rows())]
    return _workbook(tables, [])


def _workbook(tables: Sequence[SheetTable], charts: Sequence[ChartSpec]) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, tables, charts)
    return buffer.getvalue()


def _verdict(matrix: Matrix, say: Say) -> SheetTable:
    rows: list[Row] = [("", "how", say(matrix.used))]
    if matrix.held_out is not None:
        rows.append((matrix.held_out.winner or "", "held-out", say(matrix.held_out.sentence)))
    for row in matrix.rows[1:]:
        for comparison in row.comparisons.values():
            rows.append((row.variant.name, "all queries", say(comparison.sentence)))
        for comparison in list(row.comparisons.values())[:1]:
            rows += [(row.variant.name, "note", say(note)) for note in comparison.notes]
    rows += [("", "note", say(note)) for note in matrix.notes]
    columns = (
        TableColumn("instruction", width=24),
        TableColumn("about", width=13),
        TableColumn("sentence", width=120),
    )
    return SheetTable.of("Verdict", columns, rows)


def _matrix_rows(matrix: Matrix) -> Iterator[Row]:
    """The order before, the default, then every other instruction; a row per measure."""
    assert matrix.before is not None  # the caller asked
    for measure, mean in matrix.before.means().items():
        yield _uncompared("(before reranking)", "", str(measure), matrix.queries, mean)
    for row in matrix.rows:
        wording = _wording(row.variant, matrix.trial.model)
        assert row.evaluation is not None  # as for the order before
        for measure, mean in row.evaluation.means().items():
            one = row.comparisons.get(measure)
            if one is None:
                yield _uncompared(row.variant.name, wording, str(measure), matrix.queries, mean)
                continue
            interval = one.interval
            yield (
                row.variant.name,
                wording,
                str(measure),
                one.queries,
                one.after,
                one.before,
                one.difference,
                interval.low if interval else None,
                interval.high if interval else None,
                one.p_value,
                one.p_adjusted,
                one.wins,
                one.ties,
                one.losses,
                one.verdict,
            )


def _uncompared(name: str, wording: str, measure: str, queries: int, mean: float | None) -> Row:
    known = (name, wording, measure, queries, mean)
    return (*known, *[None] * (len(MATRIX_COLUMNS) - len(known)))


def _held_out_rows(matrix: Matrix) -> Iterator[Row]:
    found = matrix.held_out
    if found is None:
        return
    for half in found.systems:
        chosen = half.system == found.winner
        confirmation = found.confirmation if chosen else None
        interval = confirmation.interval if confirmation else None
        yield (
            half.system,
            str(found.measure),
            half.choosing,
            half.confirming,
            chosen,
            interval.low if interval else None,
            interval.high if interval else None,
            confirmation.p_value if confirmation else None,
        )


def _per_query(matrix: Matrix) -> SheetTable:
    """The deciding measure of every query under every instruction, and the half it is in."""
    assert matrix.before is not None  # the caller asked
    measure = (matrix.measures or tuple(matrix.before.values))[0]
    columns = [
        TableColumn("query_id", width=16),
        TableColumn("query", width=50),
        TableColumn("group", width=14),
        TableColumn("half", width=12),
        TableColumn("measure", width=12),
        TableColumn("before", "number", VALUE),
        *(TableColumn(row.variant.name, "number", VALUE, width=18) for row in matrix.rows),
    ]
    choosing = set(matrix.held_out.split.choosing) if matrix.held_out else set()
    rows: list[Row] = []
    for query in matrix.before.queries:
        judged = matrix.trial.data.judgements[query]
        values = [row.evaluation.values[measure][query] for row in matrix.rows if row.evaluation]
        half = "choosing" if query in choosing else "confirming"
        before = matrix.before.values[measure][query]
        rows.append((query, judged.query, judged.group or "", half, str(measure), before, *values))
    return SheetTable.of("Per query", columns, rows)


def _change_rows(matrix: Matrix) -> Iterator[Row]:
    for row in matrix.rows:
        for one in row.agreement.queries if row.agreement else ():
            query = matrix.trial.data.judgements[one.query_id].query
            yield (
                row.variant.name,
                one.query_id,
                query,
                one.kendall,
                one.rbo,
                one.overlap,
                one.first_kept,
                one.largest_movement,
            )


def _chart(matrix: Matrix) -> list[ChartSpec]:
    """Mean differences on the choosing and the confirming half, drawn on the Held-out sheet."""
    found = matrix.held_out
    if found is None or not found.systems:
        return []
    names = [column.name for column in HELD_OUT_COLUMNS]
    last = len(found.systems)
    series = (
        ChartSeries("choosing half", names.index("difference_choosing_half"), 1, last, "#9AA4B2"),
        ChartSeries("confirming half", names.index("difference_confirming_half"), 1, last, BLUE),
    )
    title = f"Difference in {found.measure} from the default"
    return [ChartSpec("column", title, "Held-out", 0, series, "Held-out", f"A{last + 4}")]


def _settings(matrix: Matrix, details: Sequence[tuple[str, str]], say: Say) -> SheetTable:
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


def _model_rows(model: ScorerInfo, say: Say) -> list[tuple[str, str]]:
    used = ("how instructions were used", say(how_used(model)))
    return [*identity_rows(model), used, *note_rows(model)]


def _variant_rows(variants: Sequence[TriedInstruction], model: ScorerInfo) -> list[tuple[str, str]]:
    return [(f"instruction {variant.name}", _wording(variant, model)) for variant in variants]


def _wording(variant: TriedInstruction, model: ScorerInfo) -> str:
    return variant.instruction or (DEFAULT_WORDS if model.uses_instruction else QUERY_ALONE)
