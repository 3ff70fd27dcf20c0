"""A recipe's gate: queries of which the first stage is sure are not scored, wherever the recipe is used."""

import csv
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from core.cli import main
from core.evaluation.blends.order import Blend, margin
from core.models import load_scorer
from core.recipes.recipe import Recipe
from core.recipes.store import RecipeStore
from core.recipes.watched import KeptQueries, watch_store
from core.settings import Settings
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.use.under_recipe import recipe_run
from core.workflows.home.workbench import Workbench
from core.workflows.recipes.use import RecipeInUse, named_recipe
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.stored import from_stored, stored
from tests.workflows.evaluate.labelled_sheet import TableScorer

NAME = "gated"
GATE = 1.0
RECIPE = Recipe(blend=Blend("ranks", 1.0, GATE), top=3)
DOCUMENTS = ["文档 5", "文档 4", "文档 3", "文档 2"]
SURE, UNSURE = [9.0, 2.0, 1.5, 1.0], [9.0, 8.9, 1.5, 1.0]


@pytest.fixture
def homes(embedded_workbench: Workbench) -> Iterator[tuple[Path, Path]]:
    found = (embedded_workbench.settings.home, Settings().home)
    for home in found:
        RecipeStore(home).save(NAME, RECIPE)
    yield found
    RecipeStore(found[0]).remove(NAME)


def write_table(path: Path, queries: list[list[float]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["query_id", "query", "document_id", "document", "initial_score", "label"])
        for number, scores in enumerate(queries):
            for at, (text, score) in enumerate(zip(DOCUMENTS, scores, strict=True)):
                writer.writerow([f"q{number}", f"问题 {number}", f"d{at}", text, score, int(at == 3)])
    return path


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Numbers are kept on a thread of their own."""
    end, pause = monotonic() + seconds, threading.Event()
    while not true():
        assert monotonic() < end
        pause.wait(0.01)


def test_the_margins_stand_on_either_side_of_the_gate() -> None:
    assert margin(UNSURE) < GATE < margin(SURE)


def test_a_list_that_is_sure_asks_the_model_nothing() -> None:
    scorer, used = TableScorer({}), RecipeInUse(NAME, 1, RECIPE)
    kept = rerank(scorer, "问题", DOCUMENTS, recipe=used, first_scores=SURE)
    assert scorer.asked == [] and kept.kept_first
    assert [one.document for one in kept.ranked] == DOCUMENTS[:3]
    assert [one.scored for one in kept.ranked] == [None] * 3
    assert "its order is kept, and nothing was scored" in kept.notices[-1].message
    assert from_stored(json.loads(json.dumps(stored(kept)))) == kept
    other = rerank(scorer, "问题", DOCUMENTS, recipe=used, first_scores=UNSURE)
    assert len(scorer.asked) == 1 and not other.kept_first
    assert [one.document for one in other.ranked] == DOCUMENTS[::-1][:3]


def test_over_http_the_first_stages_scores_come_back_and_it_is_said(
    homes: tuple[Path, Path], client: TestClient
) -> None:
    body = {"query": "问题", "documents": DOCUMENTS, "recipe": NAME}
    before = watch_store(homes[0]).kept(NAME, 1)
    answer = client.post("/rerank", json={**body, "first_scores": SURE}).json()
    assert [(one["index"], one["relevance_score"]) for one in answer["results"]] == [
        (0, 9.0),
        (1, 2.0),
        (2, 1.5),
    ]
    assert answer["meta"]["reranked"] is False and answer["usage"]["total_tokens"] == 0
    assert any("nothing was scored" in said for said in answer["meta"]["warnings"])
    scored = client.post("/rerank", json={**body, "first_scores": UNSURE}).json()
    assert "reranked" not in scored["meta"] and scored["usage"]["total_tokens"] > 0
    until(lambda: watch_store(homes[0]).kept(NAME, 1) == KeptQueries(before.queries + 1, before.pairs + 4))


def test_a_batch_scores_only_the_others_and_counts_what_it_saved(
    homes: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_table(tmp_path / "in.csv", [SURE, UNSURE, SURE])
    out = tmp_path / "out.csv"
    command = ["batch", str(table), "--recipe", NAME, "--model", "embedded", "--json"]
    assert main([*command, "-o", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["queries"], told["pairs"], told["scored"]) == (3, 12, 4)
    assert (told["left_to_first_stage"], told["saved_pairs"]) == (2, 8)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["query_id"] for row in rows] == ["q0"] * 3 + ["q1"] * 3 + ["q2"] * 3
    for row in rows:
        kept = row["query_id"] != "q1"
        assert row["reranked"].lower() == str(not kept).lower()
        assert (row["logit"] == "") is kept and (row["probability"] == "") is kept
    assert [row["document_id"] for row in rows[:3]] == ["d0", "d1", "d2"]
    used = named_recipe(NAME, homes[1])
    alone = rerank(load_scorer("embedded"), "问题 1", DOCUMENTS, recipe=used, first_scores=UNSURE)
    assert [row["document"] for row in rows[3:6]] == [one.document for one in alone.ranked]
    assert main([*command, "-o", str(tmp_path / "out.xlsx")]) == 0
    capsys.readouterr()
    summary = openpyxl.load_workbook(tmp_path / "out.xlsx")["Summary"]
    rows_of = {tuple(cell.value for cell in row if cell.value is not None) for row in summary.iter_rows()}
    assert ("queries that the gate left to the first stage", 2) in {row[:2] for row in rows_of}
    assert ("share of pairs saved", "67%") in {row[:2] for row in rows_of}


def test_a_batch_of_which_the_first_stage_is_sure_throughout_is_refused_in_a_sentence(
    homes: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = write_table(tmp_path / "in.csv", [SURE, SURE]), tmp_path / "out.csv"
    assert main(["batch", str(table), "-o", str(out), "--recipe", NAME, "--model", "embedded", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)["error"]
    assert "leaves every query to the first stage" in told["message"] and not out.exists()


def test_document_care_and_a_gate_go_together(
    homes: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cared = Recipe(blend=RECIPE.blend, care={"rules": ["html"]})
    RecipeStore(homes[1]).save(NAME, cared)
    table, out = write_table(tmp_path / "in.csv", [UNSURE, SURE, UNSURE]), tmp_path / "out.jsonl"
    assert main(["batch", str(table), "-o", str(out), "--recipe", NAME, "--model", "embedded", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["saved_pairs"] == 4
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["logit"] is None for row in rows] == [False] * 4 + [True] * 4 + [False] * 4


def test_parts_keep_the_first_order_too(
    homes: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_table(tmp_path / "in.csv", [SURE, UNSURE])
    asked = ["batch", str(table), "-o", str(tmp_path / "out"), "--engine", "parts", "--recipe", NAME]
    assert main([*asked, "--model", "embedded"]) == 0
    capsys.readouterr()
    (part,) = (tmp_path / "out").glob("*.parquet")
    sure, unsure = pq.read_table(part).to_pylist()
    assert sure["ranks"] == [1, 2, 3, None] and sure["logits"] == [None] * 4
    assert None not in unsure["logits"] and sorted(unsure["ranks"], key=lambda one: one or 9)[:3] == [1, 2, 3]


def test_a_measurement_under_the_recipe_scores_as_few(tmp_path: Path) -> None:
    data = read_labelled(write_table(tmp_path / "in.csv", [SURE, UNSURE]))
    scorer = TableScorer({})
    run = recipe_run(scorer, data, RecipeInUse(NAME, 1, RECIPE))
    assert [request.query for request in scorer.asked] == ["问题 1"]
    assert run.rankings["q0"].documents == ("d0", "d1", "d2")
    assert run.rankings["q1"].documents == ("d3", "d2", "d1")
