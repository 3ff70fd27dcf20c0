"""The Connect page in a browser: what it gives to copy, and the requests of other programs as they come."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, Position, expect

from core.workflows.serving.guides import GUIDES
from tests.browser.conftest import serving
from tests.serving import Served
from tests.serving import serving as served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("page", ["en-US"], indirect=True)]

KEY = "correct horse battery"
MINUTE = 60_000
DOCUMENTS = ["Order a new card.", "Reset it online.", "It rains."]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own: the list holds this module's requests only."""
    with serving(tmp_path_factory.mktemp("connect"), {"RERANK_DOWNLOAD": "never"}) as address:
        yield address


def _ask(server: str, query: str, client: str = "curl/8", status: int = 200) -> None:
    body = {"query": query, "documents": DOCUMENTS, "instruction": "preset:legal"} if status == 200 else {}
    answer = httpx.post(f"{server}/v1/rerank", json=body, headers={"User-Agent": client}, timeout=60)
    assert answer.status_code == status


def _codes(page: Page) -> Locator:
    return page.get_by_test_id("stCode").locator("code")


def _choose(page: Page, program: str) -> None:
    page.locator(".st-key-connect-program input").click()
    page.get_by_role("option", name=program, exact=True).click()


def _opened(page: Page, server: str) -> None:
    page.goto(f"{server}/connect")
    expect(page.get_by_text("Last requests")).to_be_visible(timeout=MINUTE)


def test_each_program_gets_the_live_address_and_a_key(page: Page, server: str) -> None:
    _opened(page, server)
    expect(_codes(page).first).to_have_text(server)
    for guide in GUIDES:
        _choose(page, guide.name)
        wanted = [field.value for field in guide.form(server, "any-key")] or [guide.code(server, "any-key")]
        for text in wanted:
            pattern = re.compile(r"\s*".join(re.escape(word) for word in text.split()))
            expect(_codes(page).filter(has_text=pattern).first).to_be_visible()
        expect(page.get_by_text("«url»")).to_have_count(0)


def test_what_is_shown_can_be_copied(page: Page, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _opened(page, server)
    _choose(page, "Dify")
    box = page.get_by_test_id("stCode").filter(has_text="/v1")
    box.hover()
    box.get_by_role("button").click()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{server}/v1"


def test_requests_appear_as_they_come_and_one_opens_in_rerank(page: Page, server: str) -> None:
    _opened(page, server)
    page.get_by_text("Keep their texts").click()
    expect(page.get_by_text("Nothing yet")).to_be_visible()
    _ask(server, "reset second factor")
    grid = page.get_by_test_id("stDataFrame")
    expect(grid).to_be_visible()
    _ask(server, "later", status=400)
    # A click after another widget was used counts like any other.
    _choose(page, "Open WebUI")
    expect(_codes(page).filter(has_text="/v1/rerank")).to_be_visible()
    _click(grid, row=2)
    page.get_by_role("button", name="Open in Rerank").click()
    expect(page.get_by_label("Query", exact=True).first).to_have_value("reset second factor", timeout=MINUTE)
    expect(page.get_by_test_id("stTextArea").locator("textarea").first).to_have_value("\n".join(DOCUMENTS))
    expect(page).to_have_url(f"{server}/")


def test_no_more_than_the_last_fifty_are_kept(page: Page, server: str) -> None:
    for number in range(52):
        _ask(server, f"number {number}", client=f"client-{number}")
    _opened(page, server)
    # The grid is drawn on a canvas; what it shows stands in a table for screen readers, header included.
    rows = page.get_by_test_id("stDataFrame").locator("table[role=grid]")
    expect(rows).to_have_attribute("aria-rowcount", "51")


def test_the_key_is_handed_out_only_when_asked_for(page: Page, tmp_path: Path) -> None:
    settings = {"RERANK_DOWNLOAD": "never", "RERANK_API_KEY": KEY}
    with served(tmp_path, settings, ready="/health/ready") as locked:
        _log_in(page, locked)
        _opened(page, locked.address)
        expect(_codes(page).filter(has_text="Bearer YOUR-KEY")).to_be_visible()
        expect(page.get_by_text(KEY)).to_have_count(0)
        page.get_by_text("Show the key in the settings").click()
        expect(_codes(page).filter(has_text=f"Bearer {KEY}")).to_be_visible()


def _log_in(page: Page, locked: Served) -> None:
    page.goto(f"{locked.address}/login")
    page.get_by_label("Key").fill(KEY)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_test_id("stApp")).to_be_visible(timeout=MINUTE)


def _click(grid: Locator, row: int) -> None:
    """Click a row, from 1, of what is painted. Streamlit takes a press only once the pointer has arrived."""
    place: Position = {"x": 40, "y": 17 + 35 * row}
    grid.hover(position=place)
    grid.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    grid.click(position=place)
