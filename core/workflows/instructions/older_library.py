"""Instructions that an earlier version of this program kept in a database: they become recipes, once.

The database stays beside them under another name, for whoever goes back to the earlier version.
"""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from core.recipes.document import read_evidence
from core.recipes.evidence import Evidence
from core.recipes.recipe import Recipe, RecipeVersion
from core.recipes.store import RecipeStore
from core.storage.database import Database, Migration, set_aside

log = logging.getLogger(__name__)

FILE_NAME = "instructions.sqlite3"
MOVED = "moved"

STEPS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE version (
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            instruction TEXT NOT NULL,
            note TEXT NOT NULL,
            evidence TEXT,
            written REAL NOT NULL,
            PRIMARY KEY (name, number)
        ) WITHOUT ROWID
        """,
    ),
)


def move_into(recipes: RecipeStore, home: Path) -> None:
    """Move what there is. Killed on the way it begins anew: versions that are there are not added twice.

    StorageError where the database cannot be read; a damaged one is set aside by its opening.
    """
    path = home / FILE_NAME
    if not path.is_file():
        return
    database = Database(home / FILE_NAME, STEPS)
    try:
        with database.reading() as connection:
            rows = connection.execute(
                "SELECT name, instruction, note, evidence, written FROM version ORDER BY name, number"
            ).fetchall()
    finally:
        database.close()
    versions: dict[str, list[RecipeVersion]] = {}
    for name, instruction, note, evidence, written in rows:
        recipe = Recipe(instruction, evidence=_evidence(evidence))
        at = datetime.fromtimestamp(int(written), UTC)
        versions.setdefault(name, []).append(RecipeVersion(0, recipe, note, at))
    for name, found in versions.items():
        recipes.merge(name, found)
    set_aside(path, MOVED)
    log.info("%d saved instructions are recipes now.", len(versions))


def _evidence(kept: str | None) -> Evidence | None:
    return None if kept is None else read_evidence(json.loads(kept))
