"""The README's snippets for nginx and Caddy, as they stand there but for names, ports and certificates."""

import http.client
import json
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.running import KEY, PROXIES, Proxied
from tests.faults.test_served_door import UPGRADE
from tests.serving import ROOT

CERTIFICATE = ROOT / "tests" / "api" / "door" / "test_only_cert.pem"
PRIVATE = CERTIFICATE.with_name("test_only_key.pem")


def _snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def _nginx(folder: Path, port: int, backend: int) -> list[str]:
    server = _snippet("nginx")
    for written, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("rerank.example.com", "localhost"),
        ("/etc/ssl/rerank.pem", str(CERTIFICATE)),
        ("/etc/ssl/rerank.key", str(PRIVATE)),
        ("127.0.0.1:8080", f"127.0.0.1:{backend}"),
    ):
        assert written in server
        server = server.replace(written, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths}\n{server}}}\n"
    )
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def _caddy(folder: Path, port: int, backend: int) -> list[str]:
    site = _snippet("caddy").replace("127.0.0.1:8080", f"127.0.0.1:{backend}")
    site = site.replace(
        "rerank.example.com {", f"https://localhost:{port} {{\n tls {CERTIFICATE} {PRIVATE}\n"
    )
    (folder / "Caddyfile").write_text("{\n admin off\n auto_https disable_redirects\n}\n" + site)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


class _Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "proxy.log").open("wb") as log:
        environment = {"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"}
        proxy = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def _ask(port: int, path: str, headers: dict[str, str], body: bytes | None = None) -> _Answer:
    """Through the proxy, waiting until it listens."""
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPSConnection(
            "localhost", port, timeout=30, context=ssl.create_default_context(cafile=str(CERTIFICATE))
        )
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)  # polling: the proxy says nothing when it listens
    with closing(connection):
        answer = connection.getresponse()
        return _Answer(answer.status, answer.headers, b"" if answer.status == 101 else answer.read())


@pytest.mark.parametrize("program", PROXIES)
def test_the_readmes_snippet_serves_pages_websocket_and_api(
    tmp_path: Path, program: str, proxied: Proxied
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    port, served = proxied.ports[program], proxied.served
    before = len(served.log())
    command = (_nginx if program == "nginx" else _caddy)(tmp_path, port, served.port)
    with _running(command, tmp_path):
        page = _ask(port, "/batch", {"Accept": "text/html"})
        assert page.status == 303 and page.headers["location"] == "/login?next=%2Fbatch"
        form = b"key=" + KEY.replace(" ", "+").encode()
        login = _ask(port, "/login", {"Origin": f"https://localhost:{port}"}, form)
        cookie = login.headers["set-cookie"]
        assert login.status == 303 and "Secure" in cookie
        signed = {"Cookie": cookie.partition(";")[0]}
        assert b"Streamlit" in _ask(port, "/batch", signed).body
        own = {"Origin": f"https://localhost:{port}"}
        assert _ask(port, "/_stcore/stream", UPGRADE | signed | own).status == 101
        foreign = {"Origin": "https://evil.test"}
        assert _ask(port, "/_stcore/stream", UPGRADE | signed | foreign).status == 403
        body = json.dumps({"query": "q", "documents": ["a", "b"]}).encode()
        deadline = time.monotonic() + 60
        while (answer := _ask(port, "/rerank", {"Authorization": f"Bearer {KEY}"}, body)).status == 503:
            assert time.monotonic() < deadline
            time.sleep(0.1)  # polling: the model is still loading
        assert len(json.loads(answer.body)["results"]) == 2
        # The visitor's address, told by the proxy, is the one that wrong keys are counted for.
        assert _ask(port, "/rerank", {"Authorization": "Bearer wrong"}, body).status == 401
        assert "a wrong key from 127.0.0.1" in served.log()[before:]
