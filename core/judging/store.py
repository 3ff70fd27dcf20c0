"""Labels with whose they are, answers of models by content, and what was asked last: kept in the home folder.

An answer is stored as it comes, so a killed process has nothing to pay for again. Which label counts in an
evaluation is decided elsewhere; this file never mixes sources.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from core.judging.labels import Label, Source, SourceKind
from core.judging.panel import Panel, panel_of
from core.storage.attachments import bytes_text, text_bytes
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome

FILE_NAME = "labels.sqlite3"
# SQLite allows 32,766 variables in a statement; a few hundred are as fast.
KEYS_PER_STATEMENT = 500

RoundState = Literal["running", "stopped", "done"]

# Ids, names and notes are UTF-8 in blobs, because spreadsheets contain lone surrogates.
STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE label (
            judged_set TEXT NOT NULL,
            kind TEXT NOT NULL,
            name BLOB NOT NULL,
            fingerprint TEXT NOT NULL,
            query BLOB NOT NULL,
            document BLOB NOT NULL,
            grade INTEGER NOT NULL,
            votes TEXT NOT NULL,
            probability REAL,
            note BLOB NOT NULL,
            written REAL NOT NULL,
            PRIMARY KEY (judged_set, kind, name, fingerprint, query, document)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE answer (
            key BLOB PRIMARY KEY,
            grade INTEGER NOT NULL,
            written REAL NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE TABLE panel (fingerprint TEXT PRIMARY KEY, described BLOB NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE round (
            judged_set TEXT PRIMARY KEY,
            asked BLOB NOT NULL,
            state TEXT NOT NULL,
            written REAL NOT NULL
        ) WITHOUT ROWID
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Round:
    """What models were last asked about a file. asked: by which the round can go on, without any key."""

    asked: Mapping[str, Any]
    state: RoundState
    written: float


class LabelStore:
    """The labels of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def save(
        self, judged_set: str, labels: Iterable[Label], answers: Mapping[bytes, int] | None = None
    ) -> None:
        """Keep labels, and the answers they come from, in one transaction.

        A source's label of a pair replaces its earlier one. A label without a time is written now.
        """
        now = time.time()
        rows = [_row(judged_set, label if label.written else replace(label, written=now)) for label in labels]
        with self._database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO label VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            connection.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
                [(key, grade, now) for key, grade in (answers or {}).items()],
            )

    def labels(self, judged_set: str, source: Source | None = None) -> tuple[Label, ...]:
        """The labels of a file, the oldest first; of one source, where one is named."""
        where, values = "judged_set = ?", [judged_set]
        if source is not None:
            where += " AND kind = ? AND name = ? AND fingerprint = ?"
            values += [source.kind, text_bytes(source.name), source.fingerprint]  # type: ignore[list-item]
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT kind, name, fingerprint, query, document, grade, votes, probability, note, written"
                f" FROM label WHERE {where} ORDER BY written, query, document",
                values,
            ).fetchall()
        return tuple(_label(row) for row in rows)

    def signature(self, judged_set: str) -> tuple[int, float]:
        """Changes when the file's labels do."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT count(*), max(written) FROM label WHERE judged_set = ?", (judged_set,)
            ).fetchone()
        return int(row[0]), float(row[1] or 0)

    def forget(self, judged_set: str, source: Source, query_id: str = "", document_id: str = "") -> None:
        """Take back a source's label of a pair; all its labels of the file where no pair is named."""
        where = "judged_set = ? AND kind = ? AND name = ? AND fingerprint = ?"
        values: list[object] = [judged_set, source.kind, text_bytes(source.name), source.fingerprint]
        if query_id or document_id:
            where += " AND query = ? AND document = ?"
            values += [text_bytes(query_id), text_bytes(document_id)]
        with self._database.writing() as connection:
            connection.execute(f"DELETE FROM label WHERE {where}", values)

    def answers(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """The grades that are known, by the content of the question."""
        found: dict[bytes, int] = {}
        with self._database.reading() as connection:
            for first in range(0, len(keys), KEYS_PER_STATEMENT):
                some = keys[first : first + KEYS_PER_STATEMENT]
                marks = ",".join("?" * len(some))
                found.update(
                    connection.execute(f"SELECT key, grade FROM answer WHERE key IN ({marks})", some)
                )
        return found

    def describe(self, panel: Panel) -> None:
        """Keep what stands behind a fingerprint: whoever reads a label can read its rubric."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO panel VALUES (?, ?)",
                (panel.fingerprint, text_bytes(panel.described())),
            )

    def panel(self, fingerprint: str) -> Panel | None:
        """The panel behind a fingerprint; None when it is not known here."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT described FROM panel WHERE fingerprint = ?", (fingerprint,)
            ).fetchone()
        return panel_of(bytes_text(row[0])) if row else None

    def note_round(self, judged_set: str, asked: Mapping[str, Any], state: RoundState) -> None:
        """Keep what is being asked about a file and how far that came."""
        body = text_bytes(json.dumps(dict(asked), ensure_ascii=False))
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO round VALUES (?, ?, ?, ?)", (judged_set, body, state, time.time())
            )

    def round(self, judged_set: str) -> Round | None:
        """What was asked last about a file."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT asked, state, written FROM round WHERE judged_set = ?", (judged_set,)
            ).fetchone()
        return Round(json.loads(bytes_text(row[0])), row[1], row[2]) if row else None


# This process's labels of a home folder, opened on first use.
label_store = PerHome(LabelStore)


def _row(judged_set: str, label: Label) -> tuple[object, ...]:
    source = label.source
    return (
        judged_set,
        source.kind,
        text_bytes(source.name),
        source.fingerprint,
        text_bytes(label.query_id),
        text_bytes(label.document_id),
        label.grade,
        ",".join(map(str, label.votes)),
        label.probability,
        text_bytes(label.note),
        label.written,
    )


def _label(row: Sequence[Any]) -> Label:
    kind: SourceKind = row[0]
    votes = tuple(int(vote) for vote in row[6].split(",") if vote)
    return Label(
        bytes_text(row[3]),
        bytes_text(row[4]),
        row[5],
        Source(kind, bytes_text(row[1]), row[2]),
        row[9],
        votes,
        row[7],
        bytes_text(row[8]),
    )
