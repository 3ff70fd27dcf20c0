"""`selftest --embedding`: the embedded model, a folder of random weights, and what is no model."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from tests.qwen_fixture import tiny_qwen_folder


def _selftest(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["selftest", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [("--embedding",), ("--embedding", "embedded")])
def test_the_embedded_model_keeps_the_order(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = _selftest(capsys, *arguments)
    assert code == 0 and report["passed"] and report["model"] == "embedded"
    (a, b), (c, d) = report["actual"]
    assert a > b and d > c
    assert report["expected"] is None and "Only the order was checked" in report["explanation"]


def test_a_folder_of_random_weights_is_read_and_judged_by_its_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RERANK_DEVICE", "cpu")
    folder = tiny_qwen_folder(tmp_path)
    code, report = _selftest(capsys, "--embedding", str(folder))
    assert report["model"] == str(folder.resolve()) and report["expected"] is None
    (a, b), (c, d) = report["actual"]
    assert all(-1.001 <= one <= 1.001 for one in (a, b, c, d)) and len({a, b, c, d}) == 4
    assert report["passed"] == (a > b and d > c) and code == (0 if report["passed"] else 1)
    assert main(["selftest", "--embedding", str(folder)]) == code
    said = capsys.readouterr().out
    assert said.startswith(folder.name) and report["explanation"] in said and f"{a:.4f}, {b:.4f}" in said


def test_what_is_no_embedding_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = _selftest(capsys, "--embedding", str(tmp_path / "nothing"))
    assert code == 2 and "Known models: embedded, Qwen/Qwen3-Embedding-0.6B" in answer["error"]["hint"]
