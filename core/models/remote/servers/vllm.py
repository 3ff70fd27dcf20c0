"""vLLM: `/score` answers in input order and gives raw logits when asked."""

from typing import Any

from core.models.remote.servers.server import Asked, Server, number


def _body(asked: Asked) -> dict[str, object]:
    body: dict[str, object] = {
        "model": asked.model,
        "queries": asked.query,
        "documents": list(asked.documents),
        "use_activation": False,
    }
    if asked.instruction:
        body["chat_template_kwargs"] = {"instruction": asked.instruction}
    return body


def _scores(answer: Any, count: int) -> list[float]:  # noqa: ANN401 - any JSON
    entries = sorted(answer["data"], key=lambda entry: int(entry["index"]))
    if [entry["index"] for entry in entries] != list(range(count)):
        raise ValueError(f"{len(entries)} scores for {count} documents")
    return [number(entry["score"]) for entry in entries]


SERVER = Server(
    kind="vllm",
    title="vLLM",
    path="/score",
    body=_body,
    scores=_scores,
    # Versions before the parameter ignore it and answer probabilities.
    scale="told by its scores",
    instruction=True,
    most_documents=256,
)
