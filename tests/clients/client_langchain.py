"""LangChain's compressors, and Cohere's package of the older line."""

import os
from typing import Any

import pytest
from questions import BY_RECIPE, DOCUMENTS, KEY, LOGITS, QUERY, RECIPE, SERVER, assert_right, copied

NUMBER = len(DOCUMENTS)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def ranked(compressor: Any, score: str = "relevance_score") -> list[tuple[int, float]]:  # noqa: ANN401
    from langchain_core.documents import Document

    documents = [Document(page_content=text, metadata={"at": at}) for at, text in enumerate(DOCUMENTS)]
    found = compressor.compress_documents(documents, QUERY)
    return [(one.metadata["at"], one.metadata[score]) for one in found]


@pytest.mark.parametrize("version", ["ClientV2", "Client"])
def test_cohere_5(version: str) -> None:
    import cohere

    found = getattr(cohere, version)(api_key=KEY, base_url=SERVER).rerank(
        model="m", query=QUERY, documents=DOCUMENTS
    )
    assert_right((one.index, one.relevance_score) for one in found.results)


def test_cohere() -> None:
    from langchain_cohere import CohereRerank

    compressor = CohereRerank(cohere_api_key=KEY, base_url=SERVER, model="m", top_n=NUMBER)
    assert_right(ranked(compressor))


def test_cohere_asks_for_a_recipe_by_the_models_name() -> None:
    from langchain_cohere import CohereRerank

    compressor = CohereRerank(cohere_api_key=KEY, base_url=SERVER, model=RECIPE, top_n=NUMBER)
    assert 0 < len(BY_RECIPE) < NUMBER
    assert_right(ranked(compressor), BY_RECIPE)


def test_nvidia() -> None:
    os.environ["NVIDIA_API_KEY"] = KEY
    from langchain_nvidia_ai_endpoints import NVIDIARerank

    compressor = NVIDIARerank(base_url=f"{SERVER}/v1", model="embedded", top_n=NUMBER)
    assert_right(ranked(compressor), LOGITS)


def test_voyage() -> None:
    from langchain_voyageai import VoyageAIRerank

    compressor = VoyageAIRerank(voyage_api_key=KEY, base_url=f"{SERVER}/v1", model="m", top_k=NUMBER)
    assert_right(ranked(compressor))


def test_infinity() -> None:
    from infinity_client import Client
    from langchain_community.document_compressors.infinity_rerank import InfinityRerank

    assert_right(ranked(InfinityRerank(client=Client(base_url=SERVER), model="m", top_n=NUMBER)))


def test_what_the_connect_page_gives_to_copy() -> None:
    from langchain_core.documents import Document

    documents = [Document(page_content=text, metadata={"at": at}) for at, text in enumerate(DOCUMENTS)]
    best: Any = copied("LangChain", documents=documents)
    assert_right((one.metadata["at"], one.metadata["relevance_score"]) for one in best)
