"""What a request may ask of the length of documents: cut at either end, cut shorter, or not at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from core.workflows.home.workbench import Workbench
from tests.api.asked import DOCUMENTS, QUERY, client_of
from tests.qwen_fixture import tiny_qwen_folder


@pytest.fixture(scope="module")
def client(embedded_workbench: Workbench) -> Iterator[TestClient]:
    with client_of(embedded_workbench) as client:
        yield client


@pytest.fixture(scope="module")
def short_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The routes with a model that reads 200 tokens at most."""
    home = tmp_path_factory.mktemp("short")
    folder = tiny_qwen_folder(home)
    bench = Workbench(Settings(home=home, model=str(folder), max_tokens=200, precision="fp32", device="cpu"))
    bench.start()
    bench.scorer(wait=60)
    with client_of(bench) as client:
        yield client


LONG = "one two three four five six seven " * 100 + "the end of it"


def test_what_may_not_be_cut_is_refused_in_each_formats_words(short_reader: TestClient) -> None:
    answer = short_reader.post("/rerank", json={"query": "q", "texts": ["a", LONG], "truncate": False})
    assert answer.status_code == 422 and answer.json()["error_type"] == "Tokenizer"
    assert "Document 2" in answer.json()["error"]
    assert short_reader.post("/rerank", json={"query": "q", "texts": ["a", LONG]}).status_code == 200
    asked = {"query": {"text": "q"}, "passages": [{"text": LONG}], "truncate": "NONE"}
    answer = short_reader.post("/v1/ranking", json=asked)
    assert answer.status_code == 400 and "forbids to shorten" in answer.json()["detail"]
    assert short_reader.post("/v1/ranking", json=asked | {"truncate": "END"}).status_code == 200


def test_tei_cuts_from_the_left_when_asked(short_reader: TestClient) -> None:
    def score_of(text: str, direction: str) -> float:
        asked = {"query": "q", "texts": [text], "truncation_direction": direction, "raw_scores": True}
        value: float = short_reader.post("/rerank", json=asked).json()[0]["score"]
        return value

    # Kept is the end, so another beginning changes nothing; and the other way round.
    assert score_of(LONG, "LEFT") == pytest.approx(score_of("other words " * 9 + LONG, "left"), abs=1e-5)
    assert score_of(LONG, "Right") == pytest.approx(score_of(LONG + " other words", "right"), abs=1e-5)
    assert score_of(LONG, "left") != pytest.approx(score_of(LONG, "right"), abs=1e-5)


def test_max_tokens_per_doc_cuts_and_says_so(client: TestClient) -> None:
    asked: dict[str, Any] = {"query": QUERY, "documents": [DOCUMENTS[1], "短"], "return_documents": True}
    body = client.post("/v2/rerank", json=asked | {"max_tokens_per_doc": 4}).json()
    first = next(one for one in body["results"] if one["index"] == 0)
    assert first["truncated"] is True and first["document"] == {"text": DOCUMENTS[1]}
    assert any("request allows" in warning for warning in body["meta"]["warnings"])
    whole = client.post("/v2/rerank", json=asked | {"max_tokens_per_doc": 4096}).json()
    assert all("truncated" not in one for one in whole["results"])
    changed = next(one for one in whole["results"] if one["index"] == 0)["relevance_score"]
    assert first["relevance_score"] != pytest.approx(changed, abs=1e-4)


def test_equal_and_empty_documents_each_have_a_result_in_input_order(client: TestClient) -> None:
    documents = ["", DOCUMENTS[1], "", DOCUMENTS[1]]
    results = client.post("/v1/rerank", json={"query": QUERY, "documents": documents}).json()["results"]
    assert [one["index"] for one in results] == [1, 3, 0, 2]
    assert results[0]["relevance_score"] == results[1]["relevance_score"]
    assert all(0 < one["relevance_score"] < 1 for one in results)
