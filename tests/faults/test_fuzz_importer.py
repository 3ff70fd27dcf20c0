"""Files of every format, damaged byte by byte: each is read or refused with a sentence, and in time.

The default run is short and seeded; `pytest -m slow` damages each file a hundred times more.
"""

import io
import random
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import InputError
from core.sheets.meaning.importing import import_source
from core.sheets.reading.sources import read_source
from tests.sheets.nasty_files import ods, rows, xls, xlsb, xlsx

TABLE = [
    ["query", "document", "label"],
    *[[f"问题 {n}?", f"an answer, «{n}»", str(n % 2)] for n in range(30)],
]
TEXT = "\n".join(",".join(f'"{cell}"' for cell in row) for row in TABLE) + "\n"


def _parquet() -> bytes:
    buffer = io.BytesIO()
    columns = {name: [row[place] for row in TABLE[1:]] for place, name in enumerate(TABLE[0])}
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def _ods() -> bytes:
    line = "<table:table-row>{}</table:table-row>"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    table = "".join(line.format("".join(cell.format(text) for text in row)) for row in TABLE)
    return ods(f'<table:table table:name="S">{table}</table:table>')


FILES = {
    "a.csv": TEXT.encode(),
    "b.csv": TEXT.encode("gb18030"),
    "c.csv": TEXT.encode("utf-16"),
    "d.txt": TEXT.encode(),
    "e.jsonl": "".join(f'{{"query": "q{n}", "document": "text {n}"}}\n' for n in range(30)).encode(),
    "f.json": ("[" + ",".join(f'{{"query": "q{n}", "document": "t"}}' for n in range(30)) + "]").encode(),
    "g.xlsx": xlsx({"S": rows(TABLE)}),
    "h.ods": _ods(),
    "i.xlsb": xlsb(TABLE),
    "j.parquet": _parquet(),
    "k.xls": xls(TABLE),
}
LONGEST_SECONDS = 20


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, put in, or the end cut off."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        place = chance.randrange(len(damaged) or 1)
        kind = chance.randrange(5)
        if kind == 0:
            damaged[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del damaged[place : place + chance.choice((1, 4, 100))]
        elif kind == 2:
            damaged[place:place] = chance.choice(
                (b'"', b"\0", b",", b"\n", b"\xff\xff\xff\x7f", b"[", b"<", b"=1+1")
            )
        elif kind == 3:
            start = chance.randrange(len(damaged) or 1)
            damaged[place:place] = damaged[start : start + 200]
        else:
            del damaged[max(place, 1) :]
    return bytes(damaged)


def _survives(name: str, rounds: int) -> None:
    chance = random.Random(name)
    for number in range(rounds):
        content = _damaged(FILES[name], chance)
        began = time.monotonic()
        try:
            import_source(read_source(content, name))
        except InputError as refusal:
            assert refusal.message and "{" not in refusal.message
        assert time.monotonic() - began < LONGEST_SECONDS, (name, number)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(name: str) -> None:
    # A workbook costs a process each time, a small text none.
    _survives(name, 4 if name[0] in "ghijk" else 100)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_damaged_in_many_ways_is_read_or_refused_with_a_sentence(name: str) -> None:
    _survives(name, 400 if name[0] in "ghijk" else 10_000)
