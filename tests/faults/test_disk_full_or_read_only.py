"""A real disk that is full or cannot be written: one sentence, nothing half there; afterwards on it goes."""

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import WorkbenchError
from core.jobs import JobRunner, JobStore, NewJob, ScoreCache, keep_upload, score_with_cache
from core.workflows.batch.export import write_batch
from core.workflows.evaluate.files import NamedFile
from core.workflows.evaluate.judging import JudgementStore, grade
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.instructions.library import InstructionLibrary
from core.workflows.rewrite.decisions import DecisionStore
from tests.faults.conftest import SmallDisk
from tests.faults.dying_process import service_of, tables_of
from tests.jobs.running import once_at, wait_until
from tests.jobs.stub_scorer import StubScorer, expected_scores, some_requests
from tests.workflows.batch.batches import import_text, run_batch

# A micro-batch of 500 pairs needs new pages.
REQUESTS = some_requests(queries=20, documents=100)
PAIRS = 2000


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_job_on_a_full_disk_pauses_and_goes_on(small_disk: SmallDisk) -> None:
    home = small_disk.place / "home"
    store, cache = JobStore(home), ScoreCache(home)
    scorer = StubScorer(micro_batch=500, before_batch=once_at(2, small_disk.fill))
    runner = JobRunner(store, lambda job: scorer, cache=cache, storage_patience=0.0, retry_seconds=0.01)
    job = runner.submit(NewJob("test", "batch", REQUESTS))
    paused = runner.wait(job.id, every=0.01)
    assert (paused.state, len(scorer.scored)) == ("paused", 1000)
    assert paused.notice is not None
    assert "jobs.sqlite3" in paused.notice.message
    small_disk.make_room()
    wait_until(runner, job.id, lambda progress: progress.job.done == 1000)
    runner.resume(job.id)
    done = runner.wait(job.id, every=0.01)
    assert (done.state, done.done, len(scorer.scored)) == ("done", PAIRS, PAIRS)
    assert store.scores(job.id) == expected_scores(REQUESTS)
    runner.close()
    store.close()
    cache.close()


def test_scoring_goes_on_when_the_cache_has_no_room(small_disk: SmallDisk) -> None:
    cache = ScoreCache(small_disk.place / "home")
    small_disk.fill()
    result = score_with_cache(StubScorer(), REQUESTS, cache)
    assert result.scores == expected_scores(REQUESTS)
    small_disk.make_room()
    assert score_with_cache(StubScorer(), REQUESTS, cache).scores == expected_scores(REQUESTS)
    assert score_with_cache(StubScorer(), REQUESTS, cache).from_cache == PAIRS
    cache.close()


def _upload(home: Path) -> Callable[[], object]:
    return lambda: keep_upload(home, "a.csv", io.BytesIO(b"x" * 100_000))


def _job(home: Path) -> Callable[[], object]:
    store = JobStore(home)
    return lambda: store.create(NewJob("n", "batch", REQUESTS))


def _grades(home: Path) -> Callable[[], object]:
    store = JudgementStore(home)
    return lambda: store.save("set", [grade(f"q{number}", "d" * 500, 1) for number in range(200)])


def _runs(home: Path) -> Callable[[], object]:
    kept = KeptFiles(home)
    return lambda: kept.keep_runs("owner", [NamedFile("run", bytes(range(256)) * 4000)])


def _instruction(home: Path) -> Callable[[], object]:
    library = InstructionLibrary(home)

    def save() -> None:
        for number in range(40):
            library.save(f"name {number}", "Find it. " * 400)

    return save


def _decisions(home: Path) -> Callable[[], object]:
    decisions = DecisionStore(home)
    return lambda: decisions.change("job", rewrites={(f"q{number}", "w" * 500): True for number in range(99)})


WRITERS = [_upload, _job, _grades, _runs, _instruction, _decisions]


@pytest.mark.parametrize("writer", WRITERS)
def test_what_cannot_be_kept_on_a_full_disk_is_told_and_works_afterwards(
    small_disk: SmallDisk, writer: Callable[[Path], Callable[[], object]]
) -> None:
    home = small_disk.place / "home"
    home.mkdir()
    keep = writer(home)
    before = _names(home)
    small_disk.fill()
    with pytest.raises(WorkbenchError) as told:
        keep()
    assert told.value.hint
    assert [name for name in _names(home) - before if name.endswith((".partial", ".csv", ".json"))] == []
    small_disk.make_room()
    keep()


def test_a_start_on_a_full_disk_is_told(small_disk: SmallDisk) -> None:
    small_disk.fill()
    with pytest.raises(WorkbenchError) as told:
        service_of(small_disk.place / "home")
    assert told.value.hint


def test_an_export_onto_a_full_disk_leaves_the_older_file(small_disk: SmallDisk, tmp_path: Path) -> None:
    text = "query,document\n" + "".join(f"q,{'word ' * 200}{number} = {number}\n" for number in range(200))
    service, job = run_batch(tmp_path / "home", import_text(tmp_path, text))
    tables = tables_of(service, job.id)
    for name in ("results.csv", "results.xlsx", "results.jsonl", "results.parquet"):
        target = small_disk.place / name
        target.write_bytes(b"older")
        small_disk.fill()
        with pytest.raises(WorkbenchError, match="cannot be written") as told:
            write_batch(target, tables)
        assert told.value.hint
        assert target.read_bytes() == b"older"
        assert _names(small_disk.place) == {name, "ballast"}
        small_disk.make_room()
        assert write_batch(target, tables).rows == 200
        assert target.stat().st_size > len(b"older")
        target.unlink()
    service.close()


@pytest.mark.parametrize("writer", WRITERS)
def test_what_cannot_be_kept_in_a_read_only_home_is_told(
    small_disk: SmallDisk, writer: Callable[[Path], Callable[[], object]]
) -> None:
    home = small_disk.place / "home"
    home.mkdir()
    small_disk.protect(protected=True)
    with pytest.raises(WorkbenchError) as told:
        writer(home)()
    assert "RERANK_HOME" in told.value.hint
    small_disk.protect(protected=False)
    writer(home)()


def test_a_start_in_a_read_only_home_is_told(small_disk: SmallDisk) -> None:
    home = small_disk.place / "home"
    service_of(home).close()
    small_disk.protect(protected=True)
    with pytest.raises(WorkbenchError) as told:
        service_of(home)
    assert "RERANK_HOME" in told.value.hint


def test_a_home_that_becomes_read_only_pauses_the_job_and_stays_readable(tmp_path: Path) -> None:
    writers: list[sqlite3.Connection] = []

    def connect(database: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401  handed on
        connection = sqlite3.connect(database, **options)
        if "mode=rwc" in database:
            writers.append(connection)
        return connection

    # No disk lets itself be write-protected while a file on it is open; this refuses every write as it would.
    store = JobStore(tmp_path, connect=connect)
    scorer = StubScorer(before_batch=once_at(5, lambda: writers[0].execute("PRAGMA query_only = ON")))
    runner = JobRunner(store, lambda job: scorer, storage_patience=0.0, retry_seconds=0.01)
    job = runner.submit(NewJob("test", "batch", some_requests()))
    wait_until(runner, job.id, lambda progress: progress.job.state == "paused")
    notice = runner.progress(job.id).job.notice
    assert notice is not None
    assert notice.message == "The file jobs.sqlite3 cannot be written."
    assert sum(score is not None for score in store.pair_scores(job.id)) == 32
    writers[0].execute("PRAGMA query_only = OFF")
    wait_until(runner, job.id, lambda progress: progress.job.done == 40)
    runner.resume(job.id)
    done = runner.wait(job.id, every=0.01)
    assert (done.state, len(scorer.scored)) == ("done", 120)
    assert store.scores(job.id) == expected_scores(some_requests())
    runner.close()
    store.close()
