"""The door of the whole tool as it runs: every surface is behind it, and the process calls nobody else."""

import http.client
import json
import re
import time
from pathlib import Path

import pytest

from tests.faults.running import KEY, Recorded
from tests.serving import ROOT, Served

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def _ask(served: Served, method: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in ({"Host": f"localhost:{served.port}"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    if answer.status != 101:
        answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def _surfaces() -> list[tuple[str, str]]:
    """A request to each thing that Streamlit and we serve."""
    import streamlit

    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    script = re.search(r'src="\./(static/js/[^"]+)"', index)
    assert script
    return [
        ("GET", "/"),
        ("GET", "/batch"),
        ("GET", "/" + script[1]),
        ("GET", "/_stcore/host-config"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("GET", "/media/0123.xlsx"),
        ("GET", "/component/x/y.js"),
        ("PUT", "/_stcore/upload_file/session/file"),
        ("POST", "/rerank"),
        ("GET", "/health"),
        ("GET", "/v1/models"),
        ("GET", "/no/such/page"),
    ]


SURFACES = _surfaces()


@pytest.mark.parametrize(("method", "path"), SURFACES)
def test_a_rebound_name_and_a_foreign_page_reach_no_surface(
    recorded: Recorded, method: str, path: str
) -> None:
    served = recorded.served
    rebound = {"Host": f"evil.test:{served.port}", "Origin": f"http://evil.test:{served.port}"}
    for headers in (rebound, {"Origin": "http://localhost:3000"}, {"Origin": "null"}):
        answer = _ask(served, method, path, headers)
        assert answer.status == 403 and "error" in json.loads(answer.body)  # type: ignore[attr-defined]
        assert answer.headers["x-frame-options"] == "DENY"


def test_only_our_own_page_opens_the_websocket(recorded: Recorded) -> None:
    served = recorded.served
    own = f"http://localhost:{served.port}"
    assert _ask(served, "GET", "/_stcore/stream", UPGRADE | {"Origin": own}).status == 101
    for origin in ("http://localhost:3000", "https://evil.test", "null", own + ".evil.test"):
        assert _ask(served, "GET", "/_stcore/stream", UPGRADE | {"Origin": origin}).status == 403


def test_the_server_calls_nobody(recorded: Recorded) -> None:
    """Neither at its start nor for any Origin, for which Streamlit would look up our outside address."""
    served = recorded.served
    own = f"http://localhost:{served.port}"
    for origin in (own, "https://evil.test", "http://192.0.2.1:8080"):
        for method, path in SURFACES:
            _ask(served, method, path, {"Origin": origin})
        _ask(served, "GET", "/_stcore/stream", UPGRADE | {"Origin": origin})
    made = recorded.calls.read_text().splitlines()
    assert any(call.startswith("socket.__new__") for call in made)  # the recorder was at work
    here = re.compile(r"socket\.__new__|127\.0\.0\.1|'localhost'|'::1'")
    assert not [call for call in made if not here.search(call)]


def test_where_models_may_be_fetched_only_the_hubs_are_called(fetching: Recorded) -> None:
    outside: set[str] = set()
    deadline = time.monotonic() + 60
    while len(outside) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)  # polling: the download begins once the embedded model answers
        outside = _outside(fetching.calls)
    for origin in ("https://evil.test", "http://192.0.2.1:8080"):
        for method, path in SURFACES:
            _ask(fetching.served, method, path, {"Origin": origin})
    assert _outside(fetching.calls) == {"'modelscope.cn'", "'huggingface.co'"}


def _outside(calls: Path) -> set[str]:
    """Whom the recorded process wanted to reach besides this machine."""
    here = re.compile(r"socket\.__new__|127\.0\.0\.1|'localhost'|'::1'|None")
    made = [call for call in calls.read_text().splitlines() if not here.search(call)]
    return {call.partition(" ")[2] for call in made}


@pytest.mark.parametrize(("method", "path"), SURFACES)
def test_without_the_key_no_surface_answers(locked: Served, method: str, path: str) -> None:
    refused = _ask(locked, method, path, {})
    assert refused.status == 401 and "error" in json.loads(refused.body)  # type: ignore[attr-defined]
    admitted = _ask(locked, method, path, {"Authorization": f"Bearer {KEY}"})
    assert admitted.status not in (401, 403) or method == "PUT"  # an upload wants Streamlit's own token, too


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_stcore/health", b"ok"),
        ("/health/live", b'{"status":"ok"}'),
        ("/health/ready", b'{"status":"ok"}'),
    ],
)
def test_a_probe_without_the_key_is_told_nothing_but_whether_all_is_well(
    locked: Served, path: str, body: bytes
) -> None:
    answer = _ask(locked, "GET", path, {})
    assert answer.status == 200 and answer.body == body  # type: ignore[attr-defined]
    assert _ask(locked, "HEAD", path, {}).status == 200
    assert _ask(locked, "GET", path, {"Host": f"evil.test:{locked.port}"}).status == 403


def test_without_the_key_no_websocket_opens(locked: Served) -> None:
    assert _ask(locked, "GET", "/_stcore/stream", UPGRADE).status == 403
    assert _ask(locked, "GET", "/_stcore/stream", UPGRADE | {"Authorization": KEY}).status == 101


def test_the_largest_upload_the_pages_allow_passes_the_door() -> None:
    from core.api.door.middleware import MOST_UPLOAD_BYTES

    config = (ROOT / ".streamlit" / "config.toml").read_text()
    allowed = re.search(r"maxUploadSize = (\d+)", config)
    assert allowed and int(allowed[1]) << 20 < MOST_UPLOAD_BYTES
