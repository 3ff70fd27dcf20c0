"""Every wire format: read as its clients write it, answered as they read it, refused in their own words."""

import math
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.api.dialects import DIALECTS, dialect_of
from core.api.dialects.dialect import Dialect
from core.api.routes import RERANK_ENDINGS

QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "如需换货，请在订单详情页选择换货。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "会员积分可在商城兑换礼品。",
]
PATHS = (
    "/v1/rerank",
    "/rerank",
    "/v2/rerank",
    "/v1/ranking",
    "/api/v1/services/rerank/text-rerank/text-rerank",
    "/v1/reranking",
    "/reranking",
    "/ranking",
    "/v1/reranks",
    "/compatible-api/v1/reranks",
    "/v1/retrieval/nvidia/some-model/reranking",
    "/api/rerank",
    "/v1/v1/rerank",
    "/openai/v1/rerank",
    "/cohere/v2/rerank",
    "/rerank/",
    "/v1/rerank/",
)


@pytest.fixture
def reference(client: TestClient) -> list[tuple[int, float]]:
    """Index and log-odds, best first."""
    body = {"query": QUERY, "documents": DOCUMENTS, "raw_scores": True}
    return [(r["index"], r["relevance_score"]) for r in client.post("/rerank", json=body).json()["results"]]


def probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def near(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> bool:
    return [i for i, _ in found] == [i for i, _ in expected] and [v for _, v in found] == pytest.approx(
        [v for _, v in expected], abs=1e-6
    )


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_example_is_recognised_and_answered(dialect: Dialect, client: TestClient) -> None:
    assert dialect_of(dialect.example) is dialect
    answer = client.post("/v1/rerank", json=dialect.example)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", PATHS)
def test_the_same_request_is_answered_on_every_path(path: str, client: TestClient) -> None:
    answer = client.post(path, json={"query": QUERY, "documents": DOCUMENTS, "top_n": 1})
    assert answer.status_code == 200
    assert [one["index"] for one in answer.json()["results"]] == [1]


def test_every_ending_that_means_reranking_has_a_path_here() -> None:
    assert {path.rstrip("/").rpartition("/")[2] for path in PATHS} == set(RERANK_ENDINGS)


def test_the_superset_has_what_each_client_reads(client: TestClient) -> None:
    body = client.post(
        "/v1/rerank", json={"model": "rerank-v3.5", "query": QUERY, "documents": DOCUMENTS}
    ).json()
    assert "object" not in body
    assert body["model"] == "rerank-v3.5" and body["meta"]["scored_by"] == "embedded"
    assert body["usage"]["completion_tokens"] == 0
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] > 0
    assert body["meta"]["tokens"]["input_tokens"] == body["usage"]["prompt_tokens"]
    assert body["meta"]["billed_units"] == {"search_units": 1} and body["meta"]["api_version"]["version"]
    assert [one["document"] for one in body["results"]] == [
        {"text": text} for text in body["reranked_documents"]
    ]
    assert [one["relevance_score"] for one in body["data"]] == [
        one["relevance_score"] for one in body["results"]
    ]
    assert all(one["score"] == one["relevance_score"] and "document" not in one for one in body["data"])
    assert all(type(one["relevance_score"]) is float for one in body["results"])


def test_voyage_gets_documents_as_strings_under_data(client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS, "top_k": None, "return_documents": True}
    found = client.post("/v1/rerank", json=body).json()
    assert [one["document"] for one in found["data"]] == found["reranked_documents"]


def test_documents_are_absent_never_null(client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS, "return_documents": False}
    assert all("document" not in one for one in client.post("/v2/rerank", json=body).json()["results"])
    # Dify's Ollama plugin expects none by default, and a string when it asks.
    plain = {"query": QUERY, "documents": DOCUMENTS}
    assert all("document" not in one for one in client.post("/api/rerank", json=plain).json()["results"])
    asked = client.post("/api/rerank", json=plain | {"return_documents": True}).json()["results"]
    assert asked[0]["document"] == DOCUMENTS[1]


def test_tei_answers_a_bare_array(client: TestClient, reference: list[tuple[int, float]]) -> None:
    body: dict[str, Any] = {"query": QUERY, "texts": DOCUMENTS}
    found = client.post("/rerank", json=body).json()
    assert all(set(one) == {"index", "score"} for one in found)
    assert near([(one["index"], one["score"]) for one in found], [(i, probability(v)) for i, v in reference])
    raw = client.post(
        "/rerank", json=body | {"raw_scores": True, "return_text": True, "truncate": True}
    ).json()
    assert near([(one["index"], one["score"]) for one in raw], reference)
    assert [one["text"] for one in raw] == [DOCUMENTS[i] for i, _ in reference]


@pytest.mark.parametrize(
    ("body", "code", "kind"),
    [
        ({"query": QUERY, "texts": []}, 400, "Empty"),
        ({"query": QUERY, "texts": ["a"] * 51}, 422, "Validation"),
        ({"query": 5, "texts": ["a"]}, 422, "Validation"),
    ],
)
def test_tei_is_refused_in_its_own_words(
    body: dict[str, Any], code: int, kind: str, client: TestClient
) -> None:
    answer = client.post("/rerank", json=body)
    assert answer.status_code == code
    assert set(answer.json()) == {"error", "error_type"} and answer.json()["error_type"] == kind


def test_nvidia_gets_log_odds(client: TestClient, reference: list[tuple[int, float]]) -> None:
    body = {
        "model": "m",
        "query": {"text": QUERY},
        "passages": [{"text": d} for d in DOCUMENTS],
        "truncate": "END",
    }
    found = client.post("/v1/ranking", json=body).json()
    assert near([(one["index"], one["logit"]) for one in found["rankings"]], reference)
    assert found["usage"]["total_tokens"] > 0


def test_dashscope_gets_its_output(client: TestClient, reference: list[tuple[int, float]]) -> None:
    body = {
        "model": "gte-rerank",
        "input": {"query": QUERY, "documents": DOCUMENTS},
        "parameters": {"top_n": 2},
    }
    path = "/api/v1/services/rerank/text-rerank/text-rerank"
    found = client.post(path, json=body).json()
    results = found["output"]["results"]
    expected = [(i, probability(v)) for i, v in reference[:2]]
    assert near([(one["index"], one["relevance_score"]) for one in results], expected)
    assert all("document" not in one for one in results)
    assert found["usage"]["total_tokens"] > 0 and found["request_id"]
    body["parameters"]["return_documents"] = True  # type: ignore[index]
    told = client.post(path, json=body).json()["output"]["results"]
    assert told[0]["document"] == {"text": DOCUMENTS[1]}
    refused = client.post(path, json={"model": "m", "input": {"query": QUERY, "documents": []}})
    assert refused.status_code == 400
    assert isinstance(refused.json()["code"], str) and "no documents" in refused.json()["message"]


def test_mixedbread_gets_its_data(client: TestClient, reference: list[tuple[int, float]]) -> None:
    found = client.post("/v1/reranking", json={"query": QUERY, "input": DOCUMENTS, "top_k": 2}).json()
    expected = [(i, probability(v)) for i, v in reference[:2]]
    assert near([(one["index"], one["score"]) for one in found["data"]], expected)
    assert found["object"] == "list" and found["data"][0]["input"] == DOCUMENTS[1]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"text": DOCUMENTS[1]}, DOCUMENTS[1]),
        ({"content": [{"type": "text", "text": DOCUMENTS[1]}]}, DOCUMENTS[1]),
        ({"title": "退款", "days": 3}, "title: 退款\ndays: 3"),
    ],
)
def test_documents_come_in_many_forms(document: object, text: str, client: TestClient) -> None:
    body = {"query": {"text": QUERY}, "documents": [document]}
    assert client.post("/v1/rerank", json=body).json()["reranked_documents"] == [text]


def test_only_the_named_fields_of_an_object_count(client: TestClient) -> None:
    document = {"text": "x", "title": "退款", "body": "三天"}
    body = {"query": QUERY, "documents": [document], "rank_fields": ["body", "title"]}
    assert client.post("/v1/rerank", json=body).json()["reranked_documents"] == ["body: 三天\ntitle: 退款"]


def test_one_document_may_stand_without_a_list(client: TestClient) -> None:
    assert client.post("/rerank", json={"query": QUERY, "documents": "a"}).json()["reranked_documents"] == [
        "a"
    ]


def test_null_is_absent_and_unknown_fields_are_ignored(client: TestClient) -> None:
    body: dict[str, Any] = {"query": QUERY, "documents": DOCUMENTS}
    odd = dict.fromkeys(
        (
            "top_n",
            "top_k",
            "max_tokens_per_doc",
            "max_chunks_per_doc",
            "return_documents",
            "instruction",
            "model",
        )
    )
    odd |= {"kwargs": "{}", "priority": 3, "user": "u", "truncation": True, "encoding_format": "float"}
    found, plain = (client.post("/v1/rerank", json=body | extra).json() for extra in (odd, {}))
    assert found["results"] == plain["results"] and found["model"] == plain["model"]


@pytest.mark.parametrize("name", ["top_n", "top_k", "topN"])
def test_a_limit_by_any_name(name: str, client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS, name: "2"}
    assert len(client.post("/v1/rerank", json=body).json()["results"]) == 2


def test_a_limit_on_tokens_shortens_documents(client: TestClient) -> None:
    long = DOCUMENTS[1] + "积分" * 400
    body = {"query": QUERY, "documents": [long], "return_documents": False}
    whole = client.post("/v1/rerank", json=body).json()
    short = client.post("/v1/rerank", json=body | {"max_tokens_per_doc": 30}).json()
    assert short["usage"]["total_tokens"] < whole["usage"]["total_tokens"]
    assert short["results"][0]["relevance_score"] != whole["results"][0]["relevance_score"]


def test_score_keeps_the_order_of_its_pairs(client: TestClient, reference: list[tuple[int, float]]) -> None:
    expected = [value for _, value in sorted(reference)]
    for body in (
        {"text_1": QUERY, "text_2": DOCUMENTS},
        {"queries": [QUERY] * 3, "documents": [{"text": d} for d in DOCUMENTS]},
        {"queries": QUERY, "items": DOCUMENTS},
        {"data_1": QUERY, "data_2": DOCUMENTS},
    ):
        found = client.post("/score", json=body | {"use_activation": False}).json()
        assert [one["index"] for one in found["data"]] == [0, 1, 2]
        assert [one["score"] for one in found["data"]] == pytest.approx(expected, abs=1e-6)
        assert all(one["object"] == "score" for one in found["data"]) and found["object"] == "list"
    assert client.post("/v1/score", json={"text_1": ["a", "b"], "text_2": ["c"] * 3}).status_code == 400
    assert client.post("/score", json={"text_1": "a"}).status_code == 400


def test_predict_answers_documents_best_first(client: TestClient) -> None:
    for documents in ("\n".join(DOCUMENTS), DOCUMENTS):
        found = client.post("/api/predict", json={"data": [QUERY, documents]}).json()
        assert found["data"][0][0] == DOCUMENTS[1] and len(found["data"][0]) == 3


def test_what_clients_look_up_first(client: TestClient) -> None:
    card = client.get("/v1/models").json()["data"][0]
    assert card["id"] == "embedded" and card["stats"] == {} and "owned_by" not in card
    assert card["model_type"] == "rerank"
    assert client.get("/models").json() == client.get("/v1/models").json()
    assert client.get("/v1/models/any/name").json()["id"] == "any/name"
    assert client.get("/v1/cluster/auth").json() == {"auth": False}
    info = client.get("/info").json()
    assert list(info["model_type"]) == ["reranker"] and info["max_client_batch_size"] == 50
    assert info["workbench"] and info["auto_truncate"] is True
    assert client.get("/health/live").status_code == client.get("/health/ready").status_code == 200
    assert client.head("/health").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v2"),
        ("POST", "/anything"),
        ("DELETE", "/api/x"),
        ("POST", "/compatible-api/y"),
    ],
)
def test_what_is_not_there_is_json_404(method: str, path: str, client: TestClient) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404 and "no route" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/v1/rerank", "/score", "/info", "/v1/models"])
def test_other_methods_are_json_405(path: str, client: TestClient) -> None:
    answer = client.delete(path)
    assert answer.status_code == 405 and answer.json()["message"] and answer.headers["allow"]
