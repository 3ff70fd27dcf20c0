"""What is noted of every request, what a monitoring system reads, and what the documentation shows."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from core.workflows.home.workbench import Workbench
from tests.api.asked import DOCUMENTS, QUERY, client_of


@pytest.fixture(scope="module")
def client(embedded_workbench: Workbench) -> Iterator[TestClient]:
    with client_of(embedded_workbench) as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/v1/models", "/info", "/docs", "/openapi.json", "/metrics"])
def test_head_works_where_get_does(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert answer.status_code == 200 and not answer.content


def test_a_request_id_is_taken_over_or_made(client: TestClient) -> None:
    body = {"query": QUERY, "documents": DOCUMENTS}
    answer = client.post("/rerank", json=body, headers={"x-request-id": "abc-123"})
    assert answer.headers["x-request-id"] == "abc-123"
    made = [
        client.post("/rerank", json=body, headers=h).headers["x-request-id"]
        for h in ({}, {"x-request-id": "a b"})
    ]
    assert len(set(made)) == 2 and all(len(one) == 32 for one in made)


def test_one_line_is_logged_per_request_and_holds_no_text(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="core.api.requests"):
        client.post(
            "/v1/rerank", json={"query": QUERY, "documents": DOCUMENTS}, headers={"x-request-id": "r1"}
        )
        client.post("/v1/rerank", content=b"{")
    lines = [record.getMessage() for record in caplog.records if record.name == "core.api.requests"]
    assert len(lines) == 2
    assert '"request": "r1"' in lines[0] and '"dialect": "superset"' in lines[0] and '"pairs": 3' in lines[0]
    assert '"status": 400' in lines[1]
    assert not any(text in "".join(lines) for text in [QUERY, *DOCUMENTS])


def test_metrics_count_requests_pairs_and_the_model(client: TestClient) -> None:
    client.post("/v1/rerank", json={"query": QUERY, "documents": DOCUMENTS})
    client.post("/v1/rerank", json={"query": QUERY, "texts": DOCUMENTS})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.text
    assert 'rerank_requests_total{dialect="superset",route="rerank",status="200"}' in text
    assert 'rerank_requests_total{dialect="tei",route="rerank",status="200"}' in text
    for name in ("queue", "tokenise", "model", "total"):
        assert f"rerank_{name}_seconds_bucket" in text
    assert 'rerank_model_info{device="cpu",fingerprint="' in text and 'model="embedded"' in text
    assert "rerank_pass_pairs_count" in text and "rerank_cache_hits_total" in text


def test_the_documentation_has_every_format_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    english = client.get("/docs").text
    chinese = client.get("/docs", headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    for page in (english, chinese):
        for word in ("DashScope", "NVIDIA NIM", "Mixedbread", "TEI", "Cohere", "/score"):
            assert word in page
        assert "src=" not in page and "href=" not in page and "@import" not in page
    assert "HTTP 重排序接口" in chinese and "Rerank over HTTP" in english


def test_every_example_in_openapi_is_accepted(client: TestClient) -> None:
    body = client.get("/openapi.json").json()
    assert body["openapi"].startswith("3.1") and body["servers"] == [{"url": "http://localhost:8080"}]
    count = 0
    for path, operations in body["paths"].items():
        if "post" in operations:
            examples = operations["post"]["requestBody"]["content"]["application/json"]["examples"]
            for example in examples.values():
                assert client.post(path, json=example["value"]).status_code == 200
                count += 1
        else:
            assert client.get(path.replace("{id}", "any")).status_code == 200
    assert count == 6
