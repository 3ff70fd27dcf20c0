"""Documents as plain text: .txt, .md, .html, .pdf and .docx, alone, in a folder or in a zip archive.

A document's text is cleaned and cut by `core.text`; here it is only found and read. What cannot be read is
told and left out, so that one bad file does not stop a thousand good ones.
"""

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from core.errors import InputError, TooLargeError
from core.records import Notice
from core.sentences import Sentence, sentence
from core.sheets.reading.decoding import decode

PLAIN = (".txt", ".text", ".md", ".markdown", ".html", ".htm")
DOCUMENTS = (*PLAIN, ".pdf", ".docx")

# A file beyond these is no document that people read, or is made to fill the memory.
LARGEST_FILE = 200 * 2**20
LARGEST_ARCHIVE = 1536 * 2**20
MOST_FILES = 100_000
MOST_CHARACTERS = 20_000_000
MOST_PAGES = 5000

CANNOT_READ = "{name} cannot be read: {problem}."
TOO_LARGE = "The file has {megabytes} MB; the limit is {limit} MB."
TOO_LARGE_HINT = "Split it into smaller files."
ARCHIVE_TOO_LARGE = "The archive holds {megabytes} MB unpacked; the limit is {limit} MB."
NOT_AN_ARCHIVE = "The file is not a zip archive, or it is damaged."
NO_DOCUMENT = "There is no document in it."
NO_DOCUMENT_HINT = "Documents end in {endings}."
NO_TEXT = "The document holds no text; a scanned one needs its characters recognised first."
LOCKED = "The document is protected by a password."
NOT_READABLE = "The document is damaged: {problem}"
LONG = "Only the first {count} characters were read."

log = logging.getLogger(__name__)
# pypdf tells every oddity of a file; what matters is said once a document.
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Document:
    """One document. source: its path as the user knows it. title: its own, else its file's name."""

    source: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file before it is read. source: below the folder or archive that the user named."""

    source: str
    content: bytes


def is_document(path: Path) -> bool:
    """Whether a path is read as documents: a folder, a zip archive, or a file of a known ending."""
    return path.is_dir() or path.suffix.lower() in (*DOCUMENTS, ".zip")


def read_all(path: Path, notices: list[Notice]) -> Iterator[Document]:
    """Every document of a file, folder or archive; what is wrong with one is added to `notices`."""
    found = False
    for file in _files(path):
        found = True
        try:
            document, notice = read_document(file)
        except InputError as error:
            if not path.is_dir() and path.suffix.lower() != ".zip":
                raise error.at(file.source) from None
            notices.append(Notice(error.sentence, file.source))
            continue
        if notice is not None:
            notices.append(Notice(notice, file.source))
        yield document
    if not found:
        raise InputError(
            NO_DOCUMENT, where=str(path), hint=NO_DOCUMENT_HINT, endings=", ".join((*DOCUMENTS, ".zip"))
        )


def read_document(file: DocumentFile) -> tuple[Document, Sentence | None]:
    """A file's text and title, and what is odd about it; InputError when it holds none."""
    suffix = PurePath(file.source).suffix.lower()
    if file.content.startswith(b"%PDF"):
        title, text = _pdf(file.content)
    elif suffix == ".docx":
        title, text = _docx(file.content)
    else:
        title, text = "", decode(file.content).text
    if not text.strip():
        raise InputError(NO_TEXT)
    notice = sentence(LONG, count=MOST_CHARACTERS) if len(text) > MOST_CHARACTERS else None
    title = title.strip() or PurePosixPath(file.source).stem
    return Document(file.source, title, text[:MOST_CHARACTERS]), notice


def _files(path: Path) -> Iterator[DocumentFile]:
    try:
        if path.is_dir():
            for one in sorted(path.rglob("*"))[:MOST_FILES]:
                hidden = any(part.startswith(".") for part in one.relative_to(path).parts)
                if one.is_file() and one.suffix.lower() in DOCUMENTS and not hidden:
                    yield DocumentFile(f"{path.name}/{one.relative_to(path).as_posix()}", _content(one))
        elif path.suffix.lower() == ".zip":
            yield from _archived(path)
        else:
            yield DocumentFile(path.name, _content(path))
    except OSError as error:
        raise InputError(
            CANNOT_READ, where=str(path), name=path.name, problem=error.strerror or str(error)
        ) from None


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise _too_large(TOO_LARGE, size, LARGEST_FILE, str(path))
    return path.read_bytes()


def _archived(path: Path) -> Iterator[DocumentFile]:
    """Members are read from the archive, never unpacked to the disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                one
                for one in archive.infolist()[:MOST_FILES]
                if PurePosixPath(one.filename).suffix.lower() in DOCUMENTS
                and not PurePosixPath(one.filename).name.startswith(".")
                and "__MACOSX" not in one.filename
            ]
            declared = sum(one.file_size for one in members)
            if declared > LARGEST_ARCHIVE:
                raise _too_large(ARCHIVE_TOO_LARGE, declared, LARGEST_ARCHIVE, path.name)
            for one in members:
                with archive.open(one) as stream:
                    # The declared size may be a lie; what is read is not.
                    content = stream.read(LARGEST_FILE + 1)
                if len(content) > LARGEST_FILE:
                    raise _too_large(TOO_LARGE, len(content), LARGEST_FILE, one.filename)
                yield DocumentFile(f"{path.stem}/{one.filename}", content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        log.info("%s: %s", path, error)
        locked = "password" in str(error)
        raise InputError(LOCKED if locked else NOT_AN_ARCHIVE, where=path.name) from None


def _pdf(content: bytes) -> tuple[str, str]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(LOCKED)
        pages: list[str] = []
        characters = 0
        for page in reader.pages[:MOST_PAGES]:
            pages.append(page.extract_text())
            characters += len(pages[-1])
            if characters > MOST_CHARACTERS:
                break
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except FileNotDecryptedError:
        raise InputError(LOCKED) from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.info("a PDF is damaged: %r", error)
        raise InputError(NOT_READABLE, problem=type(error).__name__) from None
    return title, "\n".join(pages)


def _docx(content: bytes) -> tuple[str, str]:
    """Paragraphs and tables in their order; headings get the marks that cutting looks for."""
    import docx
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            declared = sum(one.file_size for one in archive.infolist())
        if declared > LARGEST_ARCHIVE:
            raise _too_large(ARCHIVE_TOO_LARGE, declared, LARGEST_ARCHIVE, "")
        document = docx.Document(io.BytesIO(content))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += ["\t".join(cell.text.strip() for cell in row.cells) for row in block.rows]
                lines.append("")
                continue
            style = (block.style.name or "") if block.style is not None else ""
            level = style.removeprefix("Heading ") if style.startswith("Heading ") else ""
            lines += [f"{'#' * int(level)} {block.text}" if level.isdigit() else block.text, ""]
        title = document.core_properties.title or ""
    except InputError:
        raise
    except Exception as error:  # python-docx passes on whatever XML and zip readers raise
        log.info("a Word document is damaged: %r", error)
        raise InputError(NOT_READABLE, problem=type(error).__name__) from None
    return title, "\n".join(lines)


def _too_large(template: str, size: int, limit: int, where: str) -> TooLargeError:
    return TooLargeError(template, where=where, hint=TOO_LARGE_HINT, megabytes=size >> 20, limit=limit >> 20)
