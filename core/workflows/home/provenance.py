"""Where results come from, as (name, value) rows: the block that every report's settings begin and end with.

Also reading back what a job was asked to do: its settings are kept as JSON, which has no tuples.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.jobs import Job
from core.records import ScorerInfo

Rows = list[tuple[str, str]]


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


def model_rows(model: ScorerInfo, *, longest: bool = False) -> Rows:
    """Who scored. longest: with the longest pair that the model reads."""
    return [
        ("model", model.name),
        ("scored by", model.label),
        ("device", model.device),
        ("precision", model.precision),
        ("fingerprint", model.fingerprint),
        *([("longest pair (tokens)", str(model.max_tokens))] if longest else []),
        *[("note", note) for note in model.notes],
    ]


def kept_settings(kind: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values that the dataclass `kind` still knows; `columns` is role → tuple of columns."""
    known = {name: stored[name] for name in kind.__dataclass_fields__ if name in stored}  # type: ignore[attr-defined]
    known["columns"] = {role: tuple(names) for role, names in known.get("columns", {}).items()}
    return known
