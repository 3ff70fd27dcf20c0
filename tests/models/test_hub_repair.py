"""A finished download that is downloaded again: changed bytes are noticed and fetched."""

import os
import threading
from pathlib import Path

import pytest

from core.errors import HubUnreachableError, StoppedError
from core.models.hub import DownloadProgress, download
from tests.models.downloading import MODEL, QUICK, UNNEEDED, WEIGHTS, assert_whole, settings_for
from tests.models.fake_hub import FakeHub


@pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
@pytest.mark.parametrize("dialect", ["modelscope", "huggingface"])
def test_changed_bytes_of_a_finished_download_are_fetched_again(
    tmp_path: Path,
    files: dict[str, bytes],
    name: str,
    dialect: str,
    modelscope: FakeHub,
    huggingface: FakeHub,
) -> None:
    hub = modelscope if dialect == "modelscope" else huggingface
    settings = settings_for(tmp_path, **{dialect: hub.url})
    folder = download(MODEL, settings, patience=QUICK)
    content = files[name]
    (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 0xFF]))  # of the same size
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    others = set(files) - set(UNNEEDED) - {name, "merges.txt"}  # an empty file needs no request
    assert {path: len(hub.sent_of(path)) for path in (name, *others)} == {name: 2} | dict.fromkeys(others, 1)


def test_changed_bytes_without_a_hub_are_no_success(tmp_path: Path, modelscope: FakeHub) -> None:
    folder = download(MODEL, settings_for(tmp_path, modelscope=modelscope.url), patience=QUICK)
    weights = folder / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    seen: list[DownloadProgress] = []
    with pytest.raises(HubUnreachableError):
        download(MODEL, settings_for(tmp_path), on_progress=seen.append, patience=QUICK)
    assert {progress.phase for progress in seen} == {"checking", "verifying"}


def test_checking_a_finished_download_can_be_stopped(tmp_path: Path, modelscope: FakeHub) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    download(MODEL, settings, patience=QUICK)
    checking = threading.Event()
    with pytest.raises(StoppedError):
        download(
            MODEL,
            settings,
            on_progress=lambda progress: checking.set() if progress.phase == "verifying" else None,
            cancelled=checking.is_set,
            patience=QUICK,
        )


def test_bytes_are_on_the_disk_before_a_file_gets_its_name(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the renaming must not leave the name with empty blocks."""
    flushed: set[int] = set()
    renamed: set[str] = set()
    flush, rename = os.fsync, os.replace

    def noting_flush(file: int) -> None:
        flush(file)
        flushed.add(os.fstat(file).st_ino)

    def noting_rename(source: Path, target: Path) -> None:
        assert target.name == "download.json" or source.stat().st_ino in flushed, target
        rename(source, target)
        renamed.add(target.name)

    monkeypatch.setattr(os, "fsync", noting_flush)
    monkeypatch.setattr(os, "replace", noting_rename)
    download(MODEL, settings_for(tmp_path, modelscope=modelscope.url), patience=QUICK)
    assert renamed == set(files) - set(UNNEEDED) | {"download.json"}
