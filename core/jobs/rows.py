"""Jobs as rows of the database: which columns make one, and the job that a row is."""

import json
from datetime import UTC, datetime
from typing import Any

from core.jobs.records import InputFile, Job, JobNotice
from core.records import ScorerInfo

COLUMNS = (
    "id, name, kind, state, settings, model, inputs, created, started, finished,"
    " queries, pairs, done, from_cache, tokens, seconds, notice"
)
TABLES = "job JOIN tally ON tally.job = job.number"


def job_of(row: tuple[Any, ...]) -> Job:
    """The job of a row of `COLUMNS`."""
    (
        job_id, name, kind, state, settings, model, inputs, created, started, finished,
        queries, pairs, done, from_cache, tokens, seconds, notice,
    ) = row  # fmt: skip
    return Job(
        id=job_id,
        name=name,
        kind=kind,
        state=state,
        settings=json.loads(settings),
        model=None if model is None else _model(model),
        inputs=inputs_of(inputs),
        created=datetime.fromtimestamp(created, UTC),
        started=None if started is None else datetime.fromtimestamp(started, UTC),
        finished=None if finished is None else datetime.fromtimestamp(finished, UTC),
        queries=queries,
        pairs=pairs,
        done=done,
        from_cache=from_cache,
        tokens=tokens,
        seconds=seconds,
        notice=None if notice is None else JobNotice.restored(json.loads(notice)),
    )


def _model(encoded: str) -> ScorerInfo:
    content = json.loads(encoded)
    return ScorerInfo(**{**content, "notes": tuple(content["notes"])})


def inputs_of(encoded: str) -> tuple[InputFile, ...]:
    """The files of a job, as they are encoded in its row."""
    return tuple(InputFile(**file) for file in json.loads(encoded))
