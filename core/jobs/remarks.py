"""Notes and tags that people give to runs; they go with their job."""

import json

from core.jobs.records import Remark
from core.storage.database import Database

LONGEST_NOTE = 2000
LONGEST_TAG = 40


class Remarks:
    """The remarks in the jobs' database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Remark]:
        """By job; those without any are not listed."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT job.id, remark.note, tags FROM remark JOIN job ON job.number = remark.job"
            ).fetchall()
        return {job: Remark(json.loads(note), tuple(json.loads(tags))) for job, note, tags in rows}

    def save(self, job_id: str, remark: Remark) -> Remark:
        """Keep a run's note and tags, without blanks around them; returns what is kept."""
        tags = (tag.strip()[:LONGEST_TAG] for tag in remark.tags)
        kept = Remark(remark.note.strip()[:LONGEST_NOTE], tuple(dict.fromkeys(tag for tag in tags if tag)))
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO remark (job, note, tags) SELECT number, ?, ? FROM job WHERE id = ?",
                (json.dumps(kept.note), json.dumps(kept.tags), job_id),
            )
        return kept
