"""Reads any uploaded file into grids. The content decides what it is; the name is only compared with it.

This module sorts files to their readers and refuses what is no table at all. Headers and roles come later.
"""

import hashlib
import struct
from dataclasses import replace
from pathlib import Path, PurePath

from core.errors import InputError, TooLargeError
from core.sentences import sentence
from core.sheets.reading.confined import REFUSALS, parse_confined
from core.sheets.reading.parsed import ParsedFile
from core.sheets.reading.texts import SUFFIXES, parse_text
from core.sheets.records import ReadLimits, RowProblem, Source
from core.storage.scratch import scratch_folder

OTHER_NAME = "The file is named {suffix}, but its content is {format}; it was read as {format}."
# Reading takes time in proportion to the size, so a text this small needs no process of its own: it is read
# in a few hundredths of a second, and starting a process takes longer.
SMALL_TEXT_BYTES = 64 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS = 0x2F
# The record stands behind the stream's first one, and at most a note that the file is to be read only.
_RECORDS_BEFORE_PASSWORD = 4
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# What people upload by mistake: first bytes, and what to call it.
_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a sound, a film or a picture"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x80\x04\x95", "a Python pickle, which is never opened"),
)
SUPPORTED_SUFFIXES = tuple(SUFFIXES)


def read_source(
    file: Path | bytes, name: str = "", *, encoding: str | None = None, limits: ReadLimits | None = None
) -> Source:
    """Read a file, or an upload's bytes with its name, into grids. InputError when it is no table.

    encoding: for text files; overrides the guess. One sheet gives one grid; text files give one grid.
    """
    limits = limits or ReadLimits()
    if isinstance(file, bytes):
        content, name = file, PurePath(name).name
    else:
        content, name = _content(file, limits), name or file.name
    size = len(content)
    if size > limits.file_bytes:
        raise TooLargeError(
            "The file has {megabytes} MB; the limit is {limit} MB.",
            where=name,
            hint="Split it into smaller files.",
            megabytes=size >> 20,
            limit=limits.file_bytes >> 20,
        )
    if not content.strip(b"\0 \t\r\n"):
        raise InputError("The file is empty: it holds no data.", where=name, hint="Choose another file.")
    try:
        source = _read(content, file, name, encoding, limits)
    except InputError as error:
        error.where = error.where or name
        raise
    return replace(source, problems=(*_name_problem(source), *source.problems))


def _content(path: Path, limits: ReadLimits) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except FileNotFoundError:
        raise InputError("There is no file {name}.", where=str(path), name=path.name) from None
    except IsADirectoryError:
        raise InputError("{name} is a folder, not a file.", where=str(path), name=path.name) from None
    except OSError as error:
        raise InputError(
            "The file {name} cannot be opened: {reason}.",
            where=str(path),
            name=path.name,
            reason=error.strerror or "unknown",
        ) from None


def _read(content: bytes, file: Path | bytes, name: str, encoding: str | None, limits: ReadLimits) -> Source:
    kind = _binary_kind(content) or "text"
    if kind == "text" and len(content) <= SMALL_TEXT_BYTES:
        parsed = parse_text(content, name, encoding, limits)
    elif isinstance(file, Path):
        parsed = parse_confined(file, kind, limits, name=name, encoding=encoding)
    else:
        with scratch_folder() as folder:
            kept = folder / "content"
            kept.write_bytes(content)
            parsed = parse_confined(kept, kind, limits, name=name, encoding=encoding)
    if kind == "text":
        _refuse_empty(parsed, name)
    return Source(
        name,
        parsed.format,
        hashlib.sha256(content).hexdigest(),
        len(content),
        parsed.grids,
        encoding=parsed.encoding,
        encoding_certain=parsed.encoding_certain,
        separator=parsed.separator,
        has_names=parsed.has_names,
        problems=parsed.problems,
    )


def _refuse_empty(parsed: ParsedFile, name: str) -> None:
    if not any(cell is not None for grid in parsed.grids for row in grid.rows for cell in row):
        raise InputError("The file is empty: it holds no data.", where=name, hint="Choose another file.")


def _binary_kind(content: bytes) -> str:
    """Which confined reader takes the content; "" for text. InputError for well-known other things."""
    if content.startswith(_ZIP):
        return "archive"
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.startswith(_OLE):
        # Names in the compound file's directory tell what it holds.
        if "EncryptedPackage".encode("utf-16-le") in content or _asks_for_password(content):
            sentence, hint, _ = REFUSALS["password"]
            raise InputError(sentence, hint=hint)
        names = [text.encode("utf-16-le") for text in ("Workbook", "Book")]
        if not any(text in content for text in names):
            raise InputError(
                "The file is {what}, not a spreadsheet.",
                hint="Upload .xlsx, .xls, .ods, .csv, .txt, .jsonl or .parquet.",
                what="an old Office document",
            )
        return "xls"
    for start, what in _FOREIGN:
        if content.startswith(start):
            raise InputError(
                "The file is {what}, not a spreadsheet.",
                hint="Upload .xlsx, .xls, .ods, .csv, .txt, .jsonl or .parquet.",
                what=what,
            )
    return ""


def _asks_for_password(content: bytes) -> bool:
    """Whether an .xls workbook begins with a FILEPASS record, however it is enciphered ([MS-XLS] 2.4.117)."""
    start = -1
    for begin in (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00"):
        start = max(start, content.find(begin))
    for _ in range(_RECORDS_BEFORE_PASSWORD):
        if start < 0 or start + 4 > len(content):
            return False
        record, length = struct.unpack_from("<HH", content, start)
        if record == _FILEPASS:
            return True
        start += 4 + length
    return False


def _name_problem(source: Source) -> tuple[RowProblem, ...]:
    suffix = PurePath(source.name).suffix.lower()
    expected = SUFFIXES.get(suffix)
    if expected is None or source.format in expected:
        return ()
    return (RowProblem("other_name", sentence(OTHER_NAME, suffix=suffix, format=source.format)),)
