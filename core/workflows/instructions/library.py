"""The user's own instructions, kept in the home folder under a name, with every earlier version.

Beside a version stands the evidence that it won, when a trial on labelled data was run. Built-in
instructions are in `presets`; `named_instruction` finds both, for pages, HTTP and the command line.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome
from core.workflows.instructions.evidence import Evidence
from core.workflows.instructions.presets import PRESETS

FILE_NAME = "instructions.sqlite3"
LONGEST_NAME, LONGEST_NOTE, LONGEST_INSTRUCTION = 60, 1000, 4000
# How a request or a field names an instruction instead of spelling it out.
PREFIX = "preset:"

UNKNOWN = "There is no preset called «{name}»."
KNOWN = "Known presets: {known}."
NAME_EMPTY = "The name is empty."
NAME_HINT = "Give a short name, such as legal-contracts."
NAME_LONG = "The name has {count} characters; at most {limit} are kept."
NAME_LINES = "The name must stand on one line."
NAME_TAKEN = "«{name}» is the name of a built-in instruction."
NAME_TAKEN_HINT = "Choose another name."
EMPTY = "The instruction is empty."
EMPTY_HINT = "Write what makes a document relevant."
TOO_LONG = "The instruction has {count} characters; at most {limit} are kept."
NOTE_LONG = "The note has {count} characters; at most {limit} are kept."

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE version (
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            instruction TEXT NOT NULL,
            note TEXT NOT NULL,
            evidence TEXT,
            written REAL NOT NULL,
            PRIMARY KEY (name, number)
        ) WITHOUT ROWID
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an instruction. number: from 1; the highest is the one in use."""

    number: int
    instruction: str
    note: str
    written: datetime
    evidence: Evidence | None = None

    @property
    def content(self) -> tuple[str, str, Evidence | None]:
        """What makes it equal to another version."""
        return self.instruction, self.note, self.evidence


@dataclass(frozen=True, slots=True)
class SavedInstruction:
    """A named instruction with all its versions, the oldest first."""

    name: str
    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version in use."""
        return self.versions[-1]


class InstructionLibrary:
    """The instructions of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def all(self) -> tuple[SavedInstruction, ...]:
        """Every saved instruction, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name, number, instruction, note, evidence, written FROM version ORDER BY name, number"
            ).fetchall()
        versions: dict[str, list[Version]] = {}
        for name, *values in rows:
            versions.setdefault(name, []).append(_version(*values))
        return tuple(SavedInstruction(name, tuple(found)) for name, found in versions.items())

    def find(self, name: str) -> SavedInstruction | None:
        """The instruction of that name; None when there is none."""
        return next((saved for saved in self.all() if saved.name == name), None)

    def save(
        self, name: str, instruction: str, note: str = "", evidence: Evidence | None = None
    ) -> SavedInstruction:
        """Keep a wording under a name: a new name, or a new version of it where anything changed."""
        name = checked_name(name)
        version = Version(0, checked_text(instruction), checked_note(note), _now(), evidence)
        saved = self.find(name)
        if saved is None or saved.latest.content != version.content:
            self._append(name, [version])
        saved = self.find(name)
        assert saved is not None  # it was just written
        return saved

    def merge(self, name: str, versions: Sequence[Version]) -> int:
        """Add versions after those there are, without the ones there already; returns how many were new."""
        saved = self.find(name)
        known = {version.content for version in saved.versions} if saved else set()
        new = [version for version in versions if version.content not in known]
        self._append(name, new)
        return len(new)

    def remove(self, name: str) -> None:
        """Forget a name with all its versions; InputError when there is none."""
        with self._database.writing() as connection:
            if not connection.execute("DELETE FROM version WHERE name = ?", (name,)).rowcount:
                raise unknown_name(name, [saved.name for saved in self.all()])

    def _append(self, name: str, versions: Sequence[Version]) -> None:
        with self._database.writing() as connection:
            (last,) = connection.execute(
                "SELECT coalesce(max(number), 0) FROM version WHERE name = ?", (name,)
            ).fetchone()
            connection.executemany(
                "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name, last + at, v.instruction, v.note, _packed(v.evidence), v.written.timestamp())
                    for at, v in enumerate(versions, start=1)
                ],
            )


# This process's library of a home folder, opened on first use.
instruction_library = PerHome(InstructionLibrary)


def named_instruction(name: str, home: Path) -> str:
    """The wording of a built-in or saved instruction; InputError with the known names when there is none."""
    for preset in PRESETS:
        if preset.name == name:
            return preset.instruction
    library = instruction_library(home)
    saved = library.find(name)
    if saved is None:
        raise unknown_name(name, [one.name for one in library.all()])
    return saved.latest.instruction


def asked_instruction(instruction: str | None, name: str | None, home: Path) -> str | None:
    """The wording of a name where one is given, else the instruction itself."""
    return named_instruction(name, home) if name else instruction


def resolved_instruction(text: str | None, home: Path) -> str | None:
    """The text itself, or the instruction it names as `preset:NAME`."""
    if text is None or not text.strip().startswith(PREFIX):
        return text
    return named_instruction(text.strip().removeprefix(PREFIX).strip(), home)


def unknown_name(name: str, saved: Sequence[str]) -> InputError:
    """Says which names there are."""
    known = ", ".join([*(preset.name for preset in PRESETS), *saved])
    return InputError(UNKNOWN, where="preset", hint=KNOWN, name=name, known=known)


def checked_name(name: str) -> str:
    """The name without blanks around it; InputError when it cannot be one."""
    name = _storable(name)
    if not name:
        raise InputError(NAME_EMPTY, where="name", hint=NAME_HINT)
    if len(name) > LONGEST_NAME:
        raise InputError(NAME_LONG, where="name", hint=NAME_HINT, count=len(name), limit=LONGEST_NAME)
    if not name.isprintable():
        raise InputError(NAME_LINES, where="name", hint=NAME_HINT)
    if name.casefold() in {preset.name for preset in PRESETS}:
        raise InputError(NAME_TAKEN, where="name", hint=NAME_TAKEN_HINT, name=name)
    return name


def checked_text(instruction: str) -> str:
    """The instruction without blanks around it; InputError when it is empty or of book length."""
    text = _storable(instruction)
    if not text:
        raise InputError(EMPTY, where="instruction", hint=EMPTY_HINT)
    if len(text) > LONGEST_INSTRUCTION:
        raise InputError(TOO_LONG, where="instruction", count=len(text), limit=LONGEST_INSTRUCTION)
    return text


def checked_note(note: str) -> str:
    """The note without blanks around it; InputError when it is too long."""
    text = _storable(note)
    if len(text) > LONGEST_NOTE:
        raise InputError(NOTE_LONG, where="note", count=len(text), limit=LONGEST_NOTE)
    return text


def _version(number: int, instruction: str, note: str, evidence: str | None, written: float) -> Version:
    content: dict[str, Any] | None = None if evidence is None else json.loads(evidence)
    known = None if content is None else Evidence(**content)
    return Version(number, instruction, note, datetime.fromtimestamp(written, UTC), known)


def _packed(evidence: Evidence | None) -> str | None:
    return None if evidence is None else json.dumps(asdict(evidence))


def _storable(text: str) -> str:
    """SQLite's texts have no lone surrogates."""
    return text.strip().encode("utf-8", "replace").decode("utf-8")


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
