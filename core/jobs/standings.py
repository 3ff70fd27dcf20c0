"""How runs came out, kept beside them so that a list of hundreds is read at once.

Working it out is left to whoever knows the kinds of job; here it is only kept, and goes with its job.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.jobs.records import Standing
from core.storage.database import Database


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """basis: changes with what it rests on. standing: None where nothing could be measured."""

    basis: str
    standing: Standing | None


class Standings:
    """The standings in the jobs' database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kept(self, measure: str) -> dict[str, KeptStanding]:
        """By job, how it came out by this measure; jobs of which that is not known yet are not listed."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT job.id, basis, body FROM standing JOIN job ON job.number = standing.job"
                " WHERE measure = ?",
                (measure,),
            ).fetchall()
        return {job: KeptStanding(basis, _restored(body)) for job, basis, body in rows}

    def keep(self, measure: str, found: Mapping[str, KeptStanding]) -> None:
        """Keep some, by job, in place of what was known; a job that is gone meanwhile is passed over."""
        rows = [
            (measure, one.basis, json.dumps(asdict(one.standing)) if one.standing else None, job)
            for job, one in found.items()
        ]
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO standing (job, measure, basis, body)"
                " SELECT number, ?, ?, ? FROM job WHERE id = ?",
                rows,
            )


def _restored(body: str | None) -> Standing | None:
    return None if body is None else Standing(**json.loads(body))
