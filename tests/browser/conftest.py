"""A server of our own on a free port, and a Chromium that may reach nothing else."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
# Without them Chromium looks up outside hosts at every start.
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
START_SECONDS = 90
# Two busy cores draw a page in seconds; five, Playwright's own limit, are too few.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole tool as a user starts it, offline; gives its address."""
    with serving(tmp_path_factory.mktemp("home"), {"RERANK_DOWNLOAD": "never"}) as address:
        yield address


@contextmanager
def serving(home: Path, settings: dict[str, str]) -> Iterator[str]:
    """A server with settings of its own, ended by its handle; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"RERANK_HOME": str(home), "PORT": str(port)} | settings
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            _wait_until_ready(f"http://localhost:{port}/health", process, log)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)  # polling: the server says on its own when it is ready
    pytest.fail(f"the server did not become ready:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=["zh-CN"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh profile in a language; a request to any other host fails the test."""
    outside: list[str] = []

    def local_only(route: Route) -> None:
        if route.request.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context = chromium.new_context(
        locale=request.param, viewport={"width": 1440, "height": 1000}, accept_downloads=True
    )
    context.route("**/*", local_only)
    yield context.new_page()
    context.close()
    assert not outside, f"the page asked other hosts: {outside}"
