"""llama.cpp's server: `/v1/rerank`; probabilities for Qwen3-Reranker, raw values for other models."""

from core.models.remote.servers.server import Server, cohere_body, results

SERVER = Server(
    kind="llama-server",
    title="llama-server",
    path="/v1/rerank",
    body=cohere_body,
    scores=results,
    scale="told by its scores",
    instruction=False,
    most_documents=64,
)
