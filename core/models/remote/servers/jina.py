"""Jina's hosted rerankers: `/v1/rerank`. Its v3 reads all documents of a request together."""

from core.models.remote.servers.server import Asked, Server, cohere_body, results


def _body(asked: Asked) -> dict[str, object]:
    return cohere_body(asked, return_documents=False)


SERVER = Server(
    kind="jina",
    title="Jina",
    path="/v1/rerank",
    body=_body,
    scores=results,
    scale="told by its scores",
    instruction=False,
    most_documents=256,
    hosts=("api.jina.ai",),
    key_variable="JINA_API_KEY",
    needs_model=True,
)
