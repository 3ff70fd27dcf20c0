"""The fallback store: one SQLite file with an FTS5 word index and the vectors as blobs; nothing to install.

Meant for up to 20,000 passages, where it answers as fast as the other store; long queries grow slow beyond.
The word index keeps its own copy of the tokens: without one (contentless), and without positions, bm25() of
SQLite 3.40 is 0 for every row, and rows cannot be deleted.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from core.retrieval.nearest import Entry
from core.retrieval.passages import Filters, Hit, Passage, labels, metadata_of
from core.retrieval.store import Store
from core.retrieval.tokens import tokens
from core.storage.private import private_folder

FILE_NAME = "corpus.sqlite3"
BUSY_SECONDS = 10.0
PORTION = 8192

FAILED = "The corpus cannot be used: {problem}"
FAILED_HINT = "Check the disk and its free space, then try again."

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    position INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    key INTEGER NOT NULL,
    content INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(tokens, detail=none, tokenize='unicode61');
CREATE TABLE IF NOT EXISTS vectors (key INTEGER PRIMARY KEY, vector BLOB NOT NULL);
"""
_PASSAGE = "id, text, title, source, position, metadata"


class SqliteStore(Store):
    """A corpus in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        self._place = str(path)
        self._one_reader = threading.RLock()
        try:
            private_folder(folder)
        except OSError as error:
            problem = error.strerror or str(error)
            raise StorageError(FAILED, where=str(folder), hint=FAILED_HINT, problem=problem) from error
        with _translated(self._place):
            self._writer, self._reader = _opened(path), _opened(path)
        super().__init__(self._place)

    def close(self) -> None:
        """Close the file."""
        with self._writing, self._one_reader:
            self._writer.close()
            self._reader.close()

    def _about(self) -> dict[str, str]:
        return dict(self._rows("SELECT name, value FROM about"))

    def _note(self, about: Mapping[str, str]) -> None:
        with self._transaction() as file:
            file.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def _now(self) -> object:
        # Changes when another connection has written; the writer's own writes are known.
        with _translated(self._place), self._writing:
            return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    def _entries(self) -> Iterable[Entry]:
        rows = self._rows("SELECT id, key, content, source, metadata FROM passages ORDER BY number")
        return (
            Entry(name, key, content, source, metadata_of(json.loads(kept)))
            for name, key, content, source, kept in rows
        )

    def _count(self) -> int:
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def _stored_keys(self) -> NDArray[np.int64]:
        return np.array([row[0] for row in self._rows("SELECT key FROM vectors")], np.int64)

    def _stored_vectors(
        self, wanted: Sequence[int] | None = None
    ) -> Iterator[tuple[list[int], NDArray[np.float16]]]:
        if wanted is not None:
            marks = ", ".join("?" * len(wanted))
            rows = self._rows(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", *wanted)
            yield from _unpacked(rows)
            return
        last = -1
        while rows := self._rows(
            "SELECT key, vector FROM vectors WHERE key > ? ORDER BY key LIMIT ?", last, PORTION
        ):
            last = rows[-1][0]
            yield from _unpacked(rows)

    def _write(self, new: Sequence[Passage], changed: Sequence[Passage]) -> None:
        with self._transaction() as file:
            self._forget_words(file, [one.id for one in changed])
            for one in (*changed, *new):
                kept = json.dumps(labels(one.metadata), ensure_ascii=False)
                values = (one.id, one.text, one.title, one.source, one.position, kept, one.key, one.content)
                (number,) = file.execute(
                    "INSERT INTO passages (id, text, title, source, position, metadata, key, content) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text, "
                    "title = excluded.title, source = excluded.source, position = excluded.position, "
                    "metadata = excluded.metadata, key = excluded.key, content = excluded.content "
                    "RETURNING number",
                    values,
                ).fetchone()
                file.execute(
                    "INSERT INTO words (rowid, tokens) VALUES (?, ?)", (number, _spaced(one.read_text))
                )

    def _delete(self, ids: Sequence[str]) -> None:
        with self._transaction() as file:
            self._forget_words(file, ids)
            file.executemany("DELETE FROM passages WHERE id = ?", [(name,) for name in ids])

    def _read(self, ids: Sequence[str]) -> Iterable[Passage]:
        marks = ", ".join("?" * len(ids))
        rows = self._rows(f"SELECT {_PASSAGE} FROM passages WHERE id IN ({marks})", *ids)
        return (
            Passage(name, text, title, source, position, metadata_of(json.loads(kept)))
            for name, text, title, source, position, kept in rows
        )

    def _find_words(self, wanted: Sequence[str], k: int, within: Filters) -> list[Hit]:
        query = " OR ".join(f'"{token}"' for token in wanted)
        where, values = _within(within)
        rows = self._rows(
            "SELECT id, -bm25(words) FROM words JOIN passages ON passages.number = words.rowid "
            f"WHERE words MATCH ? {where} ORDER BY bm25(words) LIMIT ?",
            query,
            *values,
            k,
        )
        return [Hit(*row) for row in rows]

    def _tend(self) -> None:
        """FTS5 merges its parts by itself."""

    def _begin_vectors(self, dimensions: int) -> None:
        self._end_vectors()

    def _write_vectors(self, keys: Sequence[int], vectors: NDArray[np.float16]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._transaction() as file:
            file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _delete_vectors(self, keys: Sequence[int]) -> None:
        with self._transaction() as file:
            file.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in keys])

    def _end_vectors(self) -> None:
        with self._transaction() as file:
            file.execute("DELETE FROM vectors")

    def _forget_words(self, file: sqlite3.Connection, ids: Sequence[str]) -> None:
        file.executemany(
            "DELETE FROM words WHERE rowid = (SELECT number FROM passages WHERE id = ?)",
            [(name,) for name in ids],
        )

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with _translated(self._place), self._one_reader:
            return self._reader.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _translated(self._place), self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    # Survives a killed process; a power cut may take the last batches, which are then added again.
    file.execute("PRAGMA synchronous = NORMAL")
    file.executescript(_TABLES)
    return file


def _within(filters: Filters) -> tuple[str, list[str]]:
    """A condition for each filter, and its values."""
    conditions, values = [], list(filters.sources)
    if filters.sources:
        conditions.append(f"AND source IN ({', '.join('?' * len(filters.sources))})")
    for pairs in filters.by_name():
        marks = ", ".join("?" * len(pairs))
        conditions.append(f"AND EXISTS (SELECT 1 FROM json_each(metadata) WHERE value IN ({marks}))")
        values += labels(tuple(pairs))
    return " ".join(conditions), values


def _spaced(text: str) -> str:
    return " ".join(tokens(text))


def _unpacked(rows: Sequence[tuple[int, bytes]]) -> Iterator[tuple[list[int], NDArray[np.float16]]]:
    if rows:
        flat = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
        yield [key for key, _ in rows], flat.reshape(len(rows), -1)


@contextmanager
def _translated(where: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(FAILED, where=where, hint=FAILED_HINT, problem=str(error)) from error
