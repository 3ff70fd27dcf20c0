"""The leaderboard as an Excel workbook and as CSV."""

from collections.abc import Callable

from core.jobs import Standing
from core.sentences import Say, Sentence, english
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable
from core.sheets.writing.exports import csv_bytes
from core.sheets.writing.workbook import Wording, workbook_bytes
from core.workflows.evaluate.comparison_columns import CHANCE, SIGNED, VALUE
from core.workflows.home.provenance import settings_sheet, written_rows
from core.workflows.runs.leaderboard import LeaderboardRow

SECONDS = "0.0"


def _stood(value: Callable[[Standing], object]) -> Callable[[LeaderboardRow], object]:
    return lambda row: None if row.standing is None else value(row.standing)


COLUMNS: tuple[ExportColumn[LeaderboardRow], ...] = (
    ExportColumn("run", "The run's name", lambda row: row.job.name, width=30),
    ExportColumn("run_id", "Its id, as in the page's address", lambda row: row.job.id, width=12),
    ExportColumn("kind", "A batch, an evaluation …", lambda row: row.kind, width=14, words=True),
    ExportColumn("file", "The files that it was made of", lambda row: row.files, width=30),
    ExportColumn(
        "verdict",
        "better, worse, no_difference, cannot_tell or too_few; blank where nothing was measured",
        _stood(lambda one: one.verdict),
        width=14,
        words=True,
    ),
    ExportColumn("measure", "What was measured", _stood(lambda one: one.measure), width=12),
    ExportColumn("before", "Its mean before", _stood(lambda one: one.before), "number", VALUE),
    ExportColumn("after", "Its mean after", _stood(lambda one: one.after), "number", VALUE),
    ExportColumn(
        "difference",
        "Mean over the queries of after minus before",
        _stood(lambda one: one.difference),
        "number",
        SIGNED,
    ),
    ExportColumn(
        "interval_low",
        "Lower end of the confidence interval of the mean difference; blank below two queries",
        _stood(lambda one: one.low),
        "number",
        SIGNED,
    ),
    ExportColumn(
        "interval_high", "Upper end of that interval", _stood(lambda one: one.high), "number", SIGNED
    ),
    ExportColumn(
        "p_value",
        "How often a difference at least as large would come about by chance (randomisation test)",
        _stood(lambda one: one.p),
        "number",
        CHANCE,
    ),
    ExportColumn(
        "compared_with",
        "What stands for «before»: the order before, the default instruction, the queries' own wording",
        _stood(lambda one: Sentence(one.against)),
        width=24,
    ),
    ExportColumn("measured", "Queries that were measured", _stood(lambda one: one.queries), "integer"),
    ExportColumn("queries", "Queries of the run", lambda row: row.job.queries, "integer"),
    ExportColumn("pairs", "Its pairs of a query and a document", lambda row: row.job.pairs, "integer"),
    ExportColumn("scored_by", "The model", lambda row: row.model, width=26),
    ExportColumn("instruction", "The one for all queries", lambda row: row.instruction, width=40),
    ExportColumn("state", "done, running, queued …", lambda row: row.job.state, width=12, words=True),
    ExportColumn("seconds", "How long it took", lambda row: row.job.seconds, "number", SECONDS, decimals=1),
    ExportColumn(
        "created",
        "When it was started",
        lambda row: row.job.created.astimezone().replace(tzinfo=None, microsecond=0),
        "datetime",
        width=20,
    ),
    ExportColumn("tags", "Given by people", lambda row: ", ".join(row.remark.tags), width=20),
    ExportColumn("note", "Written by people", lambda row: row.remark.note, width=40),
)


def runs_table(rows: tuple[LeaderboardRow, ...]) -> SheetTable:
    """A row per run."""
    return record_table("Runs", COLUMNS, lambda: rows)


def runs_csv(rows: tuple[LeaderboardRow, ...]) -> bytes:
    """As CSV, in English."""
    return csv_bytes(runs_table(rows))


def runs_excel(rows: tuple[LeaderboardRow, ...], say: Say = english) -> bytes:
    """As a workbook, in the language of `say`."""
    return workbook_bytes([runs_table(rows), settings_sheet(written_rows())], wording=Wording(say, ""))
