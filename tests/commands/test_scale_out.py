"""`batch --engine parts`: folders in, a folder of parts out, exit codes and what is refused."""

import json
from pathlib import Path

import pytest

from core.cli import main
from tests.workflows.scale.large_input import read_logits, write_input, write_scorer


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scorer(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def command(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("RERANK_HOME", str(tmp_path / "home"))
    write_input(tmp_path / "in", files=2, each=6)
    out = str(tmp_path / "out")
    return ["batch", str(tmp_path / "in" / "*.csv"), "-o", out, "--engine", "parts", "--model", str(model)]


def test_a_glob_of_files_becomes_parts(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--json", "--part-queries", "4"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["queries"], told["parts"], told["finished"]) == (12, 4, True)
    assert told["scored"] == told["pairs"] == sum(map(len, read_logits(tmp_path / "out").values()))


def test_shares_of_several_processes(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--share", "1/2", "--part-queries", "2"]) == 0
    assert "others are not yet" in capsys.readouterr().out
    assert main([*command, "--share", "2/2", "--part-queries", "2"]) == 0
    assert "12 queries" in capsys.readouterr().out
    assert main([*command, "--share", "3/2"]) == 2


def test_missing_queries_end_with_four(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow.parquet as pq

    assert main(command) == 0
    part = next((tmp_path / "out").glob("*.parquet"))
    pq.write_table(pq.read_table(part).slice(2), part)
    capsys.readouterr()
    assert main([*command, "--json"]) == 4
    assert "2 of 12 queries are missing: q0, q1" in json.loads(capsys.readouterr().out)["error"]["message"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--top", "3"], "--top is for --engine local"),
        (["--clean"], "--clean, --chunk is for --engine local"),
        (["--model", "https://api.cohere.com#rerank-v3.5"], "says the cost before"),
    ],
)
def test_what_this_engine_does_not_do_is_refused(
    command: list[str], more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, *more]) == 2
    assert said in capsys.readouterr().err


def test_ray_that_is_missing_is_said(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    import importlib.util

    if importlib.util.find_spec("ray") is not None:
        pytest.skip("Ray is installed here")
    given = [word if word != "parts" else "ray" for word in command]
    assert main(given) == 1
    assert "requirements-ray.txt" in capsys.readouterr().err
