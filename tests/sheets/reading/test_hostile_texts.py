"""Text files made to take minutes or gigabytes are read in time or refused, like workbooks, in a process of
their own; and that process reads what this one would."""

import time
from pathlib import Path

import pytest

from core.errors import InputError, TooLargeError
from core.sheets.reading import delimited
from core.sheets.reading.confined import parse_confined
from core.sheets.reading.sources import SMALL_TEXT_BYTES, read_source
from core.sheets.reading.texts import parse_text
from core.sheets.records import ReadLimits

ROWS = "".join(f"q{n},how do I reset it,d{n},Hold the button for ten seconds,1\n" for n in range(60_000))
HEAD = "query_id,query,document_id,document,label\n"
TEXTS = {
    "plain.csv": b"query,document\nq?,some text\n,\nq2?,\n",
    "chinese.csv": "查询,文档\n退款多久到账,一至三个工作日\n".encode("gb18030"),
    "stray.csv": b'query,document\nq?,"some text\n' + b"q?,more text\n" * 50,
    "lines.txt": b"first document\n\nsecond, document\n",
    "records.jsonl": '{"query": "退款", "n": 1.5, "ok": true}\nnot json\n{"query": null}\n'.encode(),
    "array.json": b'[{"d": "x"}, {"m": "y"}, {"t": "z"}]',
    "utf16.csv": "query;document\nq?;text\0\n".encode("utf-16"),
    "sep.csv": b"sep=|\nquery|document\nq?|text\n",
    "spoilt.csv": b"query,document\nq?,Ann\xe9e \xff\xfe\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_confined_process_reads_what_this_one_reads(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(TEXTS[name])
    here = parse_text(TEXTS[name], name, None, ReadLimits())
    there = parse_confined(path, "text", ReadLimits(), name=name)
    for one, other in zip(here.grids, there.grids, strict=True):
        assert [list(row) for row in one.rows] == other.rows
        assert (list(one.numbers), list(one.widths)) == (list(other.numbers), list(other.widths))
        assert one.problems == other.problems
    fields = ("format", "encoding", "encoding_certain", "separator", "has_names", "problems")
    assert [getattr(here, field) for field in fields] == [getattr(there, field) for field in fields]


def test_a_refusal_keeps_its_sentence_its_place_and_its_advice_on_the_way_back(tmp_path: Path) -> None:
    with pytest.raises(InputError) as here:
        parse_text(b'[{"a": 1}, 5]', "a.json", None, ReadLimits())
    (tmp_path / "a.json").write_bytes(b'[{"a": 1}, 5]')
    with pytest.raises(InputError) as there:
        parse_confined(tmp_path / "a.json", "text", ReadLimits(), name="a.json")
    assert str(there.value) == str(here.value) and there.value.where == here.value.where == "entry 2"


def test_an_encoding_that_was_chosen_is_used_there_too() -> None:
    content = ("query,document\n" + "q?,Année\n" * 10_000).encode("cp1252")
    assert len(content) > SMALL_TEXT_BYTES
    source = read_source(content, "a.csv", encoding="cp1252")
    assert source.grids[0].rows[-1] == ["q?", "Année"] and source.encoding == "cp1252"


def test_the_limits_of_time_and_memory_hold_for_texts_and_say_what_to_do() -> None:
    content = (HEAD + ROWS).encode()
    with pytest.raises(TooLargeError, match=r"not read within \d+ seconds. Split it into smaller files"):
        read_source(content, "a.csv", limits=ReadLimits(seconds=0.01))
    with pytest.raises(TooLargeError, match=r"more memory than it may use \(50 MB\). Split it"):
        read_source(content, "a.csv", limits=ReadLimits(memory_bytes=50 << 20))


def test_a_column_of_millions_of_rows_is_refused_by_its_rows() -> None:
    with pytest.raises(TooLargeError, match="more than 2000000 rows. Split it into smaller files"):
        read_source(b"document\n" + b"a\n" * 9_000_000, "a.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.jsonl"])
def test_rows_are_counted_whatever_the_format(name: str) -> None:
    line = b'{"document": "a"}\n' if name == "a.jsonl" else b"a\n"
    limits = ReadLimits(rows=100)
    assert len(read_source(line * 99, name, limits=limits).grids[0].rows) >= 99
    with pytest.raises(TooLargeError, match="more than 100 rows"):
        read_source(line * 101, name, limits=limits)


def test_a_stray_mark_costs_no_more_than_another_reading() -> None:
    began = time.process_time()
    delimited.split_rows(HEAD + ROWS)
    plain = time.process_time() - began
    for place in (2, 30_000):
        lines = ROWS.splitlines(keepends=True)
        lines[place] = lines[place].replace(",Hold", ',"Hold')
        began = time.process_time()
        split = delimited.split_rows(HEAD + "".join(lines))
        assert time.process_time() - began < 10 * plain
        assert len(split.grid.rows) == len(lines) + 1
        assert [problem.row for problem in split.grid.problems] == [place + 2]


def test_a_small_text_is_read_here_and_in_no_time() -> None:
    """Whatever a text of this size holds, reading it must be quick, since no process watches over it."""
    kinds = ['"', '" ', ",", '",', "\n", '"\n', "[", "{", '{"a":', "\x01,", "é", '"a\n', "a" * 50 + ",", "\\"]
    for start in ("", "query,document\n", '{"a": 1}\n', '["'):
        for kind in kinds:
            content = (start + kind * (SMALL_TEXT_BYTES // len(kind.encode()) - 20)).encode()
            assert len(content) <= SMALL_TEXT_BYTES
            began = time.process_time()
            try:
                read_source(content, "a.csv")
            except InputError:
                pass
            assert time.process_time() - began < 2, (start, kind)
