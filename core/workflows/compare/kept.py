"""Comparisons in the home folder: what was asked, the data, and each model's result as soon as it is there.

A comparison that was cut short lacks some models' results; scoring it again takes what is missing.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.storage.attachments import bytes_text, packed, text_bytes, unpacked
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome
from core.workflows.compare.contenders import Contender, from_stored
from core.workflows.evaluate.data import EvaluationData, from_bytes, to_bytes

FILE_NAME = "model-comparisons.sqlite3"
# Tells such a comparison from a job and from a comparison of TREC runs in the page's address.
PREFIX = "models-"

UNKNOWN = "There is no comparison {name}."

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE comparison (
            id TEXT PRIMARY KEY,
            title BLOB NOT NULL,
            asked BLOB NOT NULL,
            data BLOB NOT NULL,
            made REAL NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE result (
            comparison TEXT NOT NULL,
            model BLOB NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (comparison, model)
        ) WITHOUT ROWID
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a comparison was asked for. models: names as `load_scorer` takes them, or «bm25».

    source: the file and its columns, as (name, value) rows of a report.
    """

    models: tuple[str, ...]
    instruction: str | None = None
    source: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptComparison:
    """One comparison without its data. made: when, in seconds since 1970. finished: models with a result."""

    id: str
    title: str
    asked: Asked
    made: float
    finished: int


class KeptComparisons:
    """The comparisons of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    def add(self, title: str, asked: Asked, data: EvaluationData) -> str:
        """Keep a new comparison; returns its id."""
        name = PREFIX + uuid.uuid4().hex[:12]
        stated = {"models": asked.models, "instruction": asked.instruction, "source": asked.source}
        row = (name, text_bytes(title), packed(stated), packed(to_bytes(data).decode()), time.time())
        with self._database.writing() as connection:
            connection.execute("INSERT INTO comparison VALUES (?, ?, ?, ?, ?)", row)
        return name

    def keep(self, comparison: str, result: Contender) -> None:
        """Keep one model's result, in place of an earlier one."""
        row = (comparison, text_bytes(result.name), packed(result.stored()))
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?)", row)

    def comparison(self, name: str) -> KeptComparison:
        """One comparison; InputError when there is none of that id."""
        found = next((one for one in self._listed(name)), None)
        if found is None:
            raise InputError(UNKNOWN, name=name)
        return found

    def all(self) -> list[KeptComparison]:
        """Every comparison, the newest first."""
        return sorted(self._listed(None), key=lambda one: -one.made)

    def data(self, name: str) -> EvaluationData:
        """The candidates and labels of a comparison."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT data FROM comparison WHERE id = ?", (name,)).fetchone()
        if row is None:
            raise InputError(UNKNOWN, name=name)
        return from_bytes(unpacked(row[0]).encode())

    def results(self, name: str) -> tuple[Contender, ...]:
        """The results that there are, in the order in which the models were asked for."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT content FROM result WHERE comparison = ?", (name,)).fetchall()
        order = {model: place for place, model in enumerate(self.comparison(name).asked.models)}
        found = [from_stored(unpacked(content)) for (content,) in rows]
        return tuple(sorted(found, key=lambda one: order.get(one.name, len(order))))

    def forget(self, name: str) -> None:
        """Remove a comparison with its results; the scores stay in the score cache."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM comparison WHERE id = ?", (name,))
            connection.execute("DELETE FROM result WHERE comparison = ?", (name,))

    def _listed(self, name: str | None) -> Sequence[KeptComparison]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, title, asked, made, (SELECT count(*) FROM result WHERE comparison = id)"
                " FROM comparison WHERE ? IS NULL OR id = ?",
                (name, name),
            ).fetchall()
        return [KeptComparison(i, bytes_text(t), _asked(a), made, n) for i, t, a, made, n in rows]


def _asked(body: bytes) -> Asked:
    kept = unpacked(body)
    return Asked(tuple(kept["models"]), kept["instruction"], tuple((n, v) for n, v in kept["source"]))


# This process's comparisons of a home folder, opened on first use.
kept_comparisons = PerHome(KeptComparisons)
