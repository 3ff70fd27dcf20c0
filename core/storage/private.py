"""Folders and files that only their owner can read, and files that are replaced whole or not at all."""

import os
import tempfile
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def private_folder(folder: Path) -> Path:
    """The folder, made if need be and closed to others. OSError when it cannot be made."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    _close_to_others(folder, FOLDER_MODE)
    return folder


def private_file(path: Path) -> Path:
    """The file, made empty if need be and closed to others; whatever opens it next keeps its mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    _close_to_others(path, FILE_MODE)
    return path


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole private file: a reader, or a power cut, finds the old content or the new one."""
    private_folder(path.parent)
    # `mkstemp` makes files that only their owner can read.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def close_home(home: Path) -> None:
    """Close a home folder and everything in it to others. What is not ours to change stays as it is."""
    private_folder(home)
    for folder, _, files in os.walk(home):
        _close_to_others(Path(folder), FOLDER_MODE)
        for name in files:
            _close_to_others(Path(folder, name), FILE_MODE)


def _close_to_others(path: Path, mode: int) -> None:
    """Only what is more open is changed: a folder that its owner made read-only stays so."""
    try:
        if path.is_symlink():
            return
        now = path.stat().st_mode & 0o777
        if now & 0o077:
            path.chmod(now & mode)
    except OSError:
        # Another user's file, or a file system without modes. SECURITY.md says what is promised.
        return
