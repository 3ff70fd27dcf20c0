"""Small rerank servers in this process, one per kind, that answer as the real ones do, faults included.

A document's log-odds are what `score_of` says, so that a test knows every answer. They stand in for the
network at httpx's own seam.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from core.models.selftest import VECTOR_A

PLANETS = dict(zip(VECTOR_A.documents, VECTOR_A.logits, strict=True))


def score_of(document: str) -> float:
    """Log-odds: the published ones of the self-test, else a number that the text decides."""
    return PLANETS.get(document, (sum(map(ord, document)) % 97) / 10 - 4.8)


def probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


Answer = Callable[[dict[str, Any], Callable[[str], float]], object]


def _ranked(documents: list[str], value: Callable[[str], float], name: str) -> list[dict[str, Any]]:
    entries = [{"index": place, name: value(text)} for place, text in enumerate(documents)]
    return sorted(entries, key=lambda entry: -float(entry[name]))


def cohere(body: dict[str, Any], value: Callable[[str], float]) -> object:
    return {"results": _ranked(body["documents"], lambda text: probability(value(text)), "relevance_score")}


def raw_cohere(body: dict[str, Any], value: Callable[[str], float]) -> object:
    return {"results": _ranked(body["documents"], value, "relevance_score")}


def voyage(body: dict[str, Any], value: Callable[[str], float]) -> object:
    return {"data": _ranked(body["documents"], lambda text: probability(value(text)), "relevance_score")}


def tei(body: dict[str, Any], value: Callable[[str], float]) -> object:
    assert body["raw_scores"] is True
    return _ranked(body["texts"], value, "score")


def sglang(body: dict[str, Any], value: Callable[[str], float]) -> object:
    return _ranked(body["documents"], lambda text: probability(value(text)), "score")


def vllm(body: dict[str, Any], value: Callable[[str], float]) -> object:
    assert body["use_activation"] is False
    entries = [{"index": at, "score": value(text)} for at, text in enumerate(body["documents"])]
    return {"object": "list", "data": entries}


def _models(owner: str, name: str = "q") -> dict[str, Any]:
    return {"/v1/models": {"data": [{"id": name, "owned_by": owner}]}}


# Kind → the route that answers, how it answers, and what GET says of it.
ROUTES: dict[str, tuple[str, Answer, dict[str, Any]]] = {
    "workbench": ("/rerank", raw_cohere, {"/info": {"workbench": "0.2.0", "max_client_batch_size": 1000}}),
    "vllm": (
        "/score",
        vllm,
        _models("vllm", "Qwen/Qwen3-Reranker-0.6B"),
    ),
    "tei": (
        "/rerank",
        tei,
        {
            "/info": {
                "model_id": "BAAI/bge-reranker-v2-m3",
                "model_sha": "abc",
                "model_type": {"reranker": {"id2label": {"0": "LABEL_0"}}},
                "max_client_batch_size": 3,
                "max_input_length": 8192,
            }
        },
    ),
    "llama-server": ("/v1/rerank", cohere, _models("llamacpp")),
    "sglang": ("/v1/rerank", sglang, _models("sglang")),
    "tensorrt-llm": (
        "/v1/rerank",
        cohere,
        _models("tensorrt_llm"),
    ),
    "cohere": ("/v2/rerank", cohere, {}),
    "jina": ("/v1/rerank", cohere, {}),
    "voyage": ("/v1/rerank", voyage, {}),
    "dashscope": ("/compatible-api/v1/reranks", cohere, {}),
    "siliconflow": ("/v1/rerank", cohere, {}),
    "zeroentropy": ("/v1/models/rerank", cohere, {}),
    "rerank": ("/v1/rerank", cohere, {}),
}


@dataclass
class FakeServer(httpx.BaseTransport):
    """One server. faults: what the next answers are instead. bodies, headers: what was asked, in order."""

    kind: str
    value: Callable[[str], float] = score_of
    faults: list[httpx.Response | Exception] = field(default_factory=list)
    most_documents: int = 10_000
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        route, answer, says = ROUTES[self.kind]
        if request.method == "GET":
            found = says.get(request.url.path)
            return httpx.Response(200, json=found) if found else httpx.Response(404, json={"detail": "no"})
        if request.url.path != route:
            return httpx.Response(404, json={"detail": "no"})
        body = json.loads(request.content)
        self.bodies.append(body)
        self.headers.append(request.headers)
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            return fault
        texts = body.get("documents", body.get("texts"))
        if len(texts) > self.most_documents:
            return httpx.Response(413, json={"error": "batch size too large", "error_type": "Validation"})
        return httpx.Response(200, json=answer(body, self.value))

    @property
    def asked(self) -> list[list[str]]:
        """The documents of each request after the self-test's."""
        return [list(body.get("documents", body.get("texts"))) for body in self.bodies[1:]]
