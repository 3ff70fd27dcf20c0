"""Run files of other tools and their judgements, kept in the home folder so that a reload finds them.

Files have an owner: a comparison of runs, or the data beside which runs are compared. What they say is read
by `evaluate_files`.
"""

import hashlib
import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.storage.attachments import bytes_text, text_bytes
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome
from core.workflows.evaluate.files import NamedFile

FILE_NAME = "comparisons.sqlite3"
# Tells a comparison's id from a job's in the page's address.
PREFIX = "runs-"

UNKNOWN = "There is no comparison {name}."

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE kept (
            owner TEXT NOT NULL,
            kind TEXT NOT NULL,
            place INTEGER NOT NULL,
            name BLOB NOT NULL,
            content BLOB NOT NULL,
            written REAL NOT NULL,
            PRIMARY KEY (owner, kind, place)
        ) WITHOUT ROWID
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class KeptComparison:
    """Runs and the judgements they are measured by. written: when, in seconds since 1970."""

    id: str
    runs: tuple[str, ...]
    qrels: str
    written: float


class KeptFiles:
    """The kept files of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    def keep_runs(self, owner: str, runs: Sequence[NamedFile]) -> None:
        """Keep these runs in place of those the owner had; none forgets them."""
        self._keep(owner, runs, ())

    def keep_comparison(self, runs: Sequence[NamedFile], qrels: NamedFile) -> str:
        """Keep a comparison; returns its id, the same for the same files."""
        parts = [(file.name, hashlib.sha256(file.content).hexdigest()) for file in (*runs, qrels)]
        owner = PREFIX + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
        self._keep(owner, runs, (qrels,))
        return owner

    def runs(self, owner: str) -> tuple[NamedFile, ...]:
        """The owner's runs, in the order given."""
        return self._files(owner, "run")

    def signature(self, owner: str) -> float:
        """Changes when the owner's files do; 0 when there are none."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT max(written) FROM kept WHERE owner = ?", (owner,)).fetchone()
        return float(row[0] or 0)

    def comparison(self, owner: str) -> tuple[tuple[NamedFile, ...], NamedFile]:
        """A comparison's runs and judgements; InputError when there is none of that id."""
        qrels = self._files(owner, "qrels")
        if not qrels:
            raise InputError(UNKNOWN, name=owner)
        return self._files(owner, "run"), qrels[0]

    def comparisons(self) -> tuple[KeptComparison, ...]:
        """Every comparison, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT owner, kind, name, written FROM kept WHERE owner IN"
                " (SELECT owner FROM kept WHERE kind = 'qrels') ORDER BY owner, kind DESC, place"
            ).fetchall()
        found: dict[str, KeptComparison] = {}
        for owner, kind, name, written in rows:
            known = found.get(owner, KeptComparison(owner, (), "", written))
            runs = (*known.runs, bytes_text(name)) if kind == "run" else known.runs
            qrels = bytes_text(name) if kind == "qrels" else known.qrels
            found[owner] = KeptComparison(owner, runs, qrels, written)
        return tuple(sorted(found.values(), key=lambda one: -one.written))

    def forget(self, owner: str) -> None:
        """Remove the owner's files."""
        self._keep(owner, (), ())

    def _keep(self, owner: str, runs: Sequence[NamedFile], qrels: Sequence[NamedFile]) -> None:
        now = time.time()
        rows = [
            (owner, kind, place, text_bytes(file.name), zlib.compress(file.content), now)
            for kind, files in (("run", runs), ("qrels", qrels))
            for place, file in enumerate(files)
        ]
        with self._database.writing() as connection:
            connection.execute("DELETE FROM kept WHERE owner = ?", (owner,))
            connection.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _files(self, owner: str, kind: str) -> tuple[NamedFile, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name, content FROM kept WHERE owner = ? AND kind = ? ORDER BY place", (owner, kind)
            ).fetchall()
        return tuple(NamedFile(bytes_text(name), zlib.decompress(content)) for name, content in rows)


# This process's kept files of a home folder, opened on first use.
kept_files = PerHome(KeptFiles)
