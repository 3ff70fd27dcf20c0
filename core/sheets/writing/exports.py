"""Writes tables as CSV, JSON Lines and Parquet: the machine-readable companions of the workbook.

CSV carries a byte-order mark, so that Excel shows Chinese, and nothing that a spreadsheet or a terminal would
obey (`core.formulas`). JSON Lines and Parquet hold every value unchanged.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING

from core.formulas import defused
from core.sheets.tables import ColumnKind, Row, SheetTable, as_text, plain_value

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

# Rows held in memory at once while writing Parquet.
_ROWS_PER_GROUP = 20_000


def write_csv(target: str | PathLike[str] | IO[bytes], table: SheetTable) -> int:
    """Write UTF-8 CSV with a byte-order mark; returns the number of rows.

    Text cells (headers too) that begin like a formula get a leading apostrophe; numbers do not.
    """
    with _opened(target) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([defused(column.name) for column in table.columns])
        kinds = [column.kind for column in table.columns]
        count = 0
        for row in table.rows():
            writer.writerow([_csv_cell(value, kind) for value, kind in zip(row, kinds, strict=True)])
            count += 1
        text.flush()
        text.detach()
    return count


def csv_bytes(table: SheetTable) -> bytes:
    """The CSV of `write_csv` as bytes."""
    buffer = io.BytesIO()
    write_csv(buffer, table)
    return buffer.getvalue()


def write_jsonl(target: str | PathLike[str] | IO[bytes], table: SheetTable) -> int:
    """Write one JSON object a row, UTF-8, blank cells as null; returns the number of rows."""
    names = [column.name for column in table.columns]
    kinds = [column.kind for column in table.columns]
    count = 0
    with _opened(target) as stream:
        for row in table.rows():
            record = {
                name: _json_value(value, kind) for name, value, kind in zip(names, row, kinds, strict=True)
            }
            line = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            stream.write(line.encode("utf-8") + b"\n")
            count += 1
    return count


def jsonl_bytes(table: SheetTable) -> bytes:
    """The JSON Lines of `write_jsonl` as bytes."""
    buffer = io.BytesIO()
    write_jsonl(buffer, table)
    return buffer.getvalue()


def write_parquet(target: str | PathLike[str] | IO[bytes], table: SheetTable) -> int:
    """Write Parquet in row groups; returns the number of rows.

    «any» columns become text, because a Parquet column has one type.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    kinds: list[ColumnKind] = ["text" if column.kind == "any" else column.kind for column in table.columns]
    schema = pa.schema(
        [(column.name, _arrow_type(kind)) for column, kind in zip(table.columns, kinds, strict=True)]
    )
    count = 0
    with _opened(target) as stream, pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        rows = table.rows()
        while group := list(islice(rows, _ROWS_PER_GROUP)):
            arrays = [
                pa.array(_column_values(group, index, kind), type=_arrow_type(kind), from_pandas=True)
                for index, kind in enumerate(kinds)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(group)
    return count


def _column_values(group: Sequence[Row], index: int, kind: ColumnKind) -> Iterable[object]:
    for row in group:
        value = plain_value(row[index], kind)
        if kind == "date" and isinstance(value, datetime):
            value = value.date()
        yield value


def _arrow_type(kind: ColumnKind) -> "pa.DataType":
    import pyarrow as pa

    types: dict[ColumnKind, pa.DataType] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us"),
        "any": pa.string(),
    }
    return types[kind]


def _csv_cell(value: object, kind: ColumnKind) -> str | int | float:
    cell = plain_value(value, kind)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    return as_text(cell)


def _json_value(value: object, kind: ColumnKind) -> object:
    cell = plain_value(value, kind)
    if isinstance(cell, (date, time)) or (isinstance(cell, float) and math.isinf(cell)):
        return as_text(cell)
    return cell


@contextmanager
def _opened(target: str | PathLike[str] | IO[bytes]) -> Iterator[IO[bytes]]:
    """The caller's buffer, left open, or the file at a path."""
    if isinstance(target, (str, PathLike)):
        with Path(target).open("wb") as stream:
            yield stream
    else:
        yield target
