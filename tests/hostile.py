"""Text that tries to be more than text, and the one table of what a file that holds it must not be.

By the ending of the file: whoever offers a further format adds a line to `FOUND`.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import pyarrow.parquet

# In one line, so that it can be a name, a query and a cell as well.
HOSTILE = (
    '=HYPERLINK("http://evil.example","click") <script>window.ran=\'script\'</script>'
    "<img src=x onerror=\"window.ran='image'\"> <a href=\"javascript:window.ran='link'\">a</a> "
    "[md](javascript:window.ran='markdown') ![i](http://evil.example/i.png) http://evil.example/bare "
    "www.evil.example mail@evil.example $\\frac{1}{2}$ $$x^2$$ :red[red] `code` **bold** "
    "\x1b[31mansi\x1b[0m \u202egnp.exe\u202c {query} &lt;b&gt; ~~gone~~"
)
SEEN = "[md](javascript:window.ran='markdown')"
LONG_WORD = "w" * 1_000_000

_NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?%?|[-+]")


def assert_inert(ending: str, content: bytes) -> None:
    """The file holds the text, and no program would take it for more."""
    assert any(SEEN in one for one in FOUND[ending](content)), ending


def _workbook(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink is not None]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            assert b"<f>" not in part and b"<f " not in part and b"\x1b" not in part, name
            # Links to elsewhere stand in the relations of a sheet.
            assert not (name.endswith(".rels") and b"External" in part), name
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def _csv(content: bytes) -> list[str]:
    csv.field_size_limit(2**31 - 1)
    found = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    starts = tuple("=+-@\t\r\n＝＋－＠")
    assert not [cell for cell in found if cell.startswith(starts) and not _NUMBER.fullmatch(cell)]
    # Nothing that a terminal would obey.
    assert b"\x1b" not in content
    return found


def _json(content: bytes) -> list[str]:
    assert b"\x1b" not in content
    return [json.dumps(json.loads(content), ensure_ascii=False)]


def _json_lines(content: bytes) -> list[str]:
    assert b"\x1b" not in content
    return [json.dumps(json.loads(line), ensure_ascii=False) for line in content.splitlines()]


def _parquet(content: bytes) -> list[str]:
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    return [cell for column in table.columns for cell in column.to_pylist() if isinstance(cell, str)]


# The texts of a file, read as its format wants it.
FOUND: Mapping[str, Callable[[bytes], list[str]]] = {
    "xlsx": _workbook,
    "csv": _csv,
    "json": _json,
    "jsonl": _json_lines,
    "parquet": _parquet,
}
