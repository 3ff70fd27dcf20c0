"""The server's limits: silent and slow connections, clients that leave, signals that end it."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import Served, serving

SCRIPT = str(Path(__file__).with_name("small_server.py"))


@contextmanager
def _small_server(home: Path, idle: float = 60, grace: float = 60) -> Iterator[Served]:
    command = (
        "-c",
        f"import sys, runpy; sys.path.insert(0, '.'); runpy.run_path({SCRIPT!r}, None, '__main__')",
    )
    with serving(home, {}, ready="/echo", command=(*command, str(idle), str(grace))) as served:
        yield served


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose limits no test reaches."""
    with _small_server(tmp_path_factory.mktemp("patient")) as served:
        yield served


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that waits half a second."""
    with _small_server(tmp_path_factory.mktemp("impatient"), idle=0.5) as served:
        yield served


def _open(served: Served, sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=20)
    connection.sendall(sent)
    return connection


def _request(served: Served, path: str, more: str = "", method: str = "POST") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost:{served.port}\r\n{more}\r\n".encode()


def _all(connection: socket.socket) -> bytes:
    """What arrives until the server closes."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def _wait_for(served: Served, text: str, count: int = 1) -> None:
    deadline = time.monotonic() + 20
    while served.log().count(text) < count:
        assert time.monotonic() < deadline, served.log()
        time.sleep(0.02)  # polling: the process writes its log when it comes to it


def _body(answer: bytes) -> dict[str, object]:
    body: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return body


@pytest.mark.parametrize("sent", [b"", b"POST /echo HT", b"POST /echo HTTP/1.1\r\nHost: localhost\r\nX-A: "])
def test_a_connection_without_a_whole_head_is_closed(impatient: Served, sent: bytes) -> None:
    began = time.monotonic()
    with _open(impatient, sent) as connection:
        assert _all(connection) == b""
    assert 0.3 < time.monotonic() - began < 10


def test_a_head_that_trickles_is_closed_all_the_same(impatient: Served) -> None:
    began = time.monotonic()
    with _open(impatient, b"POST /echo HTTP/1.1\r\nX-A: ") as connection, pytest.raises(OSError):
        connection.settimeout(0.1)
        while time.monotonic() - began < 10:
            connection.sendall(b"a")
            try:
                if not connection.recv(1):
                    raise ConnectionResetError
            except TimeoutError:
                continue
    assert time.monotonic() - began < 5


def test_a_connection_kept_open_after_an_answer_is_closed(impatient: Served) -> None:
    with _open(impatient, _request(impatient, "/echo", "Content-Length: 0\r\n")) as connection:
        assert _all(connection).startswith(b"HTTP/1.1 200")


def test_a_second_head_that_stays_half_is_closed(impatient: Served) -> None:
    whole = _request(impatient, "/echo", "Content-Length: 0\r\n")
    with _open(impatient, whole + whole[:20]) as connection:
        assert _all(connection).count(b"HTTP/1.1 200") == 1


def test_a_body_that_stays_away_gets_408(impatient: Served) -> None:
    with _open(impatient, _request(impatient, "/echo", "Content-Length: 100\r\n") + b"abc") as connection:
        answer = _all(connection)
    assert answer.startswith(b"HTTP/1.1 408") and "in time" in str(_body(answer)["message"])


def test_a_body_that_trickles_gets_408(impatient: Served) -> None:
    began = time.monotonic()
    with _open(impatient, _request(impatient, "/echo", "Content-Length: 100000\r\n")) as connection:
        connection.settimeout(0.1)
        answer = b""
        while not answer and time.monotonic() - began < 10:
            connection.sendall(b"a")
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408") and time.monotonic() - began < 5


@pytest.mark.parametrize("length", ["Content-Length: 40000000\r\n", "Transfer-Encoding: chunked\r\n"])
def test_a_body_beyond_the_limit_gets_413_before_it_is_read(patient: Served, length: str) -> None:
    with _open(patient, _request(patient, "/echo", length)) as connection:
        if "chunked" in length:
            piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
            for _ in range(33):
                connection.sendall(piece)
        answer = _all(connection)
    assert answer.startswith(b"HTTP/1.1 413") and "32 MB" in str(_body(answer)["message"])


@pytest.mark.parametrize(
    "sent", [b"hello\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n"]
)
def test_what_is_not_http_gets_json(patient: Served, sent: bytes) -> None:
    with _open(patient, sent) as connection:
        answer = _all(connection)
    assert answer.startswith(b"HTTP/1.1 400") and b"application/json" in answer
    assert "error" in _body(answer)


def test_a_client_that_leaves_ends_its_request_without_a_traceback(patient: Served) -> None:
    before = patient.log().count("slow ended")
    with _open(patient, _request(patient, "/slow", "Content-Length: 0\r\n")):
        _wait_for(patient, "slow began", before + 1)
    _wait_for(patient, "slow ended", before + 1)
    with _open(patient, _request(patient, "/echo", "Content-Length: 100\r\n") + b"abc"):
        pass  # left in the middle of its body
    with _open(
        patient, _request(patient, "/echo", "Content-Length: 1\r\nConnection: close\r\n") + b"a"
    ) as last:
        assert _all(last).endswith(b"1")
    assert "Traceback" not in patient.log()


def test_a_full_disk_is_a_line_in_the_log_and_json(patient: Served) -> None:
    with _open(patient, _request(patient, "/full", "Connection: close\r\n", "GET")) as connection:
        answer = _all(connection)
    assert answer.startswith(b"HTTP/1.1 500") and "error" in _body(answer)
    assert "No space left on device" in patient.log() and "Traceback" not in patient.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_gives_what_is_in_flight_its_time_and_then_503(
    tmp_path: Path, number: signal.Signals
) -> None:
    with _small_server(tmp_path, grace=1.0) as served:
        with _open(served, _request(served, "/slow", "Content-Length: 0\r\n")) as connection:
            _wait_for(served, "slow began")
            began = time.monotonic()
            served.process.send_signal(number)
            answer = _all(connection)
        assert answer.startswith(b"HTTP/1.1 503") and "stopping" in str(_body(answer)["message"])
        assert 0.8 < time.monotonic() - began < 8
        served.process.wait(timeout=10)
    assert "Traceback" not in served.log()


def test_an_answer_that_is_nearly_there_is_still_given_after_a_signal(tmp_path: Path) -> None:
    with _small_server(tmp_path) as served, _open(served) as connection:
        connection.sendall(_request(served, "/echo", "Content-Length: 4\r\n") + b"ab")
        served.process.terminate()
        _wait_for(served, "Waiting for connections")
        connection.sendall(b"cd")
        assert _all(connection).endswith(b"\r\n\r\n4")
        served.process.wait(timeout=10)


def test_a_second_interrupt_ends_at_once(tmp_path: Path) -> None:
    with _small_server(tmp_path) as served:
        with _open(served, _request(served, "/slow", "Content-Length: 0\r\n")):
            _wait_for(served, "slow began")
            served.process.send_signal(signal.SIGINT)
            _wait_for(served, "Waiting for connections")
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(timeout=5) == 130
