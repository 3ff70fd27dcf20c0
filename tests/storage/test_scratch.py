"""Folders for texts on their way: private, gone afterwards, and after a kill gone a day later."""

import os
import stat
import tempfile
import time
from pathlib import Path

import pytest

from core.storage.scratch import PREFIX, discard_abandoned, scratch_folder


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_its_owners_alone_and_goes_with_its_block(place: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == place
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "text").write_text("客户")
    assert not list(place.iterdir())


def test_what_a_killed_process_left_goes_after_a_day_and_nothing_else(place: Path) -> None:
    old, fresh, foreign = (place / name for name in (f"{PREFIX}old", f"{PREFIX}fresh", "other-old"))
    elsewhere = place / "kept"
    for folder in (old, fresh, foreign, elsewhere):
        folder.mkdir()
        (folder / "text").write_text("客户")
    link = place / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    day_ago = time.time() - 25 * 3600
    for folder in (old, foreign, elsewhere):
        os.utime(folder, (day_ago, day_ago))
    os.utime(link, (day_ago, day_ago), follow_symlinks=False)
    assert discard_abandoned() == 1
    assert not old.exists()
    assert all((folder / "text").exists() for folder in (fresh, foreign, elsewhere))
