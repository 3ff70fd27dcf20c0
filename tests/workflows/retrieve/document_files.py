"""Documents in the formats that corpora take, made here: PDF by hand, Word by python-docx."""

import io
from pathlib import Path
from zipfile import ZipFile

import docx


def pdf_bytes(lines: list[str]) -> bytes:
    """A page of Latin text; object offsets and lengths as ISO 32000 wants them."""
    text = "\n".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td\n{text}\nET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    out += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def docx_bytes(title: str, paragraphs: list[str], table: list[list[str]]) -> bytes:
    """A heading, paragraphs and a table."""
    document = docx.Document()
    document.add_heading(title, level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    made = document.add_table(rows=len(table), cols=len(table[0]))
    for row, cells in zip(made.rows, table, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def help_folder(folder: Path) -> Path:
    """A folder of every kind of document, and files that are none."""
    help_center = folder / "帮助"
    (help_center / "sub").mkdir(parents=True)
    (help_center / "退货.md").write_text("# 退货政策\n\n签收后七天内可以退货。\n", encoding="utf-8")
    (help_center / "old.txt").write_bytes("保修期为两年。".encode("gb18030"))
    (help_center / "sub" / "page.html").write_text(
        "<!doctype html><html><head><title>x</title><script>var a=1;</script></head><body>"
        "<h1>Shipping</h1><p>Parcels leave within 24 hours.</p></body></html>",
        encoding="utf-8",
    )
    (help_center / "manual.pdf").write_bytes(pdf_bytes(["Hold the button for five seconds.", "It resets."]))
    (help_center / "law.docx").write_bytes(
        docx_bytes("Notice periods", ["Notice is thirty days."], [["Years", "Days"], ["2", "60"]])
    )
    (help_center / ".hidden.txt").write_text("hidden")
    (help_center / "photo.png").write_bytes(b"\x89PNG")
    return help_center


def zipped(folder: Path, path: Path) -> Path:
    """The folder's files in a zip archive."""
    with ZipFile(path, "w") as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, one.relative_to(folder))
    return path
