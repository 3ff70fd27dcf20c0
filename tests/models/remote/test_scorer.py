"""Many documents through a server: parts, order, progress, stopping, and a server that restarts."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from core.errors import StoppedError
from core.models import load_scorer
from core.models.remote.transport import RemoteError
from core.records import ScoredPair, ScoringRequest
from core.settings import Settings
from tests.models.remote.conftest import Connect
from tests.models.remote.fake_servers import FakeServer, score_of, tei

REQUESTS = [
    ScoringRequest("first", tuple(f"document {number}" for number in range(50))),
    ScoringRequest("second", ()),
    ScoringRequest("third", ("same", "other", "same"), "an instruction"),
]


def logits(requests: Sequence[ScoringRequest]) -> list[list[float]]:
    return [[score_of(text) for text in request.documents] for request in requests]


def test_every_pair_is_scored_once_and_in_its_place(connected: Connect) -> None:
    server = FakeServer("tei")
    told: list[ScoredPair] = []
    progress: list[tuple[int, int]] = []
    scores = connected(server).score_many(
        REQUESTS, on_scored=told.extend, on_progress=lambda *at: progress.append(at)
    )
    assert [[score.logit for score in row] for row in scores] == logits(REQUESTS)
    assert sorted((one.request, one.document) for one in told) == [
        (at, place) for at, request in enumerate(REQUESTS) for place in range(len(request.documents))
    ]
    assert progress[-1] == (53, 53)
    # Equal documents of a query are sent once.
    assert sum(map(len, server.asked)) == 52


def test_parts_are_cut_by_their_bytes_too(connected: Connect) -> None:
    server = FakeServer("workbench")
    scorer = connected(server)
    texts = ["款" * 300_000 + str(number) for number in range(4)]
    scorer.score("q", texts)
    assert [len(documents) for documents in server.asked] == [2, 2]


def test_a_request_that_is_too_large_is_halved_and_the_limit_remembered(connected: Connect) -> None:
    server = FakeServer("workbench", most_documents=5)
    scorer = connected(server)
    texts = [f"document {number}" for number in range(16)]
    assert [score.logit for score in scorer.score("q", texts)] == [score_of(text) for text in texts]
    before = len(server.bodies)
    scorer.score("q", texts)
    assert len(server.bodies) - before == 4


def test_one_document_that_is_too_large_is_an_error(connected: Connect) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    server.most_documents = 0
    with pytest.raises(RemoteError, match="HTTP 413, batch size too large"):
        scorer.score("q", ["a"])


def test_instructions_go_to_servers_that_take_them(connected: Connect) -> None:
    taking, ignoring = FakeServer("vllm"), FakeServer("tei")
    for server in (taking, ignoring):
        connected(server).score("q", ["a"], "find the clause")
    assert taking.bodies[-1]["chat_template_kwargs"] == {"instruction": "find the clause"}
    assert "instruction" not in json.dumps(ignoring.bodies[-1])


def test_stopping_keeps_what_was_answered(connected: Connect) -> None:
    scorer = connected(FakeServer("tei"))
    told: list[ScoredPair] = []
    many = [ScoringRequest(f"query {number}", ("a", "b")) for number in range(30)]
    with pytest.raises(StoppedError):
        scorer.score_many(many, on_scored=told.extend, cancelled=lambda: len(told) >= 10)
    assert 10 <= len(told) <= 20
    assert len({(one.request, one.document) for one in told}) == len(told)


def test_an_error_keeps_what_was_answered(connected: Connect) -> None:
    server = FakeServer("tei")
    scorer = connected(server)
    told: list[ScoredPair] = []

    def listen(pairs: Sequence[ScoredPair]) -> None:
        told.extend(pairs)
        if len(told) == 10:
            server.faults = [httpx.Response(400, json={"error": "bad"})]

    with pytest.raises(RemoteError, match="bad"):
        scorer.score_many(
            [ScoringRequest(f"query {number}", ("a", "b")) for number in range(30)], on_scored=listen
        )
    assert len(told) >= 10
    assert len({(one.request, one.document) for one in told}) == len(told)


class _Tei(BaseHTTPRequestHandler):
    """A real server on this machine that counts the pairs it has scored."""

    counted: list[int] = []

    def do_GET(self) -> None:
        info = {"model_id": "m", "model_type": {"reranker": {}}, "max_client_batch_size": 2}
        self._answer(info if self.path == "/info" else None)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.counted.append(len(body["texts"]))
        self._answer(tei(body, score_of))

    def _answer(self, found: object) -> None:
        content = json.dumps(found).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def real_server(port: int = 0) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", port), _Tei)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_server_that_is_restarted_in_the_middle_loses_and_repeats_nothing(settings: Settings) -> None:
    many = [ScoringRequest(f"query {number}", (f"a{number}", f"b{number}")) for number in range(40)]
    told: list[ScoredPair] = []
    _Tei.counted.clear()
    restarted = threading.Event()
    with real_server() as port:
        scorer = load_scorer(f"http://127.0.0.1:{port}", settings=settings)
        stop = threading.Event()

        def listen(pairs: Sequence[ScoredPair]) -> None:
            told.extend(pairs)
            stop.set()

        results: list[list[float]] = []

        def run() -> None:
            found = scorer.score_many(many, on_scored=listen)
            results.extend([score.logit for score in row] for row in found)

        worker = threading.Thread(target=run)
        worker.start()
        assert stop.wait(10)
    with real_server(port):
        restarted.set()
        worker.join(30)
        assert not worker.is_alive()
    assert results == logits(many)
    assert len(told) == 80
    # The four sentences of the self-test, and every pair once: what was answered is not asked again.
    assert sum(_Tei.counted) <= 4 + 80 + 2 * 4
