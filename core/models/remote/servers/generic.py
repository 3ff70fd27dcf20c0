"""Any other server that takes the Cohere form."""

from core.models.remote.servers.server import Server, cohere_body, results

SERVER = Server(
    kind="rerank",
    title="Cohere-style server",
    path="/v1/rerank",
    body=cohere_body,
    scores=results,
    scale="told by its scores",
    instruction=False,
    most_documents=256,
)
