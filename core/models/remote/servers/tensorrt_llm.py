"""TensorRT-LLM's `trtllm-serve`: the Cohere form."""

from core.models.remote.servers.server import Server, cohere_body, results

SERVER = Server(
    kind="tensorrt-llm",
    title="TensorRT-LLM",
    path="/v1/rerank",
    body=cohere_body,
    scores=results,
    scale="told by its scores",
    instruction=False,
    most_documents=256,
)
