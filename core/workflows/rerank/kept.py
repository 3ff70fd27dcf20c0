"""The last rerankings of a home folder: what was asked, and the result once there is one.

They lie in one file that only its owner can read. Scoring them is for `running`.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.storage.attachments import bytes_text, packed, text_bytes, unpacked
from core.storage.database import Database, Migration
from core.workflows.rerank.reranking import Reranking
from core.workflows.rerank.stored import AskedReranking, from_stored, stored

FILE_NAME = "rerankings.sqlite3"
# The oldest make room for new ones.
MOST_KEPT = 200
UNKNOWN = "There is no reranking {name} (any more)."

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE reranking (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            made REAL NOT NULL,
            query BLOB NOT NULL,
            documents INTEGER NOT NULL,
            model BLOB,
            asked BLOB NOT NULL,
            result BLOB
        )
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class KeptReranking:
    """One line of the history. made: when, in seconds since 1970. model: its label; "" without a result."""

    id: str
    made: float
    query: str
    documents: int
    model: str

    @property
    def finished(self) -> bool:
        """Whether there is a result."""
        return bool(self.model)


@dataclass(frozen=True, slots=True)
class OpenedReranking:
    """One reranking whole. result: None where scoring did not come to its end."""

    asked: AskedReranking
    made: float
    result: Reranking | None


class KeptRerankings:
    """The rerankings of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    def add(self, name: str, asked: AskedReranking) -> None:
        """Keep what is asked, under a new id; beyond MOST_KEPT the oldest is forgotten."""
        row = (name, time.time(), text_bytes(asked.query), len(asked.documents), packed(asked.stored()))
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO reranking (id, made, query, documents, asked) VALUES (?, ?, ?, ?, ?)", row
            )
            connection.execute(
                "DELETE FROM reranking WHERE number NOT IN"
                " (SELECT number FROM reranking ORDER BY number DESC LIMIT ?)",
                (MOST_KEPT,),
            )

    def finish(self, name: str, result: Reranking) -> None:
        """Keep a result beside what was asked; nothing where that was deleted meanwhile."""
        row = (text_bytes(result.scorer.label), packed(stored(result)), name)
        with self._database.writing() as connection:
            connection.execute("UPDATE reranking SET model = ?, result = ? WHERE id = ?", row)

    def opened(self, name: str) -> OpenedReranking:
        """One of them; InputError when there is none of that id."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT asked, made, result FROM reranking WHERE id = ?", (name,)
            ).fetchone()
        if row is None:
            raise InputError(UNKNOWN, name=name)
        asked, made, result = row
        return OpenedReranking(
            AskedReranking.read(unpacked(asked)),
            made,
            None if result is None else from_stored(unpacked(result)),
        )

    def history(self, search: str = "") -> list[KeptReranking]:
        """The newest first; with a search, those whose query or model holds all of its words."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, made, query, documents, model FROM reranking ORDER BY number DESC"
            ).fetchall()
        lines = [
            KeptReranking(name, made, bytes_text(query), documents, bytes_text(model or b""))
            for name, made, query, documents, model in rows
        ]
        words = search.casefold().split()
        return [one for one in lines if all(word in f"{one.query}\n{one.model}".casefold() for word in words)]

    def forget(self, name: str | None) -> None:
        """Delete one of them, or with None all."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM reranking WHERE ? IS NULL OR id = ?", (name, name))
        self._database.shrink()
