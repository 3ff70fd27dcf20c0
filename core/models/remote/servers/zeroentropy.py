"""ZeroEntropy's hosted zerank: the Cohere form at its own path, 5 MB a request."""

from core.models.remote.servers.server import Server, cohere_body, results

SERVER = Server(
    kind="zeroentropy",
    title="ZeroEntropy",
    path="/v1/models/rerank",
    body=cohere_body,
    scores=results,
    scale="told by its scores",
    instruction=False,
    most_documents=256,
    most_bytes=5_000_000,
    hosts=("api.zeroentropy.dev",),
    key_variable="ZEROENTROPY_API_KEY",
    needs_model=True,
)
