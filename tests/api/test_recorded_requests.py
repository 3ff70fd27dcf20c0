"""What six applications send, as recorded, to a running server at the address that the Connect page gives
them; order and values are compared with the model's own.

Each request is written as the application builds it, and each answer is read as the application reads it.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.records import Scorer
from core.workflows.serving.guides import guide
from tests.serving import serving

QUERY = "退的钱多久能到账"
DOCUMENTS = [
    "如需换货，请在订单详情页选择换货。",
    "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。",
    "会员积分可在商城兑换礼品。",
    "Refunds arrive on the original payment method within three working days.",
    "=SUM(A1) 发票 № 42",
]
ALL = len(DOCUMENTS)
Pairs = list[tuple[int, float]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # The precision that the model of this process has: int8's values are others.
    settings = {"RERANK_DOWNLOAD": "never", "RERANK_MODEL": "embedded", "RERANK_PRECISION": "fp32"}
    command = ("-m", "core", "serve", "--api-only")
    with serving(tmp_path_factory.mktemp("home"), settings, command=command) as running:
        yield running.address


@pytest.fixture(scope="module")
def right(embedded: Scorer) -> Pairs:
    """The model's own probabilities, best first."""
    scores = embedded.score(QUERY, DOCUMENTS)
    return sorted(((at, score.probability) for at, score in enumerate(scores)), key=lambda one: -one[1])


@dataclass(frozen=True)
class Recorded:
    """path: what the application makes of what was typed; body: what it sends; read: what it takes."""

    name: str
    path: str
    body: dict[str, Any]
    read: Callable[[Any], Pairs]
    headers: dict[str, str] = field(default_factory=dict)


def typed(program: str, label: str) -> str:
    """What the Connect page tells to type there, below the server's address."""
    form = {one.label: one.value for one in guide(program).form("", "any-key")}
    return form[label]


def open_webui(answer: Any) -> Pairs:  # noqa: ANN401 - any JSON
    # It pairs scores with documents by position, so none may be missing.
    by_index = sorted(answer["results"], key=lambda one: one["index"])
    scores = [one["relevance_score"] for one in by_index]
    assert len(scores) == ALL
    return sorted(enumerate(scores), key=lambda one: -one[1])


def dify(answer: Any) -> Pairs:  # noqa: ANN401 - any JSON
    assert min(one["relevance_score"] for one in answer["results"]) >= 0
    for one in answer["results"]:
        assert one["document"]["text"] == DOCUMENTS[one["index"]]
    return [(one["index"], one["relevance_score"]) for one in answer["results"]]


def ragflow(answer: Any) -> Pairs:  # noqa: ANN401 - any JSON
    assert answer["usage"]["total_tokens"] > 0
    return [(one["index"], one["relevance_score"]) for one in answer["results"]]


def maxkb(answer: Any) -> Pairs:  # noqa: ANN401 - any JSON
    texts = [one["document"]["text"] for one in answer["results"]]
    return [
        (DOCUMENTS.index(text), one["relevance_score"])
        for text, one in zip(texts, answer["results"], strict=True)
    ]


def fastgpt(answer: Any) -> Pairs:  # noqa: ANN401 - any JSON
    assert answer["id"] and answer["meta"]["tokens"]["input_tokens"] > 0
    return [(one["index"], one["relevance_score"]) for one in answer["results"]]


def of(key: str, score: str = "relevance_score") -> Callable[[Any], Pairs]:
    return lambda answer: [(one["index"], one[score]) for one in answer[key]]


AXIOS = {"user-agent": "axios/1.13.2", "accept": "application/json, text/plain, */*"}
REQUESTS = {"user-agent": "python-requests/2.32.5", "content-type": "application/json"}
COHERE = {
    "user-agent": "cohere/5.20.0",
    "x-fern-language": "Python",
    "x-fern-sdk-name": "cohere",
    "x-client-name": "maxkb",
}
PLAIN: dict[str, Any] = {"model": "rerank", "query": QUERY, "documents": DOCUMENTS}

RECORDED = [
    Recorded("Open WebUI", typed("Open WebUI", "API Base URL"), PLAIN | {"top_n": ALL}, open_webui, REQUESTS),
    Recorded(
        "Dify",
        typed("Dify", "API endpoint URL") + "/rerank",
        PLAIN | {"top_n": None, "return_documents": True},
        dify,
        REQUESTS,
    ),
    # The Python side takes an address that ends in /rerank as it is, the Go side adds /rerank to every one.
    Recorded("RAGFlow, Python", typed("RAGFlow", "Base url"), PLAIN | {"top_n": ALL}, ragflow, REQUESTS),
    Recorded(
        "RAGFlow, Go",
        typed("RAGFlow", "Base url") + "/rerank",
        PLAIN | {"top_n": ALL},
        of("results"),
        {"user-agent": "Go-http-client/1.1", "content-type": "application/json"},
    ),
    Recorded(
        "RAGFlow, Xinference",
        "/v1/rerank",
        PLAIN | {"return_documents": "true", "return_len": "true"},
        ragflow,
        REQUESTS,
    ),
    Recorded("MaxKB", "/v2/rerank", PLAIN | {"top_n": ALL}, maxkb, COHERE),
    Recorded("FastGPT", typed("FastGPT", "Custom request URL"), PLAIN, fastgpt, AXIOS),
    Recorded("Cherry Studio", "/v1/rerank", PLAIN | {"top_n": ALL}, of("results"), AXIOS),
    Recorded("Cherry Studio, Voyage", "/v1/rerank", PLAIN | {"top_k": ALL}, of("data"), AXIOS),
    Recorded(
        "Cherry Studio, TEI",
        "/v1/rerank",
        {"query": QUERY, "texts": DOCUMENTS, "return_text": True},
        lambda answer: [(one["index"], one["score"]) for one in answer if one["text"]],
        AXIOS,
    ),
]


@pytest.mark.parametrize("one", RECORDED, ids=lambda one: one.name)
@pytest.mark.parametrize("key", ["any-key", "None"])
def test_an_application_gets_the_models_order_and_values(
    one: Recorded, key: str, server: str, right: Pairs
) -> None:
    headers = one.headers | {"Authorization": f"Bearer {key}"}
    answer = httpx.post(server + one.path, json=one.body, headers=headers, timeout=60)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    found = one.read(answer.json())
    assert [at for at, _ in found] == [at for at, _ in right]
    assert [score for _, score in found] == pytest.approx([score for _, score in right], abs=1e-6)


def test_ragflow_merges_the_answers_of_several_calls_by_score(server: str, right: Pairs) -> None:
    """Its TEI class sends eight texts a call; here two, so that there are several calls."""
    merged: Pairs = []
    for start in range(0, ALL, 2):
        body = {"query": QUERY, "texts": DOCUMENTS[start : start + 2], "raw_scores": False, "truncate": True}
        answer = httpx.post(f"{server}/rerank", json=body, headers=REQUESTS, timeout=60).json()
        merged += [(one["index"] + start, one["score"]) for one in answer]
    merged.sort(key=lambda one: -one[1])
    assert [at for at, _ in merged] == [at for at, _ in right]
    assert [score for _, score in merged] == pytest.approx([score for _, score in right], abs=1e-6)


def test_ragflow_reads_log_odds_from_the_nvidia_form(server: str, embedded: Scorer) -> None:
    body = {
        "model": "rerank",
        "query": {"text": QUERY},
        "passages": [{"text": text} for text in DOCUMENTS],
        "truncate": "END",
        "top_n": ALL,
    }
    answer = httpx.post(f"{server}/v1/ranking", json=body, headers=REQUESTS, timeout=60).json()
    found = {one["index"]: one["logit"] for one in answer["rankings"]}
    logits = [score.logit for score in embedded.score(QUERY, DOCUMENTS)]
    assert [found[at] for at in range(ALL)] == pytest.approx(logits, abs=1e-5)


def test_dify_checks_its_settings_by_a_request_of_its_own(server: str) -> None:
    body = {
        "model": "rerank",
        "query": "What is the capital of the United States?",
        "documents": ["Carson City is the capital of Nevada.", "Washington, D.C. is the capital."],
        "top_n": None,
        "return_documents": True,
    }
    path = typed("Dify", "API endpoint URL") + "/rerank"
    answer = httpx.post(server + path, json=body, headers=REQUESTS, timeout=60)
    assert {one["index"] for one in answer.json()["results"]} == {0, 1}


def test_a_container_comes_in_as_the_connect_page_says(tmp_path: Path) -> None:
    key = "a-long-secret-key"
    settings = {
        "RERANK_DOWNLOAD": "never",
        "RERANK_MODEL": "embedded",
        "HOST": "0.0.0.0",
        "RERANK_ALLOWED_HOSTS": "host.docker.internal",
        "RERANK_API_KEY": key,
    }
    command = ("-m", "core", "serve", "--api-only")
    with serving(tmp_path, settings, command=command, ready="/login") as running:
        host = {"host": f"host.docker.internal:{running.port}"}
        key_shown = host | {"Authorization": f"Bearer {key}"}
        until = time.monotonic() + 60
        while httpx.get(f"{running.address}/health", headers=key_shown, timeout=60).status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.1)  # polling: the server says on its own when it is ready
        address = running.address + typed("Open WebUI", "API Base URL")
        answer = httpx.post(address, json=PLAIN, headers=key_shown, timeout=60)
        assert len(answer.json()["results"]) == ALL
        refused = httpx.post(f"{running.address}/v1/rerank", json=PLAIN, headers=host, timeout=60)
        assert refused.status_code == 401
