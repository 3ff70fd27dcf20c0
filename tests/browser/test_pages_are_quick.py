"""Going from page to page stays quick with a run of 100,000 pairs open; what the server took is measured."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.pages import FIRST_SIGHT_SECONDS, SWITCH_SECONDS, first_sights, make_run, switches
from tests.serving import Served, serving

pytestmark = pytest.mark.browser
PAIRS = 100_000
# Other programs on the machine come between; the best of these is what the page itself takes.
ROUNDS = 3
# Opening the run reads all of it, once; it is no switch.
OPENING = "batch, opened first"


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Served, str]]:
    """A server with a finished run, and the run's id."""
    with tempfile.TemporaryDirectory() as folder:
        job = make_run(Path(folder), PAIRS)
        with serving(Path(folder), {"RERANK_MODEL": "embedded", "RERANK_DOWNLOAD": "never"}) as served:
            yield served, job


def test_every_page_is_seen_soon_after_the_server_answers(
    chromium: Browser, opened: tuple[Served, str]
) -> None:
    took = first_sights(chromium, opened[0].address, ROUNDS)
    assert {page: min(seconds) for page, seconds in took.items() if min(seconds) > FIRST_SIGHT_SECONDS} == {}


def test_a_page_switch_recomputes_nothing_of_a_large_run(
    chromium: Browser, opened: tuple[Served, str]
) -> None:
    served, job = opened
    took = switches(chromium, served.address, served.process.pid, job, ROUNDS)
    del took[OPENING]
    # Of processor time: beside other programs the clock shows theirs, too.
    computed = {page: min(processor for _, processor in rounds) for page, rounds in took.items()}
    assert {page: seconds for page, seconds in computed.items() if seconds > SWITCH_SECONDS} == {}
