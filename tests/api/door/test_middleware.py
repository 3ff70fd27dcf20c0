"""The door before an app that notes whatever reaches it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.api.door import attempts
from core.api.door.flights import Closing
from core.api.door.middleware import METHODS, Door
from core.settings import Settings

KEY = "correct horse battery"
# The test client would ask for another host by itself.
STREAM = "ws://localhost:8080/_stcore/stream"
HTML = {"accept": "text/html,*/*"}


class Inside:
    """What lies behind the door: answers everything, and remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []

    async def page(self, request: Request) -> JSONResponse:
        """Any path."""
        self.seen.append((request.url.path, dict(request.headers)))
        client = request.client.host if request.client else None
        return JSONResponse({"client": client, "scheme": request.url.scheme, "host": request.url.netloc})

    async def stream(self, socket: WebSocket) -> None:
        """The pages' websocket."""
        self.seen.append(("websocket", dict(socket.headers)))
        await socket.accept()
        await socket.send_text("open")
        await socket.close()


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture(autouse=True)
def _short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_DELAY", 0.001)


def _client(inside: Inside, client: str = "127.0.0.1", address: str = "", **settings: Any) -> TestClient:  # noqa: ANN401
    app = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", inside.stream),
            Route("/{path:path}", inside.page, methods=sorted(METHODS)),
        ]
    )
    door = Door(app, Settings(**settings), Closing())
    return TestClient(door, address or "http://localhost:8080", client=(client, 5000), follow_redirects=False)


@pytest.fixture
def locked(inside: Inside) -> Iterator[TestClient]:
    yield _client(inside, api_key=SecretStr(KEY))


def assert_refused(answer: Any, code: int, text: str) -> None:  # noqa: ANN401 - httpx.Response or its twin
    """A refusal is JSON in the shape of every other error, and carries the headers of every answer."""
    assert answer.status_code == code
    body = answer.json()
    assert body["error"]["message"] == body["message"] == body["detail"] and text in body["message"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("evil.test:8080", 403),
        ("localhost:8081", 403),
        ("localhost:8080@evil.com", 400),
        ("a b", 400),
        ("", 400),
        ("localhost:", 400),
    ],
)
@pytest.mark.parametrize("path", ["/", "/static/app.js", "/media/x", "/_stcore/upload_file/a/b", "/rerank"])
def test_a_foreign_host_reaches_nothing(inside: Inside, path: str, host: str, code: int) -> None:
    assert_refused(
        _client(inside).get(path, headers={"host": host}), code, "ost" if code == 400 else "answer as"
    )
    assert not inside.seen


@pytest.mark.parametrize("origin", ["https://evil.test", "http://localhost:3000", "null", "http://["])
@pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/a/b", "/rerank"])
def test_a_foreign_page_reaches_nothing(inside: Inside, path: str, origin: str) -> None:
    assert_refused(_client(inside).put(path, headers={"origin": origin}), 403, "another site")
    assert not inside.seen


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:3000"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"host": "evil.test:8080", "origin": "http://evil.test:8080"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "websocket"},
    ],
)
def test_a_foreign_page_opens_no_websocket(inside: Inside, headers: dict[str, str]) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        _client(inside).websocket_connect(STREAM, headers=headers),
    ):
        pass
    assert refused.value.code == 1008 and not inside.seen


def test_our_own_page_opens_the_websocket_and_its_origin_goes_no_further(inside: Inside) -> None:
    with _client(inside).websocket_connect(STREAM, headers={"origin": "http://localhost:8080"}) as socket:
        assert socket.receive_text() == "open"
    # Streamlit would ask an outside service for this machine's address to compare the origin with.
    assert [name for name, _ in inside.seen] == ["websocket"] and "origin" not in inside.seen[0][1]


def test_every_answer_says_that_it_must_not_be_framed_or_guessed_at(inside: Inside) -> None:
    headers = _client(inside).get("/").headers
    assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "connect-src 'self' ws://localhost:8080" in policy
    assert "http:" not in policy and "https:" not in policy and "*" not in policy


def test_methods_nobody_serves_are_json_405(inside: Inside) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert_refused(_client(inside).request(method, "/v1/models"), 405, "not served")
    assert not inside.seen


@pytest.mark.parametrize(
    "path", ["/", "/batch", "/static/app.js", "/media/x", "/_stcore/host-config", "/rerank", "/health"]
)
def test_without_the_key_nothing_is_reached(inside: Inside, locked: TestClient, path: str) -> None:
    for answer in (locked.get(path), locked.post(path, content=b"{}"), locked.put(path)):
        assert_refused(answer, 401, "key")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert not inside.seen


def test_without_the_key_no_websocket_opens(inside: Inside, locked: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), locked.websocket_connect(STREAM):
        pass
    assert not inside.seen


@pytest.mark.parametrize("path", ["/_stcore/health", "/health/live", "/health/ready"])
def test_a_probe_needs_no_key_and_nothing_beside_it_is_open(locked: TestClient, path: str) -> None:
    assert locked.get(path).status_code == locked.head(path).status_code == 200
    assert locked.post(path).status_code == 401
    for beside in (path + "/", path + "x", path.upper(), path + "/../info"):
        assert locked.get(beside).status_code == 401, beside


@pytest.mark.parametrize("shown", [f"Bearer {KEY}", f"bearer  {KEY}", KEY])
def test_a_token_with_or_without_bearer_opens(locked: TestClient, shown: str) -> None:
    assert locked.post("/rerank", headers={"authorization": shown}).status_code == 200


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Bearer None", "Bearer wrong", f"Basic {KEY}", "密".encode()]
)
def test_another_token_does_not(inside: Inside, locked: TestClient, shown: str | bytes) -> None:
    answer = locked.post("/rerank", headers={"authorization": shown})  # type: ignore[dict-item]
    assert answer.status_code == 401 and not inside.seen


def test_a_browser_is_sent_to_the_login_and_back_to_where_it_wanted(locked: TestClient) -> None:
    answer = locked.get("/batch?job=7&lang=zh", headers=HTML)
    assert answer.status_code == 303
    login = answer.headers["location"]
    assert login == "/login?next=%2Fbatch%3Fjob%3D7%26lang%3Dzh"
    page = locked.get(login, headers=HTML | {"accept-language": "zh-CN,en;q=0.5"})
    assert page.status_code == 200 and "密钥" in page.text and f'action="{login}"' in page.text
    opened = locked.post(login, data={"key": KEY}, headers={"origin": "http://localhost:8080"})
    assert opened.status_code == 303 and opened.headers["location"] == "/batch?job=7&lang=zh"
    rules = opened.headers["set-cookie"].lower()
    assert "httponly" in rules and "samesite=strict" in rules and "secure" not in rules
    assert locked.get("/batch").status_code == 200  # the client keeps the cookie
    with locked.websocket_connect(STREAM) as socket:
        assert socket.receive_text() == "open"
    assert locked.head("/login").status_code == 204


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "/login",
        "evil",
        "/a%0d%0ab",
    ],
)
def test_the_login_leads_to_no_other_host(locked: TestClient, wanted: str) -> None:
    answer = locked.post("/login", params={"next": wanted}, data={"key": KEY})
    assert answer.headers["location"] in ("/", "/a%0d%0ab")
    assert "\n" not in answer.headers["location"]


def test_a_place_full_of_markup_stays_text_on_the_login_page(locked: TestClient) -> None:
    page = locked.get("/login", params={"next": "/</script><script>alert(1)</script>\"'"}, headers=HTML).text
    assert "alert(1)</script>" not in page and page.count("<script>") == 1


def test_a_wrong_key_is_said_and_sets_no_cookie(locked: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answer = locked.post("/login", data={"key": "wrong key here"})
    assert answer.status_code == 401 and "This is not the key" in answer.text
    assert "set-cookie" not in answer.headers and "wrong key here" not in caplog.text
    assert locked.post("/login", content=b"key=" + b"a" * 100_000).status_code == 401


def test_another_page_cannot_log_a_browser_in(inside: Inside, locked: TestClient) -> None:
    answer = locked.post("/login", data={"key": KEY}, headers={"origin": "http://evil.test"})
    assert_refused(answer, 403, "another site")


def test_the_cookie_is_for_tls_only_when_there_is_tls(inside: Inside) -> None:
    client = _client(inside, address="https://localhost:8080", api_key=SecretStr(KEY))
    assert "secure" in client.post("/login", data={"key": KEY}).headers["set-cookie"].lower()


def test_auth_off_opens_to_all(inside: Inside) -> None:
    client = _client(inside, "192.0.2.7", "http://192.168.1.5:8080", host="0.0.0.0", auth="off")
    assert client.get("/").status_code == 200


def test_a_visitor_from_another_machine_needs_the_key_whatever_the_settings_say(
    inside: Inside, tmp_path: Path
) -> None:
    """As when the app is started by `streamlit run` on another address than the settings name."""
    assert_refused(_client(inside, "192.0.2.7", home=tmp_path).get("/"), 401, "key")
    assert_refused(_client(inside, "2001:db8::1", home=tmp_path).get("/"), 401, "key")
    assert _client(inside, "::1").get("/").status_code == 200


def test_forwarded_headers_count_from_a_named_proxy_only(inside: Inside) -> None:
    told = {
        "x-forwarded-for": "203.0.113.9, 192.0.2.7",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "rerank.example.com",
        "authorization": KEY,
    }
    settings: dict[str, Any] = {
        "api_key": SecretStr(KEY),
        "allowed_hosts": ("rerank.example.com",),
        "trusted_proxy": ("127.0.0.1", "10.0.0.0/8"),
    }
    named = _client(inside, "127.0.0.1", **settings).get("/", headers=told)
    assert named.json() == {"client": "192.0.2.7", "scheme": "https", "host": "rerank.example.com"}
    chained = told | {"x-forwarded-for": "203.0.113.9, 10.1.2.3"}
    assert _client(inside, **settings).get("/", headers=chained).json()["client"] == "203.0.113.9"
    stranger = _client(inside, "192.0.2.8", **settings).get("/", headers=told)
    assert stranger.json() == {"client": "192.0.2.8", "scheme": "http", "host": "localhost:8080"}
    assert not any(name.startswith("x-forwarded") for _, headers in inside.seen for name in headers)


def test_an_unnamed_proxy_before_an_open_server_is_refused(inside: Inside) -> None:
    """A proxy on this machine would make everyone's requests look like the user's own."""
    answer = _client(inside).get("/", headers={"x-forwarded-for": "203.0.113.9"})
    assert_refused(answer, 403, "RERANK_TRUSTED_PROXY")
    assert not inside.seen
