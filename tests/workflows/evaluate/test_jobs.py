"""An evaluation kept as a job is reopened without its file."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.jobs import Job, JobRunner, JobStore, NewJob, keep_upload
from core.records import ScoringRequest
from core.workflows.batch.records import BatchSettings
from core.workflows.evaluate.jobs import (
    KIND,
    EvaluateJob,
    finished_on,
    job_details,
    judged_set,
    kept_data,
    kept_system,
    new_evaluation,
)
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.sheet import read_labelled
from tests.workflows.evaluate.labelled_sheet import TableScorer, sheet_rows, write_sheet

SCORER = TableScorer({"文档 0-3": 4.0})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    opened = JobStore(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def runner(store: JobStore) -> Iterator[JobRunner]:
    opened = JobRunner(store, lambda job: SCORER)
    yield opened
    opened.close()


def _job(store: JobStore, runner: JobRunner, folder: Path, depth: int | None = None) -> Job:
    path = write_sheet(folder / "标注.csv", sheet_rows())
    data = read_labelled(path, depth=depth)
    file = keep_upload(store.home, path.name, io.BytesIO(path.read_bytes()))
    asked = EvaluateJob("table", data.fingerprint, "Find it.", {"query": ("查询",)}, depth=depth)
    return runner.wait(runner.submit(new_evaluation(path.name, data, asked, file)).id)


def test_data_and_scores_come_back_as_they_were(store: JobStore, runner: JobRunner, tmp_path: Path) -> None:
    job = _job(store, runner, tmp_path)
    data = kept_data(store, job)
    assert data == read_labelled(tmp_path / "标注.csv")
    system = kept_system(store, job, data, "after")
    assert system.scores == score_data(SCORER, data, "Find it.").scores
    assert system.instruction == "Find it." and system.cost is not None and system.cost.pairs == 48
    assert EvaluateJob.of(job).columns == {"query": ("查询",)}
    assert ("candidates per query", "all") in job_details(job)
    assert judged_set(job) == job.inputs[0].sha256


def test_the_runner_finds_the_model_under_the_name_that_batches_use(
    store: JobStore, runner: JobRunner, tmp_path: Path
) -> None:
    assert BatchSettings.read(_job(store, runner, tmp_path).settings).model == "table"


def test_only_runs_on_the_same_candidates_are_comparable(
    store: JobStore, runner: JobRunner, tmp_path: Path
) -> None:
    first = _job(store, runner, tmp_path)
    second = _job(store, runner, tmp_path)
    _job(store, runner, tmp_path, depth=2)
    found = finished_on(store, EvaluateJob.of(first).data)
    assert [job.id for job in found] == [second.id, first.id]


def test_another_kind_of_run_is_refused(store: JobStore, runner: JobRunner) -> None:
    job = runner.wait(runner.submit(NewJob("ranking", "batch", [ScoringRequest("q", ("d1",))])).id)
    with pytest.raises(InputError, match="not an evaluation"):
        kept_data(store, job)
    with pytest.raises(InputError, match="not an evaluation"):
        EvaluateJob.of(job)


def test_a_run_that_has_not_begun_has_no_scores(store: JobStore, tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "标注.csv", sheet_rows())
    data = read_labelled(path)
    file = keep_upload(store.home, path.name, io.BytesIO(b"x"))
    job = store.create(new_evaluation("waiting", data, EvaluateJob("table", data.fingerprint), file))
    assert job.kind == KIND
    with pytest.raises(InputError, match="not scored anything"):
        kept_system(store, job, data, "after")
