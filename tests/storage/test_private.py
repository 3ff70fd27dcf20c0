"""What is kept is its owner's alone, also where it lay open before, and is replaced whole or not at all."""

import os
import sqlite3
from pathlib import Path

import pytest

from core.jobs import JobStore, ScoreCache
from core.storage.database import Database
from core.storage.private import close_home, private_folder, replace_file
from core.workflows.evaluate.judging import JudgementStore
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.instructions.library import InstructionLibrary
from core.workflows.rewrite.decisions import Decisions, DecisionStore

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
    stores = [store(home) for store in (JobStore, ScoreCache, JudgementStore, KeptFiles, InstructionLibrary)]
    DecisionStore(home).save("job", Decisions({"all": True}))
    try:
        files = [path for path in home.rglob("*") if path.is_file()]
        # Each database with its two companions.
        assert len(files) >= 10
        assert {mode(path) for path in files} == {0o600}
        assert {mode(path) for path in (home, *home.rglob("*")) if path.is_dir()} == {0o700}
    finally:
        for store in stores:
            store.close()


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
    (home / "model.safetensors").symlink_to(outside)
    close_home(home)
    assert mode(outside) == 0o644


def test_a_mode_that_is_stricter_stays(tmp_path: Path) -> None:
    home = private_folder(tmp_path / "home")
    kept = home / "read-only"
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
