"""text-embeddings-inference: `/rerank` with `texts`; a bare array, sorted by score."""

from typing import Any

from core.models.remote.servers.server import Asked, Server, indexed


def _body(asked: Asked) -> dict[str, object]:
    return {"query": asked.query, "texts": list(asked.documents), "raw_scores": True, "truncate": True}


def _scores(answer: Any, count: int) -> list[float]:  # noqa: ANN401 - any JSON
    return indexed(answer, count, "score")


SERVER = Server(
    kind="tei",
    title="TEI",
    path="/rerank",
    body=_body,
    scores=_scores,
    scale="logit",
    instruction=False,
    # Its default; `/info` says more, and connecting reads it.
    most_documents=32,
)
