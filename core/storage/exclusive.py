"""One writer at a time in a folder, whichever thread or process it is in.

The system drops the lock when its holder dies, `kill -9` included.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import StorageError
from core.storage.private import private_file, private_folder

LOCK_NAME = ".lock"
# Changes of small files take milliseconds; whoever waits longer than this has met a hanging process.
PATIENCE_SECONDS = 10.0


@contextmanager
def exclusive(folder: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the folder while something in it is read, changed and written back.

    OSError when nothing can be written there, StorageError when another writer does not let go.
    """
    from filelock import FileLock, Timeout

    private_folder(folder)
    lock = FileLock(private_file(folder / LOCK_NAME), thread_local=False)
    try:
        lock.acquire(timeout=patience_seconds)
    except Timeout as error:
        raise StorageError(
            "The folder {folder} is in use by another program.",
            where=str(folder),
            hint="Close the program that uses it, then try again.",
            folder=str(folder),
        ) from error
    try:
        yield
    finally:
        lock.release()
