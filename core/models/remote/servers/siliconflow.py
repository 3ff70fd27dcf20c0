"""SiliconFlow's hosted models: the Cohere form, with an instruction for Qwen3."""

from core.models.remote.servers.server import Asked, Server, cohere_body, results


def _body(asked: Asked) -> dict[str, object]:
    more: dict[str, object] = {"return_documents": False}
    if asked.instruction and "qwen3" in asked.model.lower():
        more["instruction"] = asked.instruction
    return cohere_body(asked, **more)


SERVER = Server(
    kind="siliconflow",
    title="SiliconFlow",
    path="/v1/rerank",
    body=_body,
    scores=results,
    scale="told by its scores",
    instruction=True,
    most_documents=256,
    hosts=("api.siliconflow.cn", "api.siliconflow.com"),
    key_variable="SILICONFLOW_API_KEY",
    needs_model=True,
)
