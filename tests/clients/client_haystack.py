"""Haystack's rankers."""

import os
from typing import Any

from questions import DOCUMENTS, KEY, LOGITS, QUERY, SERVER, assert_right, copied

os.environ.update(dict.fromkeys(("COHERE_API_KEY", "JINA_API_KEY", "NVIDIA_API_KEY", "VLLM_API_KEY"), KEY))
NUMBER = len(DOCUMENTS)


def ranked(ranker: Any) -> list[tuple[int, float]]:  # noqa: ANN401
    from haystack import Document

    documents = [Document(content=text, id=str(at)) for at, text in enumerate(DOCUMENTS)]
    if hasattr(ranker, "warm_up"):
        ranker.warm_up()
    found = ranker.run(query=QUERY, documents=documents)["documents"]
    return [(int(one.id), one.score) for one in found]


def test_tei() -> None:
    from haystack_integrations.components.rankers.huggingface_api import HuggingFaceTEIRanker

    assert_right(ranked(HuggingFaceTEIRanker(url=SERVER, top_k=NUMBER)))
    assert_right(ranked(HuggingFaceTEIRanker(url=SERVER, top_k=NUMBER, raw_scores=True)), LOGITS)


def test_cohere() -> None:
    from haystack_integrations.components.rankers.cohere import CohereRanker

    assert_right(ranked(CohereRanker(api_base_url=SERVER, top_k=NUMBER)))


def test_jina() -> None:
    from haystack_integrations.components.rankers.jina import JinaRanker

    assert_right(ranked(JinaRanker(base_url=f"{SERVER}/v1/rerank")))


def test_nvidia() -> None:
    from haystack_integrations.components.rankers.nvidia import NvidiaRanker

    assert_right(ranked(NvidiaRanker(model="embedded", api_url=f"{SERVER}/v1", top_k=NUMBER)), LOGITS)


def test_vllm() -> None:
    from haystack_integrations.components.rankers.vllm import VLLMRanker

    assert_right(ranked(VLLMRanker(model="m", api_base_url=f"{SERVER}/v1")))


def test_what_the_connect_page_gives_to_copy() -> None:
    from haystack import Document

    documents = [Document(content=text, id=str(at)) for at, text in enumerate(DOCUMENTS)]
    best: Any = copied("Haystack", documents=documents)
    assert_right((int(one.id), one.score) for one in best)
