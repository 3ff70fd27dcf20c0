"""Reads any uploaded file into grids. The content decides what it is; the name is only compared with it.

This module sorts files to their readers and refuses what is no table at all. Headers and roles come later.
"""

import hashlib
import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from core.errors import InputError, TooLargeError
from core.sentences import sentence
from core.sheets.reading.decoding import DecodedText, decode
from core.sheets.reading.delimited import SEPARATORS, split_rows
from core.sheets.reading.structured import looks_like_json, read_json
from core.sheets.reading.workbooks import REFUSALS, parse_confined
from core.sheets.records import FileFormat, Grid, ReadLimits, RowProblem, Source

OTHER_NAME = "The file is named {suffix}, but its content is {format}; it was read as {format}."
UNDECODED = "{count} characters could not be read in the encoding {encoding} and are shown as «\ufffd»."
NULS_REMOVED = "{count} NUL characters were taken out of the text."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_WEB_PAGE = re.compile(r"\s*(<!doctype\s+html|<html[\s>]|<table[\s>]|<head[\s>])", re.IGNORECASE)
_XML_SPREADSHEET = re.compile(r"\s*(<\?xml|<Workbook[\s>])")

_SUFFIXES: dict[str, tuple[FileFormat, ...]] = {
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".xltx": ("xlsx",),
    ".xls": ("xls",),
    ".xlsb": ("xlsb",),
    ".ods": ("ods",),
    ".csv": ("csv",),
    ".tsv": ("csv",),
    ".tab": ("csv",),
    ".txt": ("text", "csv"),
    ".text": ("text", "csv"),
    ".md": ("text", "csv"),
    ".jsonl": ("jsonl",),
    ".ndjson": ("jsonl",),
    ".json": ("json", "jsonl"),
    ".parquet": ("parquet",),
    ".pq": ("parquet",),
}
SUPPORTED_SUFFIXES = tuple(_SUFFIXES)


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
    digest = hashlib.sha256(content).hexdigest()
    kind = _binary_kind(content)
    if kind:
        if isinstance(file, Path):
            parsed = parse_confined(file, kind, limits)
        else:
            with tempfile.NamedTemporaryFile(prefix="upload-") as stream:
                stream.write(content)
                stream.flush()
                parsed = parse_confined(Path(stream.name), kind, limits)
        return Source(
            name, parsed.format, digest, len(content), parsed.grids, has_names=parsed.format == "parquet"
        )
    decoded = decode(content, encoding)
    _refuse_markup(decoded.text)
    _refuse_too_many_cells(decoded.text, limits)
    return _text_source(decoded, name, digest, len(content))


def _binary_kind(content: bytes) -> str:
    """Which confined reader takes the content; "" for text. InputError for well-known other things."""
    if content.startswith(_ZIP):
        return "archive"
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.startswith(_OLE):
        # Names in the compound file's directory tell what it holds.
        if "EncryptedPackage".encode("utf-16-le") in content:
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


def _refuse_too_many_cells(text: str, limits: ReadLimits) -> None:
    """A megabyte of separators or line ends becomes a hundred of Python objects; count them first."""
    lines = text.count("\n") + text.count("\r")
    count = max(lines, *(lines + text.count(separator) for separator in SEPARATORS))
    if count > limits.cells:
        sentence, hint, _ = REFUSALS["many_cells"]
        raise TooLargeError(sentence, hint=hint, count=count, limit=limits.cells)


def _refuse_markup(text: str) -> None:
    start = text[:2000]
    if _WEB_PAGE.match(start):
        raise InputError(
            "The file is a web page, not a spreadsheet.",
            hint="Some programs export web pages named .xls: open it in Excel and save it as .xlsx.",
        )
    if _XML_SPREADSHEET.match(start):
        raise InputError(
            "The file is XML, not a spreadsheet this program reads.",
            hint="Open it in Excel and save it as .xlsx.",
        )


def _text_source(decoded: DecodedText, name: str, digest: str, size: int) -> Source:
    suffix = PurePath(name).suffix.lower()
    problems = []
    if decoded.replaced:
        facts = {"count": decoded.replaced, "encoding": decoded.encoding}
        problems.append(RowProblem("undecoded", sentence(UNDECODED, **facts)))
    if decoded.nuls:
        problems.append(RowProblem("nuls_removed", sentence(NULS_REMOVED, count=decoded.nuls)))
    separator, file_format, has_names = "", "csv", False
    if looks_like_json(decoded.text):
        grid, is_array = read_json(decoded.text)
        file_format, has_names = ("json" if is_array else "jsonl"), True
    else:
        split = split_rows(decoded.text, only_tabs="text" in _SUFFIXES.get(suffix, ()))
        grid, separator = split.grid, split.separator
        if not separator and suffix not in (".csv", ".tsv", ".tab"):
            file_format = "text"
    _refuse_empty(grid, name)
    return Source(
        name=name,
        format=file_format,  # type: ignore[arg-type]
        sha256=digest,
        size=size,
        grids=(grid,),
        encoding=decoded.encoding,
        encoding_certain=decoded.certain,
        separator=separator,
        has_names=has_names,
        problems=tuple(problems),
    )


def _refuse_empty(grid: Grid, name: str) -> None:
    if not any(any(cell is not None for cell in row) for row in grid.rows):
        raise InputError("The file is empty: it holds no data.", where=name, hint="Choose another file.")


def _name_problem(source: Source) -> tuple[RowProblem, ...]:
    suffix = PurePath(source.name).suffix.lower()
    expected = _SUFFIXES.get(suffix)
    if expected is None or source.format in expected:
        return ()
    return (RowProblem("other_name", sentence(OTHER_NAME, suffix=suffix, format=source.format)),)
