"""Files into a corpus: tables a row a passage, documents cleaned and cut into passages.

Adding is idempotent: a passage has the id that the file gives it, else one made of its file and place, and
one that is there just so is not stored again. A document that has become shorter loses the passages it no
longer has; a table only adds and replaces, because one file may hold some rows of many. Columns of a
table that are no part of a passage become its metadata, by which searches can be filtered.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import InputError
from core.records import Notice
from core.retrieval.passages import AddReport, Corpus, Metadata, Passage
from core.sentences import sentence
from core.text.chunking import ChunkSettings, chunk_document, estimated_tokens
from core.text.cleaning.documents import clean_documents
from core.text.cleaning.rules import RULE_NAMES, RuleName
from core.text.headings import sections
from core.workflows.retrieve.documents import Document, is_document, read_all
from core.workflows.retrieve.rows import Part, PartTable, read_parts

# About a paragraph or two: long enough to answer, short enough that the answer is most of it.
PASSAGE_TOKENS, PASSAGE_OVERLAP, PASSAGE_LEAST = 256, 32, 32
# Documents that are cleaned together: repeated headers and footers are found among them.
CLEANED_TOGETHER = 500
PASSAGE_PARTS: tuple[Part, ...] = ("document_id", "document", "title", "source")
# A title longer than this is no title.
LONGEST_TITLE = 200
# A column with a longer cell is a text, nothing to choose passages by.
LONGEST_METADATA = 200
# A heading that begins later than this many characters is one of a part.
TITLE_WITHIN = 200

BLANK = "Rows without a text: {count}; they were left out."
SAME_ID = "Rows whose id another row has: {count}; the last one counts."
LEFT_OUT = "Columns with long cells, which are not kept as metadata: {columns}."
NOTHING = "There is nothing to add."
NOTHING_HINT = "Give at least one file or folder."
MISSING = "There is no file or folder {name}."


@dataclass(frozen=True, slots=True)
class AddChoices:
    """How files are read.

    mapping: part → column, of tables. rules: cleaning of documents. chunks: how they are cut; tables are
    never cut.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    rules: tuple[RuleName, ...] = RULE_NAMES
    chunks: ChunkSettings = ChunkSettings(PASSAGE_TOKENS, PASSAGE_OVERLAP, PASSAGE_LEAST)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did. passages: that the corpus holds now. removed: that a document no longer has."""

    passages: int
    report: AddReport
    removed: int
    seconds: float
    notices: tuple[Notice, ...]


def add_files(
    corpus: Corpus,
    inputs: Sequence[Path],
    choices: AddChoices | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Added:
    """Add files, folders and archives; words are searchable when this returns, vectors follow.

    on_progress(n): passages read so far. Raises InputError for an input that cannot be read at all; those
    before it are stored.
    """
    choices = choices or AddChoices()
    if not inputs:
        raise InputError(NOTHING, where="input", hint=NOTHING_HINT)
    for path in inputs:
        if not path.exists():
            raise InputError(MISSING, where=str(path), name=path.name)
    start = time.perf_counter()
    notices: list[Notice] = []
    report, removed, read = AddReport(), 0, 0

    def counted(passages: Iterator[Passage]) -> Iterator[Passage]:
        nonlocal read
        for passage in passages:
            read += 1
            if on_progress is not None and read % 1000 == 0:
                on_progress(read)
            yield passage

    for path in inputs:
        if is_document(path):
            seen: dict[str, list[str]] = {}
            report += corpus.add(counted(_from_documents(path, choices, notices, seen)))
            removed += _remove_outdated(corpus, seen)
        else:
            report += corpus.add(counted(_from_table(path, choices, notices)))
    return Added(corpus.info.passages, report, removed, time.perf_counter() - start, tuple(notices))


def passages_of(document: Document, chunks: ChunkSettings) -> list[Passage]:
    """A document's passages, each named by its source and its place in it."""
    title = _title(document)
    cut = chunk_document(document.text, chunks, estimated_tokens)
    return [
        Passage(f"{document.source}#{at}", chunk.text.strip(), title, document.source, at)
        for at, chunk in enumerate(cut)
        if chunk.text.strip()
    ]


def _from_documents(
    path: Path, choices: AddChoices, notices: list[Notice], seen: dict[str, list[str]]
) -> Iterator[Passage]:
    group: list[Document] = []
    for document in read_all(path, notices):
        group.append(document)
        if len(group) == CLEANED_TOGETHER:
            yield from _cut(group, choices, seen)
            group = []
    yield from _cut(group, choices, seen)


def _cut(group: Sequence[Document], choices: AddChoices, seen: dict[str, list[str]]) -> Iterator[Passage]:
    cleaned = clean_documents([document.text for document in group], choices.rules)
    for document, clean in zip(group, cleaned, strict=True):
        passages = passages_of(Document(document.source, document.title, clean.text), choices.chunks)
        seen[document.source] = [passage.id for passage in passages]
        yield from passages


def _remove_outdated(corpus: Corpus, seen: Mapping[str, Sequence[str]]) -> int:
    known = corpus.ids(list(seen))
    now = {name for ids in seen.values() for name in ids}
    return corpus.remove(name for name in known if name not in now)


def _from_table(path: Path, choices: AddChoices, notices: list[Notice]) -> Iterator[Passage]:
    table = read_parts(
        path, ["document"], mapping=choices.mapping, sheet=choices.sheet, encoding=choices.encoding
    )
    blank = repeated = 0
    ids: set[str] = set()
    columns = [table.cells(part) for part in PASSAGE_PARTS]
    metadata, long = _metadata(table)
    for number, about, name, text, title, source in zip(table.table.numbers, metadata, *columns, strict=True):
        if not text:
            blank += 1
            continue
        passage_id = name or f"{path.stem}#{number}"
        repeated += passage_id in ids
        ids.add(passage_id)
        yield Passage(passage_id, text, title[:LONGEST_TITLE], source or path.name, number, about)
    notices += [Notice(sentence(BLANK, count=blank), path.name)] if blank else []
    notices += [Notice(sentence(SAME_ID, count=repeated), path.name)] if repeated else []
    notices += [Notice(sentence(LEFT_OUT, columns=", ".join(long)), path.name)] if long else []


def _metadata(table: PartTable) -> tuple[list[Metadata], list[str]]:
    """What each row's other columns say, and the columns that are too long for it."""
    others = table.beside(PASSAGE_PARTS)
    long = [name for name, cells in others.items() if max(map(len, cells)) > LONGEST_METADATA]
    kept = {name.replace("=", " "): cells for name, cells in others.items() if name not in long}
    rows = range(len(table.table.rows))
    return [tuple((name, cells[at]) for name, cells in kept.items() if cells[at]) for at in rows], long


def _title(document: Document) -> str:
    """The first heading where one stands near the beginning, else the document's own title."""
    headed = (one for one in sections(document.text[: 2 * TITLE_WITHIN]) if one.heading)
    first = next((one for one in headed if one.start <= TITLE_WITHIN), None)
    heading = first.heading.split("\n")[0].lstrip("# ").strip() if first is not None else ""
    return (heading or document.title)[:LONGEST_TITLE]
