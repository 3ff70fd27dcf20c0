"""Looks through a workbook's archive before anything parses it, and says no to what would not fit in memory.

It inflates every part as a stream, counting real bytes, and reads the XML with patterns rather than a
parser: where cells are, how much text they refer to, which hold errors, formulas without a saved result
or numbers too long for a double. It runs in the process that `reader_process` confines.
"""

import re
import zlib
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zipfile import BadZipFile, ZipFile, ZipInfo

from core.sheets.records import ReadLimits

_CHUNK = 1 << 20
# The longest stretch of XML kept while waiting for the end of a row.
_LONGEST_ROW = 64 << 20
# Deflate reaches 1,032 : 1; real sheets stay below 100 : 1 (a real one of 69 : 1 is known).
_SUSPICIOUS_RATIO = 250
_SUSPICIOUS_SIZE = 64 << 20
_MOST_PARTS = 20_000
_MOST_NOTES = 10_000

_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\s*([A-Za-z]{1,3})([0-9]{1,9})")
# What nearly every program writes; several times quicker to find.
_USUAL_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]')
_USUAL_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,9})"')
_LONG_DIGITS = re.compile(rb">\s*-?[0-9]{16}")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']\s*([0-9]{1,9})")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>")
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c(\s[^>/]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LONG_NUMBER = re.compile(rb"<(?:\w+:)?c(\s[^>/]*)>\s*<(?:\w+:)?v>\s*(-?[0-9]{16,400})\s*</")
_CELL_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,3})([0-9]{1,9})")
_CELL_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_STRING_INDEX = re.compile(
    rb"<(?:\w+:)?c\s[^>]*\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<"
)
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_TAG = re.compile(rb"<[^>]*>")
_ODS_TOKEN = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
_ODS_REPEAT = {
    b"table-row": re.compile(rb"table:number-rows-repeated\s*=\s*[\"']([0-9]{1,9})"),
    b"table-cell": re.compile(rb"table:number-columns-repeated\s*=\s*[\"']([0-9]{1,9})"),
}


class Refused(Exception):
    """The file will not be read; `code` names the reason, `facts` fill the sentence about it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass
class SheetNotes:
    """What one worksheet part says about its cells. Positions are (row from 1, column from 0)."""

    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    errors: list[tuple[int, int]] = field(default_factory=list)
    uncached: list[tuple[int, int]] = field(default_factory=list)
    long_numbers: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class ArchiveNotes:
    """The kind of workbook, and the notes of its worksheet parts by part name (xlsx only)."""

    format: str
    sheets: dict[str, SheetNotes]


def inspect_archive(archive: ZipFile, limits: ReadLimits) -> ArchiveNotes:
    """Check every part against the limits. Raises Refused, BadZipFile or zlib.error."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Refused("damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("password")
    declared = sum(part.file_size for part in parts)
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > _SUSPICIOUS_SIZE and ratio > _SUSPICIOUS_RATIO:
            raise Refused("bomb", megabytes=part.file_size >> 20)
    if declared > limits.inflated_bytes:
        raise Refused("inflates", megabytes=declared >> 20, limit=limits.inflated_bytes >> 20)
    kind = _format(archive)
    return ArchiveNotes(kind, _Scan(archive, kind, limits).run(parts))


def _format(archive: ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        mime = _beginning(archive, "mimetype")
        if b"opendocument.spreadsheet" in mime:
            if b"encryption-data" in _beginning(archive, "META-INF/manifest.xml"):
                raise Refused("password")
            return "ods"
        raise Refused("not_a_workbook")
    types = _beginning(archive, "[Content_Types].xml")
    if b"sheet.binary.macroEnabled" in types or "xl/workbook.bin" in names:
        return "xlsb"
    if b"spreadsheetml" in types or "xl/workbook.xml" in names:
        return "xlsx"
    if b"wordprocessingml" in types or b"presentationml" in types:
        raise Refused("not_a_workbook")
    raise Refused("damaged" if "[Content_Types].xml" in names else "not_a_workbook")


def _beginning(archive: ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as stream:
            return stream.read(_CHUNK)
    except KeyError:
        return b""


class _Scan:
    """One pass over the archive; shared strings first, because cells refer to them."""

    def __init__(self, archive: ZipFile, kind: str, limits: ReadLimits) -> None:
        self.archive = archive
        self.kind = kind
        self.limits = limits
        self.inflated = 0
        self.text_bytes = 0
        self.string_lengths: list[int] = []
        self.longest_string = 0

    def run(self, parts: list[ZipInfo]) -> dict[str, SheetNotes]:
        sheets: dict[str, SheetNotes] = {}
        for part in sorted(parts, key=lambda part: "sharedstrings" not in part.filename.lower()):
            if not part.filename.lower().endswith((".xml", ".rels")):
                for _ in self._inflate(part):
                    pass
                continue
            chunks = _as_utf8(self._inflate(part))
            head = next(chunks, b"")
            root = _root(head)
            if root == b"sst":
                self._read_strings(_chain(head, chunks))
            elif root == b"worksheet":
                sheets[part.filename] = self._read_sheet(_chain(head, chunks), part.filename)
            elif root == b"document-content":
                self._read_ods(_chain(head, chunks))
            else:
                for _ in chunks:
                    pass
        return sheets

    def _inflate(self, part: ZipInfo) -> Iterator[bytes]:
        with self.archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self.inflated += len(chunk)
                if self.inflated > self.limits.inflated_bytes:
                    limit = self.limits.inflated_bytes >> 20
                    raise Refused("inflates", megabytes=self.inflated >> 20, limit=limit)
                yield chunk

    def _read_strings(self, chunks: Iterator[bytes]) -> None:
        for piece in _pieces(chunks, b"si>"):
            for entry in _STRING_END.split(piece)[:-1]:
                size = len(entry) if len(entry) < 100 else len(_TAG.sub(b"", entry))
                self.string_lengths.append(size)
        self.longest_string = max(self.string_lengths, default=0)

    def _read_sheet(self, chunks: Iterator[bytes], name: str) -> SheetNotes:
        notes = SheetNotes()
        uses: Counter[bytes] = Counter()
        columns: set[bytes] = set()
        for piece in _pieces(chunks, b"row>"):
            letters, numbers, count = _positions(piece)
            columns |= letters
            notes.last_row = max(notes.last_row, max(map(int, numbers), default=0))
            notes.cells += count
            _note_special_cells(piece, notes)
            if self.longest_string * notes.cells > self.limits.text_bytes:
                uses.update(_STRING_INDEX.findall(piece))
                self._check_text(uses)
        notes.last_column = max(map(_column_number, columns), default=0)
        area = notes.last_row * notes.last_column
        if area > self.limits.cells and area > 4 * notes.cells:
            raise Refused("far_apart", rows=notes.last_row, columns=notes.last_column)
        if max(area, notes.cells) > self.limits.cells:
            raise Refused("many_cells", count=max(area, notes.cells), limit=self.limits.cells)
        return notes

    def _check_text(self, uses: Counter[bytes]) -> None:
        """The text of all cells that share strings; counted only where it could be too much."""
        lengths = self.string_lengths
        total = sum(
            lengths[index] * count for key, count in uses.items() if (index := int(key)) < len(lengths)
        )
        self._refuse_text(total)

    def _refuse_text(self, total: int) -> None:
        if total > self.limits.text_bytes:
            raise Refused("much_text", megabytes=total >> 20, limit=self.limits.text_bytes >> 20)

    def _read_ods(self, chunks: Iterator[bytes]) -> None:
        """OpenDocument repeats cells and rows by a count; follow the counts of cells that hold something."""
        row = column = last_row = last_column = repeat_row = 0
        total = 0
        for piece in _pieces(chunks, b"table-row>"):
            tokens = list(_ODS_TOKEN.finditer(piece))
            for index, token in enumerate(tokens):
                name, attributes = token.group(1), token.group(2)
                if name == b"table":
                    row = column = last_row = last_column = repeat_row = 0
                elif name == b"table-row":
                    row += repeat_row
                    repeat_row, column = _repeats(b"table-row", attributes), 0
                else:
                    repeat = _repeats(b"table-cell", attributes)
                    end = tokens[index + 1].start() if index + 1 < len(tokens) else len(piece)
                    column += repeat
                    if b"value-type" in attributes or b"<text:p" in piece[token.end() : end]:
                        last_column = max(last_column, column)
                        last_row = max(last_row, row + repeat_row)
                        total += repeat * repeat_row * len(_TAG.sub(b"", piece[token.end() : end]))
                        self._refuse_text(total)
                if last_row * last_column > self.limits.cells:
                    raise Refused("far_apart", rows=last_row, columns=last_column)


def _positions(piece: bytes) -> tuple[set[bytes], set[bytes], int]:
    """Column letters and row numbers of the cells in a piece of a sheet, and how many cells there are."""
    rows = set(_ROW.findall(piece))
    usual = _USUAL_ROW.findall(piece)
    if len(usual) == piece.count(b"<c ") + piece.count(b"<c>") and b":c" not in piece:
        return set(_USUAL_COLUMN.findall(piece)), rows.union(usual), len(usual)
    references = _REFERENCE.findall(piece)
    columns = {letters.upper() for letters, _ in references}
    rows.update(row for _, row in references)
    return columns, rows, len(_CELL.findall(piece))


def _repeats(name: bytes, attributes: bytes) -> int:
    found = _ODS_REPEAT[name].search(attributes)
    return int(found.group(1)) if found else 1


def _note_special_cells(piece: bytes, notes: SheetNotes) -> None:
    """Errors, formulas without a result and long integers: rare, so looked for only where they may be."""
    if b'"e"' in piece or b"'e'" in piece:
        for attributes in _ERROR_CELL.findall(piece):
            _add(notes.errors, attributes)
    if b"<f" in piece or b":f" in piece:
        for attributes, empty_value in _FORMULA_CELL.findall(piece):
            kind = _CELL_TYPE.search(attributes)
            # A formula whose result is empty text is saved as type «str» with an empty value.
            if not (kind and kind.group(1) in (b"str", b"e") and empty_value):
                _add(notes.uncached, attributes)
    for attributes, digits in _LONG_NUMBER.findall(piece) if _LONG_DIGITS.search(piece) else ():
        kind = _CELL_TYPE.search(attributes)
        place = _place(attributes)
        if place and (kind is None or kind.group(1) == b"n") and len(notes.long_numbers) < _MOST_NOTES * 100:
            notes.long_numbers[place] = digits.decode("ascii")


def _add(places: list[tuple[int, int]], attributes: bytes) -> None:
    place = _place(attributes)
    if place and len(places) < _MOST_NOTES:
        places.append(place)


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _CELL_REFERENCE.search(attributes)
    return (int(found.group(2)), _column_number(found.group(1).upper()) - 1) if found else None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _chain(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _pieces(chunks: Iterator[bytes], ending: bytes) -> Iterator[bytes]:
    """The stream in pieces that end where a row (or string) ends, so that no cell is cut in two."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"</")
        cut = rest.rfind(ending, 0, len(rest)) + len(ending) if cut >= 0 else 0
        if cut <= len(ending) - 1:
            if len(rest) > _LONGEST_ROW:
                raise Refused("long_cell", megabytes=_LONGEST_ROW >> 20)
            continue
        yield rest[:cut]
        rest = rest[cut:]
    if rest:
        yield rest


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """XML may be UTF-16; the patterns here are not."""
    first = next(chunks, b"")
    if first.startswith((b"\xff\xfe", b"<\0")):
        encoding = "utf-16-le"
    elif first.startswith((b"\xfe\xff", b"\0<")):
        encoding = "utf-16-be"
    else:
        yield first
        yield from chunks
        return
    decoder = getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(first).lstrip("\ufeff").encode("utf-8", "replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _root(head: bytes) -> bytes:
    """Name of the root element. A document type declaration (entities, external files) is refused."""
    start = _PROLOGUE.match(head)
    rest = head[start.end() if start else 0 :]
    if rest.startswith(b"<!DOCTYPE"):
        raise Refused("entities")
    found = _ROOT.match(rest)
    if found is None:
        if rest or head:
            raise Refused("damaged")
        return b""
    return found.group(1)


# What zipfile raises on damaged files; NotImplementedError is its word for an unknown compression or version.
ARCHIVE_ERRORS = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, KeyError, ValueError)
