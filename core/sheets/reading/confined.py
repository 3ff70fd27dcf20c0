"""Reads files through a confined process, and turns its refusals into sentences.

This side never parses the file. It watches the process's time and memory, reads back JSON lines, and
knows nothing of headers or roles.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, cast

from core.errors import InputError, TooLargeError
from core.sentences import Sentence
from core.sheets.reading.parsed import MANY_CELLS, TOO_MUCH, ParsedFile
from core.sheets.reading.reader_process import write_arguments
from core.sheets.records import Cell, FileFormat, Grid, ReadLimits, RowProblem, SheetKind, Visibility
from core.storage.scratch import scratch_folder

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[3]
_READER = "core.sheets.reading.reader_process"
_WATCH_SECONDS = 0.05

_SAVE_AGAIN = "Open it in Excel or WPS, save it as a new .xlsx and upload that."

# Refusal code → (sentence, hint, whether it is a matter of size).
REFUSALS: dict[str, tuple[str, str, bool]] = {
    "damaged": ("The workbook is damaged or incomplete.", _SAVE_AGAIN, False),
    "damaged_parquet": (
        "The Parquet file is damaged or incomplete.",
        "Write it again and upload that.",
        False,
    ),
    "password": (
        "The workbook is protected by a password.",
        "Remove the password in Excel (File, Info, Protect Workbook) and upload it again.",
        False,
    ),
    "entities": (
        "The workbook declares XML entities, which no spreadsheet program does; it was not opened.",
        _SAVE_AGAIN,
        False,
    ),
    "not_a_workbook": (
        "The file is an archive, but not a spreadsheet.",
        "Upload .xlsx, .xls, .ods or .csv.",
        False,
    ),
    "bomb": (
        "The workbook is packed so tightly that a part of it unpacks to {megabytes} MB; it was not opened.",
        _SAVE_AGAIN,
        True,
    ),
    "inflates": ("The workbook unpacks to {megabytes} MB; the limit is {limit} MB.", TOO_MUCH, True),
    "far_apart": (
        "A sheet has cells so far apart that it spans {rows} rows and {columns} columns.",
        "Delete the stray cells at its end (Ctrl+End finds them), or copy the table into a new workbook.",
        True,
    ),
    "many_cells": (MANY_CELLS, TOO_MUCH, True),
    "much_text": (
        "The cells hold {megabytes} MB of text together; the limit is {limit} MB.",
        TOO_MUCH,
        True,
    ),
    "long_cell": ("A single row is longer than {megabytes} MB.", TOO_MUCH, True),
    "memory": ("The file needs more memory than it may use ({limit} MB).", TOO_MUCH, True),
    "killed": (
        "The system ended the reader of this file, most likely because memory ran out.",
        "Close other programs, or split the file, and try again.",
        True,
    ),
    "time": ("The file was not read within {limit} seconds.", TOO_MUCH, True),
    "broken": ("The file cannot be read: its content makes the reader fail.", _SAVE_AGAIN, False),
}


def parse_confined(
    path: Path, kind: str, limits: ReadLimits, *, name: str = "", encoding: str | None = None
) -> ParsedFile:
    """Parse «archive» (xlsx, xlsb, ods), «xls», «parquet» or «text». InputError says why it was refused.

    name, encoding: of a text, whose ending may decide what a line is, and whose encoding may be known.
    """
    with scratch_folder() as folder:
        entry = folder / "upload"
        os.symlink(path.resolve(), entry)
        output = folder / "rows.jsonl"
        run_confined(_READER, write_arguments(entry, kind, output, name, encoding, limits), limits)
        return _read_back(output)


def run_confined(module: str, arguments: list[str], limits: ReadLimits) -> None:
    """Run a module as a process of its own, and end it when it takes too long or too much memory."""
    import psutil  # type: ignore[import-untyped]

    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(
        part for part in (str(_PROJECT), environment.get("PYTHONPATH", "")) if part
    )
    # One arena and one thread: address space is limited, and neither is needed.
    environment |= {"MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    environment |= {"RUST_BACKTRACE": "0", "PYTHONFAULTHANDLER": ""}
    command = [sys.executable, "-P", "-m", module, *arguments]
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + limits.seconds
    try:
        watched = psutil.Process(process.pid)
        while True:
            try:
                process.wait(timeout=_WATCH_SECONDS)
                break
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() > deadline:
                raise refusal("time", {"limit": int(limits.seconds)})
            try:
                if watched.memory_info().rss > limits.memory_bytes:
                    raise refusal("memory", {"limit": limits.memory_bytes >> 20})
            except psutil.NoSuchProcess:
                continue
    finally:
        if process.poll() is None:
            process.kill()
        _, errors = process.communicate()
    if process.returncode != 0:
        text = errors[-2000:].decode("utf-8", "replace")
        logger.warning("the reader of a file ended with %s: %s", process.returncode, text)
        raise _refusal_of(process.returncode, text, limits)


def _refusal_of(status: int, errors: str, limits: ReadLimits) -> InputError:
    """Why a reader ended that we did not end ourselves."""
    if status == -signal.SIGXCPU:
        return refusal("time", {"limit": int(limits.seconds)})
    if status == -signal.SIGKILL:
        return refusal("killed", {})
    if any(sign in errors for sign in ("memory allocation", "MemoryError", "capacity overflow")):
        return refusal("memory", {"limit": limits.memory_bytes >> 20})
    return refusal("broken", {})


def refusal(code: str, facts: dict[str, Any]) -> InputError:
    """The error of a refusal that both sides know by its code."""
    sentence, hint, is_size = REFUSALS[code]
    facts = {name: value for name, value in facts.items() if name != "detail"}
    return (
        TooLargeError(sentence, hint=hint, **facts) if is_size else InputError(sentence, hint=hint, **facts)
    )


def _read_back(output: Path) -> ParsedFile:
    about: dict[str, Any] = {"format": "xlsx"}
    grids: list[Grid] = []
    head: dict[str, Any] | None = None
    rows: list[list[Cell]] = []
    decoder = json.JSONDecoder(object_hook=_dates)
    with output.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            value, _ = decoder.raw_decode(line)
            if isinstance(value, list):
                rows += value
                continue
            if head is not None and ("sheet" in value or "done" in value):
                grids.append(_grid(head, rows))
                head, rows = None, []
            if "sheet" in value:
                head = value
            elif "format" in value:
                about = value
            elif "done" in value:
                return _parsed(about, grids)
            elif "error" in value:
                raise _input_error(value["error"])
            elif "refused" in value:
                logger.info("refused a file: %s %s", value["refused"], value["facts"])
                raise refusal(value["refused"], value["facts"])
    raise refusal("broken", {})


def _input_error(said: dict[str, Any]) -> InputError:
    kind = TooLargeError if said["is_size"] else InputError
    return kind.saying(Sentence(said["template"], said["facts"]), where=said["where"], hint=said["hint"])


def _parsed(about: dict[str, Any], grids: list[Grid]) -> ParsedFile:
    return ParsedFile(
        format=cast(FileFormat, about["format"]),
        grids=tuple(grids),
        encoding=about.get("encoding", ""),
        encoding_certain=about.get("encoding_certain", True),
        separator=about.get("separator", ""),
        has_names=about.get("has_names", about["format"] == "parquet"),
        problems=_problems(about),
    )


def _problems(said: dict[str, Any]) -> tuple[RowProblem, ...]:
    return tuple(
        RowProblem(**problem | {"sentence": Sentence(**problem["sentence"])})
        for problem in said.get("problems", ())
    )


def _grid(head: dict[str, Any], rows: list[list[Cell]]) -> Grid:
    return Grid(
        name=head["sheet"],
        rows=rows,
        numbers=head.get("numbers") or range(1, len(rows) + 1),
        widths=head.get("widths") or (),
        problems=_problems(head),
        kind=cast(SheetKind, head["kind"]),
        visibility=cast(Visibility, head["visibility"]),
        merged=tuple(
            (top + 1, left, bottom + 1, right) for top, left, bottom, right in head.get("merged", ())
        ),
        errors=tuple((row, column) for row, column in head.get("errors", ())),
        uncached=tuple((row, column) for row, column in head.get("uncached", ())),
    )


def _dates(value: dict[str, Any]) -> object:
    if len(value) == 1:
        ((kind, text),) = value.items()
        if kind == "d":
            return date.fromisoformat(text)
        if kind == "m":
            return datetime.fromisoformat(text)
        if kind == "t":
            return time_of_day.fromisoformat(text)
    return value
