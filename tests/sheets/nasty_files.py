"""Builds small workbooks by hand, down to the bytes a hostile or careless program would write."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
VENDOR = "application/vnd.openxmlformats"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx(
    sheets: Mapping[str, str],
    *,
    strings: str | None = None,
    workbook_extra: str = "",
    states: Mapping[str, str] | None = None,
    extra_parts: Mapping[str, bytes] | None = None,
    prologue: str = HEAD,
    encoding: str = "utf-8",
) -> bytes:
    """A workbook from the inner XML of each sheet (rows and what follows) and of the shared strings."""
    buffer = io.BytesIO()
    names = list(sheets)
    states = states or {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{VENDOR}-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{VENDOR}-officedocument.spreadsheetml.sheet'
            f'.main+xml"/>{overrides}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        entries = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"'
            + (f' state="{states[name]}"' if name in states else "")
            + "/>"
            for n, name in enumerate(names, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook_extra}'
            f"<sheets>{entries}</sheets></workbook>",
        )
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        if strings is not None:
            relations += (
                f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
            )
            archive.writestr("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        )
        for n, inner in enumerate(sheets.values(), 1):
            xml = f'{prologue}<worksheet xmlns="{MAIN}">{inner}</worksheet>'
            archive.writestr(f"xl/worksheets/sheet{n}.xml", xml.encode(encoding))
        for name, content in (extra_parts or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def rows(values: Sequence[Sequence[str]]) -> str:
    """Sheet data of inline strings."""
    xml = []
    for number, row in enumerate(values, 1):
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            for column, value in enumerate(row)
            if value
        )
        xml.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(xml)}</sheetData>"


def ods(content: str) -> bytes:
    """An OpenDocument spreadsheet from the inner XML of its tables."""
    buffer = io.BytesIO()
    office = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'{HEAD}<manifest:manifest xmlns:manifest="{office}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'{HEAD}<office:document-content xmlns:office="{office}:office:1.0" '
            f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0">'
            f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return buffer.getvalue()


def xlsb(values: Sequence[Sequence[str | float]], *, last_row: int = 0) -> bytes:
    """A binary workbook of one sheet ([MS-XLSB]: records of a type, a length and data).

    last_row: a further cell far down and far right.
    """
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = b""
    for number, row in enumerate(values):
        cells += _record(0x00, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                cells += _record(0x06, place + _wide(value))
            else:
                cells += _record(0x05, place + struct.pack("<d", value))
    if last_row:
        cells += _record(0x00, struct.pack("<I", last_row) + bytes(13))
        cells += _record(0x05, struct.pack("<IId", 16_383, 0, 1.0))
    width = max(map(len, values))
    dimension = struct.pack("<IIII", 0, len(values) - 1, 0, width - 1)
    sheet = _record(0x81) + _record(0x94, dimension) + _record(0x91) + cells + _record(0x92) + _record(0x82)
    bundle = _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("数据"))
    workbook = _record(0x83) + _record(0x8F) + bundle + _record(0x90) + _record(0x84)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def xls(values: Sequence[Sequence[str]], *, far: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """A workbook of 1997 with one sheet ([MS-XLS] in [MS-CFB]).

    far: further cells by row and column, counted from 0, up to 65,535 each, wider than Excel ever made any.
    """
    cells = {(row, place): text for row, line in enumerate(values) for place, text in enumerate(line)}
    cells |= far or {}
    begin = struct.pack("<HHHH", 0x0600, 0x0005, 0, 0) + bytes(8)
    sheet = _old_record(0x0809, begin[:2] + b"\x10\0" + begin[4:])
    for (row, place), text in sorted(cells.items()):
        if text:
            content = text.encode("utf-16-le")
            label = struct.pack("<HHHHB", row, place, 0, len(content) // 2, 1) + content
            sheet += _old_record(0x0204, label)
    sheet += _old_record(0x000A)

    def book(start: int) -> bytes:
        bound = struct.pack("<IBBBB", start, 0, 0, 1, 0) + b"S"
        code_page = _old_record(0x0042, struct.pack("<H", 1200))
        return _old_record(0x0809, begin) + code_page + _old_record(0x0085, bound) + _old_record(0x000A)

    return _compound("Workbook", book(len(book(0))) + sheet)


def _old_record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(name: str, content: bytes) -> bytes:
    """A compound file of one stream; below 4,096 bytes it would have to lie in a smaller file inside."""
    sector, end, free, table = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % sector)
    count = len(content) // sector
    tables = 1
    while (sector // 4) * tables < count + 1 + tables:
        tables += 1
    assert tables <= 109, "larger files list their tables elsewhere"
    chain = [*range(1, count), end, end, *[table] * tables]
    chain += [free] * (tables * sector // 4 - len(chain))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, count, 0, 4096, end, 0, end, 0)
    places = [count + 1 + n for n in range(tables)]
    head += struct.pack("<109I", *places, *[free] * (109 - tables))
    directory = _entry("Root Entry", 5, end, 0, child=1) + _entry(name, 2, 0, len(content))
    directory += _entry("", 0, 0, 0) * 2
    return head + content + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0" if name else b""
    none = 0xFFFFFFFF
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III", none, none, child) + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(data), b""
    while True:
        part, length = length & 0x7F, length >> 7
        size += bytes([part | (0x80 if length else 0)])
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded
