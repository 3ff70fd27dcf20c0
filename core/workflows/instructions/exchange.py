"""The user's instructions as a JSON file: to keep, to hand to a colleague, to take over from one.

    {"format": "rerank-instructions", "version": 1, "instructions": [
        {"name": …, "versions": [{"instruction": …, "note": …, "written": …, "evidence": {…} or null}]}]}

What is imported is checked like what is typed; versions that are there already are not added again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import InputError
from core.recipes.document import read_evidence
from core.recipes.recipe import checked_note, checked_text
from core.workflows.instructions.library import InstructionLibrary, Version, checked_name

FORMAT, FORMAT_VERSION = "rerank-instructions", 1
LARGEST_FILE = 5_000_000

NOT_JSON = "The file is not valid JSON: {problem}"
NOT_OURS = "The file holds no instructions."
NOT_OURS_HINT = "It should be a file that the Sandbox page exported."
TOO_NEW = "The file was written by a newer version of this program."
TOO_LARGE = "The file has {count} bytes; at most {limit} are read."
BAD_ENTRY = "Instruction {n} of the file cannot be read: {problem}"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many names and versions an import added."""

    names: int
    versions: int
    known: int


def export_library(library: InstructionLibrary) -> bytes:
    """Every saved instruction with all versions and their evidence, as indented UTF-8 JSON."""
    instructions = [
        {
            "name": saved.name,
            "versions": [
                {
                    "instruction": version.instruction,
                    "note": version.note,
                    "written": version.written.isoformat(timespec="seconds"),
                    "evidence": None if version.evidence is None else asdict(version.evidence),
                }
                for version in saved.versions
            ],
        }
        for saved in library.all()
    ]
    record = {"format": FORMAT, "version": FORMAT_VERSION, "instructions": instructions}
    return json.dumps(record, ensure_ascii=False, indent=2).encode()


def import_library(library: InstructionLibrary, content: bytes) -> Imported:
    """Take over a file; all of it is read before anything is kept. InputError when it is not one of ours."""
    entries = _read(content)
    before = {saved.name for saved in library.all()}
    added = total = 0
    for name, versions in entries.items():
        added += library.merge(name, versions)
        total += len(versions)
    return Imported(len(entries.keys() - before), added, total - added)


def _read(content: bytes) -> dict[str, tuple[Version, ...]]:
    if len(content) > LARGEST_FILE:
        raise InputError(TOO_LARGE, count=len(content), limit=LARGEST_FILE)
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(NOT_JSON, hint=NOT_OURS_HINT, problem=str(error)) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(NOT_OURS, hint=NOT_OURS_HINT)
    if record.get("version") != FORMAT_VERSION:
        raise InputError(TOO_NEW)
    entries: dict[str, tuple[Version, ...]] = {}
    given = record.get("instructions")
    for n, entry in enumerate(given if isinstance(given, list) else (), start=1):
        try:
            name = checked_name(str(entry["name"]))
            entries[name] = tuple(_version(one) for one in entry["versions"])
        except InputError as error:
            raise InputError(BAD_ENTRY, n=n, problem=error.message) from None
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(BAD_ENTRY, n=n, problem=str(error)) from None
    if not any(entries.values()):
        raise InputError(NOT_OURS, hint=NOT_OURS_HINT)
    return {name: versions for name, versions in entries.items() if versions}


def _version(given: Mapping[str, Any]) -> Version:
    written = datetime.fromisoformat(str(given["written"]))
    return Version(
        0,
        checked_text(str(given["instruction"])),
        checked_note(str(given.get("note") or "")),
        written if written.tzinfo else written.replace(tzinfo=UTC),
        read_evidence(given.get("evidence")),
    )
