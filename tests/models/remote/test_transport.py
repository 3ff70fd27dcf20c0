"""Retries, patience, and one sentence for everything that can go wrong."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from core.models.remote.transport import FIRST_PAUSE, LONGEST_PAUSE, TRIES, RemoteError
from tests.models.remote.conftest import Connect
from tests.models.remote.fake_servers import FakeServer, score_of

BROKEN = httpx.RemoteProtocolError("the peer went away")


@pytest.mark.parametrize(
    "fault", [httpx.Response(429), httpx.Response(503), httpx.Response(500), httpx.Response(408), BROKEN]
)
def test_what_passes_is_tried_again(
    fault: httpx.Response | Exception, connected: Connect, pauses: list[float]
) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    server.faults = [fault, fault]
    assert scorer.score("q", ["a"])[0].logit == pytest.approx(score_of("a"))
    assert len(pauses) == 2
    assert pauses[0] <= FIRST_PAUSE and pauses[1] <= 2 * FIRST_PAUSE


def test_the_servers_own_pause_comes_first(connected: Connect, pauses: list[float]) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    later = datetime.now(UTC) + timedelta(seconds=30)
    server.faults = [
        httpx.Response(429, headers={"retry-after": "7"}),
        httpx.Response(503, headers={"retry-after": format_datetime(later, usegmt=True)}),
        httpx.Response(503, headers={"retry-after": "100000"}),
    ]
    scorer.score("q", ["a"])
    assert pauses[0] == 7
    assert 25 < pauses[1] <= 30
    assert pauses[2] == LONGEST_PAUSE


def test_patience_ends_with_one_sentence(connected: Connect, pauses: list[float]) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    server.faults = [httpx.Response(503)] * TRIES
    with pytest.raises(RemoteError, match=rf"busy: it answered HTTP 503 {TRIES} times"):
        scorer.score("q", ["a"])
    assert len(pauses) == TRIES - 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (httpx.Response(400, json={"error": {"message": "no such field"}}), "HTTP 400, no such field"),
        (httpx.Response(401), "refused the key.*RERANK_REMOTE_KEY"),
        (httpx.Response(403), "refused the key"),
        (httpx.Response(404), "does not know /rerank"),
        (httpx.Response(422, json={"detail": "query must be a string"}), "query must be a string"),
        (httpx.Response(302, headers={"location": "http://elsewhere"}), "HTTP 302"),
        (httpx.Response(200, text="<html>"), "not JSON"),
        (httpx.Response(200, json={"results": []}), "not what TEI answers"),
        (httpx.Response(200, json=[{"index": 0, "score": 1.0}] * 2), "index 0 twice"),
        (httpx.Response(200, json=[{"index": 5, "score": 1.0}]), "index 5 of 1 documents"),
        (httpx.Response(200, json=[{"index": True, "score": 1.0}]), "index True"),
        (httpx.Response(200, json=[]), "0 scores for 1 documents"),
        (httpx.Response(200, json=[{"index": 0, "score": None}]), "a score is None"),
        (httpx.Response(200, text='[{"index": 0, "score": NaN}]'), "a score is nan"),
        (httpx.Response(200, text='[{"index": 0, "score": 1e999}]'), "a score is inf"),
        (
            httpx.Response(200, json={"error": "overloaded", "error_type": "Overloaded"}),
            "not what TEI answers",
        ),
    ],
)
def test_what_will_not_pass_is_said_at_once(
    fault: httpx.Response, sentence: str, connected: Connect, pauses: list[float]
) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    server.faults = [fault]
    with pytest.raises(RemoteError, match=sentence):
        scorer.score("q", ["a"])
    assert pauses == []


def test_a_server_that_is_not_there_is_said(connected: Connect) -> None:
    server = FakeServer("tei", faults=[httpx.ConnectError("refused")] * TRIES)
    with pytest.raises(RemoteError, match="cannot be reached"):
        connected(server)


def test_a_server_that_never_answers_is_said(connected: Connect) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    server.faults = [httpx.ReadTimeout("slow")] * TRIES
    with pytest.raises(RemoteError, match="did not answer within 300 seconds"):
        scorer.score("q", ["a"])
