"""LangChain: a compressor that reranks what any retriever found, and a retriever over `POST /search`.

    from core.integrations.langchain import RerankCompressor
    compressor = RerankCompressor(url="http://localhost:8080", top_n=5, fallback=True)
    ContextualCompressionRetriever(base_compressor=compressor, base_retriever=store.as_retriever())

    from core.integrations.langchain import CorpusRetriever
    CorpusRetriever(url="http://localhost:8080", corpus="help", top_n=5).invoke("how long does a refund take")

Needs `langchain-core`. Documents come as copies; scores stand in their metadata.
"""

from collections.abc import Sequence
from typing import Any

import httpx
from pydantic import ConfigDict, SecretStr

from core.integrations.packages import asked_for
from core.integrations.ranking import SECONDS, URL, Placed, Ranking, source_of

with asked_for("langchain-core"):
    from langchain_core.callbacks import CallbackManagerForRetrieverRun, Callbacks
    from langchain_core.documents import BaseDocumentCompressor, Document
    from langchain_core.retrievers import BaseRetriever


class RerankCompressor(BaseDocumentCompressor):  # type: ignore[misc]
    """url: the server; scorer: one of this process (`core.models.load_scorer`) in its place.

    recipe: a saved one of the server, which decides the order and how many documents come back.
    top_n: how many documents come back, None for all. fallback: when scoring fails, log it and return the
    first order, without scores. Metadata gets `relevance_score`, from 0 to 1 (a probability, or of the
    embedded model a similarity, of which only the order counts), and `logit`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    url: str = URL
    scorer: Any = None
    top_n: int | None = None
    instruction: str | None = None
    recipe: str = ""
    api_key: SecretStr | None = None
    fallback: bool = False
    seconds: float = SECONDS

    def compress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,  # noqa: ARG002 - LangChain's signature
    ) -> Sequence[Document]:
        """The best documents, best first."""
        return _copies(documents, self._ranking().order(query, _texts(documents)))

    async def acompress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,  # noqa: ARG002 - LangChain's signature
    ) -> Sequence[Document]:
        """The same, awaited."""
        return _copies(documents, await self._ranking().order_later(query, _texts(documents)))

    def _ranking(self) -> Ranking:
        source = source_of(self.scorer, self.url, _plain(self.api_key), self.seconds, self.recipe)
        return Ranking(source, self.instruction, self.top_n, self.fallback)


class CorpusRetriever(BaseRetriever):  # type: ignore[misc]
    """Recall and reranking in one call. stages: a first stage's name. filters: metadata by name.

    Every document carries its passage's id, rank, the searches that found it and, reranked, its logit.
    api_key: where the address wants one.
    """

    url: str = URL
    corpus: str
    top_k: int = 50
    top_n: int = 5
    stages: str = "union"
    rerank: bool = True
    instruction: str | None = None
    recipe: str = ""
    sources: list[str] = []
    filters: dict[str, str | list[str]] = {}
    api_key: SecretStr | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        body: dict[str, Any] = {
            "corpus": self.corpus,
            "query": query,
            "top_k": self.top_k,
            "top_n": self.top_n,
            "stages": self.stages,
            "rerank": self.rerank,
        }
        if self.sources:
            body["sources"] = self.sources
        if self.filters:
            body["filters"] = self.filters
        if self.instruction:
            body["instruction"] = self.instruction
        if self.recipe:
            body["recipe"] = self.recipe
        headers = {"Authorization": f"Bearer {_plain(self.api_key)}"} if self.api_key else {}
        answer = httpx.post(f"{self.url.rstrip('/')}/search", json=body, headers=headers, timeout=SECONDS)
        answer.raise_for_status()
        return [
            Document(
                page_content=one["text"],
                id=one["id"],
                metadata={name: value for name, value in one.items() if name != "text"},
            )
            for one in answer.json()["results"]
        ]


def _texts(documents: Sequence[Document]) -> list[str]:
    return [document.page_content for document in documents]


def _copies(documents: Sequence[Document], placed: Sequence[Placed]) -> list[Document]:
    return [
        documents[one.index].model_copy(
            update={"metadata": {**documents[one.index].metadata, **one.metadata()}}
        )
        for one in placed
    ]


def _plain(key: SecretStr | None) -> str:
    return key.get_secret_value() if key else ""
