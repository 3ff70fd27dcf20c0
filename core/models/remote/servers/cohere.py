"""Cohere's hosted rerankers: `/v2/rerank`, relevance between 0 and 1."""

from core.models.remote.servers.server import Server, cohere_body, results

SERVER = Server(
    kind="cohere",
    title="Cohere",
    path="/v2/rerank",
    body=cohere_body,
    scores=results,
    scale="probability",
    instruction=False,
    most_documents=1000,
    hosts=("api.cohere.com", "api.cohere.ai"),
    key_variable="COHERE_API_KEY",
    needs_model=True,
)
