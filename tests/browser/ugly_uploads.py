"""Files that a corpus is not usually given, and what the page says of each: added, or why not."""

import io
import zipfile

from tests.sheets.nasty_files import rows, xlsx
from tests.workflows.retrieve.document_files import docx_bytes, pdf_bytes


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# Name → content, and what is said (a regular expression).
UGLY: dict[str, tuple[bytes, str]] = {
    "空.csv": (b"\n", "文件为空"),
    "国标.csv": ("编号,内容\n1,退款三天到账。\n2,发票随货寄出。\n".encode("gb18030"), "新增 2"),
    "宽字符.csv": ("id\tdocument\n9\tRefunds take three days.\n".encode("utf-16"), "新增 1"),
    "坏.xlsx": (b"PK\x03\x04 not a workbook", "工作簿已损坏"),
    "坏.pdf": (b"%PDF-1.4 and nothing more", "文档已损坏"),
    "好.pdf": (pdf_bytes(["Hold the button for five seconds."]), "新增 1"),
    "标记.docx": (docx_bytes("<script>alert(1)</script>", ["*not bold* $x$"], [["a", "b"]]), "新增 1"),
    "越界.zip": (_zip({"../../outside.txt": b"Outside the archive.", "in.txt": b"Inside it."}), "新增 2"),
    "页面.html": ("<h1>标题</h1><p>正文<script>x</script></p>".encode(), "新增 1"),
    "表.xlsx": (xlsx({"一": rows([["文档"], ["=1+1"], ["&lt;b&gt;粗&lt;/b&gt;"]])}), "新增 2"),
}
