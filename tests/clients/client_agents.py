"""Frameworks for agents: agno, mem0, LightRAG. They swallow errors, so the order alone tells."""

import asyncio

import pytest
from questions import DOCUMENTS, KEY, PROBABILITIES, QUERY, SERVER, assert_right, texts_best_first


def test_agno(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CO_API_URL", SERVER)
    from agno.knowledge.document import Document
    from agno.knowledge.reranker.cohere import CohereReranker

    documents = [Document(content=text) for text in DOCUMENTS]
    found = CohereReranker(model="m", api_key=KEY).rerank(QUERY, documents)
    assert [one.content for one in found] == texts_best_first()
    assert [one.reranking_score for one in found] == pytest.approx(
        [score for _, score in PROBABILITIES], abs=1e-6
    )


def test_mem0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CO_API_URL", SERVER)
    from mem0.reranker.cohere_reranker import CohereReranker

    class Config:
        api_key, model, top_k = KEY, "m", None
        return_documents = False
        max_chunks_per_doc = None

    memories = [{"memory": text} for text in DOCUMENTS if text]
    found = CohereReranker(Config()).rerank(QUERY, memories)
    assert [one["memory"] for one in found] == [text for text in texts_best_first() if text]
    assert found[0]["rerank_score"] == pytest.approx(PROBABILITIES[0][1], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("cohere_rerank", "/v2/rerank"),
        ("jina_rerank", "/v1/rerank"),
        ("ali_rerank", "/api/v1/services/rerank/text-rerank/text-rerank"),
    ],
)
def test_lightrag(name: str, path: str) -> None:
    import lightrag.rerank

    rerank = getattr(lightrag.rerank, name)
    found = asyncio.run(rerank(QUERY, DOCUMENTS, api_key=KEY, model="m", base_url=SERVER + path))
    assert_right((one["index"], one["relevance_score"]) for one in found)
