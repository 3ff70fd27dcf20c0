"""The HTTP routes as a client meets them, with the embedded model behind."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.routes import routes
from core.records import Scorer
from core.settings import Settings
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import instruction_library

QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "如需换货，请在订单详情页选择换货。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
]


def assert_error(answer: Any, code: int, text: str) -> None:  # noqa: ANN401 - httpx.Response or its twin
    """Every error has one shape, in which each of three kinds of client finds its message."""
    assert answer.status_code == code
    body = answer.json()
    assert body["error"]["message"] == body["message"] == body["detail"]
    assert body["error"]["code"] == code
    assert text in body["message"]


def test_answer_is_sorted_and_complete(client: TestClient) -> None:
    body = client.post("/rerank", json={"query": QUERY, "documents": DOCUMENTS}).json()
    assert [r["index"] for r in body["results"]] == [1, 0]
    assert body["results"][0]["document"] == {"text": DOCUMENTS[1]}
    assert body["results"][0]["relevance_score"] > body["results"][1]["relevance_score"]
    assert body["reranked_documents"] == [DOCUMENTS[1], DOCUMENTS[0]]
    assert "object" not in body and body["model"] == "embedded"
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] > 0


def test_plain_curl_without_a_content_type_is_understood(client: TestClient) -> None:
    body = json.dumps({"query": QUERY, "documents": DOCUMENTS})
    answer = client.post(
        "/rerank", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.json()["reranked_documents"][0] == DOCUMENTS[1]


@pytest.mark.parametrize("top", [{"top_n": 1}, {"top_k": 1}, {"top_n": "1"}])
def test_top_n_limits_the_results(client: TestClient, top: dict[str, Any]) -> None:
    body = client.post("/rerank", json={"query": QUERY, "documents": DOCUMENTS} | top).json()
    assert [r["index"] for r in body["results"]] == [1]


@pytest.mark.parametrize("top", [{"top_n": None}, {"top_n": 0}, {"top_n": 99}, {}])
def test_absent_top_n_means_all(client: TestClient, top: dict[str, Any]) -> None:
    body = client.post("/rerank", json={"query": QUERY, "documents": DOCUMENTS} | top).json()
    assert len(body["results"]) == 2


def test_documents_may_be_objects_and_are_absent_when_not_wanted(client: TestClient) -> None:
    body = {"query": QUERY, "documents": [{"text": d} for d in DOCUMENTS], "return_documents": "false"}
    answer = client.post("/rerank", json=body).json()
    assert [r["index"] for r in answer["results"]] == [1, 0]
    assert all("document" not in r for r in answer["results"])


def test_raw_scores_are_the_log_odds_of_the_probabilities(client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS}
    probability = client.post("/rerank", json=body).json()["results"][0]["relevance_score"]
    logit = client.post("/rerank", json=body | {"raw_scores": True}).json()["results"][0]["relevance_score"]
    assert probability == pytest.approx(1 / (1 + 2.718281828459045**-logit), abs=1e-6)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "not valid JSON"),
        (b"[]", "JSON object"),
        (b'{"documents": ["a"]}', "«query»"),
        (b'{"query": "a"}', "«documents»"),
        (b'{"query": "a", "documents": 7}', "«documents»"),
        (b'{"query": "a", "documents": []}', "no documents"),
        (b'{"query": " ", "documents": ["b"]}', "query is empty"),
        (b'{"query": "a", "documents": ["b", 7]}', "Document 2"),
        (b'{"query": "a", "documents": ["b"], "top_n": "many"}', "«top_n»"),
        (b'{"query": "a", "documents": ["b"], "top_n": 1e999}', "«top_n»"),
        (b'{"query": "a", "documents": ["b"], "top_n": -1e999}', "«top_n»"),
        (b'{"query": "a", "documents": ["b"], "top_n": NaN}', "«top_n»"),
        (b'{"query": "a", "documents": ["b"], "instruction": 5}', "«instruction»"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_bad_bodies_get_a_sentence(client: TestClient, body: bytes, text: str) -> None:
    assert_error(client.post("/rerank", content=body), 400, text)


def test_too_many_documents_are_413_and_name_the_limit(client: TestClient) -> None:
    answer = client.post("/rerank", json={"query": "a", "documents": ["b"] * 51})
    assert_error(answer, 413, "more than the 50")


def test_an_unforeseen_failure_is_a_json_500_without_internals(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenWorkbench(Workbench):
        def scorer(self, wait: float = 0.0) -> Scorer:
            raise RuntimeError("secret place")

    broken = BrokenWorkbench(Settings(home=tmp_path, download="never"))
    app = Starlette(routes=routes(lambda: broken))
    with TestClient(app, base_url="http://localhost:8080", raise_server_exceptions=False) as client:
        answer = client.post("/rerank", json={"query": "a", "documents": ["b"]})
    assert_error(answer, 500, "inside the workbench")
    assert answer.json()["error"]["type"] == "server_error" and "secret" not in answer.text
    assert "secret place" in caplog.text


def test_a_body_beyond_the_limit_is_still_413(client: TestClient) -> None:
    answer = client.post("/rerank", content=b" " * (64 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_other_methods_are_405_not_a_page(client: TestClient) -> None:
    answer = client.get("/rerank")
    assert_error(answer, 405, "POST")
    assert answer.headers["allow"] == "POST"


def test_unknown_api_paths_are_json_404(client: TestClient) -> None:
    assert_error(client.get("/api/nothing"), 404, "no route")


@pytest.mark.parametrize("origin", ["https://attacker.example", "http://["])
def test_a_page_of_another_site_is_refused(client: TestClient, origin: str) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS}
    assert_error(client.post("/rerank", json=body, headers={"origin": origin}), 403, "another site")


def test_a_foreign_host_name_is_refused_while_listening_on_this_machine_only(client: TestClient) -> None:
    headers = {"host": "rebound.example:8080", "origin": "http://rebound.example:8080"}
    answer = client.post("/rerank", json={"query": QUERY, "documents": DOCUMENTS}, headers=headers)
    assert_error(answer, 403, "rebound.example")


def test_our_own_page_may_ask(client: TestClient) -> None:
    headers = {"origin": "http://localhost:8080", "host": "localhost:8080"}
    answer = client.post("/rerank", json={"query": QUERY, "documents": DOCUMENTS}, headers=headers)
    assert answer.status_code == 200


def test_broken_characters_travel_both_ways(client: TestClient) -> None:
    body = b'{"query": "a", "documents": ["x\\ud800y", "nul\\u0000"]}'
    answer = client.post("/rerank", content=body)
    assert answer.status_code == 200
    assert sorted(answer.json()["reranked_documents"]) == ["nul\0", "x\ud800y"]
    assert len(answer.json()["meta"]["warnings"]) >= 2


def test_health_names_the_model(client: TestClient) -> None:
    body = client.get("/health").json()
    assert (body["status"], body["model"], body["device"]) == ("ok", "embedded", "cpu")


def test_a_model_that_is_not_ready_is_503_with_retry_after(tmp_path: Path) -> None:
    never_started = Workbench(Settings(model="embedded", home=tmp_path, download="never"))
    app = Starlette(routes=routes(lambda: never_started))
    with TestClient(app, base_url="http://localhost:8080") as client:
        answer = client.post("/rerank", json={"query": "a", "documents": ["b"]})
        assert_error(answer, 503, "still loading")
        assert answer.headers["retry-after"]
        assert client.get("/health").status_code == 503


def test_an_instruction_can_be_named(client: TestClient, embedded_workbench: Workbench) -> None:
    library = instruction_library(embedded_workbench.settings.home)
    library.save("refunds", "Given a question on refunds, retrieve the passage that answers it")
    body = {"query": QUERY, "documents": DOCUMENTS}
    for name in ("preset:refunds", "preset:customer-service", "preset: legal"):
        answer = client.post("/rerank", json=body | {"instruction": name})
        assert answer.status_code == 200 and len(answer.json()["results"]) == 2
    library.remove("refunds")


def test_an_unknown_name_is_400_and_lists_the_known_ones(client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS, "instruction": "preset:poetry"}
    answer = client.post("/rerank", json=body)
    assert_error(answer, 400, "no preset called «poetry»")
    assert answer.json()["error"]["param"] == "preset" and "customer-service" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/v1/models/a%0Ab", "/v1/%0A", "/v2/x%0A/rerank"])
def test_a_path_with_a_line_break_is_the_apis_own(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/json"
    assert answer.status_code == (200 if "models" in path else 404 if "rerank" not in path else 405)
