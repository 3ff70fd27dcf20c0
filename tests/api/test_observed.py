"""What is noted of every request, what a monitoring system reads, and what the documentation shows."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import core.workflows.home.workbench as workbench_module
from core.api.metrics import Metrics
from core.api.observed import noted_of, observed_app
from core.api.routes import routes
from core.models.families import run_selftest
from core.settings import Settings
from core.workflows.home.workbench import Workbench
from core.workflows.serving.answers import AnswerService
from core.workflows.serving.recent import AskedTexts
from tests.api.asked import DOCUMENTS, QUERY, client_of
from tests.models.given_logits import OFFICIAL, PUBLISHED, GivenLogits


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
        for word in ("DashScope", "NVIDIA NIM", "Mixedbread", "TEI", "Cohere", "/score", "/search"):
            assert word in page
        assert "src=" not in page and "href=" not in page and "@import" not in page
    assert "HTTP 重排序接口" in chinese and "Rerank over HTTP" in english


def test_every_example_in_openapi_is_accepted(client: TestClient) -> None:
    body = client.get("/openapi.json").json()
    assert body["openapi"].startswith("3.1") and body["servers"] == [{"url": "http://localhost:8080"}]
    count = 0
    for path, operations in body["paths"].items():
        if path == "/search":
            continue  # it needs a corpus: see test_retrieval_routes
        if "post" in operations:
            examples = operations["post"]["requestBody"]["content"]["application/json"]["examples"]
            for example in examples.values():
                assert client.post(path, json=example["value"]).status_code == 200
                count += 1
        else:
            assert client.get(path.replace("{id}", "any")).status_code == 200
    assert count == 9


def test_an_app_that_answers_by_itself_is_noted_like_the_routes(
    embedded_workbench: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    """As the tool at /mcp is, whose every answer is a 200."""
    service = AnswerService(lambda: embedded_workbench)
    metrics = Metrics(service, embedded_workbench.status)

    async def tool(request: Request) -> JSONResponse:
        noted = noted_of(request)
        noted.dialect, noted.status = request.query_params["kind"], int(request.query_params["status"])
        noted.texts = AskedTexts("a secret", (), None)
        return JSONResponse({})

    route = Route("/tool", tool, methods=["POST"])
    route.app = observed_app(route.app, "tool", metrics, lambda: service.recent)
    app = Starlette(routes=[route, *routes(lambda: embedded_workbench, service, metrics=metrics)])
    with TestClient(app) as client, caplog.at_level(logging.INFO, logger="core.api.requests"):
        for kind, status in (("tool", 200), ("tool", 429), ("", 0)):
            asked = {"params": {"kind": kind, "status": status}, "headers": {"x-request-id": f"r{status}"}}
            answer = client.post("/tool", **asked)  # type: ignore[arg-type]
            assert answer.status_code == 200 and answer.headers["x-request-id"] == f"r{status}"
        text = client.get("/metrics").text
    for kind, status in (("tool", 200), ("tool", 429), ("", 200)):
        assert f'rerank_requests_total{{dialect="{kind}",route="tool",status="{status}"}} 1.0' in text
    # What only asks which tools there are is counted, but no news for a person.
    listed = [(one.request_id, one.path, one.dialect, one.status) for one in service.recent.all()]
    assert listed == [("r429", "/tool", "tool", 429), ("r200", "/tool", "tool", 200)]
    lines = [record.getMessage() for record in caplog.records if record.name == "core.api.requests"]
    assert len(lines) == 2 and '"status": 429' in lines[1] and "a secret" not in "".join(lines)


@pytest.mark.parametrize(
    ("logits", "verdict"),
    [(None, None), (PUBLISHED, "passed"), (PUBLISHED | {"Mars": -7.0}, "failed")],
    ids=["never run", "passed", "failed"],
)
def test_info_tells_how_the_self_test_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logits: dict[str, float] | None, verdict: str | None
) -> None:
    bench = Workbench(Settings(model="embedded", home=tmp_path, download="never"))
    bench.start()
    bench.scorer(wait=120)
    if logits is not None:
        # Real verdicts, of scores that the published model would give, and would not.
        report = run_selftest(GivenLogits(OFFICIAL, logits))
        monkeypatch.setattr(workbench_module, "run_selftest", lambda scorer: report)
        bench.selftest()
    with client_of(bench) as client:
        assert client.get("/info").json()["selftest"] == verdict
