"""Tests here talk to 127.0.0.1 only, whatever proxy the machine is set up with, and see no real caches."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _no_proxy_no_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-huggingface-cache"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "no-modelscope-cache"))
