"""SGLang: `/v1/rerank`; a bare array of `index` and `score`."""

from typing import Any

from core.models.remote.servers.server import Asked, Server, cohere_body, indexed


def _body(asked: Asked) -> dict[str, object]:
    return cohere_body(asked, **({"instruct": asked.instruction} if asked.instruction else {}))


def _scores(answer: Any, count: int) -> list[float]:  # noqa: ANN401 - any JSON
    return indexed(answer, count, "score")


SERVER = Server(
    kind="sglang",
    title="SGLang",
    path="/v1/rerank",
    body=_body,
    scores=_scores,
    scale="told by its scores",
    instruction=True,
    most_documents=256,
)
