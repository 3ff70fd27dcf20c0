"""The process that reads one untrusted file (workbook, Parquet or text), confined, and then ends.

Run as `python -m core.sheets.reading.reader_process FILE FORMAT OUTPUT TASK`. It writes JSON lines to
OUTPUT: an object on the file, for each sheet an object with its name and notes, then its rows in lists; at
last `{"done": true}`, or `{"refused": code, "facts": {…}}` or `{"error": {…}}`. It trusts nothing in the
file; `confined` trusts nothing it does but these lines. Dates travel as `{"d"|"m"|"t": ISO text}`.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from core.errors import InputError, TooLargeError
from core.sheets.reading.archive import ARCHIVE_ERRORS, Refused, SheetNotes, inspect_archive
from core.sheets.reading.parsed import refuse_many_rows
from core.sheets.reading.texts import parse_text
from core.sheets.records import ReadLimits, RowProblem

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

_MOST_MERGED = 200_000
_ROWS_TOGETHER = 256
# Beyond this a double no longer holds every whole number to the digit Excel shows.
_EXACT = 10**15


def main(arguments: list[str]) -> int:
    """Parse the file named in the arguments; 0 even when it is refused, since the refusal is the result."""
    path, kind, output, task_text = arguments
    task = json.loads(task_text)
    limits = ReadLimits(**task["limits"])
    confine(limits)
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_encode)
    with Path(output).open("w", encoding="utf-8", newline="\n") as stream:
        try:
            for line in _together(_lines(Path(path), kind, task["name"], task["encoding"], limits)):
                stream.write(encoder.encode(line))
                stream.write("\n")
            last: dict[str, object] = {"done": True}
        except Refused as refusal:
            last = {"refused": refusal.code, "facts": refusal.facts}
        except InputError as error:
            last = {"error": _error(error)}
        except MemoryError:
            last = {"refused": "memory", "facts": {"limit": limits.memory_bytes >> 20}}
        stream.write(json.dumps(last) + "\n")
    return 0


def confine(limits: ReadLimits) -> None:
    """Let the kernel stop what goes wrong. Windows has no such limits; there only the parent watches."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: int(limits.seconds) + 1,
        resource.RLIMIT_FSIZE: limits.inflated_bytes + limits.text_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, hard))
        except (ValueError, OSError):
            continue  # macOS refuses some limits; the parent's watch remains


def _lines(path: Path, kind: str, name: str, encoding: str | None, limits: ReadLimits) -> Iterator[object]:
    if kind == "text":
        return _text(path, name, encoding, limits)
    return _parquet(path, limits) if kind == "parquet" else _workbook(path, kind, limits)


def _together(lines: Iterator[object]) -> Iterator[object]:
    """Rows in lists of many: one by one, writing and reading them costs more than parsing the file."""
    rows: list[object] = []
    for line in lines:
        if isinstance(line, list):
            rows.append(line)
            if len(rows) < _ROWS_TOGETHER:
                continue
        if rows:
            yield rows
            rows = []
        if not isinstance(line, list):
            yield line
    if rows:
        yield rows


def _error(error: InputError) -> dict[str, object]:
    return error.sentence.stored() | {
        "hint": error.advice.template,
        "where": error.where,
        "is_size": isinstance(error, TooLargeError),
    }


def _text(path: Path, name: str, encoding: str | None, limits: ReadLimits) -> Iterator[object]:
    parsed = parse_text(path.read_bytes(), name, encoding, limits)
    yield {
        "format": parsed.format,
        "encoding": parsed.encoding,
        "encoding_certain": parsed.encoding_certain,
        "separator": parsed.separator,
        "has_names": parsed.has_names,
        "problems": [_problem(problem) for problem in parsed.problems],
    }
    for grid in parsed.grids:
        yield {
            "sheet": grid.name,
            "kind": grid.kind,
            "visibility": grid.visibility,
            "numbers": list(grid.numbers),
            "widths": list(grid.widths),
            "problems": [_problem(problem) for problem in grid.problems],
        }
        yield from grid.rows


def _problem(problem: RowProblem) -> dict[str, object]:
    return asdict(problem) | {"sentence": problem.sentence.stored()}


def _workbook(path: Path, kind: str, limits: ReadLimits) -> Iterator[object]:
    from python_calamine import CalamineError, CalamineWorkbook

    notes: dict[str, SheetNotes] = {}
    if kind == "archive":
        try:
            with ZipFile(path) as archive:
                found = inspect_archive(archive, limits)
                kind = found.format
                notes = _notes_by_sheet(archive, found.sheets) if kind == "xlsx" else {}
        except ARCHIVE_ERRORS as error:
            raise Refused("damaged", detail=repr(error)) from error
    yield {"format": kind}
    # calamine chooses its parser by the file's extension.
    named = path.parent / f"workbook.{kind}"
    os.symlink(path, named)
    try:
        with CalamineWorkbook.from_path(named) as book:
            for sheet in book.sheets_metadata:
                yield from _sheet(book, sheet, notes.get(sheet.name, SheetNotes()), limits)
    except CalamineError as error:
        code = "password" if "assword" in f"{type(error).__name__} {error}" else "damaged"
        raise Refused(code, detail=str(error)) from error


def _sheet(
    book: "CalamineWorkbook", metadata: "SheetMetadata", notes: SheetNotes, limits: ReadLimits
) -> Iterator[object]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visibility = "visible"
    if metadata.visible != SheetVisibleEnum.Visible:
        visibility = "hidden" if metadata.visible == SheetVisibleEnum.Hidden else "very hidden"
    head: dict[str, object] = {"sheet": metadata.name, "visibility": visibility}
    if metadata.typ != SheetTypeEnum.WorkSheet:
        is_chart = metadata.typ == SheetTypeEnum.ChartSheet
        yield head | {"kind": "chart" if is_chart else "macro"}
        return
    sheet = book.get_sheet_by_name(metadata.name)
    height, width = sheet.total_height, sheet.total_width
    if height * width > limits.cells:
        raise Refused("many_cells", count=height * width, limit=limits.cells)
    # calamine keeps blank rows above the first cell but drops blank columns to its left.
    left = sheet.start[1] if sheet.start else 0
    merged = (sheet.merged_cell_ranges or [])[:_MOST_MERGED]
    yield head | {
        "kind": "worksheet",
        "merged": [
            [first[0], first[1] - left, last[0], last[1] - left] for first, last in merged if first[1] >= left
        ],
        "errors": _moved(notes.errors, left),
        "uncached": _moved(notes.uncached, left),
    }
    text_bytes = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        text_bytes += sum(len(cell) for cell in cells if type(cell) is str)
        if text_bytes > limits.text_bytes:
            raise Refused("much_text", megabytes=text_bytes >> 20, limit=limits.text_bytes >> 20)
        if notes.long_numbers:
            for column, value in enumerate(cells):
                if type(value) is _Rounded:
                    cells[column] = notes.long_numbers.get((number, column + left), value)
        yield cells


def _moved(places: list[tuple[int, int]], left: int) -> list[tuple[int, int]]:
    """The places counted from the first column that is read."""
    return [(row, column - left) for row, column in places if column >= left]


class _Rounded(str):
    """A whole number too long for a double; its last digits are not the ones that were typed."""

    __slots__ = ()


def _cell(value: object) -> object:
    if type(value) is str:
        return value if value and not value.isspace() else None
    if type(value) is float:
        if value != value:
            return None
        if value.is_integer():
            return int(value) if abs(value) < _EXACT else _Rounded(int(Decimal(repr(value))))
        return value
    if type(value) is int and abs(value) >= _EXACT:
        return str(value)
    if isinstance(value, timedelta):
        return str(value)
    return value


def _encode(value: object) -> object:
    if isinstance(value, datetime):
        return {"m": value.replace(tzinfo=None).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"t": value.replace(tzinfo=None).isoformat()}
    return str(value)


def _notes_by_sheet(archive: ZipFile, parts: dict[str, SheetNotes]) -> dict[str, SheetNotes]:
    """Join worksheet parts to sheet names through the workbook's relationships."""
    from xml.etree import ElementTree

    targets: dict[str, str] = {}
    names: dict[str, SheetNotes] = {}
    try:
        relations = ElementTree.fromstring(_part(archive, "xl/_rels/workbook.xml.rels"))
        book = ElementTree.fromstring(_part(archive, "xl/workbook.xml"))
    except ElementTree.ParseError:
        raise Refused("damaged") from None
    for relation in relations:
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for sheet in book.iter():
        if sheet.tag.rsplit("}", 1)[-1] == "sheet":
            identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            part = targets.get(identity, "")
            if part in parts:
                names[sheet.get("name", "")] = parts[part]
    return names


def _part(archive: ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        raise Refused("damaged", detail=f"no {name}") from None


def _parquet(path: Path, limits: ReadLimits) -> Iterator[object]:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    try:
        with pq.ParquetFile(path, memory_map=False, pre_buffer=False) as file:
            names = file.schema_arrow.names
            rows = file.metadata.num_rows
            if rows * max(len(names), 1) > limits.cells:
                raise Refused("many_cells", count=rows * len(names), limit=limits.cells)
            refuse_many_rows(rows, limits)
            yield {"format": "parquet"}
            yield {"sheet": "", "kind": "worksheet", "visibility": "visible"}
            yield names
            text_bytes = 0
            for batch in file.iter_batches(batch_size=128, use_threads=False):
                columns = [column.to_pylist() for column in batch.columns]
                for row in zip(*columns, strict=True):
                    cells = [_nested(value) for value in row]
                    text_bytes += sum(len(cell) for cell in cells if isinstance(cell, str))
                    if text_bytes > limits.text_bytes:
                        limit = limits.text_bytes >> 20
                        raise Refused("much_text", megabytes=text_bytes >> 20, limit=limit)
                    yield cells
    except (pa.ArrowException, OSError) as error:
        raise Refused("damaged_parquet", detail=str(error)) from error


def _nested(value: object) -> object:
    """Lists and structures stay JSON text; bytes are read as UTF-8."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return _cell(value.decode("utf-8", "replace"))
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return _cell(value)


def write_arguments(
    path: Path, kind: str, output: Path, name: str, encoding: str | None, limits: ReadLimits
) -> list[str]:
    """The command line of `main`. `name` is the file's own, `encoding` overrides the guess for a text."""
    task = {"name": name, "encoding": encoding, "limits": asdict(limits)}
    return [str(path), kind, str(output), json.dumps(task)]


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Leave without tearing down millions of objects one by one; the output is closed already.
    os._exit(code)
