"""What is kept is its owner's alone, also where it lay open before, and is replaced whole or not at all."""

import io
import os
import sqlite3
from pathlib import Path

import pytest

from core.api.door.keys import access_key
from core.jobs import JobStore, ScoreCache, keep_upload
from core.jobs.lease import Lease
from core.models.remote.addresses import agree_to_send, read_address
from core.settings import Settings
from core.storage.database import Database
from core.storage.private import close_home, private_folder, replace_file
from core.workflows.evaluate.judging import JudgementStore
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.instructions.library import InstructionLibrary
from core.workflows.rewrite.decisions import DecisionStore

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def open_umask() -> object:
    """The usual mask of a desktop, under which new files are everybody's to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_all_that_stores_write_is_their_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    stores = [store(home) for store in (JobStore, ScoreCache, JudgementStore, KeptFiles)]
    InstructionLibrary(home).save("contracts", "Find the clause")
    DecisionStore(home).change("job", {"all": True})
    keep_upload(home, "a.csv", io.BytesIO(b"query,document"))
    agree_to_send(read_address("https://rerank.example.org/v1/rerank"), home)
    access_key(Settings(home=home))
    lease = Lease(home)
    lease.acquire()
    try:
        files = [path for path in home.rglob("*") if path.is_file()]
        # Each of four databases with its two companions, and eight others.
        assert len(files) >= 20
        assert {str(path.relative_to(home)): oct(mode(path)) for path in files if mode(path) != 0o600} == {}
        assert {mode(path) for path in (home, *home.rglob("*")) if path.is_dir()} == {0o700}
        # What is kept is known by name, so that it is closed where an earlier version left it open.
        for path in files:
            path.chmod(0o644)
        close_home(home)
        assert {mode(path) for path in files} == {0o600}
    finally:
        lease.release()
        for store in stores:
            store.close()


def test_the_lock_of_an_earlier_version_is_closed(tmp_path: Path) -> None:
    home = private_folder(tmp_path / "home")
    lock = home / "jobs.lock"
    lock.write_bytes(b"")
    lock.chmod(0o644)
    lease = Lease(home)
    lease.acquire()
    assert mode(lock) == 0o600
    lease.release()


def test_a_home_that_lay_open_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "uploads").mkdir(parents=True)
    (home / "uploads" / "a.xlsx").write_bytes(b"x")
    with sqlite3.connect(home / "jobs.sqlite3") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert mode(home / "uploads" / "a.xlsx") == 0o644
    close_home(home)
    assert mode(home) == mode(home / "uploads") == 0o700
    assert mode(home / "jobs.sqlite3") == mode(home / "uploads" / "a.xlsx") == 0o600


def test_opening_a_database_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "x.sqlite3"
    private_folder(path.parent)
    path.write_bytes(b"")
    path.chmod(0o666)
    Database(path, (("CREATE TABLE t (x)",),)).close()
    assert mode(path) == 0o600


def test_what_a_link_points_at_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "model.safetensors"
    outside.write_bytes(b"x")
    home = private_folder(tmp_path / "home")
    (private_folder(home / "models") / "model.safetensors").symlink_to(outside)
    (home / "keys").symlink_to(tmp_path)
    tmp_path.chmod(0o755)
    close_home(home)
    assert (mode(outside), mode(tmp_path)) == (0o644, 0o755)


def test_a_home_behind_a_link_is_closed(tmp_path: Path) -> None:
    disk = tmp_path / "other disk"
    disk.mkdir()
    (disk / "jobs.sqlite3").write_bytes(b"")
    home = tmp_path / "home"
    home.symlink_to(disk)
    close_home(home)
    assert (mode(disk), mode(disk / "jobs.sqlite3")) == (0o700, 0o600)


def test_folders_above_a_new_home_are_closed_and_existing_ones_stay(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_folder(tmp_path / "new" / "home")
    assert (mode(tmp_path / "new" / "home"), mode(tmp_path / "new"), mode(tmp_path)) == (0o700, 0o700, 0o755)


def test_what_else_lies_in_the_folder_that_is_the_home_keeps_its_mode(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "tool"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    close_home(tmp_path)
    assert (mode(program), mode(program.parent), mode(notes)) == (0o755, 0o755, 0o644)


def test_a_folder_for_everybody_stays_everybodys(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    private_folder(shared)
    assert shared.stat().st_mode & 0o7777 == 0o1777


def test_a_file_where_the_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    with pytest.raises(NotADirectoryError):
        private_folder(tmp_path / "home")


def test_companions_of_a_database_that_lay_open_are_closed(tmp_path: Path) -> None:
    home = private_folder(tmp_path / "home")
    before = JobStore(home)
    for name in ("jobs.sqlite3", "jobs.sqlite3-wal", "jobs.sqlite3-shm"):
        (home / name).chmod(0o644)
    again = JobStore(home)
    assert {mode(path) for path in home.iterdir()} == {0o600}
    again.close()
    before.close()


def test_a_mode_that_is_stricter_stays(tmp_path: Path) -> None:
    home = private_folder(tmp_path / "home")
    kept = private_folder(home / "uploads") / "read-only"
    kept.write_bytes(b"x")
    kept.chmod(0o444)
    close_home(home)
    assert mode(kept) == 0o400


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.private.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new, and longer")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.json"]
