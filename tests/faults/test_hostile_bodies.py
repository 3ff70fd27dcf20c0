"""No request keeps the others waiting, whatever its body is."""

import http.client
import json
import threading
import time

import pytest

from tests.faults.running import Recorded
from tests.serving import Served

MEGABYTE = 1 << 20
LONGEST_WAIT = 0.3
TRIES = 3
BODIES = {
    "nine million empty objects": b'{"query":"q","documents":[' + b",".join([b"{}"] * 9_300_000) + b"]}",
    "nested without end": b"[" * (31 * MEGABYTE),
    "closed without beginning": b"]" * (31 * MEGABYTE),
    "numbers": b'{"query":"q","documents":[' + b"1," * (15 * MEGABYTE) + b"1]}",
    "one number": b'{"query":"q","documents":[' + b"1" * (31 * MEGABYTE) + b"]}",
    "keys": b"{" + b'"a":0,' * (5 * MEGABYTE) + b'"query":"q"}',
    "one text": b'{"query":"q","documents":["' + b"ab " * (10 * MEGABYTE) + b'"]}',
    "one text of escapes": b'{"query":"q","documents":["d"],"user":"' + b"\\n" * (15 * MEGABYTE) + b'"}',
    "one text of marks": b'{"query":"q","documents":["d"],"user":"' + b",[{" * (10 * MEGABYTE) + b'"}',
    "one Chinese word": b'{"query":"q","documents":["d"],"user":"' + "退".encode() * (10 * MEGABYTE) + b'"}',
    "a query as long": b'{"documents":["d"],"query":"' + b"a" * (31 * MEGABYTE) + b'"}',
    "a thousand texts": json.dumps({"query": "q", "documents": ["refund, [1] "] * 1000}).encode()[:-1]
    + b" " * (20 * MEGABYTE)
    + b"}",
}


@pytest.fixture
def server(recorded: Recorded) -> Served:
    """The whole tool on the embedded model."""
    return recorded.served


def _ask(served: Served, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=100)
    try:
        connection.request(method, path, body, {"Host": f"localhost:{served.port}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", BODIES)
def test_no_body_keeps_the_health_check_waiting(server: Served, name: str) -> None:
    # On a busy machine a check waits for a processor now and then; a body that blocks does so every time.
    worst = LONGEST_WAIT
    for _ in range(TRIES):
        worst = _longest_wait_beside(server, BODIES[name])
        if worst < LONGEST_WAIT:
            break
    assert worst < LONGEST_WAIT, f"{worst:.2f} s"


def _longest_wait_beside(server: Served, body: bytes) -> float:
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(_ask(server, "POST", "/rerank", body)))
    waits: list[float] = []
    asking.start()
    while asking.is_alive():
        began = time.perf_counter()
        assert _ask(server, "GET", "/_stcore/health")[0] == 200
        waits.append(time.perf_counter() - began)
        asking.join(0.01)
    ((status, answer),) = answers
    assert isinstance(json.loads(answer), dict)
    assert status in (200, 400, 413), answer[:300]
    return max(waits)


def test_a_client_that_leaves_frees_the_model(server: Served) -> None:
    """A thousand long texts take minutes; the next request does not wait for them."""
    body = json.dumps({"query": "q", "documents": ["refund " * 4000] * 1000}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=100)
    connection.request("POST", "/rerank", body, {"Host": f"localhost:{server.port}"})
    waits: list[float] = []
    while len(waits) < 50:  # scoring has begun by then, and holds nobody else up
        began = time.perf_counter()
        assert _ask(server, "GET", "/_stcore/health")[0] == 200
        waits.append(time.perf_counter() - began)
    assert max(waits) < LONGEST_WAIT
    connection.close()
    began = time.perf_counter()
    for _ in range(5):
        status, _ = _ask(server, "POST", "/rerank", b'{"query":"q","documents":["refund"]}')
        assert status == 200
    assert time.perf_counter() - began < 20
    assert "Traceback" not in server.log()
