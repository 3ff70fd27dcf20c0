"""Folders for texts on their way through, in the system's place for such; gone with their block.

A killed process cannot clean up. What it left is removed at a later start, when it is surely nobody's.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "rerank-workbench-"
# Whatever is read or written there is done within minutes.
ABANDONED_SECONDS = 24 * 3600.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that only its owner can read."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        yield Path(folder)


def discard_abandoned(*, older_than_seconds: float = ABANDONED_SECONDS) -> int:
    """Remove this user's folders that a killed process left; returns how many."""
    oldest = time.time() - older_than_seconds
    mine = getattr(os, "getuid", lambda: None)()
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with suppress(OSError):
            about = folder.lstat()
            if about.st_mtime < oldest and mine in (None, about.st_uid) and not folder.is_symlink():
                shutil.rmtree(folder)
                removed += 1
    return removed
