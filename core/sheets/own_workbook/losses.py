"""What of a workbook would not survive being read and written again, found by looking through its parts.

openpyxl keeps cells, styles, widths, filters, formulas, comments, ordinary charts and pictures. What it does
not know it leaves out without a word; here it is named before. How each is said is for `writing`.
"""

import re
from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

_CHUNK = 1 << 20
# Longer than every sign that is looked for, so that one across two pieces is found.
_OVERLAP = 64

# By the names of parts.
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("new_charts", re.compile(r"xl/charts/chartEx|xl/extendedCharts/")),
    ("charts", re.compile(r"xl/charts/chart\d")),
    ("slicers", re.compile(r"xl/(slicers|timelines)/")),
    ("thread", re.compile(r"xl/threadedComments/")),
    ("controls", re.compile(r"xl/(ctrlProps|activeX|embeddings)/")),
    ("smart_art", re.compile(r"xl/diagrams/")),
    ("connections", re.compile(r"xl/(connections\.xml|queryTables/|model/)")),
    ("pictures", re.compile(r"xl/media/.*\.(emf|wmf|svg)$", re.IGNORECASE)),
    ("signature", re.compile(r"_xmlsignatures/")),
)
# By what stands in sheets and drawings.
_SIGNS: tuple[tuple[str, re.Pattern[str], re.Pattern[bytes]], ...] = (
    ("shapes", re.compile(r"xl/drawings/drawing"), re.compile(rb"<xdr:(sp|cxnSp|grpSp)[ >]")),
    ("sparklines", re.compile(r"xl/worksheets/sheet"), re.compile(rb"<x14:sparklineGroup")),
    (
        "rules",
        re.compile(r"xl/worksheets/sheet"),
        re.compile(rb"<x14:(conditionalFormatting|dataValidation) "),
    ),
    ("formulas", re.compile(r"xl/worksheets/sheet"), re.compile(rb"<f[ >]")),
)


def losses(archive: ZipFile) -> list[str]:
    """Words for what is lost or changed, each once."""
    found = dict.fromkeys(
        code for code, names in _PARTS if any(names.match(part) for part in archive.namelist())
    )
    for part in archive.infolist():
        wanted = [
            (code, sign) for code, names, sign in _SIGNS if code not in found and names.match(part.filename)
        ]
        for code, sign in wanted:
            if any(sign.search(piece) for piece in _pieces(archive, part)):
                found[code] = None
    return list(found)


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    end = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield end + piece
            end = piece[-_OVERLAP:]
