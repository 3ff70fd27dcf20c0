"""Files made to exhaust memory, time or trust are refused with a sentence; the process stays small."""

import io
import resource
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from core.errors import InputError, TooLargeError
from core.sheets.reading.sources import read_source
from core.sheets.records import ReadLimits
from tests.sheets.nasty_files import HEAD, MAIN, ods, rows, xlsb, xlsx

GOOD = rows([["query", "document"], ["q?", "some text"]])


def cell(place: str, value: str = "1") -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def refused(content: bytes, name: str = "upload.xlsx", limits: ReadLimits | None = None) -> InputError:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError) as refusal:
        read_source(content, name, limits=limits)
    # Refusing must not have cost this process a quarter gigabyte. Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < 256 << 20
    assert refusal.value.where == name
    assert refusal.value.hint
    return refusal.value


def test_two_cells_at_opposite_corners_of_the_sheet_are_refused() -> None:
    corners = (
        f'<sheetData><row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row></sheetData>'
    )
    content = xlsx({"S": corners})
    assert len(content) < 4096
    error = refused(content)
    assert isinstance(error, TooLargeError)
    assert error.message == ("A sheet has cells so far apart that it spans 1048576 rows and 16384 columns.")


def test_a_declared_dimension_alone_is_not_held_against_a_small_sheet() -> None:
    content = xlsx({"S": f'<dimension ref="A1:XFD1048576"/>{GOOD}'})
    assert len(read_source(content, "a.xlsx").grids[0].rows) == 2


def test_rows_without_cell_references_cannot_hide_a_far_corner() -> None:
    hidden = (
        f'<sheetData><row r="1"><c><v>1</v></c></row><row r="1048576">{cell("XFD1048576")}</row></sheetData>'
    )
    assert "far apart" in refused(xlsx({"S": hidden})).message


def test_a_far_corner_that_the_patterns_miss_ends_only_the_confined_process() -> None:
    # A «>» inside an attribute hides the reference from the archive's patterns, not from the parser.
    hidden = (
        f'<sheetData><row r="1">{cell("A1")}</row><row a=">" r="1048576">'
        '<c a=">" r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    error = refused(xlsx({"S": hidden}))
    assert "memory" in error.message or "cells" in error.message or "far apart" in error.message


def test_a_part_that_inflates_a_thousandfold_is_refused() -> None:
    padding = " " * (70 << 20)
    error = refused(xlsx({"S": GOOD + padding}))
    assert isinstance(error, TooLargeError)
    assert "unpacks to 70 MB" in error.message


def test_many_parts_that_inflate_past_the_limit_together_are_refused() -> None:
    parts = {f"xl/media/{n}.bin": bytes(3 << 20) for n in range(10)}
    error = refused(xlsx({"S": GOOD}, extra_parts=parts), limits=ReadLimits(inflated_bytes=20 << 20))
    assert "the limit is 20 MB" in error.message


def test_one_long_shared_string_in_many_cells_is_refused() -> None:
    strings = f"<si><t>{'x' * 1_000_000}</t></si>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2001))
    error = refused(xlsx({"S": f"<sheetData>{cells}</sheetData>"}, strings=strings))
    assert "hold" in error.message and "MB of text together" in error.message


def test_one_long_shared_string_in_few_cells_is_read_whole() -> None:
    strings = f"<si><t>{'x' * 1_000_000}</t></si>"
    content = xlsx(
        {"S": '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'}, strings=strings
    )
    assert read_source(content, "a.xlsx").grids[0].rows == [["x" * 1_000_000]]


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {chr(98 + n)} "{"&" + chr(97 + n) + ";" * 1}{f"&{chr(97 + n)};" * 9}">' for n in range(9)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "declaration",
    [
        LAUGHS,
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">',
        "<!-- a comment first --><?pi?>\n <!DOCTYPE x []>",
    ],
)
def test_entities_and_external_definitions_are_refused(declaration: str) -> None:
    body = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>'
    error = refused(xlsx({"S": body}, prologue=HEAD + declaration))
    assert "XML entities" in error.message


def test_entities_are_found_in_utf16_parts_too() -> None:
    prologue = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "x">]>'
    error = refused(xlsx({"S": GOOD}, prologue=prologue, encoding="utf-16"))
    assert "XML entities" in error.message


def test_entities_in_the_shared_strings_are_refused() -> None:
    content = xlsx({"S": GOOD})
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr(
            "xl/sharedStrings.xml",
            f'{HEAD}<!DOCTYPE sst [<!ENTITY e "x">]><sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>',
        )
    assert "XML entities" in refused(rewritten.getvalue()).message


def test_html_with_a_doctype_inside_a_cell_is_only_text() -> None:
    content = xlsx({"S": rows([["&lt;!DOCTYPE html&gt;"]])})
    assert read_source(content, "a.xlsx").grids[0].rows == [["<!DOCTYPE html>"]]


def test_far_corners_of_binary_workbooks_end_only_the_confined_process() -> None:
    error = refused(xlsb([["query"]], last_row=1_048_575), "a.xlsb")
    assert isinstance(error, TooLargeError)


def test_repeated_opendocument_cells_are_counted_before_they_are_made() -> None:
    content = ods(
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )
    error = refused(content, "a.ods")
    assert isinstance(error, TooLargeError)


def test_blank_opendocument_repetitions_at_the_end_are_harmless() -> None:
    content = ods(
        '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>文档</text:p></table:table-cell></table:table-row><table:table-row "
        'table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>"
    )
    source = read_source(content, "a.ods")
    assert (source.format, source.grids[0].rows) == ("ods", [["文档"]])


def test_truncated_workbook_is_refused_at_every_cut() -> None:
    content = xlsx({"S": GOOD})
    for cut in (30, len(content) // 2, len(content) - 10):
        assert "damaged or incomplete" in refused(content[:cut]).message


def test_flipped_bytes_are_refused() -> None:
    content = bytearray(
        xlsx({"S": rows([["query", "document"], *[["q?", f"text {n}"] for n in range(200)]])})
    )
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(40)
    assert "damaged or incomplete" in refused(bytes(content)).message


def test_two_parts_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(xlsx({"S": GOOD}))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert "damaged" in refused(buffer.getvalue()).message


def test_encrypted_package_is_named_as_password_protected() -> None:
    # An encrypted .xlsx is an OLE file with a stream of this name.
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(1000)
    )
    assert "password" in refused(ole).message


def test_other_ole_files_are_not_taken_for_workbooks() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "WordDocument".encode("utf-16-le") + bytes(1000)
    assert "old Office document" in refused(ole, "a.xls").message


def test_damaged_ole_workbook_is_refused() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "Workbook".encode("utf-16-le") + bytes(1000)
    assert "damaged" in refused(ole, "a.xls").message


def test_damaged_parquet_is_refused() -> None:
    assert "Parquet file is damaged" in refused(b"PAR1" + bytes(100) + b"PAR1", "a.parquet").message


def test_parquet_that_repeats_one_long_value_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"document": text}), path, compression="zstd")
    assert path.stat().st_size < 200_000
    error = refused(path.read_bytes(), "a.parquet", limits=ReadLimits(text_bytes=50 << 20))
    assert isinstance(error, TooLargeError)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    import pickle

    assert "never opened" in refused(pickle.dumps({"a": 1}), "a.parquet").message


def test_the_time_limit_ends_the_confined_process() -> None:
    many = rows([["query", "document"], *[["q?", "text"]] * 20_000])
    error = refused(xlsx({"S": many}), limits=ReadLimits(seconds=0.01))
    assert "seconds" in error.message


def test_the_memory_limit_ends_the_confined_process() -> None:
    many = rows([["query", "document"], *[[f"q{n}?", f"{n} text" * 150] for n in range(60_000)]])
    error = refused(xlsx({"S": many}), limits=ReadLimits(memory_bytes=100 << 20))
    assert "memory" in error.message


def test_a_file_beyond_the_size_limit_is_refused() -> None:
    error = refused(b"a,b\n" * 1000, "a.csv", limits=ReadLimits(file_bytes=1000))
    assert isinstance(error, TooLargeError)


def test_deeply_nested_json_is_a_problem_of_its_line_only() -> None:
    content = b'{"document": "good"}\n{"document": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    source = read_source(content, "a.jsonl")
    assert [problem.kind for problem in source.grids[0].problems] == ["not_json"]
    assert len(source.grids[0].rows) == 2


def test_a_workbook_that_links_out_of_its_folder_reads_nothing_there() -> None:
    content = xlsx({"S": GOOD}, extra_parts={"../../outside.xml": b"<x/>"})
    assert len(read_source(content, "a.xlsx").grids[0].rows) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"query,document\nq?," + b"," * 25_000_000, "cells; the limit is"),
        (b"query,document\nq?,text" + b"\n" * 25_000_000, "cells; the limit is"),
        (b"query,document\nq?," + b"," * 50_000 + b"\n", "Line 2 has 50002 fields"),
        (b"".join(b'{"k%d": 1}\n' % n for n in range(20_000)), "20000 different field names"),
    ],
)
def test_text_that_would_become_too_many_cells_is_refused(content: bytes, message: str) -> None:
    error = refused(content, "a.csv")
    assert isinstance(error, TooLargeError)
    assert message in error.message


def test_a_million_blank_lines_cost_nothing() -> None:
    source = read_source(b"query,document\nq?,text\n" + b"\n" * 1_000_000 + b"r?,more\n", "a.csv")
    assert [list(row) for row in source.grids[0].rows] == [
        ["query", "document"],
        ["q?", "text"],
        [],
        ["r?", "more"],
    ]
    assert source.grids[0].numbers[-1] == 1_000_003


@pytest.mark.parametrize("kind", [0, 1], ids=["xor", "rc4"])
def test_an_old_workbook_with_a_password_says_so(kind: int) -> None:
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    password = struct.pack("<HHHHH", 0x2F, 6, kind, 0x1234, 0x5678)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + begin
    names = "Workbook".encode("utf-16-le")
    assert "password" in refused(head + password + bytes(64) + names).message
    plain = struct.pack("<HHH", 0xE1, 2, 1200)
    assert "password" not in refused(head + plain + bytes(64) + names).message
