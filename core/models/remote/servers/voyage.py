"""Voyage's hosted rerankers: `/v1/rerank`, answered under `data`."""

from typing import Any

from core.models.remote.servers.server import Asked, Server, cohere_body, indexed


def _body(asked: Asked) -> dict[str, object]:
    return cohere_body(asked, truncation=True)


def _scores(answer: Any, count: int) -> list[float]:  # noqa: ANN401 - any JSON
    return indexed(answer["data"], count, "relevance_score")


SERVER = Server(
    kind="voyage",
    title="Voyage",
    path="/v1/rerank",
    body=_body,
    scores=_scores,
    scale="probability",
    instruction=False,
    most_documents=1000,
    hosts=("api.voyageai.com",),
    key_variable="VOYAGE_API_KEY",
    needs_model=True,
)
