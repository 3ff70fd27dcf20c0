"""The makers' own packages: Cohere, Voyage, DashScope, Infinity, Xinference, TEI, rerankers, lexilux."""

import asyncio

import pytest
from questions import (
    DOCUMENTS,
    KEY,
    LOGITS,
    PROBABILITIES,
    QUERY,
    SERVER,
    assert_right,
    copied,
    texts_best_first,
)


@pytest.mark.parametrize("version", ["ClientV2", "Client"])
def test_cohere(version: str) -> None:
    import cohere

    client = getattr(cohere, version)(api_key=KEY, base_url=SERVER)
    found = client.rerank(model="rerank-v3.5", query=QUERY, documents=DOCUMENTS)
    assert_right((one.index, one.relevance_score) for one in found.results)
    top = client.rerank(model="rerank-v3.5", query=QUERY, documents=DOCUMENTS, top_n=2)
    assert_right(((one.index, one.relevance_score) for one in top.results), PROBABILITIES[:2])
    assert found.id and found.meta.api_version.version


def test_cohere_many_at_once() -> None:
    import cohere

    async def all_at_once() -> list[object]:
        client = cohere.AsyncClientV2(api_key=KEY, base_url=SERVER)
        calls = [client.rerank(model="m", query=QUERY, documents=DOCUMENTS) for _ in range(16)]
        return list(await asyncio.gather(*calls))

    for found in asyncio.run(all_at_once()):
        assert_right((one.index, one.relevance_score) for one in found.results)  # type: ignore[attr-defined]


def test_voyage() -> None:
    import voyageai

    found = voyageai.Client(api_key=KEY, base_url=f"{SERVER}/v1").rerank(QUERY, DOCUMENTS, model="rerank-2.5")
    assert_right((one.index, one.relevance_score) for one in found.results)
    assert [one.document for one in found.results] == [DOCUMENTS[one.index] for one in found.results]
    assert found.total_tokens > 0


def test_dashscope(monkeypatch: pytest.MonkeyPatch) -> None:
    import dashscope

    monkeypatch.setattr(dashscope, "base_http_api_url", f"{SERVER}/api/v1")
    found = dashscope.TextReRank.call(
        model="gte-rerank", query=QUERY, documents=DOCUMENTS, return_documents=True, api_key=KEY
    )
    assert found.status_code == 200, found
    assert_right((one.index, one.relevance_score) for one in found.output.results)
    assert found.output.results[0]["document"]["text"] == DOCUMENTS[PROBABILITIES[0][0]]
    assert found.usage.total_tokens > 0


def test_dashscope_reads_our_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    import dashscope

    monkeypatch.setattr(dashscope, "base_http_api_url", f"{SERVER}/api/v1")
    refused = dashscope.TextReRank.call(model="m", query=QUERY, documents=["a"] * 5000, api_key=KEY)
    assert refused.status_code == 413 and "documents" in refused.message and refused.code


def test_infinity() -> None:
    from infinity_client import Client
    from infinity_client.api.default import health, models, rerank
    from infinity_client.models import RerankInput

    client = Client(base_url=SERVER)
    found = rerank.sync(client=client, body=RerankInput(query=QUERY, documents=DOCUMENTS, model="m"))
    assert_right((one.index, one.relevance_score) for one in found.results)  # type: ignore[union-attr]
    assert models.sync(client=client).data[0].id == "embedded"  # type: ignore[union-attr]
    assert health.sync_detailed(client=client).status_code == 200


def test_xinference() -> None:
    from xinference_client import RESTfulClient

    model = RESTfulClient(SERVER).get_model("any-model")
    found = model.rerank(DOCUMENTS, QUERY, return_documents=True)
    assert_right((one["index"], one["relevance_score"]) for one in found["results"])
    assert found["results"][0]["document"]["text"] == DOCUMENTS[PROBABILITIES[0][0]]


def test_tei_client() -> None:
    from tei_client import HttpClient

    found = HttpClient(SERVER).rerank(query=QUERY, texts=DOCUMENTS)
    assert_right((one.index, one.score) for one in found.ranks)


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        ("cohere", "/v2/rerank"),
        ("jina", "/v1/rerank"),
        ("voyage", "/v1/rerank"),
        ("mixedbread.ai", "/v1/reranking"),
    ],
)
def test_rerankers(provider: str, path: str) -> None:
    from rerankers.models.api_rankers import APIRanker

    ranker = APIRanker(model="m", api_key=KEY, api_provider=provider, verbose=0, url=SERVER + path)
    found = ranker.rank(QUERY, DOCUMENTS, doc_ids=list(range(len(DOCUMENTS))))
    assert_right((one.document.doc_id, one.score) for one in found.results)


def test_lexilux() -> None:
    from lexilux import Rerank

    openai_form = Rerank(base_url=f"{SERVER}/v1", api_key=KEY, model="m")(QUERY, DOCUMENTS)
    assert_right(openai_form.results)
    dashscope_form = Rerank(
        base_url=f"{SERVER}/api/v1/services/rerank/text-rerank/text-rerank",
        api_key=KEY,
        model="m",
        mode="dashscope",
    )(QUERY, DOCUMENTS)
    assert_right(dashscope_form.results)


def test_the_scales_agree() -> None:
    assert [index for index, _ in LOGITS] == [index for index, _ in PROBABILITIES]


def test_what_the_connect_page_gives_to_copy() -> None:
    assert copied("Python") == texts_best_first()
