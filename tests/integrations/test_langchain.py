"""The LangChain retriever against the real routes; skipped where langchain-core is not installed."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.routes import routes
from core.retrieval.passages import Passage
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.service import RetrieveService
from core.workflows.retrieve.vectors import make_vectors

pytest.importorskip("langchain_core")


@pytest.fixture
def client(
    embedded_workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    service = RetrieveService(embedded_workbench.settings, Corpora(tmp_path, kind="sqlite"))
    corpus = service.corpora.open("help", create=True)
    corpus.add([Passage("refund", "A refund takes 3 days."), Passage("电池", "首次使用前请充满电。")])
    make_vectors(corpus, service.embedder())
    app = Starlette(routes=routes(lambda: embedded_workbench, retrieval=lambda: service))
    with TestClient(app, base_url="http://localhost:8080") as client:
        monkeypatch.setattr(httpx, "post", client.post)
        yield client
    service.corpora.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_passages_come_as_documents_with_their_ranks(client: TestClient) -> None:
    from core.integrations.langchain import CorpusRetriever

    first, second = CorpusRetriever(corpus="help", top_n=2).invoke("how long does a refund take")
    assert (first.id, first.page_content) == ("refund", "A refund takes 3 days.")
    assert first.metadata["rank"] == 1 and first.metadata["stages"]["bm25"] == 1
    assert first.metadata["logit"] > second.metadata["logit"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_refusal_is_an_error(client: TestClient) -> None:
    from core.integrations.langchain import CorpusRetriever

    with pytest.raises(httpx.HTTPStatusError):
        CorpusRetriever(corpus="none").invoke("x")
