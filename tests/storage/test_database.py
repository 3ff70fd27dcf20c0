"""A damaged, newer, locked, full or unwritable database gives one clear sentence and stays as it is."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from core.errors import StorageError, WorkbenchError
from core.jobs import JobStore, NewJob
from core.jobs.migrations import CACHE, JOBS
from core.storage.database import Database, storage_error
from tests.jobs.stub_scorer import some_requests


def test_the_journal_is_a_write_ahead_log_and_the_version_the_number_of_steps(tmp_path: Path) -> None:
    JobStore(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "jobs.sqlite3")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(JOBS),)
    connection.close()


def test_an_older_database_is_brought_up_to_date_with_its_rows(tmp_path: Path) -> None:
    steps = (
        ("CREATE TABLE thing (name TEXT)", "INSERT INTO thing VALUES ('kept')"),
        ("ALTER TABLE thing ADD COLUMN colour TEXT DEFAULT 'grey'",),
    )
    Database(tmp_path / "db", steps[:1]).close()
    database = Database(tmp_path / "db", steps)
    with database.reading() as connection:
        assert connection.execute("SELECT name, colour FROM thing").fetchall() == [("kept", "grey")]
    database.close()


def test_a_step_that_fails_leaves_the_database_at_its_old_version(tmp_path: Path) -> None:
    good = ("CREATE TABLE thing (name TEXT)",)
    broken = ("CREATE TABLE other (name TEXT)", "CREATE TABLE thing (name TEXT)")
    Database(tmp_path / "db", [good]).close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Database(tmp_path / "db", [good, broken])
    database = Database(tmp_path / "db", [good])
    with database.reading() as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("thing",)]
    database.close()


def test_shipped_steps_still_build_the_first_version() -> None:
    # Steps are append-only: whoever changes one breaks the databases that ran it.
    for steps, tables in (
        (JOBS, {"job", "text", "request", "tally", "scores", "attachment"}),
        (CACHE, {"score", "clock"}),
    ):
        connection = sqlite3.connect(":memory:")
        for statement in steps[0]:
            connection.execute(statement)
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        assert {name for (name,) in found} == tables
        connection.close()


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE later (x)")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="written by a newer version") as caught:
        JobStore(tmp_path)
    assert "Update the program" in caught.value.hint
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["jobs.sqlite3"]


@pytest.mark.parametrize("kind", ["garbage", "damaged schema"])
def test_a_damaged_database_is_set_aside_unchanged_with_a_clear_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "jobs.sqlite3"
    JobStore(tmp_path).close()
    content = bytearray(path.read_bytes())
    if kind == "garbage":
        content[:4096] = os.urandom(4096)
    else:
        content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)
    with pytest.raises(StorageError, match="is damaged and was set aside as jobs.sqlite3.damaged-1"):
        JobStore(tmp_path)
    assert (tmp_path / "jobs.sqlite3.damaged-1").read_bytes() == content
    assert not path.exists()
    store = JobStore(tmp_path)
    assert store.history() == []
    store.close()


def test_damage_beyond_the_first_page_is_named_when_it_is_met_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    store = JobStore(tmp_path)
    job = store.create(NewJob("n", "batch", some_requests(20, 20)))
    store.close()
    content = path.read_bytes()
    damaged = content[:4096] + b"\xff" * (len(content) - 4096)
    path.write_bytes(damaged)
    store = JobStore(tmp_path)
    for read in (store.history, lambda: store.job(job.id), lambda: store.requests(job.id)):
        with pytest.raises(StorageError, match="jobs.sqlite3 is damaged") as caught:
            read()
        assert "backup" in caught.value.hint
    store.close()
    assert path.read_bytes() == damaged


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "jobs.sqlite3").write_bytes(b"damage %d " % number * 500)
        with pytest.raises(StorageError, match=f"damaged-{number}"):
            JobStore(tmp_path)
    assert (tmp_path / "jobs.sqlite3.damaged-1").read_bytes().startswith(b"damage 1")


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot be created") as caught:
        JobStore(tmp_path / "file" / "home")
    assert "RERANK_HOME" in caught.value.hint


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_reported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    with pytest.raises(StorageError, match="cannot be written"):
        JobStore(home)


def test_a_read_only_database_is_reported_on_writing(tmp_path: Path) -> None:
    database = Database(tmp_path / "db", [("CREATE TABLE t (x)",)])
    with pytest.raises(StorageError, match="cannot be written"), database.reading() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    database.close()


def test_a_lock_of_another_program_is_reported(tmp_path: Path) -> None:
    database = Database(tmp_path / "db", [("CREATE TABLE t (x)",)], busy_seconds=0)
    other = sqlite3.connect(tmp_path / "db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked by another program"), database.writing():
        pass
    other.close()
    with database.writing() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    database.close()


def test_a_full_disk_is_reported_and_the_transaction_undone(tmp_path: Path) -> None:
    database = Database(tmp_path / "db", [("CREATE TABLE t (x)", "PRAGMA max_page_count = 20")])
    with pytest.raises(StorageError, match="disk that holds db is full"), database.writing() as connection:
        for _ in range(100):
            connection.execute("INSERT INTO t VALUES (?)", ("x" * 4000,))
    with database.writing() as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
        connection.execute("INSERT INTO t VALUES (1)")
    database.close()


def test_a_fault_of_the_program_is_not_dressed_up_as_a_storage_problem(tmp_path: Path) -> None:
    database = Database(tmp_path / "db", [("CREATE TABLE t (x)",)])
    with pytest.raises(sqlite3.OperationalError, match="no such table"), database.writing() as connection:
        connection.execute("INSERT INTO nowhere VALUES (1)")
    database.close()
    assert storage_error(sqlite3.ProgrammingError("misuse"), tmp_path) is None


def test_many_that_open_a_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    opened: list[JobStore] = []
    for round_ in range(10):
        together = threading.Barrier(6)

        def open_one(home: Path = tmp_path / str(round_), together: threading.Barrier = together) -> None:
            together.wait()
            opened.append(JobStore(home))

        threads = [threading.Thread(target=open_one) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(opened) == 60
    for store in opened:
        assert store.history() == []
        store.close()


def test_storage_errors_are_workbench_errors() -> None:
    assert issubclass(StorageError, WorkbenchError)
