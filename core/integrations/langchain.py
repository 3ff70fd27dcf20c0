"""A LangChain retriever over this program's `POST /search`: recall and reranking in one call.

    from core.integrations.langchain import CorpusRetriever
    retriever = CorpusRetriever(url="http://localhost:8080", corpus="help", top_n=5)
    retriever.invoke("how long does a refund take")

Needs `langchain-core`, which this program does not install. Every document carries its passage's id, rank,
the searches that found it and, reranked, its logit.
"""

from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

SECONDS = 120.0


class CorpusRetriever(BaseRetriever):  # type: ignore[misc]
    """url: where the program listens. stages: a first stage's name. api_key: where the address wants one."""

    url: str = "http://localhost:8080"
    corpus: str
    top_k: int = 50
    top_n: int = 5
    stages: str = "union"
    rerank: bool = True
    instruction: str | None = None
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
        if self.instruction:
            body["instruction"] = self.instruction
        headers = {"Authorization": f"Bearer {self.api_key.get_secret_value()}"} if self.api_key else {}
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
