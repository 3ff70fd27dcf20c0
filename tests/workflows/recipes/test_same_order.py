"""A tuned recipe gives one order on every way: Rerank, Batch, POST /rerank, a framework's ranker."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from core.cli import main
from core.errors import InputError
from core.evaluation.blends.order import Blend
from core.evaluation.calibrations.curve import Calibration
from core.integrations.ranking import OverHttp, Ranking
from core.recipes.recipe import GlossaryForm, QueryRewriting, Recipe, RecipeModel
from core.recipes.store import RecipeStore
from core.settings import Settings
from core.workflows.home.sample_table import TABLE
from core.workflows.home.workbench import Workbench
from core.workflows.recipes.use import named_recipe, with_model
from core.workflows.rerank.reranking import rerank

QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "<p>如需换货，请在订单详情页选择换货。</p>",
    "会员积分可在商城兑换礼品。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "发票在订单完成后开具。",
    "Refunds arrive on the original payment method within three working days.",
    "退款需要先提交申请。",
    "这一条在候选之外。",
]
NAME = "tuned"


@pytest.fixture(params=["blend", "threshold", "scores"])
def recipe(request: pytest.FixtureRequest, embedded_workbench: Workbench, tmp_path: Path) -> Iterator[Recipe]:
    """Everything that a recipe can decide at once, kept in the served home and in the commands'."""
    info = embedded_workbench.scorer().info
    made = with_model(
        Recipe(
            instruction="Given a question, retrieve passages that answer it",
            care={"rules": ["html"]},
            rewriting=QueryRewriting(("synonym",), (GlossaryForm("退的钱", "退款", "synonym"),), ("退款",)),
            candidates=6,
            blend={"blend": Blend("ranks", 0.6), "threshold": None, "scores": Blend("scores", 0.7)}[
                request.param
            ],
            calibration=Calibration("platt", info.fingerprint, 100, 0.2, slope=0.5, intercept=1.0),
            threshold=0.15,
            top=4,
        ),
        info,
    )
    homes = (embedded_workbench.settings.home, Settings().home)
    for home in homes:
        RecipeStore(home).save(NAME, made)
    yield made
    RecipeStore(homes[0]).remove(NAME)


def first_scores(recipe: Recipe) -> list[float] | None:
    needed = recipe.blend is not None and recipe.blend.needs_scores
    return [9.0, 7.5, 7.0, 3.0, 2.0, 1.0, 0.5] if needed else None


def batch_order(tmp_path: Path, scores: list[float] | None, capsys: pytest.CaptureFixture[str]) -> list[int]:
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["query", "document", "number", *(["initial_score"] if scores else [])])
        for at, text in enumerate(DOCUMENTS):
            writer.writerow([QUERY, text, at, *([scores[at]] if scores else [])])
    assert main(["batch", str(table), "-o", str(out), "--recipe", NAME, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recipe"] == f"{NAME} · 1"
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [int(row["new_rank"]) for row in rows] == list(range(1, len(rows) + 1))
    return [int(row["number"]) for row in rows]


def test_the_same_recipe_gives_the_same_order_everywhere(
    recipe: Recipe,
    client: TestClient,
    embedded_workbench: Workbench,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scores = first_scores(recipe)
    used = named_recipe(NAME, embedded_workbench.settings.home)
    on_page = rerank(embedded_workbench.scorer(), QUERY, DOCUMENTS, recipe=used, first_scores=scores)
    order = [one.index for one in on_page.ranked]
    assert 0 < len(order) <= 4 and 6 not in order
    assert order != list(range(len(order)))  # it does something

    body = {"query": QUERY, "documents": DOCUMENTS, "recipe": NAME}
    body |= {"first_scores": scores} if scores else {}
    answer = client.post("/rerank", json=body).json()
    assert [one["index"] for one in answer["results"]] == order
    assert answer["meta"]["recipe"] == f"{NAME} · 1"
    assert [one["calibrated_score"] for one in answer["results"]] == [
        pytest.approx(one.calibrated, abs=1e-6) for one in on_page.ranked
    ]
    named = client.post("/v1/rerank", json={**body, "recipe": None, "model": NAME}).json()
    assert [one["index"] for one in named["results"]] == order

    assert batch_order(tmp_path, scores, capsys) == order


def test_a_frameworks_ranker_gives_it_too(
    client: TestClient, recipe: Recipe, embedded_workbench: Workbench
) -> None:
    if first_scores(recipe):
        pytest.skip("a framework hands over texts without the scores that this blend needs")

    def forward(request: httpx.Request) -> httpx.Response:
        answer = client.post(request.url.path, content=request.content, headers={"host": "localhost:8080"})
        return httpx.Response(answer.status_code, content=answer.content)

    source = OverHttp("http://localhost:8080", recipe=NAME, transport=httpx.MockTransport(forward))
    used = named_recipe(NAME, embedded_workbench.settings.home)
    expected = [
        one.index for one in rerank(embedded_workbench.scorer(), QUERY, DOCUMENTS, recipe=used).ranked
    ]
    assert [one.index for one in Ranking(source).order(QUERY, DOCUMENTS)] == expected
    assert [one.index for one in Ranking(source, top_n=1).order(QUERY, DOCUMENTS)] == expected[:1]


def test_batch_and_rerank_agree_on_the_shipped_sample(
    recipe: Recipe, embedded_workbench: Workbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if first_scores(recipe):
        pytest.skip("the sample has ranks and no scores")
    out = tmp_path / "out.jsonl"
    assert main(["batch", str(TABLE), "-o", str(out), "--recipe", NAME, "--json"]) == 0
    capsys.readouterr()
    found: dict[str, list[str]] = {}
    for line in out.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["query"], []).append(row["document"])
    lists: dict[str, list[str]] = {}
    with TABLE.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            lists.setdefault(row["query"], []).append(row["document"])
    used = named_recipe(NAME, embedded_workbench.settings.home)
    for query in list(lists)[:12]:
        answer = rerank(embedded_workbench.scorer(), query, lists[query], recipe=used)
        assert found.get(query, []) == [one.document for one in answer.ranked], query


class TestAnotherModel:
    @pytest.fixture(autouse=True)
    def foreign(self, embedded_workbench: Workbench) -> Iterator[None]:
        homes = (embedded_workbench.settings.home, Settings().home)
        for home in homes:
            RecipeStore(home).save(
                "foreign", Recipe(model=RecipeModel("q", "Qwen3", "ff" * 32, "bf16"), top=1)
            )
        yield
        RecipeStore(homes[0]).remove("foreign")

    def test_is_said_and_scores_nothing(self, client: TestClient, embedded_workbench: Workbench) -> None:
        answer = client.post("/rerank", json={"query": "q", "documents": ["a"], "recipe": "foreign"})
        assert answer.status_code == 400
        assert "was made with Qwen3" in answer.json()["message"]
        with pytest.raises(InputError, match="was made with Qwen3"):
            rerank(
                embedded_workbench.scorer(),
                "q",
                ["a"],
                recipe=named_recipe("foreign", embedded_workbench.settings.home),
            )

    def test_is_an_error_of_commands(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        documents = tmp_path / "d.txt"
        documents.write_text("a\nb\n")
        code = main(
            ["rerank", "--query", "q", "--documents", str(documents), "--recipe", "foreign", "--model",
             "embedded", "--json"]
        )  # fmt: skip
        assert code == 2
        assert "was made with Qwen3" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_an_unknown_recipe_is_refused_and_a_models_name_is_none(client: TestClient) -> None:
    asked = {"query": "q", "documents": ["a"]}
    refused = client.post("/rerank", json={**asked, "recipe": "no such"})
    assert refused.status_code == 400 and "no such" in refused.json()["message"]
    assert client.post("/rerank", json={**asked, "model": "BAAI/bge-reranker"}).status_code == 200


def test_scores_that_a_blend_needs_are_asked_for(client: TestClient, embedded_workbench: Workbench) -> None:
    store = RecipeStore(embedded_workbench.settings.home)
    store.save("by-scores", Recipe(blend=Blend("scores", 0.5)))
    try:
        asked = {"query": "q", "documents": ["a", "b"], "recipe": "by-scores"}
        assert "first_scores" in client.post("/rerank", json=asked).json()["message"]
        for wrong in ([1.0], "12", [1, True], [1, None]):
            assert client.post("/rerank", json={**asked, "first_scores": wrong}).status_code == 400
        assert client.post("/rerank", json={**asked, "first_scores": [1, 2]}).status_code == 200
    finally:
        store.remove("by-scores")


def test_pairs_know_no_recipe(client: TestClient) -> None:
    answer = client.post("/score", json={"text_1": "q", "text_2": ["a"], "recipe": NAME})
    assert answer.status_code == 400 and "/rerank" in answer.json()["message"]
