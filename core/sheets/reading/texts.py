"""Reads a text file: its encoding, then JSON, rows with a separator, or a document per line.

It runs in the confined process for all but small files. What kind of file it is was decided before.
"""

import re
from pathlib import PurePath

from core.errors import InputError, TooLargeError
from core.sentences import sentence
from core.sheets.reading.decoding import decode
from core.sheets.reading.delimited import SEPARATORS, split_rows
from core.sheets.reading.parsed import MANY_CELLS, TOO_MUCH, ParsedFile
from core.sheets.reading.structured import looks_like_json, read_json
from core.sheets.records import FileFormat, ReadLimits, RowProblem

UNDECODED = "{count} characters could not be read in the encoding {encoding} and are shown as «\ufffd»."
NULS_REMOVED = "{count} NUL characters were taken out of the text."

_WEB_PAGE = re.compile(r"\s*(<!doctype\s+html|<html[\s>]|<table[\s>]|<head[\s>])", re.IGNORECASE)
_XML_SPREADSHEET = re.compile(r"\s*(<\?xml|<Workbook[\s>])")

SUFFIXES: dict[str, tuple[FileFormat, ...]] = {
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


def parse_text(content: bytes, name: str, encoding: str | None, limits: ReadLimits) -> ParsedFile:
    """The rows of a text file; `encoding` overrides the guess. InputError when it holds no table."""
    decoded = decode(content, encoding)
    _refuse_markup(decoded.text)
    _refuse_too_many_cells(decoded.text, limits)
    suffix = PurePath(name).suffix.lower()
    problems = []
    if decoded.replaced:
        facts = {"count": decoded.replaced, "encoding": decoded.encoding}
        problems.append(RowProblem("undecoded", sentence(UNDECODED, **facts)))
    if decoded.nuls:
        problems.append(RowProblem("nuls_removed", sentence(NULS_REMOVED, count=decoded.nuls)))
    separator, has_names = "", False
    file_format: FileFormat = "csv"
    if looks_like_json(decoded.text):
        grid, is_array = read_json(decoded.text, limits)
        file_format, has_names = ("json" if is_array else "jsonl"), True
    else:
        split = split_rows(decoded.text, limits, only_tabs="text" in SUFFIXES.get(suffix, ()))
        grid, separator = split.grid, split.separator
        if not separator and suffix not in (".csv", ".tsv", ".tab"):
            file_format = "text"
    return ParsedFile(
        format=file_format,
        grids=(grid,),
        encoding=decoded.encoding,
        encoding_certain=decoded.certain,
        separator=separator,
        has_names=has_names,
        problems=tuple(problems),
    )


def _refuse_too_many_cells(text: str, limits: ReadLimits) -> None:
    """A megabyte of separators or line ends becomes a hundred of Python objects; count them first."""
    lines = text.count("\n") + text.count("\r")
    count = max(lines, *(lines + text.count(separator) for separator in SEPARATORS))
    if count > limits.cells:
        raise TooLargeError(MANY_CELLS, hint=TOO_MUCH, count=count, limit=limits.cells)


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
