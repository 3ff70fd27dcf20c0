"""LiteLLM's providers of rerankers."""

import asyncio
from typing import Any

import pytest
from questions import DOCUMENTS, KEY, LOGITS, QUERY, SERVER, SETTINGS, assert_right

PROVIDERS = [
    ("cohere/m", f"{SERVER}/v2/rerank"),
    ("hosted_vllm/m", f"{SERVER}/v1"),
    ("jina_ai/m", f"{SERVER}/v1/rerank"),
    ("voyage/m", f"{SERVER}/v1/rerank"),
    ("huggingface/m", SERVER),
    ("litellm_proxy/m", SERVER),
]


def asked(**more: Any) -> Any:  # noqa: ANN401
    import litellm

    return litellm.rerank(query=QUERY, documents=DOCUMENTS, api_key=KEY, **more)


@pytest.mark.parametrize(("model", "base"), PROVIDERS)
def test_provider(model: str, base: str) -> None:
    found = asked(model=model, api_base=base, top_n=len(DOCUMENTS))
    assert_right((one["index"], one["relevance_score"]) for one in found.results)


def test_nvidia() -> None:
    found = asked(model="nvidia_nim/nvidia/m", api_base=SERVER)
    assert_right(((one["index"], one["relevance_score"]) for one in found.results), LOGITS)


def test_infinity_without_documents() -> None:
    found = asked(model="infinity/m", api_base=SERVER, return_documents=False)
    assert_right((one["index"], one["relevance_score"]) for one in found.results)


def test_what_the_connect_page_gives_to_copy() -> None:
    import yaml
    from litellm import Router

    router = Router(model_list=yaml.safe_load(SETTINGS["LiteLLM"])["model_list"])
    found: Any = asyncio.run(router.arerank(model="rerank", query=QUERY, documents=DOCUMENTS))
    assert_right((one["index"], one["relevance_score"]) for one in found.results)
