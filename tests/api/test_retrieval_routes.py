"""`/search` and the embedding routes as a client meets them."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.documentation import openapi
from core.api.routes import routes
from core.retrieval.passages import Passage
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.service import RetrieveService
from core.workflows.retrieve.vectors import make_vectors

PASSAGES = [
    Passage("refund", "A refund reaches your card within 3 to 5 days.", source="shop"),
    Passage(
        "电池", "首次使用前请将电池充满电，充电约需两小时。", source="manual", metadata=(("lang", "zh"),)
    ),
    Passage("warranty", "The warranty covers two years from purchase.", source="shop"),
]


@pytest.fixture
def client(embedded_workbench: Workbench, tmp_path: Path) -> Iterator[TestClient]:
    service = RetrieveService(embedded_workbench.settings, Corpora(tmp_path, kind="sqlite"))
    corpus = service.corpora.open("help", create=True)
    corpus.add(PASSAGES)
    make_vectors(corpus, service.embedder())
    app = Starlette(routes=routes(lambda: embedded_workbench, retrieval=lambda: service))
    with TestClient(app) as client:
        yield client
    service.corpora.close()


def test_search_runs_the_whole_pipeline(client: TestClient) -> None:
    body = {"corpus": "help", "query": "怎么给电池充电", "top_k": 3, "top_n": 2}
    answer = client.post("/search", json=body).json()
    first = answer["results"][0]
    assert (first["id"], first["rank"]) == ("电池", 1) and first["stages"] == {"bm25": 1, "embedding": 1}
    assert len(answer["results"]) == 2 and answer["results"][0]["logit"] > answer["results"][1]["logit"]
    assert answer["model"] == "embedded" and set(answer["seconds"]) >= {"bm25", "embedding", "rerank"}


def test_the_documented_search_is_answered(client: TestClient) -> None:
    operation = openapi("http://localhost:8080")["paths"]["/search"]["post"]
    ((_, example),) = operation["requestBody"]["content"]["application/json"]["examples"].items()
    answer = client.post("/search", json=example["value"])
    assert answer.status_code == 200 and len(answer.json()["results"]) == 3


def test_search_by_words_of_one_source_without_a_reranker(client: TestClient) -> None:
    body = {"corpus": "help", "query": "card years", "stages": ["bm25"], "rerank": False, "sources": ["shop"]}
    answer = client.post("/search", json=body).json()
    assert {one["id"] for one in answer["results"]} == {"refund", "warranty"}
    assert answer["model"] is None and "logit" not in answer["results"][0]


@pytest.mark.parametrize("wanted", ["zh", ["zh"]])
def test_search_among_passages_of_some_metadata(client: TestClient, wanted: object) -> None:
    body = {"corpus": "help", "query": "card", "rerank": False, "filters": {"lang": wanted}}
    answer = client.post("/search", json=body).json()
    assert [one["id"] for one in answer["results"]] == ["电池"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"corpus": "none", "query": "x"}, "no corpus"),
        ({"corpus": "help", "query": " "}, "empty"),
        ({"corpus": "help", "query": "x", "stages": ["magic"]}, "stages"),
        ({"corpus": "help", "query": "x", "top_k": 5000}, "from 1 to"),
        ({"corpus": "help", "query": "x", "sources": "shop"}, "sources"),
        ({"corpus": "help", "query": "x", "filters": ["lang"]}, "filters"),
        ({"corpus": "help", "query": "x", "filters": {"lang": 1}}, "filters"),
        ({"corpus": "help", "query": "x", "filters": {"lang": "fr"}}, "«fr»"),
        ({"query": "x"}, "corpus"),
    ],
)
def test_a_wrong_search_is_400_with_one_sentence(client: TestClient, body: object, words: str) -> None:
    answer = client.post("/search", json=body)
    assert answer.status_code == 400 and words in answer.json()["message"]
    assert client.get("/search").status_code == 405


def test_embeddings_as_openai_clients_want_them(client: TestClient) -> None:
    texts = [one.text for one in PASSAGES]
    plain = client.post("/v1/embeddings", json={"input": texts, "model": "any"}).json()
    vectors = np.array([row["embedding"] for row in plain["data"]])
    assert vectors.shape == (3, 384) and [row["index"] for row in plain["data"]] == [0, 1, 2]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    packed = client.post("/v1/embeddings", json={"input": texts[0], "encoding_format": "base64"}).json()
    decoded = np.frombuffer(base64.b64decode(packed["data"][0]["embedding"]), "<f4")
    assert decoded == pytest.approx(vectors[0], abs=1e-5)
    query = {"input": "how do I charge the battery", "input_type": "query"}
    asked = np.array(client.post("/v1/embeddings", json=query).json()["data"][0]["embedding"])
    assert int((vectors @ asked).argmax()) == 1


def test_embed_as_tei_does(client: TestClient) -> None:
    rows = client.post("/embed", json={"inputs": ["one", "two"]}).json()
    assert len(rows) == 2 and len(rows[0]) == 384
    assert client.post("/embed", json={"inputs": []}).status_code == 400
    assert client.post("/embed", json={"inputs": ["x"] * 51}).status_code == 413
