"""Files of queries wherever they lie, and the folder of results: paths, globs, object storage."""

import glob
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem  # type: ignore[import-untyped]

FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
COMPRESSED = ".gz"

NO_FILES = "There are no files of queries at {place}."
NO_FILES_HINT = "Give a file, a folder, a glob or an address of object storage with .csv, .jsonl or .parquet."
UNREACHABLE = "{place} cannot be reached: {problem}."


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file. place: the address that its file system is opened by, "" on this machine. size: bytes."""

    place: str
    path: str
    size: int

    @property
    def format(self) -> str:
        """«csv», «jsonl», «parquet», or "" for another."""
        return FORMATS.get(Path(self.path.removesuffix(COMPRESSED)).suffix.lower(), "")

    @property
    def compressed(self) -> bool:
        """Whether it is packed as .gz."""
        return self.path.endswith(COMPRESSED)

    def filesystem(self) -> "FileSystem":
        """Where it lies."""
        return opened(self.place)[0]


@dataclass(frozen=True, slots=True)
class Folder:
    """Where results go. address: a path, or an address of object storage."""

    address: str

    @property
    def local(self) -> bool:
        """Whether it is a folder of this machine, or one that is mounted here."""
        return "://" not in self.address

    def opened(self) -> tuple["FileSystem", str]:
        """Its file system, and its path there."""
        return opened(self.address)


def opened(address: str) -> tuple["FileSystem", str]:
    """The file system of an address and the path in it; InputError when there is none."""
    from pyarrow import ArrowException  # type: ignore[import-untyped]
    from pyarrow.fs import FileSystem, LocalFileSystem

    if "://" not in address:
        return LocalFileSystem(), str(Path(address).expanduser().absolute()) if address else ""
    try:
        system, path = FileSystem.from_uri(address)
        return system, path
    except (ArrowException, OSError, ValueError) as error:
        raise InputError(UNREACHABLE, where=address, place=address, problem=str(error)[:200]) from None


def input_files(place: str) -> tuple[InputFile, ...]:
    """All files of queries at a place, by name; InputError when there are none or it cannot be reached."""
    found = _on_storage(place) if "://" in place else _on_this_machine(place)
    files = tuple(sorted((file for file in found if file.format), key=lambda file: file.path))
    if not files:
        raise InputError(NO_FILES, where=place, hint=NO_FILES_HINT, place=place)
    return files


def _on_this_machine(place: str) -> list[InputFile]:
    path = Path(place).expanduser()
    if path.is_dir():
        paths = [one for one in path.rglob("*") if one.is_file() and not _hidden(one.relative_to(path))]
    elif path.is_file():
        paths = [path]
    else:
        paths = [Path(one) for one in glob.glob(str(path), recursive=True) if Path(one).is_file()]
    return [InputFile("", str(one.absolute()), one.stat().st_size) for one in paths]


def _on_storage(place: str) -> list[InputFile]:
    from pyarrow import ArrowException
    from pyarrow.fs import FileSelector, FileType

    # «?» begins the options of an address, so it is no wildcard there.
    body, mark, options = place.partition("?")
    wild = next((at for at, sign in enumerate(body) if sign in "*["), len(body))
    base = body if wild == len(body) else body[: body.rindex("/", 0, wild)]
    address = base + mark + options
    system, path = opened(address)
    try:
        about = system.get_file_info(path)
        if about.type == FileType.File:
            return [InputFile(address, path, about.size)]
        listed = system.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    except (ArrowException, OSError) as error:
        raise InputError(UNREACHABLE, where=place, place=place, problem=str(error)[:200]) from None
    pattern = path + body[len(base) :] if wild < len(body) else "*"
    return [
        InputFile(address, one.path, one.size)
        for one in listed
        if one.type == FileType.File
        and fnmatchcase(one.path, pattern)
        and not _hidden(Path(one.path[len(path) :].lstrip("/")))
    ]


def _hidden(path: Path) -> bool:
    """What other programs leave beside data: `_SUCCESS`, `.crc`, temporary folders."""
    return any(part.startswith((".", "_")) for part in path.parts)
