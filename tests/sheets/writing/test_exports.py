"""CSV, JSON Lines and Parquet are written and read back."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.exports import csv_bytes, jsonl_bytes, write_csv, write_jsonl, write_parquet

COLUMNS = [
    TableColumn("文档"),
    TableColumn("label", "integer"),
    TableColumn("probability", "number"),
    TableColumn("day", "date"),
    TableColumn("moment", "datetime"),
]
ROWS: list[list[object]] = [
    ['退款，"三天"\n到账 😀', 1, 0.25, date(2024, 2, 29), datetime(2024, 2, 29, 13, 5, 7)],
    ["000123", np.int64(-2), float("nan"), None, None],
    ["110101199003071234", None, -0.5, None, None],
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_byte_order_mark_and_reads_back() -> None:
    content = csv_bytes(SheetTable.of("t", COLUMNS, ROWS))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [
        ["文档", "label", "probability", "day", "moment"],
        ['退款，"三天"\n到账 😀', "1", "0.25", "2024-02-29", "2024-02-29 13:05:07"],
        ["000123", "-2", "", "", ""],
        ["110101199003071234", "", "-0.5", "", ""],
    ]


def test_csv_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    starts = ["=1", "=1+1", "+1+1", "-1-1", "-a", "--1", "-1\n", "-1 ", "+1,2", "@a", "@", "="]
    starts += ["\tx", "\rx", "\nx", "\t1", "＝1", "＋1", "－1", "＠a"]
    content = csv_bytes(SheetTable.of("t", [TableColumn("=header")], [[text] for text in starts]))
    assert read_csv(content) == [["'=header"], *[["'" + text] for text in starts]]


def test_csv_numbers_and_harmless_text_stay_as_they_are() -> None:
    table = SheetTable.of("t", [TableColumn("x", "any")], [[-1], [-0.5], ["a=b"], ["'quoted"], [True]])
    assert read_csv(csv_bytes(table))[1:] == [["-1"], ["-0.5"], ["a=b"], ["'quoted"], ["TRUE"]]


def test_csv_text_that_is_a_number_or_a_lone_sign_stays_as_it_is() -> None:
    texts = ["-3.25", "+8613800138000", "-", "+", "-1e-05", "+.5", "-12%", ""]
    table = SheetTable.of("t", [TableColumn("a"), TableColumn("x")], [["a", text] for text in texts])
    assert [row[1] for row in read_csv(csv_bytes(table))[1:]] == texts


def test_csv_replaces_what_utf8_cannot_hold() -> None:
    assert read_csv(csv_bytes(SheetTable.of("t", [TableColumn("x")], [["a\ud800\0"]])))[1] == [
        "a\ufffd\ufffd"
    ]


def test_jsonl_keeps_values_and_writes_blanks_as_null() -> None:
    lines = [json.loads(line) for line in jsonl_bytes(SheetTable.of("t", COLUMNS, ROWS)).splitlines()]
    assert lines[0] == {
        "文档": '退款，"三天"\n到账 😀',
        "label": 1,
        "probability": 0.25,
        "day": "2024-02-29",
        "moment": "2024-02-29 13:05:07",
    }
    assert lines[1] == {"文档": "000123", "label": -2, "probability": None, "day": None, "moment": None}


def test_jsonl_writes_formula_looking_and_infinite_values_as_they_are() -> None:
    table = SheetTable.of("t", [TableColumn("x", "any")], [["=1+1"], [float("inf")]])
    assert [json.loads(line)["x"] for line in jsonl_bytes(table).splitlines()] == ["=1+1", "inf"]


def test_parquet_keeps_types_text_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert write_parquet(path, SheetTable.of("t", COLUMNS, ROWS)) == 3
    table = pq.read_table(path)
    assert [str(field.type) for field in table.schema] == [
        "string",
        "int64",
        "double",
        "date32[day]",
        "timestamp[us]",
    ]
    assert table.column("文档").to_pylist() == [row[0] for row in ROWS]
    assert table.column("label").to_pylist() == [1, -2, None]
    assert table.column("probability").to_pylist() == [0.25, None, -0.5]
    assert table.column("day").to_pylist() == [date(2024, 2, 29), None, None]


def test_parquet_writes_mixed_columns_as_text(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    write_parquet(path, SheetTable.of("t", [TableColumn("x", "any")], [[1], ["=a"], [0.5], [None]]))
    assert pq.read_table(path).column("x").to_pylist() == ["1", "=a", "0.5", None]


def test_files_are_written_from_a_stream_of_rows(tmp_path: Path) -> None:
    table = SheetTable("t", (TableColumn("n", "integer"),), lambda: ([n] for n in range(45_000)))
    assert write_csv(tmp_path / "a.csv", table) == 45_000
    assert write_jsonl(tmp_path / "a.jsonl", table) == 45_000
    assert write_parquet(tmp_path / "a.parquet", table) == 45_000
    assert pq.read_table(tmp_path / "a.parquet").column("n").to_pylist() == list(range(45_000))
