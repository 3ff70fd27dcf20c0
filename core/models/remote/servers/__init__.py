"""The kinds of rerank server, one short module each. Adding one is a module and a name in this list."""

from core.models.remote.servers import (
    cohere,
    dashscope,
    generic,
    jina,
    llama_server,
    sglang,
    siliconflow,
    tei,
    tensorrt_llm,
    vllm,
    voyage,
    workbench,
    zeroentropy,
)
from core.models.remote.servers.server import Asked, Server

_MODULES = (
    workbench,
    vllm,
    tei,
    llama_server,
    sglang,
    tensorrt_llm,
    cohere,
    jina,
    voyage,
    dashscope,
    siliconflow,
    zeroentropy,
    generic,
)
SERVERS: dict[str, Server] = {module.SERVER.kind: module.SERVER for module in _MODULES}

__all__ = ["SERVERS", "Asked", "Server"]
