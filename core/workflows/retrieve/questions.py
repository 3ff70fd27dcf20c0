"""Labelled questions over a corpus: which passages answer each.

A row names a passage by its id, or by its text or a piece of it, which is looked for in the corpus. A row
without either says that nothing in the corpus answers the question.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.evaluation.judged import LARGEST_LABEL, JudgedQuery
from core.records import Notice
from core.retrieval.passages import Corpus
from core.sentences import sentence
from core.sheets.meaning.numbers import read_number
from core.workflows.retrieve.rows import read_parts

# How many passages a search by words offers for an answer given as text, before it is compared.
LOOKED_AT = 20
SPACE = re.compile(r"\s+")

NOT_FOUND = "Answers that no passage of the corpus holds: {count}, first «{text}» in row {row}."
IDS_FOUND = "The column «{column}» was read as the passages' ids: it holds nothing but ids of this corpus."
BAD_LABEL = "Labels that are no whole number up to {largest}: {count}; the rows were left out."
NO_QUESTION = "The file holds no question with a passage of this corpus."
NO_QUESTION_HINT = "It needs a column of questions, and one with the ids or the texts of their passages."


@dataclass(frozen=True, slots=True)
class Questions:
    """queries: by id, with the grades of their passages; an empty one has no answer in the corpus."""

    name: str
    queries: Mapping[str, JudgedQuery]
    notices: tuple[Notice, ...] = ()

    @property
    def answerable(self) -> int:
        """Questions with at least one relevant passage."""
        return sum(query.has_relevant for query in self.queries.values())


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    query_id: str
    query: str
    passage: str
    label: int
    group: str | None


def read_questions(
    path: Path,
    corpus: Corpus,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Questions:
    """Read a file; InputError when no question of it has a passage here."""
    table = read_parts(path, ["query"], mapping=mapping, sheet=sheet, encoding=encoding)
    known = set(corpus.ids())
    notices = []
    if not {"document_id", "document"} & set(table.columns):
        table = table.holding("document_id", known)
        if "document_id" in table.columns:
            column = table.table.columns[table.columns["document_id"]]
            notices.append(Notice(sentence(IDS_FOUND, column=column)))
    rows: list[_Row] = []
    ids: dict[str, str] = {}
    lost: list[tuple[int, str]] = []
    bad_labels = 0
    columns = [table.cells(one) for one in ("query_id", "query", "document_id", "document", "label", "group")]
    for number, query_id, query, passage, text, label, group in zip(
        table.table.numbers, *columns, strict=True
    ):
        if not query:
            continue
        given = query_id or ids.setdefault(query, f"q{len(ids) + 1}")
        grade = _grade(label)
        if grade is None:
            bad_labels += 1
            continue
        found = [passage] if passage in known else _holding(text, corpus)
        if not found and (passage or text) and grade > 0:
            lost.append((number, (text or passage)[:60]))
        rows += [_Row(number, given, query, one, grade, group or None) for one in found or [""]]
    if lost:
        notices.append(Notice(sentence(NOT_FOUND, count=len(lost), text=lost[0][1], row=lost[0][0])))
    if bad_labels:
        notices.append(Notice(sentence(BAD_LABEL, count=bad_labels, largest=LARGEST_LABEL)))
    queries = _grouped(rows)
    if not any(query.has_relevant for query in queries.values()):
        raise InputError(NO_QUESTION, where=path.name, hint=NO_QUESTION_HINT)
    return Questions(path.name, queries, tuple(notices))


def read_queries(
    path: Path, *, mapping: Mapping[str, str] | None = None, sheet: str | None = None
) -> dict[str, str]:
    """The questions alone, by id, whatever else the file says; each text once."""
    table = read_parts(path, ["query"], mapping=mapping, sheet=sheet)
    queries: dict[str, str] = {}
    known: set[str] = set()
    for given, query in zip(table.cells("query_id"), table.cells("query"), strict=True):
        if query and query not in known:
            known.add(query)
            name = given if given and given not in queries else f"q{len(queries) + 1}"
            queries[name] = query
    return queries


def _grouped(rows: Sequence[_Row]) -> dict[str, JudgedQuery]:
    """One query an id; the highest grade of a passage counts."""
    labels: dict[str, dict[str, int]] = {}
    first: dict[str, _Row] = {}
    for row in rows:
        first.setdefault(row.query_id, row)
        own = labels.setdefault(row.query_id, {})
        if row.passage:
            own[row.passage] = max(row.label, own.get(row.passage, row.label))
    return {
        query_id: JudgedQuery(query_id, own, first[query_id].query, first[query_id].group)
        for query_id, own in labels.items()
    }


def _grade(label: str) -> int | None:
    """The grade of a row; 1 where there is no label. None for what is no grade."""
    if not label:
        return 1
    value = read_number(label)
    return int(value) if value is not None and value == int(value) and abs(value) <= LARGEST_LABEL else None


def _holding(text: str, corpus: Corpus) -> list[str]:
    """The passage that is this text, else those that hold it, looked for among the first by words."""
    if not text:
        return []
    wanted = _plain(text)
    passages = corpus.passages([hit.id for hit in corpus.words(text, LOOKED_AT)])
    whole = [one.id for one in passages if wanted in (_plain(one.text), _plain(one.read_text))]
    return whole or [one.id for one in passages if wanted in _plain(one.read_text)]


def _plain(text: str) -> str:
    return SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
