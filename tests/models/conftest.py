"""Tests here talk to 127.0.0.1 only, whatever proxy the machine is set up with, and see no real caches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.downloading import MODEL, UNNEEDED, WEIGHTS
from tests.models.fake_hub import FakeHub, running
from tests.models.folders import with_more_data, write_small_model


@pytest.fixture(autouse=True)
def _no_proxy_no_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-huggingface-cache"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "no-modelscope-cache"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """A small model's files, the weights large enough to be cut in several places."""
    folder = write_small_model(tmp_path / "original")
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    header, padding = contents[WEIGHTS], 700_000
    contents[WEIGHTS] = with_more_data(header, padding)
    return contents | {"merges.txt": b"", "vocab.json": b"{}"} | UNNEEDED


@pytest.fixture
def modelscope(files: dict[str, bytes]) -> Iterator[FakeHub]:
    with running(FakeHub("modelscope", MODEL.modelscope_id, files)) as hub:
        yield hub


@pytest.fixture
def huggingface(files: dict[str, bytes]) -> Iterator[FakeHub]:
    with running(FakeHub("huggingface", MODEL.huggingface_id, files)) as hub:
        yield hub
