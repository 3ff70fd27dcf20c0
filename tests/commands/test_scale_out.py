"""`batch --engine parts`: folders in, a folder of parts out, exit codes and what is refused."""

import csv
import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.cli import main
from core.evaluation.blends.order import Blend
from core.recipes.recipe import Recipe
from core.recipes.store import RecipeStore
from tests.workflows.scale.large_input import query, read_logits, write_input, write_scorer


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


@pytest.mark.parametrize("blend", [None, Blend("ranks", 0.5), Blend("scores", 0.4)])
def test_a_recipe_gives_the_order_that_a_batch_has(
    blend: Blend | None, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    draw = random.Random(11)
    with (tmp_path / "in" / "scored.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["query_id", "query", "document_id", "document", "initial_score"])
        for number in range(9):
            key, text, candidates = query(number)
            writer.writerows([key, text, *one, round(draw.uniform(1, 9), 3)] for one in candidates)
    RecipeStore(tmp_path / "home").save("tuned", Recipe(candidates=4, blend=blend, top=3))
    assert main([*command, "--recipe", "tuned", "--json", "--part-queries", "4"]) == 0
    assert json.loads(capsys.readouterr().out)["recipe"] == "tuned · 1"
    found: dict[str, list[str]] = {}
    for part in (tmp_path / "out").glob("*.parquet"):
        for row in pq.read_table(part).to_pylist():
            ranked = [one for one in zip(row["ranks"], row["document_ids"], strict=True) if one[0]]
            found[row["request_id"]] = [document for _, document in sorted(ranked)]
            assert ("blends" in row) is (blend is not None)
    model = command[command.index("--model") + 1]
    local = ["batch", str(tmp_path / "in" / "scored.csv"), "-o", str(tmp_path / "out.csv"), "--model", model]
    assert main([*local, "--recipe", "tuned"]) == 0
    expected: dict[str, list[str]] = {}
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.DictReader(stream):
            expected.setdefault(line["query_id"], []).append(line["document_id"])
    assert found == expected and max(map(len, found.values())) == 3


def test_another_recipe_is_another_run(command: list[str], tmp_path: Path) -> None:
    store = RecipeStore(tmp_path / "home")
    store.save("a", Recipe(top=2))
    store.save("b", Recipe(top=1))
    assert main([*command, "--recipe", "a"]) == 0
    assert main([*command, "--recipe", "a"]) == 0
    assert main([*command, "--recipe", "b"]) == 2
    assert main(command) == 2


def test_first_stage_scores_that_a_recipe_needs_are_asked_for(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    RecipeStore(tmp_path / "home").save("by-scores", Recipe(blend=Blend("scores", 0.5)))
    assert main([*command, "--recipe", "by-scores"]) == 2
    assert "initial_score" in capsys.readouterr().err


def test_ray_that_is_missing_is_said(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    import importlib.util

    if importlib.util.find_spec("ray") is not None:
        pytest.skip("Ray is installed here")
    given = [word if word != "parts" else "ray" for word in command]
    assert main(given) == 1
    assert "requirements-ray.txt" in capsys.readouterr().err
