"""This program inside LangChain, LlamaIndex and Haystack: over HTTP against the live server, and with a
scorer of this process. Here the program's own packages are at hand too.
"""

import asyncio
import csv
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from questions import (
    BY_RECIPE,
    DOCUMENTS,
    KEY,
    LOGITS,
    PROBABILITIES,
    QUERY,
    RECIPE,
    SERVER,
    assert_right,
    texts_best_first,
)

from core.cli import main
from core.models import load_scorer
from core.recipes.store import RecipeStore
from core.records import Scorer
from core.workflows.home.sample_table import TABLE
from core.workflows.recipes.use import named_recipe
from core.workflows.rerank.reranking import rerank
from tests.clients.run import SERVED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return load_scorer("embedded")


@pytest.fixture(params=["over HTTP", "in process"])
def where(request: pytest.FixtureRequest, scorer: Scorer) -> dict[str, Any]:
    """How the component is told where to score."""
    return {"url": SERVER} if request.param == "over HTTP" else {"scorer": scorer}


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def langchain_documents() -> list[Any]:
    from langchain_core.documents import Document

    return [Document(page_content=text, metadata={"at": at}) for at, text in enumerate(DOCUMENTS)]


def llama_nodes() -> list[Any]:
    from llama_index.core.schema import NodeWithScore, TextNode

    return [
        NodeWithScore(node=TextNode(text=text, id_=str(at)), score=0.5) for at, text in enumerate(DOCUMENTS)
    ]


def haystack_documents() -> list[Any]:
    from haystack import Document

    return [Document(content=text, id=str(at), score=0.5) for at, text in enumerate(DOCUMENTS)]


class TestLangChain:
    def test_scores_stand_in_the_metadata_and_the_originals_stay(self, where: dict[str, Any]) -> None:
        from core.integrations.langchain import RerankCompressor

        compressor, given = RerankCompressor(**where), langchain_documents()
        found = compressor.compress_documents(given, QUERY)
        assert_right((one.metadata["at"], one.metadata["relevance_score"]) for one in found)
        assert_right(((one.metadata["at"], one.metadata["logit"]) for one in found), LOGITS)
        assert given == langchain_documents()
        assert asyncio.run(compressor.acompress_documents(given, QUERY)) == found

    def test_only_the_best(self, where: dict[str, Any]) -> None:
        from core.integrations.langchain import RerankCompressor

        found = RerankCompressor(top_n=2, **where).compress_documents(langchain_documents(), QUERY)
        assert_right(
            ((one.metadata["at"], one.metadata["relevance_score"]) for one in found), PROBABILITIES[:2]
        )

    def test_a_recipe_of_the_server_decides_the_order(self) -> None:
        from core.integrations.langchain import RerankCompressor

        compressor = RerankCompressor(url=SERVER, api_key=KEY, recipe=RECIPE)
        found = compressor.compress_documents(langchain_documents(), QUERY)
        assert 0 < len(BY_RECIPE) < len(DOCUMENTS)
        assert_right(((one.metadata["at"], one.metadata["relevance_score"]) for one in found), BY_RECIPE)

    def test_the_sample_has_one_order_in_langchain_rerank_batch_and_over_http(
        self, tmp_path: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from langchain_core.documents import Document

        from core.integrations.langchain import RerankCompressor

        monkeypatch.setenv("RERANK_HOME", str(tmp_path / "home"))
        RecipeStore(tmp_path / "home").save(RECIPE, SERVED)
        used = named_recipe(RECIPE, tmp_path / "home")
        out = tmp_path / "out.jsonl"
        asked = ["batch", str(TABLE), "-o", str(out), "--recipe", RECIPE, "--model", "embedded", "--json"]
        assert main(asked) == 0
        batch: dict[str, list[str]] = {}
        for line in out.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            batch.setdefault(row["query"], []).append(row["document"])
        lists: dict[str, list[str]] = {}
        with TABLE.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                lists.setdefault(row["query"], []).append(row["document"])
        compressor = RerankCompressor(url=SERVER, api_key=KEY, recipe=RECIPE)
        headers = {"Authorization": f"Bearer {KEY}"} if KEY else {}
        moved = 0
        for query, texts in lists.items():
            here = [one.document for one in rerank(scorer, query, texts, recipe=used).ranked]
            given = [Document(page_content=text) for text in texts]
            found = [one.page_content for one in compressor.compress_documents(given, query)]
            body = {"query": query, "documents": texts, "recipe": RECIPE}
            answer = httpx.post(f"{SERVER}/rerank", json=body, headers=headers, timeout=60).json()
            served = [texts[one["index"]] for one in answer["results"]]
            assert found == here == served == batch[query], query
            moved += found != texts[: len(found)]
        assert len(lists) == 64 and moved > 10  # the recipe does something

    def test_the_first_order_where_the_server_is_gone(
        self, nobody: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        from core.integrations.langchain import RerankCompressor

        given = langchain_documents()
        compressor = RerankCompressor(url=nobody, fallback=True, top_n=3)
        with caplog.at_level(logging.WARNING):
            assert compressor.compress_documents(given, QUERY) == given[:3]
            assert asyncio.run(compressor.acompress_documents(given, QUERY)) == given[:3]
        assert sum(nobody in record.getMessage() for record in caplog.records) == 2

    @pytest.mark.parametrize("store", ["FAISS", "Chroma"])
    def test_contextual_compression_over_a_vector_store(self, store: str, scorer: Scorer) -> None:
        from langchain_classic.retrievers import ContextualCompressionRetriever

        from core.integrations.langchain import RerankCompressor

        vectors = _vector_store(store)
        kept = ContextualCompressionRetriever(
            base_compressor=RerankCompressor(url=SERVER, api_key=KEY, top_n=2),
            base_retriever=vectors.as_retriever(search_kwargs={"k": len(DOCUMENTS)}),
        )
        found = kept.invoke(QUERY)
        assert [one.page_content for one in found] == texts_best_first(2)
        assert [one.metadata["relevance_score"] for one in found] == pytest.approx(
            [score for _, score in PROBABILITIES[:2]], abs=1e-6
        )
        assert asyncio.run(kept.ainvoke(QUERY)) == found


def _vector_store(kind: str) -> Any:  # noqa: ANN401 - of either package
    """The documents in a store whose vectors say nothing, so that only the reranker can order them."""
    from langchain_core.embeddings import DeterministicFakeEmbedding

    embedding = DeterministicFakeEmbedding(size=8)
    metadata = [{"at": at} for at in range(len(DOCUMENTS))]
    if kind == "FAISS":
        from langchain_community.vectorstores import FAISS

        return FAISS.from_texts(DOCUMENTS, embedding, metadata)
    from langchain_chroma import Chroma

    return Chroma.from_texts(DOCUMENTS, embedding, metadata, collection_name="documents")


class TestCorpusRetriever:
    @pytest.fixture
    def client(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        from starlette.applications import Starlette
        from starlette.testclient import TestClient

        from core.api.routes import routes
        from core.retrieval.passages import Passage
        from core.settings import Settings
        from core.workflows.home.workbench import Workbench
        from core.workflows.retrieve.corpora import Corpora
        from core.workflows.retrieve.service import RetrieveService
        from core.workflows.retrieve.vectors import make_vectors

        bench = Workbench(Settings(model="embedded", home=tmp_path / "home", download="never"))
        bench.start()
        bench.scorer(wait=120)
        service = RetrieveService(bench.settings, Corpora(tmp_path, kind="sqlite"))
        corpus = service.corpora.open("help", create=True)
        corpus.add([Passage("refund", "A refund takes 3 days."), Passage("电池", "首次使用前请充满电。")])
        make_vectors(corpus, service.embedder())
        app = Starlette(routes=routes(lambda: bench, retrieval=lambda: service))
        with TestClient(app, base_url="http://localhost:8080") as client:

            def post(url: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - handed on
                # The test client may be another package's; the retriever expects httpx's answers.
                answer = client.post(url, **more)
                return httpx.Response(
                    answer.status_code, content=answer.content, request=httpx.Request("POST", url)
                )

            monkeypatch.setattr(httpx, "post", post)
            yield
        service.corpora.close()

    def test_passages_come_as_documents_with_their_ranks(self, client: None) -> None:
        from core.integrations.langchain import CorpusRetriever

        first, second = CorpusRetriever(corpus="help", top_n=2).invoke("how long does a refund take")
        assert (first.id, first.page_content) == ("refund", "A refund takes 3 days.")
        assert first.metadata["rank"] == 1 and first.metadata["stages"]["bm25"] == 1
        assert first.metadata["logit"] > second.metadata["logit"]

    def test_a_refusal_is_an_error(self, client: None) -> None:
        from core.integrations.langchain import CorpusRetriever

        with pytest.raises(httpx.HTTPStatusError):
            CorpusRetriever(corpus="none").invoke("x")


class TestLlamaIndex:
    def test_scores_stand_in_the_metadata_and_the_originals_stay(self, where: dict[str, Any]) -> None:
        from core.integrations.llama_index import RerankPostprocessor

        postprocessor, given = RerankPostprocessor(**where), llama_nodes()
        found = postprocessor.postprocess_nodes(given, query_str=QUERY)
        assert_right((int(one.node.node_id), one.score) for one in found)
        assert_right(((int(one.node.node_id), one.node.metadata["logit"]) for one in found), LOGITS)
        assert {one.node.metadata["retrieval_score"] for one in found} == {0.5}
        assert all(one.score == 0.5 and not one.node.metadata for one in given)
        later = asyncio.run(postprocessor.apostprocess_nodes(given, query_str=QUERY))
        assert [one.node.node_id for one in later] == [one.node.node_id for one in found]

    def test_a_language_model_sees_no_scores(self, where: dict[str, Any]) -> None:
        from llama_index.core.schema import MetadataMode

        from core.integrations.llama_index import RerankPostprocessor

        best = RerankPostprocessor(top_n=1, **where).postprocess_nodes(llama_nodes(), query_str=QUERY)[0]
        for mode in (MetadataMode.LLM, MetadataMode.EMBED):
            assert best.node.get_content(metadata_mode=mode) == texts_best_first(1)[0]

    def test_the_first_order_where_the_server_is_gone(self, nobody: str) -> None:
        from core.integrations.llama_index import RerankPostprocessor

        found = RerankPostprocessor(url=nobody, fallback=True).postprocess_nodes(
            llama_nodes(), query_str=QUERY
        )
        assert [(one.node.node_id, one.score) for one in found] == [
            (str(at), 0.5) for at in range(len(DOCUMENTS))
        ]

    def test_in_a_query_engine(self) -> None:
        from llama_index.core import MockEmbedding, VectorStoreIndex
        from llama_index.core.llms import MockLLM

        from core.integrations.llama_index import RerankPostprocessor

        filled = [one.node for one in llama_nodes() if one.node.text]
        index = VectorStoreIndex(filled, embed_model=MockEmbedding(embed_dim=4))
        engine = index.as_query_engine(
            llm=MockLLM(),
            similarity_top_k=len(DOCUMENTS),
            node_postprocessors=[RerankPostprocessor(url=SERVER, api_key=KEY, top_n=2)],
        )
        assert [one.node.text for one in engine.query(QUERY).source_nodes] == texts_best_first(2)


class TestHaystack:
    def test_scores_stand_in_the_metadata_and_the_originals_stay(self, where: dict[str, Any]) -> None:
        from core.integrations.haystack import RerankRanker

        ranker, given = RerankRanker(**where), haystack_documents()
        found = ranker.run(query=QUERY, documents=given)["documents"]
        assert_right((int(one.id), one.score) for one in found)
        assert_right(((int(one.id), one.meta["logit"]) for one in found), LOGITS)
        assert given == haystack_documents()
        assert asyncio.run(ranker.run_async(query=QUERY, documents=given))["documents"] == found

    def test_in_a_pipeline_that_was_written_and_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from haystack import Pipeline
        from haystack.utils import Secret

        from core.integrations.haystack import RerankRanker

        monkeypatch.setenv("RERANK_TEST_KEY", KEY)
        pipeline = Pipeline()
        secret = Secret.from_env_var("RERANK_TEST_KEY")
        pipeline.add_component("ranker", RerankRanker(SERVER, api_key=secret, top_k=2))
        again = Pipeline.loads(pipeline.dumps(), allowed_modules=["core.integrations.haystack"])
        asked = {"query": QUERY, "documents": haystack_documents()}
        found = again.run({"ranker": asked})["ranker"]["documents"]
        assert [one.content for one in found] == texts_best_first(2)

    def test_a_scorer_cannot_be_written_to_a_file(self, scorer: Scorer) -> None:
        from core.errors import InputError
        from core.integrations.haystack import RerankRanker

        with pytest.raises(InputError, match="url of a running server"):
            RerankRanker(scorer=scorer).to_dict()

    def test_the_first_order_where_the_server_is_gone(self, nobody: str) -> None:
        from core.integrations.haystack import RerankRanker

        given = haystack_documents()
        found = RerankRanker(nobody, fallback=True).run(query=QUERY, documents=given)["documents"]
        assert found == given
