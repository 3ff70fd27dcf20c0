"""One SQLite file: opened in WAL mode, brought up to date, read and written safely from many threads.

It turns SQLite's failures into sentences for the user (`StorageError`) and sets a damaged file aside
without changing it. It knows nothing of jobs or scores: the tables come in as migrations.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import StorageError
from core.storage.private import private_file, private_folder

log = logging.getLogger(__name__)

Connect = Callable[..., sqlite3.Connection]
Migration = tuple[str, ...]

# The shared-memory and log files that belong to a database in WAL mode.
COMPANIONS = ("-wal", "-shm")
WAL_LIMIT_BYTES = 64 * 2**20
# Keys of the score cache fall anywhere in the file; SQLite's own 2 MiB would read pages again and again.
PAGE_CACHE_KIB = 32 * 1024

OPEN_RETRY_SECONDS = 0.02

LOCKED = "The database {file} is locked by another program."
FULL = "The disk that holds {file} is full."
READ_ONLY = "The file {file} cannot be written."
INPUT_OUTPUT = "The disk failed while reading or writing {file}."
DAMAGED = "The database {file} is damaged."
SET_ASIDE = "The database {file} is damaged and was set aside as {kept}."
TOO_NEW = "The database {file} was written by a newer version of this program."


class Database:
    """A SQLite file with one writer (shared behind a lock) and a short-lived reader per read.

    connect: how connections are made; the seam for tests that need a small or read-only database.
    busy_seconds: how long SQLite waits for a lock before the failure is reported.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        *,
        connect: Connect = sqlite3.connect,
        busy_seconds: float = 5.0,
    ) -> None:
        self.path = path
        self._connect = connect
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        try:
            private_folder(path.parent)
        except OSError as error:
            raise StorageError(
                "The folder {folder} cannot be created ({reason}).",
                where=str(path.parent),
                hint="Choose another home folder with RERANK_HOME.",
                folder=str(path.parent),
                reason=error.strerror or str(error),
            ) from error
        try:
            # SQLite gives its companion files the mode of the database; some may lie open from before.
            with suppress(OSError):
                private_file(path)
                for companion in (path.with_name(path.name + suffix) for suffix in COMPANIONS):
                    if companion.exists():
                        private_file(companion)
            self._writer = self._opened(migrations)
        except StorageError as error:
            if error.sentence.template is not DAMAGED:
                raise
            try:
                kept = set_aside(path)
            except OSError as unmoved:
                log.warning("%s could not be set aside: %s", path, unmoved)
                raise error from unmoved
            raise StorageError(
                SET_ASIDE,
                where=str(path),
                hint="Start again to go on with an empty one, or put a backup in its place.",
                file=path.name,
                kept=kept.name,
            ) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A consistent view: everything read inside the block comes from one moment."""
        with self._translated():
            connection = self._open("rw")
            try:
                connection.execute("PRAGMA query_only = ON")
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block is stored, or nothing of it."""
        with self._lock, self._translated(), _transaction(self._writer):
            yield self._writer

    def shrink(self) -> None:
        """Give the space of deleted rows back to the disk, if nobody is in the way just now."""
        try:
            with self._lock, self._translated():
                # Each step of this pragma frees a page and returns no columns: `execute` stops after one.
                self._writer.executescript("PRAGMA incremental_vacuum")
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except StorageError as error:
            log.info("The free space inside %s stays there for now: %s", self.path, error)

    def close(self) -> None:
        """Close the writer; the last process to close leaves a single file."""
        with self._lock:
            self._writer.close()

    def _open(self, mode: str) -> sqlite3.Connection:
        return self._connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )

    def _opened(self, migrations: Sequence[Migration]) -> sqlite3.Connection:
        """The writer on a database that is up to date.

        SQLite does not wait while another process switches a new file to WAL mode, so this does.
        """
        give_up = time.monotonic() + self._busy_seconds
        while True:
            try:
                with self._translated():
                    writer = self._open("rwc")
                    try:
                        self._prepare(writer, migrations)
                    except BaseException:
                        writer.close()
                        raise
                    return writer
            except StorageError as error:
                if error.sentence.template is not LOCKED or time.monotonic() >= give_up:
                    raise
                time.sleep(OPEN_RETRY_SECONDS)

    def _prepare(self, writer: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
        """Read first, so that a damaged or newer file is left exactly as it is."""
        version = _version(writer)
        if version > len(migrations):
            raise StorageError(
                TOO_NEW,
                where=str(self.path),
                hint="Update the program, or start it with another home folder (RERANK_HOME).",
                file=self.path.name,
                version=version,
                newest=len(migrations),
            )
        if version == 0:
            writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
        writer.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL survives a killed process; only a power cut may take the last transactions.
        writer.execute("PRAGMA synchronous = NORMAL")
        writer.execute("PRAGMA foreign_keys = ON")
        writer.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        writer.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
        if version < len(migrations):
            with _transaction(writer):
                # Another process may have migrated while this one waited for the lock.
                for number in range(_version(writer), len(migrations)):
                    for statement in migrations[number]:
                        writer.execute(statement)
                    writer.execute(f"PRAGMA user_version = {number + 1}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            translated = storage_error(error, self.path)
            if translated is None:
                raise
            raise translated from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    # The version alone would not show that the schema cannot be read.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def storage_error(error: sqlite3.Error, path: Path) -> StorageError | None:
    """The user's sentence for a SQLite failure; None when the failure is a fault of this program."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    template, hint = {
        sqlite3.SQLITE_BUSY: (LOCKED, "Close the program that uses it, then try again."),
        sqlite3.SQLITE_LOCKED: (LOCKED, "Close the program that uses it, then try again."),
        sqlite3.SQLITE_FULL: (FULL, "Free some space, then try again."),
        sqlite3.SQLITE_READONLY: (READ_ONLY, "Allow writing to it, or set RERANK_HOME to another folder."),
        sqlite3.SQLITE_CANTOPEN: (READ_ONLY, "Allow writing to it, or set RERANK_HOME to another folder."),
        sqlite3.SQLITE_PERM: (READ_ONLY, "Allow writing to it, or set RERANK_HOME to another folder."),
        sqlite3.SQLITE_IOERR: (INPUT_OUTPUT, "Check the disk and its free space, then try again."),
        sqlite3.SQLITE_CORRUPT: (DAMAGED, "Put a backup in its place, or move it away to start anew."),
        sqlite3.SQLITE_NOTADB: (DAMAGED, "Put a backup in its place, or move it away to start anew."),
    }.get(code, ("", ""))
    if not template:
        return None
    log.info("%s: %s", path, error)
    return StorageError(template, where=str(path), hint=hint, file=path.name)


def set_aside(path: Path, why: str = "damaged") -> Path:
    """Rename a database that is no longer used, and what belongs to it, to the first free «.damaged-N», or
    why else it is set aside; returns its name.
    """
    number = 1
    while (kept := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    path.rename(kept)
    for suffix in COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept
