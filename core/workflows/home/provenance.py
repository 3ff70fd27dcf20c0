"""Where results come from, as (name, value) rows of a report, and the Settings sheet that every workbook has.

Also reading back what a job was asked to do: its settings are kept as JSON, which has no tuples.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import __version__
from core.jobs import Job
from core.records import ScorerInfo
from core.sentences import Sentence, sentence
from core.sheets.columns import ExportColumn, record_table
from core.sheets.tables import SheetTable

Setting = tuple[str, str]
Rows = list[Setting]

DEFAULT_WORDS = "(the model's default)"
ALL = "all"
# How a batch knew the order before.
BY_RANK, BY_SCORE = "the file's rank column", "the file's score column"
BY_DISTANCE, BY_ROWS = "the file's score column, lowest first", "the order of the rows"
# Values that are words of the program.
SAID = frozenset({DEFAULT_WORDS, ALL, BY_RANK, BY_SCORE, BY_DISTANCE, BY_ROWS})
# The longest names are sentences; what is long among the values are instructions.
COLUMNS: tuple[ExportColumn[Setting], ...] = (
    ExportColumn("setting", "What is said", lambda row: _said_name(row[0]), width=36),
    ExportColumn("value", "What it was; lists have a row per entry", lambda row: _said_value(row), width=110),
)


def settings_sheet(rows: Sequence[Setting]) -> SheetTable:
    """The sheet that says what a workbook's figures come from."""
    return record_table("Settings", COLUMNS, lambda: rows)


def _said_name(name: str) -> Sentence | str:
    """«model», or «column: document»: words of the program, but for what is called by its own name."""
    if "{" in name or "}" in name:
        return name
    if name == "precision":  # that of the arithmetic; the measure of this name is another thing
        return Sentence("arithmetic")
    head, colon, rest = name.partition(": ")
    if not colon or head == "chunks":  # «chunks: most tokens» is one name
        return Sentence(name)
    return sentence("{name}: {of}", name=Sentence(head), of=Sentence(rest) if rest.isidentifier() else rest)


def _said_value(row: Setting) -> Sentence | str:
    """Words of the program are said in the reader's language; all else is data."""
    name, value = row
    says = value in SAID or (name == "note" and not set("{}") & set(value))
    return Sentence(value) if says else value


def run_rows(job: Job, *, sheet: str, encoding: str = "", columns: Mapping[str, Sequence[str]]) -> Rows:
    """Which run this is, when it was made, of which file, and what its columns meant."""
    rows = [
        ("run", f"{job.name} ({job.id})"),
        ("created", job.created.astimezone().isoformat(timespec="seconds")),
    ]
    rows += [("input", f"{file.name}, SHA-256 {file.sha256}") for file in job.inputs]
    return rows + file_rows(sheet, encoding, columns)


def file_rows(sheet: str, encoding: str, columns: Mapping[str, Sequence[str]]) -> Rows:
    """How a file was read; what it does not have is left out."""
    rows = [(name, text) for name, text in (("sheet", sheet), ("encoding", encoding)) if text]
    return rows + [(f"column: {role}", ", ".join(names)) for role, names in columns.items()]


def model_rows(model: ScorerInfo, *, longest: bool = True) -> Rows:
    """Who scored, and what is to be known of it. longest: with the longest pair that the model reads."""
    return identity_rows(model, longest=longest) + note_rows(model)


def identity_rows(model: ScorerInfo, *, longest: bool = True) -> Rows:
    """Which model scored, where and how."""
    return [
        ("model", model.name),
        ("scored by", model.label),
        ("device", model.device),
        ("precision", model.precision),
        ("fingerprint", model.fingerprint),
        *([("longest pair (tokens)", str(model.max_tokens))] if longest else []),
    ]


def note_rows(model: ScorerInfo) -> Rows:
    """What stands beside every score of the model."""
    return [("note", note) for note in model.notes]


def instruction_words(instruction: str | None) -> str:
    """An instruction as a report names it."""
    return instruction or DEFAULT_WORDS


def written_rows() -> Rows:
    """When the report was written, and by which version."""
    return [
        ("written", datetime.now().astimezone().isoformat(timespec="seconds")),
        ("workbench version", __version__),
    ]


def kept_settings(kind: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values that the dataclass `kind` still knows; `columns` is role → tuple of columns."""
    known = {name: stored[name] for name in kind.__dataclass_fields__ if name in stored}  # type: ignore[attr-defined]
    known["columns"] = {role: tuple(names) for role, names in known.get("columns", {}).items()}
    return known
