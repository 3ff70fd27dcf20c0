"""Orders for frameworks: over HTTP as the server is asked, in process, and when either fails."""

import asyncio
import json
import logging

import httpx
import pytest

from core.errors import InputError, ModelError
from core.integrations.ranking import InProcess, OverHttp, Placed, Ranking
from core.records import Scorer

QUERY, TEXTS = "how long does a refund take", ["Order a new card.", "A refund takes 3 days.", "x"]


def server(status: int, body: object, asked: list[httpx.Request] | None = None) -> OverHttp:
    """One that always answers the same."""

    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        return httpx.Response(status, json=body)

    return OverHttp("http://here:1/", "secret", 20, httpx.MockTransport(answer))


GOOD = {"results": [{"index": 1, "relevance_score": 2.0}, {"index": 0, "relevance_score": -1.0}]}


def test_the_server_is_asked_for_logits_with_key_instruction_and_deadline() -> None:
    asked: list[httpx.Request] = []
    placed = Ranking(server(200, GOOD, asked), "a task").order(QUERY, TEXTS[:2])
    assert placed == [Placed(1, 2.0), Placed(0, -1.0)]
    [request] = asked
    assert (request.method, str(request.url)) == ("POST", "http://here:1/rerank")
    assert request.headers["authorization"] == "Bearer secret"
    assert request.headers["x-request-timeout"] == "20"
    assert json.loads(request.content) == {
        "query": QUERY,
        "documents": TEXTS[:2],
        "raw_scores": True,
        "return_documents": False,
        "instruction": "a task",
    }


def test_metadata_are_probability_and_logit() -> None:
    assert Placed(0, 0.0).metadata() == {"relevance_score": 0.5, "logit": 0.0}
    assert Placed(0, None).metadata() == {}


def test_a_scorer_of_this_process_gives_its_own_scores(embedded: Scorer) -> None:
    logits = [score.logit for score in embedded.score(QUERY, TEXTS)]
    ranking = Ranking(InProcess(embedded), top_n=2)
    placed = ranking.order(QUERY, TEXTS)
    assert [one.logit for one in placed] == sorted(logits, reverse=True)[:2]
    assert placed[0].index == 1
    assert asyncio.run(ranking.order_later(QUERY, TEXTS)) == placed


def test_equal_scores_stay_as_they_came() -> None:
    body = {"results": [{"index": at, "relevance_score": 1.0} for at in (2, 0, 1)]}
    assert [one.index for one in Ranking(server(200, body)).order(QUERY, TEXTS)] == [0, 1, 2]


def test_nothing_is_asked_for_no_documents() -> None:
    assert Ranking(server(500, {})).order(QUERY, []) == []


FAILURES = [
    (401, {"message": "The key is missing."}, "The key is missing."),
    (200, {"results": GOOD["results"][:1]}, "another form"),
    (200, [1], "another form"),
    (502, {"oops": 1}, "another form"),
]


@pytest.mark.parametrize(("status", "body", "said"), FAILURES)
def test_a_failure_is_an_error_that_says_what_the_server_said(status: int, body: object, said: str) -> None:
    ranking = Ranking(server(status, body))
    with pytest.raises(ModelError, match=said):
        ranking.order(QUERY, TEXTS)
    with pytest.raises(ModelError, match=said):
        asyncio.run(ranking.order_later(QUERY, TEXTS))


@pytest.mark.parametrize(("status", "body", "said"), FAILURES)
def test_with_fallback_it_is_logged_and_the_order_stays(
    status: int, body: object, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    ranking = Ranking(server(status, body), top_n=2, fallback=True)
    with caplog.at_level(logging.WARNING):
        assert ranking.order(QUERY, TEXTS) == [Placed(0, None), Placed(1, None)]
        assert asyncio.run(ranking.order_later(QUERY, TEXTS)) == [Placed(0, None), Placed(1, None)]
    assert [said in record.getMessage() for record in caplog.records] == [True, True]


def test_a_server_that_is_gone_is_an_error_with_its_address() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    source = OverHttp("http://here:1", transport=httpx.MockTransport(gone))
    with pytest.raises(ModelError, match="http://here:1 did not answer: refused"):
        Ranking(source).order(QUERY, TEXTS)


def test_no_documents_wanted_is_a_mistake_even_with_fallback() -> None:
    with pytest.raises(InputError, match="0 is not a number of documents"):
        Ranking(server(200, GOOD), top_n=0, fallback=True).order(QUERY, TEXTS)
