"""Alibaba's hosted qwen3-rerank: the Cohere form below `/compatible-api`, with an instruction."""

from core.models.remote.servers.server import Asked, Price, Server, cohere_body, results


def _body(asked: Asked) -> dict[str, object]:
    return cohere_body(asked, **({"instruct": asked.instruction} if asked.instruction else {}))


SERVER = Server(
    kind="dashscope",
    title="DashScope",
    path="/compatible-api/v1/reranks",
    body=_body,
    scores=results,
    scale="probability",
    instruction=True,
    # 500 documents and 120,000 tokens a request; the bytes keep Chinese texts below the latter.
    most_documents=500,
    most_bytes=300_000,
    hosts=("dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"),
    key_variable="DASHSCOPE_API_KEY",
    needs_model=True,
    prices={
        "qwen3-rerank": Price(0.1, "2026-11"),
        "qwen3.7-text-rerank": Price(0.5, "2026-11", "CN¥"),
    },
)
