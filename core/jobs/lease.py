"""Which process runs jobs on a home folder: one at a time, by an operating-system lock.

The system drops the lock when its holder dies, `kill -9` included, so a lease is never stale. A small
file beside it says who holds it, for messages only.
"""

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import BusyError, StorageError
from core.storage.private import private_file, private_folder, replace_file

log = logging.getLogger(__name__)

LOCK_NAME = "jobs.lock"
HOLDER_NAME = "jobs.holder.json"
# Start times are reported to within a clock tick.
SAME_START_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs jobs: its number, and its start as `_start_of` tells it."""

    process: int
    started: float


class Lease:
    """The right to run jobs in one home folder."""

    def __init__(self, home: Path) -> None:
        # Imported here: a page that only shows history does not need it.
        from filelock import FileLock

        self._home = home
        self._lock = FileLock(home / LOCK_NAME, thread_local=False)

    @property
    def held(self) -> bool:
        """True while this object holds the lease."""
        return bool(self._lock.is_locked)

    def acquire(self, patience_seconds: float = 0.0) -> None:
        """Take the lease; BusyError names the process that has it."""
        from filelock import Timeout

        if self.held:
            return
        try:
            private_folder(self._home)
            private_file(self._home / LOCK_NAME)
            self._lock.acquire(timeout=patience_seconds)
        except Timeout as error:
            holder = self.holder()
            raise BusyError(
                "Another workbench process ({process}) is running jobs in {folder}.",
                hint="Wait until it has finished, or work in its window; results can be read here.",
                process=holder.process if holder else "?",
                folder=str(self._home),
            ) from error
        except OSError as error:
            raise StorageError(
                "The folder {folder} cannot be written ({reason}).",
                where=str(self._home),
                hint="Allow writing to it, or set RERANK_HOME to another folder.",
                folder=str(self._home),
                reason=error.strerror or str(error),
            ) from error
        self._sign()

    def release(self) -> None:
        """Give the lease back; does nothing when it is not held."""
        if self.held:
            # On a disk that has become read-only the note stays; nobody believes it once this process ended.
            with suppress(OSError):
                (self._home / HOLDER_NAME).unlink(missing_ok=True)
            self._lock.release()

    def holder(self) -> Holder | None:
        """Who runs jobs now; None when nobody does, or nobody alive."""
        try:
            content = json.loads((self._home / HOLDER_NAME).read_text("utf-8"))
            holder = Holder(int(content["process"]), float(content["started"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        started = _start_of(holder.process)
        alive = started is not None and abs(started - holder.started) <= SAME_START_SECONDS
        return holder if alive else None

    def _sign(self) -> None:
        own = {"process": os.getpid(), "started": _start_of(os.getpid())}
        try:
            replace_file(self._home / HOLDER_NAME, json.dumps(own).encode())
        except OSError as error:
            log.warning("The holder of the job lock could not be noted: %s", error)


def _start_of(process: int) -> float | None:
    """When a process started, in seconds since a moment that setting the clock does not move."""
    import psutil  # type: ignore[import-untyped]

    try:
        started = float(psutil.Process(process).create_time())
    except psutil.Error:
        return None
    # Linux knows starts since the boot only; its boot moves on the clock when that is set.
    return started - float(psutil.boot_time()) if psutil.LINUX else started
