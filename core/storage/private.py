"""Folders and files that only their owner can read, and files that are replaced whole or not at all.

Every file of the home folder is written here, by SQLite (`database`) or, for a model, by its download. What
is in it is for those who keep it.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

FOLDER_MODE, FILE_MODE = 0o700, 0o600
# What this program keeps in a home folder. Whoever makes their own folder the home has other things in it,
# programs among them, whose modes are none of our business.
KEPT = (
    "*.sqlite3",
    "*.sqlite3-*",
    "*.sqlite3.*",
    "jobs.*",
    "uploads",
    "rewritings",
    "models",
    "keys",
    "corpora",
    "recipes",
    "access-key",
    ".lock",
    "texts-may-be-sent-to.json",
)


@dataclass(slots=True)
class GrowingFile:
    """A file that is being written. name: what it will be called; set before it is whole."""

    stream: BinaryIO
    name: str = ""


def private_folder(folder: Path) -> Path:
    """The folder, made if need be with those above it, and closed to others. OSError when it cannot be made.

    Where the folder is a link, the one that it leads to is meant.
    """
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(folder))
    _close_to_others(folder.resolve(), FOLDER_MODE)
    return folder


def private_file(path: Path) -> Path:
    """The file, made empty if need be and closed to others; whatever opens it next keeps its mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    _close_to_others(path, FILE_MODE)
    return path


@contextmanager
def growing_file(folder: Path) -> Iterator[GrowingFile]:
    """A private file of a folder that gets its name when the block ends: whole, or not at all.

    A reader, a killed process or a power cut leaves the old content or the new one under that name.
    """
    private_folder(folder)
    # `mkstemp` makes files that only their owner can read.
    handle, partial_name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".partial")
    partial = Path(partial_name)
    try:
        with os.fdopen(handle, "wb") as stream:
            growing = GrowingFile(stream)
            yield growing
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(folder / growing.name)
    except BaseException:
        # On a disk that has become read-only it stays.
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole private file in the place of the one there may be."""
    with growing_file(path.parent) as growing:
        growing.stream.write(content)
        growing.name = path.name


def to_disk(path: Path) -> None:
    """Have what was written to a file survive a power cut."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def close_home(home: Path) -> None:
    """Close a home folder and all that is kept in it to others, also what an earlier version left open.

    What is not ours to change stays as it is.
    """
    private_folder(home)
    for pattern in KEPT:
        for kept in home.glob(pattern):
            if kept.is_symlink() or not kept.is_dir():
                _close_to_others(kept, FILE_MODE)
                continue
            for folder, _, files in os.walk(kept):
                _close_to_others(Path(folder), FOLDER_MODE)
                for name in files:
                    _close_to_others(Path(folder, name), FILE_MODE)


def _close_to_others(path: Path, mode: int) -> None:
    """Only what is more open is changed: a folder that its owner made read-only stays so."""
    try:
        if path.is_symlink():
            return
        now = path.stat().st_mode & 0o7777
        # A folder with the sticky bit, such as /tmp, is everybody's on purpose.
        if now & 0o077 and not now & stat.S_ISVTX:
            path.chmod(now & mode)
    except OSError:
        # Another user's file, or a file system without modes. SECURITY.md says what is promised.
        return
