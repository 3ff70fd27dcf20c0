"""The whole tool as a user starts it, as a process of its own on a free port."""

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90


@dataclass(frozen=True)
class Served:
    """A running server: where it is, its process, and what it has logged."""

    port: int
    scheme: str
    process: "subprocess.Popen[bytes]"
    log_file: Path

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"{self.scheme}://localhost:{self.port}"

    def log(self) -> str:
        """Everything it wrote so far."""
        return self.log_file.read_text(errors="replace")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    home: Path,
    settings: dict[str, str],
    *,
    ready: str = "/health",
    command: tuple[str, ...] = (),
    scheme: str = "http",
    context: ssl.SSLContext | None = None,
) -> Iterator[Served]:
    """A server with settings of its own, ended by its handle. `command` stands in for `core serve`."""
    port = free_port()
    environment = os.environ | {"RERANK_HOME": str(home), "PORT": str(port)} | settings
    log_file = home / "server.log"
    with log_file.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "core", "serve"))],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        served = Served(port, scheme, process, log_file)
        try:
            _wait_until_ready(served, ready, context)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(served: Served, path: str, context: ssl.SSLContext | None) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            with urllib.request.urlopen(served.address + path, timeout=5, context=context):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # polling: the server says on its own when it is ready
    pytest.fail(f"the server did not become ready:\n{served.log()}")
