"""Grades given by hand: kept at once in the home folder, by the file they belong to.

The same file, uploaded again or scored by another model, finds its grades. What to judge next is decided in
`core.evaluation.judging`, how files of judgements look in `core.evaluation.judgements`.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.evaluation.judgements import Judgement
from core.sentences import Sentence
from core.storage.attachments import bytes_text, text_bytes
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import NamedFile, read_judgements_file

FILE_NAME = "judgements.sqlite3"
GRADES: Mapping[int, str] = {
    0: "0 not relevant",
    1: "1 touches on it",
    2: "2 relevant",
    3: "3 answers it fully",
}

BAD_GRADE = "A grade is one of {grades}, not {grade}."

# Ids and notes are UTF-8 in blobs, because spreadsheets contain lone surrogates.
STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE judgement (
            judged_set TEXT NOT NULL,
            query BLOB NOT NULL,
            document BLOB NOT NULL,
            label INTEGER NOT NULL,
            note BLOB NOT NULL,
            written REAL NOT NULL,
            PRIMARY KEY (judged_set, query, document)
        ) WITHOUT ROWID
        """,
    ),
)


class JudgementStore:
    """The grades of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def save(self, judged_set: str, judgements: Iterable[Judgement]) -> None:
        """Keep grades; a grade given before is replaced."""
        now = time.time()
        rows = [
            (judged_set, text_bytes(j.query_id), text_bytes(j.document_id), j.label, text_bytes(j.note), now)
            for j in judgements
        ]
        with self._database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO judgement VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget(self, judged_set: str, query_id: str, document_id: str) -> None:
        """Take a grade back."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM judgement WHERE judged_set = ? AND query = ? AND document = ?",
                (judged_set, text_bytes(query_id), text_bytes(document_id)),
            )

    def grades(self, judged_set: str) -> tuple[Judgement, ...]:
        """The grades of a file, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT query, document, label, note FROM judgement WHERE judged_set = ?"
                " ORDER BY written, query, document",
                (judged_set,),
            ).fetchall()
        return tuple(
            Judgement(bytes_text(query), bytes_text(document), label, note=bytes_text(note))
            for query, document, label, note in rows
        )

    def signatures(self) -> dict[str, str]:
        """By file, what changes whenever a grade of it is given, replaced or taken back."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT judged_set, count(*), max(written) FROM judgement GROUP BY judged_set"
            ).fetchall()
        return {judged_set: f"{count} {written}" for judged_set, count, written in rows}


# This process's grades of a home folder, opened on first use.
judgement_store = PerHome(JudgementStore)


def grade(query_id: str, document_id: str, label: int, note: str = "") -> Judgement:
    """A grade given by a person; InputError when it is none of `GRADES`."""
    if label not in GRADES:
        raise InputError(BAD_GRADE, grades=", ".join(map(str, GRADES)), grade=label)
    return Judgement(query_id, document_id, label, note=note.strip())


@dataclass(frozen=True, slots=True)
class ReadGrades:
    """A file of judgements against the data: those that belong to it, and how many do not."""

    judgements: tuple[Judgement, ...]
    elsewhere: int
    problems: tuple[tuple[int, Sentence], ...]


def read_grades(file: NamedFile, data: EvaluationData) -> ReadGrades:
    """Read CSV, TREC qrels or Quepid CSV, and keep what names a query and a document of the data."""
    ids: dict[str, list[str]] = {}
    for query_id, judged in data.judgements.items():
        ids.setdefault(judged.query.strip(), []).append(query_id)
    imported = read_judgements_file(file, ids)
    known = tuple(j for j in imported.judgements if j.document_id in data.texts.get(j.query_id, {}))
    return ReadGrades(known, len(imported.judgements) - len(known), imported.problems)


def all_judgements(data: EvaluationData, grades: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The sheet's labels and the grades given by hand, with query texts and notes, for an export."""
    notes: Mapping[tuple[str, str], str] = {(g.query_id, g.document_id): g.note for g in grades}
    return tuple(
        Judgement(query_id, document, label, judged.query, notes.get((query_id, document), ""))
        for query_id, judged in data.judgements.items()
        for document, label in judged.labels.items()
    )
