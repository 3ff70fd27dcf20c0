"""Files that a power cut, a failing disk or a careless copy left cut off or scrambled."""

import io
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import StorageError
from core.jobs import JobRunner, JobStore, NewJob, ScoreCache, keep_upload, score_with_cache
from core.workflows.evaluate.judging import JudgementStore, grade
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.decisions import Decisions, DecisionStore
from tests.jobs.running import once_at
from tests.jobs.stub_scorer import MICRO_BATCH, StubScorer, expected_scores, some_requests

TEARS = 24
REQUESTS = some_requests()
PAIRS = 120


@dataclass(frozen=True)
class Homes:
    """One home twice: as it lies on the disk in the middle of a job, its log not yet merged; at the end."""

    half: Path
    done: Path


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    folder = tmp_path_factory.mktemp("torn")
    store, cache = JobStore(folder / "live"), ScoreCache(folder / "live")

    def copy_as_it_lies() -> None:
        shutil.copytree(folder / "live", folder / "half", ignore=shutil.ignore_patterns("*-shm", "jobs.lock"))

    scorer = StubScorer(before_batch=once_at(9, copy_as_it_lies))
    runner = JobRunner(store, lambda job: scorer, cache=cache)
    runner.wait(runner.submit(NewJob("test", "batch", REQUESTS)).id, every=0.01)
    runner.close()
    store.close()
    cache.close()
    assert (folder / "half" / "jobs.sqlite3-wal").stat().st_size > 30_000
    return Homes(folder / "half", folder / "live")


def _finished(home: Path) -> tuple[int, int]:
    """Open the home, resume its job or run it anew; returns how many pairs were found stored, and scored."""
    store, cache = JobStore(home), ScoreCache(home)
    scorer = StubScorer()
    runner = JobRunner(store, lambda job: scorer, cache=cache)
    try:
        stored = 0
        offered = runner.start()
        if offered:
            job = offered[0]
            found = [score for row in store.scores(job.id) for score in row]
            right = [score for row in expected_scores(REQUESTS) for score in row]
            assert all(score in (None, one) for score, one in zip(found, right, strict=True))
            stored = len(found) - found.count(None)
            assert stored == job.done
            runner.resume(job.id)
        else:
            job = runner.submit(NewJob("test", "batch", REQUESTS))
        done = runner.wait(job.id, every=0.01)
        assert (done.state, done.done) == ("done", PAIRS)
        assert store.scores(job.id) == expected_scores(REQUESTS)
        return stored, len(scorer.scored)
    finally:
        runner.close()
        store.close()
        cache.close()


def _tears(wal: Path, seed: int) -> Iterator[tuple[str, bytes]]:
    """The log cut off, with zeros, or with rubbish from a random place on."""
    whole = wal.read_bytes()
    chance = random.Random(seed)
    for number in range(TEARS):
        at = chance.randrange(len(whole) + 1)
        yield (
            f"{number}: {('cut', 'zeros', 'rubbish')[number % 3]} from {at} of {len(whole)}",
            whole[:at] + (b"", bytes(len(whole) - at), chance.randbytes(len(whole) - at))[number % 3],
        )


def test_a_torn_log_loses_last_transactions_whole(homes: Homes, tmp_path: Path) -> None:
    found = set()
    for name, torn in _tears(homes.half / "jobs.sqlite3-wal", seed=5):
        home = shutil.copytree(homes.half, tmp_path / name.partition(":")[0])
        (home / "jobs.sqlite3-wal").write_bytes(torn)
        stored, scored = _finished(home)
        assert stored % MICRO_BATCH == 0, f"part of a transaction: {name}"
        assert scored == PAIRS - stored, name
        found.add(stored)
    assert len(found) > 3


def test_a_torn_log_of_the_score_cache_costs_only_scores(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path / "live")
    score_with_cache(StubScorer(), REQUESTS, cache)
    whole = shutil.copytree(tmp_path / "live", tmp_path / "whole", ignore=shutil.ignore_patterns("*-shm"))
    cache.close()
    found = set()
    for name, torn in _tears(whole / "scores.sqlite3-wal", seed=6):
        home = shutil.copytree(whole, tmp_path / name.partition(":")[0])
        (home / "scores.sqlite3-wal").write_bytes(torn)
        cache = ScoreCache(home)
        result = score_with_cache(StubScorer(), REQUESTS, cache)
        cache.close()
        assert result.scores == expected_scores(REQUESTS), name
        assert result.from_cache % MICRO_BATCH == 0, f"part of a transaction: {name}"
        found.add(result.from_cache)
    assert len(found) > 3


def test_a_scrambled_score_cache_costs_only_scores(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path)
    requests = some_requests(queries=40)
    score_with_cache(StubScorer(), requests, cache)
    cache.close()
    path = tmp_path / "scores.sqlite3"
    content = bytearray(path.read_bytes())
    chance = random.Random(7)
    for place in range(8192, len(content), 4096):
        content[place : place + 512] = chance.randbytes(512)
    path.write_bytes(content)
    # Its first page is sound: the damage is met behind it.
    for known in (0, 480):
        cache = ScoreCache(tmp_path)
        result = score_with_cache(StubScorer(), requests, cache)
        assert (result.scores, result.from_cache) == (expected_scores(requests), known)
        cache.close()
    assert (tmp_path / "scores.sqlite3.damaged-1").read_bytes() == bytes(content)


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"\1" * 5000, b"rubbish" * 999, b"\0" * 4096])
def test_a_damaged_job_database_is_set_aside_and_the_tool_starts_anew(
    homes: Homes, tmp_path: Path, content: bytes
) -> None:
    home = shutil.copytree(homes.done, tmp_path / "home")
    (home / "jobs.sqlite3").write_bytes(content)
    with pytest.raises(StorageError, match=r"damaged and was set aside as jobs.sqlite3.damaged-1") as refused:
        JobService(home, lambda job: StubScorer(), JOB_KINDS)
    assert "Start again" in refused.value.hint
    assert (home / "jobs.sqlite3.damaged-1").read_bytes() == content
    assert (home / "jobs.sqlite3.damaged-1").stat().st_mode & 0o077 == 0
    # Kept scores are in a file of their own, so running the table again costs nothing.
    assert _finished(home) == (0, 0)


def test_a_damaged_file_of_grades_or_decisions_takes_nothing_else_along(tmp_path: Path) -> None:
    (tmp_path / "rewritings").mkdir(parents=True)
    (tmp_path / "rewritings" / "job.json").write_bytes(b'{"rules": {"all": tr')
    decisions = DecisionStore(tmp_path)
    assert decisions.read("job") is None
    assert decisions.change("job", {"all": True}) == Decisions({"all": True})
    (tmp_path / "judgements.sqlite3").write_bytes(b"rubbish" * 999)
    with pytest.raises(StorageError, match="set aside"):
        JudgementStore(tmp_path)
    grades = JudgementStore(tmp_path)
    grades.save("set", [grade("q", "d", 2)])
    assert [one.label for one in grades.grades("set")] == [2]
    grades.close()


def test_an_upload_that_was_cut_off_is_whole_after_the_next(tmp_path: Path) -> None:
    kept = keep_upload(tmp_path, "a.csv", io.BytesIO(b"query,document\nq,d\n"))
    Path(kept.path).write_bytes(b"query,docu")
    again = keep_upload(tmp_path, "a.csv", io.BytesIO(b"query,document\nq,d\n"))
    assert again == kept
    assert Path(kept.path).read_bytes() == b"query,document\nq,d\n"


def test_a_home_copied_without_its_log_opens(homes: Homes, tmp_path: Path) -> None:
    home = shutil.copytree(homes.half, tmp_path / "home", ignore=shutil.ignore_patterns("*-wal"))
    with sqlite3.connect(home / "jobs.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert _finished(home) == (0, PAIRS)
