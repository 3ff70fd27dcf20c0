"""A server of our own on a free port, and a Chromium that may reach nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests import serving as served

CHROMIUM = "/usr/bin/chromium"
# Without them Chromium looks up outside hosts at every start.
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# Two busy cores draw a page in seconds; five, Playwright's own limit, are too few.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole tool as a user starts it, offline; gives its address."""
    with serving(
        tmp_path_factory.mktemp("home"), {"RERANK_DOWNLOAD": "never", "RERANK_PRECISION": "fp32"}
    ) as address:
        yield address


@contextmanager
def serving(home: Path, settings: dict[str, str]) -> Iterator[str]:
    """A server with settings of its own, ended by its handle; gives its address."""
    with served.serving(home, settings) as running:
        yield running.address


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
    with fresh_profile(chromium, locale=request.param, viewport={"width": 1440, "height": 1000}) as opened:
        yield opened


@contextmanager
def fresh_profile(chromium: Browser, **settings: Any) -> Iterator[Page]:  # noqa: ANN401  playwright's own
    """A tab of a new profile; a request to any other host is an error. settings: of playwright's context."""
    outside: list[str] = []

    def local_only(route: Route) -> None:
        if route.request.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context = chromium.new_context(accept_downloads=True, **settings)
    context.route("**/*", local_only)
    yield context.new_page()
    # What is still asked for when a test ends early must not be waited for.
    context.unroute_all(behavior="ignoreErrors")
    context.close()
    assert not outside, f"the page asked other hosts: {outside}"
