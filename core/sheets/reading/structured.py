"""Reads JSON Lines and JSON arrays of objects into a grid whose first row holds the names.

An array of texts is a column of documents. What is nested is unfolded by `nested`; a list of texts in one
field stays JSON text and reaches the layouts as it was. An escape like "\\ud83d", half of a character that
some program cut in two, becomes U+FFFD.
"""

import json
import re
from collections.abc import Iterator

from core.errors import InputError, TooLargeError
from core.sentences import sentence
from core.sheets.reading.nested import NO_ORDER, is_nested, lacks_order, unfold
from core.sheets.reading.parsed import refuse_many_rows
from core.sheets.records import LINE_END, Cell, Grid, ReadLimits, RowProblem
from core.sheets.tables import clean_text

NOT_JSON = "The line is not valid JSON: {reason}."
NOT_AN_OBJECT = "The line is JSON but not an object with named fields."

# Every field name becomes a column of every record.
MOST_NAMES = 16_384
MOST_CELLS = 20_000_000


def looks_like_json(text: str) -> bool:
    """Whether text begins with a JSON object or an array of them, or is an array of texts."""
    start = text.lstrip("\ufeff \t\r\n")[:20_000]
    if start.startswith("["):
        start = start[1:].lstrip()
    if not start.startswith("{"):
        return start.startswith('"') and _is_array_of_texts(text)
    line = LINE_END.split(start, maxsplit=1)[0]
    # The whole first object, or, where it is longer than what was looked at, its first key.
    return _parses(line.rstrip(",] ")) or re.match(r'\{\s*"[^"\\]{1,200}"\s*:', start) is not None


def _parses(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _is_array_of_texts(text: str) -> bool:
    try:
        values = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def read_json(text: str, limits: ReadLimits | None = None) -> tuple[Grid, bool]:
    """The grid, and whether the file was one JSON array rather than JSON Lines."""
    limits = limits or ReadLimits()
    stripped = text.lstrip("\ufeff \t\r\n")
    problems: list[RowProblem] = []
    if stripped.startswith("["):
        records, is_array = list(_array_records(stripped)), True
    elif (whole := _whole_object(stripped)) is not None:
        records, is_array = [(1, whole)], True
    else:
        records, is_array = list(_line_records(text, problems)), False
    records = _unfolded(records, problems)
    refuse_many_rows(len(records), limits)
    names: dict[str, int] = {}
    for _, record in records:
        for name in record:
            names.setdefault(clean_text(name), len(names))
    if len(names) > MOST_NAMES or len(names) * len(records) > MOST_CELLS:
        raise TooLargeError(
            "The records have {names} different field names, which makes {cells} cells.",
            hint="Give all records the same few fields.",
            names=len(names),
            cells=len(names) * len(records),
        )
    rows: list[list[Cell]] = [list(names)]
    numbers = [0]
    for number, record in records:
        row: list[Cell] = [None] * len(names)
        for name, value in record.items():
            row[names[clean_text(name)]] = _cell(value)
        rows.append(row)
        numbers.append(number)
    if not names:
        rows, numbers = [], []
    return Grid("", rows, numbers, problems=tuple(problems)), is_array


def _unfolded(
    records: list[tuple[int, dict[str, object]]], problems: list[RowProblem]
) -> list[tuple[int, dict[str, object]]]:
    """Nested records as flat ones; said where no list has an order of its own."""
    if not any(is_nested(record) for _, record in records):
        return records
    if lacks_order(records):
        problems.append(RowProblem("no_order", sentence(NO_ORDER)))
    return unfold(records)


def _whole_object(text: str) -> dict[str, object] | None:
    """The one object over several lines that the text is; None for JSON Lines."""
    first = LINE_END.split(text, maxsplit=1)[0]
    if _parses(first) and len(first) < len(text.rstrip()):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _line_records(text: str, problems: list[RowProblem]) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(LINE_END.split(text), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.lstrip("\ufeff"))
        except json.JSONDecodeError as error:
            problems.append(_skipped("not_json", NOT_JSON, number, reason=error.msg))
            continue
        except (ValueError, RecursionError) as error:
            problems.append(_skipped("not_json", NOT_JSON, number, reason=str(error)))
            continue
        if isinstance(record, dict):
            yield number, record
        else:
            problems.append(_skipped("not_an_object", NOT_AN_OBJECT, number))


def _skipped(kind: str, template: str, row: int, **facts: object) -> RowProblem:
    return RowProblem(kind, sentence(template, **facts), row=row, skipped=True)


def _array_records(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "The file begins like JSON but is not valid: {reason}.",
            hint="Save it as JSON Lines, one object per line, or as .csv.",
            reason=str(error),
        ) from None
    if all(isinstance(value, str) for value in values):
        values = [{"document": value} for value in values]
    for number, value in enumerate(values, 1):
        if not isinstance(value, dict):
            raise InputError(
                "Entry {n} of the JSON list is not an object with named fields.",
                where=f"entry {number}",
                hint='Every entry should look like {{"query": "…", "document": "…"}}.',
                n=number,
            )
        yield number, value


def _cell(value: object) -> Cell:
    if value is None:
        return None
    if isinstance(value, (bool, int, float)):
        return None if value != value else value
    if isinstance(value, str):
        return clean_text(value) if value.strip() else None
    return clean_text(json.dumps(value, ensure_ascii=False))
