"""Scores kept by content: an equal pair under an equal model is never scored twice.

A key is a hash of the scorer's fingerprint (which covers weights, template, precision and length),
instruction, query and document. The cache is expendable: it holds nothing that cannot be scored again,
and a damaged one is replaced. When to ask it is `scoring`'s affair.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.errors import StorageError
from core.jobs.migrations import CACHE
from core.records import Score, ScoringRequest
from core.storage.database import DAMAGED, SET_ASIDE, Connect, Database, set_aside

log = logging.getLogger(__name__)

FILE_NAME = "scores.sqlite3"
# About 85 bytes each on disk: 3 million are 250 MB.
DEFAULT_LIMIT = 3_000_000
# Evicting down to this share of the limit makes the scan for the oldest rare.
KEPT_AFTER_EVICTION = 0.9
# Below this share nothing is evicted soon, and noting every use costs three times the look-up.
USES_NOTED_FROM = 0.5
# SQLite allows 32,766 variables in a statement since 3.32; a few hundred are as fast.
KEYS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """entries of at most limit; bytes on disk, log included; hits and misses since this object was opened."""

    entries: int
    limit: int
    bytes: int
    hits: int
    misses: int


class ScoreCache:
    """The score cache in a home folder. Safe to use from several threads and processes.

    limit: the most entries kept; beyond it the least recently used go. Uses count once it is half full.
    """

    def __init__(
        self,
        home: Path,
        *,
        limit: int = DEFAULT_LIMIT,
        connect: Connect = sqlite3.connect,
        busy_seconds: float = 5.0,
    ) -> None:
        self._limit = limit
        self._hits = 0
        self._misses = 0
        self._changes = 0

        def opened() -> tuple[Database, int]:
            database = Database(home / FILE_NAME, CACHE, connect=connect, busy_seconds=busy_seconds)
            try:
                # Counted once and then kept: counting millions of rows costs more than a micro-batch.
                with database.reading() as connection:
                    return database, _count(connection)
            except StorageError:
                database.close()
                raise

        try:
            self._database, self._entries = opened()
        except StorageError as error:
            # Counting walks through the whole file, so it meets damage that opening does not.
            if error.sentence.template not in (SET_ASIDE, DAMAGED):
                raise
            if error.sentence.template is DAMAGED:
                _set_aside(home / FILE_NAME, error)
            log.warning("%s A new score cache is begun.", error.message)
            self._database, self._entries = opened()
        with self._database.writing() as connection:
            self._evict(connection)

    @property
    def changes(self) -> int:
        """How often this object kept or forgot scores: while it stays the same, plans stay right."""
        return self._changes

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, Score]:
        """The scores that are known. What was found counts as used now."""
        found = self._look_up(keys)
        if found and self._entries >= self._limit * USES_NOTED_FROM:
            try:
                self._touch(list(found))
            except StorageError as error:
                # Only the order of eviction suffers.
                log.info("The score cache could not note its use: %s", error)
        self._hits += len(found)
        self._misses += len(keys) - len(found)
        return found

    def find_known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Which of the keys have a score; looking does not count as a use."""
        return set(self._look_up(keys))

    def put_many(self, scores: Mapping[bytes, Score]) -> None:
        """Keep scores, in one transaction."""
        with self._database.writing() as connection:
            used = _tick(connection)
            rows = ((key, s.logit, s.probability, s.tokens, s.truncated, used) for key, s in scores.items())
            added = connection.executemany(
                "INSERT INTO score VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
            ).rowcount
            self._entries += added
            self._evict(connection)
        self._changes += 1

    def clear(self) -> int:
        """Forget everything and give the space back; returns how many entries there were."""
        with self._database.writing() as connection:
            removed = _count(connection)
            connection.execute("DELETE FROM score")
            self._entries = 0
        self._changes += 1
        self._database.shrink()
        return removed

    def statistics(self) -> CacheStatistics:
        """How full the cache is and how well it served."""
        with self._database.reading() as connection:
            entries = _count(connection)
        path = self._database.path
        files = (path, path.with_name(path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        return CacheStatistics(entries, self._limit, size, self._hits, self._misses)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    def _look_up(self, keys: Sequence[bytes]) -> dict[bytes, Score]:
        found: dict[bytes, Score] = {}
        with self._database.reading() as connection:
            for some in _chunks(keys):
                rows = connection.execute(
                    f"SELECT key, logit, tokens, truncated FROM score WHERE key IN ({_marks(some)})",
                    some,
                )
                for key, logit, tokens, truncated in rows:
                    found[key] = Score(logit, tokens, bool(truncated))
        return found

    def _touch(self, keys: Sequence[bytes]) -> None:
        with self._database.writing() as connection:
            used = _tick(connection)
            for some in _chunks(keys):
                connection.execute(f"UPDATE score SET used = ? WHERE key IN ({_marks(some)})", (used, *some))

    def _evict(self, connection: sqlite3.Connection) -> None:
        if self._entries <= self._limit:
            return
        # Another process may have added or removed entries since they were counted.
        self._entries = _count(connection)
        if self._entries <= self._limit:
            return
        excess = self._entries - int(self._limit * KEPT_AFTER_EVICTION)
        connection.execute(
            "DELETE FROM score WHERE key IN (SELECT key FROM score ORDER BY used LIMIT ?)", (excess,)
        )
        self._entries -= excess


def pair_keys(fingerprint: str, requests: Iterable[ScoringRequest]) -> list[bytes]:
    """One 32-byte key per pair, in order through all requests.

    Every field is preceded by its length, and a missing instruction differs from an empty one, so two
    different pairs never hash the same bytes.
    """
    base = hashlib.sha256(b"rerank pair 1" + _framed(fingerprint))
    keys: list[bytes] = []
    for request in requests:
        head = base.copy()
        head.update(b"\0" if request.instruction is None else b"\1" + _framed(request.instruction))
        head.update(_framed(request.query))
        for document in request.documents:
            whole = head.copy()
            whole.update(_framed(document))
            keys.append(whole.digest())
    return keys


def _set_aside(path: Path, damage: StorageError) -> None:
    try:
        set_aside(path)
    except OSError as unmoved:
        raise damage from unmoved


def _framed(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "little") + encoded


def _tick(connection: sqlite3.Connection) -> int:
    connection.execute("UPDATE clock SET tick = tick + 1")
    return int(connection.execute("SELECT tick FROM clock").fetchone()[0])


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM score").fetchone()[0])


def _chunks(keys: Sequence[bytes]) -> Iterable[tuple[bytes, ...]]:
    remaining = iter(keys)
    while some := tuple(islice(remaining, KEYS_PER_STATEMENT)):
        yield some


def _marks(keys: Sequence[bytes]) -> str:
    return ",".join("?" * len(keys))
