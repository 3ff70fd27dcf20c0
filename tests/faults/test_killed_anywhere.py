"""SIGKILL at random moments of import, scoring and export: nothing is lost, doubled or half there."""

import csv
import random
import shutil
import signal
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from core.jobs import Job
from core.workflows.batch.export import batch_csv, write_batch
from core.workflows.home.job_service import JobService
from tests.faults.conftest import Tasks
from tests.faults.dying_process import service_of, submit_file, tables_of
from tests.workflows.batch.batches import WrittenScorer

KILLS = 10
# Each seed is ten other moments; the further ones are opt-in.
SEEDS = [1, *[pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12)]]
QUERIES, DOCUMENTS = 12, 10
OLD = b"an older file"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of 120 pairs whose scores stand in the documents."""
    path = tmp_path_factory.mktemp("sheet") / "问题.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "query", "document"])
        for query in range(QUERIES):
            for document in range(DOCUMENTS):
                logit = (query * 7 + document * 3) % 11 - 5
                writer.writerow([f"{query:04}", f"查询 {query}", f"文档 {query}-{document} = {logit}"])
    return path


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, sheet: Path) -> tuple[Path, Path, bytes]:
    """A home with a job that has not begun, one where it is done, and its export."""
    folder = tmp_path_factory.mktemp("homes")
    service = service_of(folder / "begun", WrittenScorer(after_batch=_stop))
    job = submit_file(service, sheet)
    service.runner.wait(job.id, every=0.01)
    service.close()
    shutil.copytree(folder / "begun", folder / "done")
    service = service_of(folder / "done")
    done = _finished(service, job.id)
    exported = batch_csv(tables_of(service, done.id))
    service.close()
    return folder / "begun", folder / "done", exported


def _stop(done: int) -> None:
    raise KeyError("a model that breaks after its first micro-batch")


def _finished(service: JobService, job_id: str) -> Job:
    service.runner.start()
    if service.store.job(job_id).state != "done":
        service.runner.resume(job_id)
    job = service.runner.wait(job_id, every=0.01)
    assert (job.state, job.done) == ("done", QUERIES * DOCUMENTS)
    return job


def moments(run_tasks: Tasks, task: dict[str, object], seed: int) -> list[int]:
    """Ten calls of the task at which to die, spread over all it does when left alone."""
    ((status, calls),) = run_tasks(task)
    assert status == 0
    assert calls > 1000
    chance = random.Random(seed)
    return sorted(chance.sample(range(1, calls), KILLS))


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_while_importing(
    tmp_path: Path, sheet: Path, homes: tuple[Path, Path, bytes], run_tasks: Tasks, seed: int
) -> None:
    task = {"action": "import", "file": sheet}
    killed = 0
    for number, moment in enumerate(moments(run_tasks, {**task, "home": tmp_path / "alone"}, seed)):
        home = tmp_path / str(number)
        ((status, _),) = run_tasks({**task, "home": home, "dies_at": moment})
        killed += status == -signal.SIGKILL
        service = service_of(home)
        offered = service.runner.start()
        assert len(offered) <= 1
        job = offered[0] if offered else submit_file(service, sheet)
        # All that belongs to the job is there, the file included.
        (file,) = job.inputs
        assert sha256(Path(file.path).read_bytes()).hexdigest() == file.sha256
        done = _finished(service, job.id)
        assert batch_csv(tables_of(service, done.id)) == homes[2]
        whole = [path for path in (home / "uploads").iterdir() if path.suffix != ".partial"]
        assert whole == [Path(file.path)]
        service.close()
    # Waiting for the reader of the file takes more or fewer calls each time.
    assert killed >= KILLS - 2


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_while_scoring(
    tmp_path: Path, homes: tuple[Path, Path, bytes], run_tasks: Tasks, seed: int
) -> None:
    begun, _, exported = homes
    alone = shutil.copytree(begun, tmp_path / "alone")
    killed = 0
    for number, moment in enumerate(moments(run_tasks, {"action": "score", "home": alone}, seed)):
        home = shutil.copytree(begun, tmp_path / str(number))
        ((status, _),) = run_tasks({"action": "score", "home": home, "dies_at": moment})
        killed += status == -signal.SIGKILL
        scorer = WrittenScorer()
        service = service_of(home, scorer)
        (job,) = service.store.history()
        stored = sum(score is not None for score in service.store.pair_scores(job.id))
        assert stored == job.done
        done = _finished(service, job.id)
        # What was stored is not scored again, and what was not is.
        assert scorer.scored <= done.pairs - stored
        assert batch_csv(tables_of(service, done.id)) == exported
        service.close()
    assert killed >= KILLS - 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["results.csv", "results.xlsx"])
def test_killed_while_exporting(
    tmp_path: Path, homes: tuple[Path, Path, bytes], run_tasks: Tasks, name: str, seed: int
) -> None:
    _, done, exported = homes
    task = {"action": "export", "home": done, "file": tmp_path / name}
    outcomes = set()
    for moment in moments(run_tasks, task, seed):
        target = tmp_path / name
        target.write_bytes(OLD)
        run_tasks({**task, "dies_at": moment})
        if target.read_bytes() != OLD:
            _assert_whole(target, exported)
        outcomes.add(target.read_bytes() == OLD)
    assert True in outcomes
    service = service_of(done)
    (job,) = service.store.history()
    write_batch(tmp_path / name, tables_of(service, job.id))
    service.close()
    _assert_whole(tmp_path / name, exported)


def _assert_whole(path: Path, exported: bytes) -> None:
    if path.suffix == ".csv":
        assert path.read_bytes() == exported
        return
    book = openpyxl.load_workbook(path)
    assert book["Results"].max_row == QUERIES * DOCUMENTS + 1
    book.close()
