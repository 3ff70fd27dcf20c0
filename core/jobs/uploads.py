"""Keep what the user uploads: at once, under the name of its content, until no job needs it.

A browser forgets an upload on a page switch; this does not. Reading the file is for `core.sheets`.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import StorageError
from core.jobs.records import InputFile
from core.storage.private import growing_file

FOLDER = "uploads"
CHUNK_BYTES = 2**20


def keep_upload(home: Path, name: str, stream: BinaryIO) -> InputFile:
    """Copy a stream into the home folder. The same content is kept once, whatever it is called."""
    folder = home / FOLDER
    digest = hashlib.sha256()
    size = 0
    try:
        with growing_file(folder) as growing:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                growing.stream.write(chunk)
            growing.name = digest.hexdigest() + _suffix(name)
        kept = folder / growing.name
        # A renewed upload is a recent one for `discard_unused`.
        os.utime(kept)
    except OSError as error:
        raise StorageError(
            "The file {name} could not be saved in {folder} ({reason}).",
            where=name,
            hint="Free some space and allow writing there, or set RERANK_HOME to another folder.",
            name=name,
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return InputFile(name, str(kept), digest.hexdigest(), size)


def discard_unused(home: Path, used: Iterable[str], *, older_than_seconds: float) -> int:
    """Remove kept files that no path in `used` names and that were not touched lately; returns how many.

    What cannot be removed now is tried again at the next start.
    """
    names = {Path(path).name for path in used}
    before = time.time() - older_than_seconds
    removed = 0
    for file in sorted((home / FOLDER).glob("*")):
        with suppress(OSError):
            if file.name not in names and file.stat().st_mtime <= before:
                file.unlink()
                removed += 1
    return removed


def _suffix(name: str) -> str:
    """The ending people know the file by; the content decides how it is read."""
    found = re.search(r"\.[A-Za-z0-9]{1,10}$", name)
    return found.group().lower() if found else ""
