"""The door in a real browser: the printed link logs in, and no page wants what the policy forbids."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from pages.parts.frame.menu import ENTRIES
from tests.serving import serving as served

pytestmark = pytest.mark.browser
KEY = "correct horse & battery"


def test_the_printed_link_logs_in_and_the_page_that_was_wanted_opens(tmp_path: Path, page: Page) -> None:
    settings = {"RERANK_API_KEY": KEY, "RERANK_DOWNLOAD": "never"}
    with served(tmp_path, settings, ready="/_stcore/health") as server:
        link = next(word for word in server.log().split() if "/login#key=" in word)
        page.goto(f"{server.address}/batch")
        page.get_by_label("密钥").fill("wrong key at all")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("密钥").fill(KEY)
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("heading", name="批量")).to_be_visible()
        page.context.clear_cookies()
        page.goto(link)
        expect(page.get_by_label("查询")).to_be_visible()
        assert "correct" not in page.url
        # A link on another site arrives without the cookie; the login page may use it and goes on by itself.
        page.goto(f"{server.address}/login?next=/model")
        expect(page).to_have_url(f"{server.address}/model")
        assert KEY not in server.log().replace(link, "")


@pytest.mark.parametrize("page", ["en-US"], indirect=True)
def test_no_page_wants_what_the_policy_forbids_and_each_says_it_is_open(tmp_path: Path, page: Page) -> None:
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            refused.append(message.text)

    page.on("console", note)
    settings = {"RERANK_DOWNLOAD": "never", "RERANK_AUTH": "off", "RERANK_ALLOWED_HOSTS": "desk.example"}
    with served(tmp_path, settings) as server:
        # The first page stands at «/»: its own name is the API's.
        for place in ("", *(Path(entry.file).stem for entry in ENTRIES[1:])):
            page.goto(f"{server.address}/{place}")
            expect(page.get_by_text("No key is asked for (RERANK_AUTH=off)")).to_be_visible()
            expect(page.get_by_test_id("stMain").locator("h1, h2, h3, label, p").first).to_be_visible()
    assert not refused, "\n".join(refused)


def test_a_foreign_name_for_this_machine_loads_nothing(chromium: Browser, server: str) -> None:
    context = chromium.new_context()
    # Browsers resolve every name below localhost to this machine, as a rebound name would be.
    answer = context.new_page().goto(server.replace("localhost", "evil.localhost"))
    assert answer is not None and answer.status == 403
    context.close()
