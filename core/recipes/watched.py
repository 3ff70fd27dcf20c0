"""What is served under a recipe: a line of numbers a query, no texts; the last thousands of each recipe."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.recipes.evidence import ScoreShape
from core.storage.database import Database, Migration
from core.storage.per_home import PerHome

FILE_NAME = "recipes.sqlite3"
# Enough for any test on them; a year of a busy service would say the same.
KEPT_QUERIES = 5_000
# Older ones are removed once in so many, which keeps the file small at no cost to a request.
_TIDIED_EVERY = 500

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE served (
            id INTEGER PRIMARY KEY,
            recipe TEXT NOT NULL,
            version INTEGER NOT NULL,
            at REAL NOT NULL,
            best REAL NOT NULL,
            pairs INTEGER NOT NULL,
            under INTEGER NOT NULL,
            truncated INTEGER NOT NULL,
            chinese INTEGER NOT NULL
        )
        """,
        "CREATE INDEX served_by_recipe ON served (recipe, version, id)",
    ),
    (
        """
        CREATE TABLE kept (
            recipe TEXT NOT NULL,
            version INTEGER NOT NULL,
            queries INTEGER NOT NULL,
            pairs INTEGER NOT NULL,
            PRIMARY KEY (recipe, version)
        ) WITHOUT ROWID
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class ServedQuery:
    """One answer. best: its best logit. under, truncated: of its pairs, below the threshold and cut."""

    best: float
    pairs: int
    under: int
    truncated: int
    chinese: bool


@dataclass(frozen=True, slots=True)
class KeptQueries:
    """What a recipe's gate left to the first stage since it was saved: queries, and pairs not scored."""

    queries: int = 0
    pairs: int = 0


class WatchStore:
    """The served numbers of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._database = Database(home / FILE_NAME, STEPS)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add(self, recipe: str, version: int, served: Sequence[ServedQuery]) -> None:
        """Keep some answers; of the oldest only as many as count."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO served (recipe, version, at, best, pairs, under, truncated, chinese) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (recipe, version, time.time(), one.best, one.pairs, one.under, one.truncated, one.chinese)
                    for one in served
                ],
            )
            (last,) = connection.execute("SELECT max(id) FROM served").fetchone()
            if last is not None and last % _TIDIED_EVERY < len(served):
                connection.execute(
                    "DELETE FROM served WHERE recipe = ? AND version = ? AND id <= (SELECT id FROM served "
                    "WHERE recipe = ? AND version = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                    (recipe, version, recipe, version, KEPT_QUERIES),
                )

    def add_kept(self, recipe: str, version: int, pairs: int) -> None:
        """Count a query that was left to the first stage."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO kept VALUES (?, ?, 1, ?) ON CONFLICT (recipe, version) DO UPDATE SET "
                "queries = queries + 1, pairs = pairs + excluded.pairs",
                (recipe, version, pairs),
            )

    def kept(self, recipe: str, version: int) -> KeptQueries:
        """How many were left to the first stage."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT queries, pairs FROM kept WHERE recipe = ? AND version = ?", (recipe, version)
            ).fetchone()
        return KeptQueries(*row) if row else KeptQueries()

    def shape(self, recipe: str, version: int) -> ScoreShape | None:
        """How the last answers' scores lay; None where nothing was served."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT best, pairs, under, truncated, chinese FROM served WHERE recipe = ? AND version = ? "
                "ORDER BY id DESC LIMIT ?",
                (recipe, version, KEPT_QUERIES),
            ).fetchall()
        if not rows:
            return None
        pairs = sum(row[1] for row in rows)
        return ScoreShape(
            queries=len(rows),
            pairs=pairs,
            best=tuple(sorted(row[0] for row in rows)),
            under=sum(row[2] for row in rows) / pairs,
            truncated=sum(row[3] for row in rows) / pairs,
            chinese=sum(row[4] for row in rows) / len(rows),
        )


# This process's store of a home folder, opened on first use.
watch_store = PerHome(WatchStore)
