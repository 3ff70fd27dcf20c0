"""The job store: every job, its texts and its scores, in one SQLite file of the home folder.

It records what the runner does and answers what the pages ask; it decides nothing about when a job runs.
Results can be read at any time, from any thread and from other processes.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.jobs import layout
from core.jobs.migrations import JOBS
from core.jobs.records import (
    RESUMABLE,
    WAITING_OR_RUNNING,
    InputFile,
    Job,
    JobNotice,
    JobState,
    NewJob,
    Portion,
)
from core.jobs.remarks import Remarks
from core.jobs.rows import COLUMNS, TABLES, inputs_of, job_of
from core.jobs.standings import Standings
from core.jobs.uploads import discard_unused
from core.records import Score, ScorerInfo, ScoringRequest
from core.storage.database import Connect, Database

FILE_NAME = "jobs.sqlite3"
# Read aloud and typed without mistakes: no 0/o, 1/l/i. Eight of them: 10^12 ids.
ID_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 8
LONGEST_NAME = 200


class JobStore:
    """The jobs of one home folder."""

    def __init__(self, home: Path, *, connect: Connect = sqlite3.connect, busy_seconds: float = 5.0) -> None:
        self.home = home
        self._database = Database(home / FILE_NAME, JOBS, connect=connect, busy_seconds=busy_seconds)
        self.standings, self.remarks = Standings(self._database), Remarks(self._database)

    def close(self) -> None:
        """Close the database file."""
        self._database.close()

    # Jobs

    def create(self, new: NewJob) -> Job:
        """Store a job with everything needed to run it; it waits at the end of the queue."""
        pairs = sum(len(request.documents) for request in new.requests)
        if not pairs:
            raise InputError(
                "There is nothing to score.", hint="Choose a file with at least one query and one document."
            )
        job_id = "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))
        with self._database.writing() as connection:
            number = connection.execute(
                "INSERT INTO job (id, name, kind, state, place, settings, inputs, created, queries, pairs,"
                " text_first, text_count, looked) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, 0, 0, 0)",
                (
                    job_id,
                    _storable(new.name.strip()[:LONGEST_NAME]) or job_id,
                    new.kind,
                    _next_place(connection),
                    json.dumps(new.settings),
                    json.dumps([asdict(file) for file in new.inputs]),
                    time.time(),
                    len(new.requests),
                    pairs,
                ),
            ).lastrowid
            assert number is not None
            texts = layout.write_requests(connection, number, new.requests)
            connection.execute(
                "UPDATE job SET text_first = ?, text_count = ? WHERE number = ?",
                (texts.first, texts.count, number),
            )
            connection.execute("INSERT INTO tally (job) VALUES (?)", (number,))
            connection.executemany(
                "INSERT INTO attachment VALUES (?, ?, ?)",
                ((number, name, body) for name, body in new.attachments.items()),
            )
        return self.job(job_id)

    def job(self, job_id: str) -> Job:
        """One job; InputError when there is none of that id."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise _unknown(job_id)
        return job_of(row)

    def history(
        self,
        *,
        states: Sequence[JobState] | None = None,
        kind: str | None = None,
        limit: int = 1000,
    ) -> list[Job]:
        """Jobs, the newest first."""
        conditions = ["1"]
        values: list[object] = []
        if states is not None:
            conditions.append(f"state IN ({','.join('?' * len(states))})")
            values += states
        if kind is not None:
            conditions.append("kind = ?")
            values.append(kind)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM {TABLES} WHERE {' AND '.join(conditions)}"
                " ORDER BY number DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return [job_of(row) for row in rows]

    def rename(self, job_id: str, name: str) -> Job:
        """Give a job another name; InputError when it is blank."""
        stripped = _storable(name.strip()[:LONGEST_NAME])
        if not stripped:
            raise InputError("The name is empty.", hint="Type at least one character.")
        with self._database.writing() as connection:
            _one(connection.execute("UPDATE job SET name = ? WHERE id = ?", (stripped, job_id)), job_id)
        return self.job(job_id)

    def delete(self, job_id: str) -> None:
        """Remove a job, its scores, and its input files unless another job has them too."""
        with self._database.writing() as connection:
            job = _head(connection, job_id)
            if job.state in WAITING_OR_RUNNING:
                raise InputError(
                    "The job {job} is {state}.", hint="Cancel it first.", job=job_id, state=job.state
                )
            layout.delete_texts(connection, job.texts)
            # Everything else goes with it by its foreign key.
            connection.execute("DELETE FROM job WHERE number = ?", (job.number,))
            others = _used_files(connection)
        self._database.shrink()
        for file in job.inputs:
            if file.path not in others:
                Path(file.path).unlink(missing_ok=True)

    def discard_unused_uploads(self, *, older_than_seconds: float = 24 * 3600.0) -> int:
        """Remove uploads that never became a job; returns how many."""
        with self._database.reading() as connection:
            used = _used_files(connection)
        return discard_unused(self.home, used, older_than_seconds=older_than_seconds)

    def tokens_per_second(self, fingerprint: str) -> float | None:
        """What this scorer measured in its last jobs here; None when it has scored none."""
        with self._database.reading() as connection:
            tokens, seconds = connection.execute(
                "SELECT sum(tokens), sum(scoring_seconds) FROM (SELECT tokens, scoring_seconds FROM job"
                " JOIN tally ON tally.job = job.number"
                " WHERE fingerprint = ? AND tokens > 0 AND scoring_seconds > 0"
                " ORDER BY started DESC LIMIT 5)",
                (fingerprint,),
            ).fetchone()
        return tokens / seconds if seconds else None

    # Requests and scores

    def requests(self, job_id: str) -> tuple[ScoringRequest, ...]:
        """Everything the job scores, as it was submitted."""
        with self._database.reading() as connection:
            job = _head(connection, job_id)
            return layout.read_requests(connection, job.number, job.texts)

    def scores(self, job_id: str) -> list[list[Score | None]]:
        """A list per request, in the submitted order; None where a pair has no score yet."""
        with self._database.reading() as connection:
            job = _head(connection, job_id)
            sizes = layout.request_sizes(connection, job.number)
            flat = layout.read_scores(connection, job.number, 0, job.pairs)
        rows: list[list[Score | None]] = []
        start = 0
        for size in sizes:
            rows.append(flat[start : start + size])
            start += size
        return rows

    def pair_scores(self, job_id: str) -> list[Score | None]:
        """One entry per pair, counted through all requests; None where a pair has no score yet."""
        with self._database.reading() as connection:
            job = _head(connection, job_id)
            return layout.read_scores(connection, job.number, 0, job.pairs)

    def attachment(self, job_id: str, name: str) -> bytes | None:
        """Bytes kept with the job; None when there are none of that name."""
        with self._database.reading() as connection:
            number = _number(connection, job_id)
            row = connection.execute(
                "SELECT body FROM attachment WHERE job = ? AND name = ?", (number, name)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def attach(self, job_id: str, name: str, body: bytes) -> None:
        """Keep bytes with a job, in place of any of that name."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO attachment VALUES (?, ?, ?)",
                (_number(connection, job_id), name, body),
            )

    # What the runner records

    def save_scores(self, job_id: str, portion: Portion, *, seconds: float) -> None:
        """Store scores of pairs that had none, and the job's counts, in one transaction.

        The same portion a second time changes nothing. `seconds` passed since the last save.
        """
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            if not layout.write_scores(connection, number, portion.pairs):
                return
            connection.execute(
                "UPDATE tally SET done = done + ?, from_cache = from_cache + ?, tokens = tokens + ?,"
                " seconds = seconds + ?, scoring_seconds = scoring_seconds + ? WHERE job = ?",
                (
                    len(portion.pairs),
                    len(portion.pairs) - portion.scored,
                    portion.tokens,
                    seconds,
                    seconds if portion.scored else 0.0,
                    number,
                ),
            )

    def set_state(self, job_id: str, state: JobState, notice: JobNotice | None = None) -> Job:
        """Record a state and the sentence that goes with it, and the time where the state implies one."""
        now = time.time()
        encoded = None if notice is None else json.dumps(notice.stored(), default=str)
        started = now if state == "running" else None
        finished = None if state in WAITING_OR_RUNNING else now
        with self._database.writing() as connection:
            place = _next_place(connection) if state == "queued" else None
            changed = connection.execute(
                "UPDATE job SET state = ?, notice = ?, started = coalesce(started, ?), finished = ?,"
                " place = coalesce(?, place), looked = iif(? = 'queued', 0, looked) WHERE id = ?",
                (state, encoded, started, finished, place, state, job_id),
            )
            _one(changed, job_id)
        return self.job(job_id)

    def set_model(self, job_id: str, model: ScorerInfo) -> None:
        """Record which scorer scores the job."""
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE job SET model = ?, fingerprint = ? WHERE id = ?",
                (json.dumps(asdict(model)), model.fingerprint, job_id),
            )
            _one(changed, job_id)

    def clear_scores(self, job_id: str, settings: Mapping[str, Any] | None = None) -> None:
        """Forget a job's scores and model, so that it can start from the beginning; with other settings."""
        with self._database.writing() as connection:
            number = _number(connection, job_id)
            connection.execute("DELETE FROM scores WHERE job = ?", (number,))
            connection.execute("INSERT OR REPLACE INTO tally (job) VALUES (?)", (number,))
            connection.execute(
                "UPDATE job SET model = NULL, fingerprint = NULL, started = NULL, finished = NULL,"
                " settings = coalesce(?, settings) WHERE number = ?",
                (None if settings is None else json.dumps(dict(settings)), number),
            )

    def next_queued(self) -> Job | None:
        """The job that waits longest."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM {TABLES} WHERE state = 'queued' ORDER BY place LIMIT 1"
            ).fetchone()
        return None if row is None else job_of(row)

    def interrupt_unfinished(self, notice: JobNotice) -> list[Job]:
        """Mark what a dead process left queued or running; returns those jobs, the oldest first."""
        left = self.history(states=sorted(WAITING_OR_RUNNING))
        return [self.set_state(job.id, "interrupted", notice) for job in reversed(left)]

    def resumable(self) -> list[Job]:
        """Jobs that can go on, the newest first."""
        return self.history(states=sorted(RESUMABLE))

    # Who looks on

    def unseen(self) -> list[Job]:
        """Jobs that wait, run, or have ended without anybody looking since; the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM {TABLES} WHERE looked = 0 OR state IN ('queued', 'running')"
                " ORDER BY number DESC"
            ).fetchall()
        return [job_of(row) for row in rows]

    def look(self, job_ids: Sequence[str]) -> None:
        """Somebody sees how these ended; those that wait or run are left alone."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE job SET looked = 1 WHERE id = ? AND state NOT IN ('queued', 'running')",
                ((job_id,) for job_id in job_ids),
            )


@dataclass(frozen=True, slots=True)
class _Head:
    """What it takes to find a job's rows."""

    number: int
    state: JobState
    pairs: int
    inputs: tuple[InputFile, ...]
    texts: layout.TextRange


def _head(connection: sqlite3.Connection, job_id: str) -> _Head:
    row = connection.execute(
        "SELECT number, state, pairs, inputs, text_first, text_count FROM job WHERE id = ?", (job_id,)
    ).fetchone()
    if row is None:
        raise _unknown(job_id)
    number, state, pairs, inputs, first, count = row
    return _Head(number, state, pairs, inputs_of(inputs), layout.TextRange(first, count))


def _number(connection: sqlite3.Connection, job_id: str) -> int:
    row = connection.execute("SELECT number FROM job WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise _unknown(job_id)
    return int(row[0])


def _used_files(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT inputs FROM job").fetchall()
    return {file.path for (encoded,) in rows for file in inputs_of(encoded)}


def _next_place(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(place), 0) + 1 FROM job").fetchone()[0])


def _storable(text: str) -> str:
    """Names are plain text in the database, which has no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _one(changed: sqlite3.Cursor, job_id: str) -> None:
    if changed.rowcount != 1:
        raise _unknown(job_id)


def _unknown(job_id: str) -> InputError:
    return InputError(
        "There is no job {job}.", hint="It may have been deleted; see the list of runs.", job=job_id
    )
