"""Results have an address and a life, move between pages, and work by keyboard, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.workflows.rerank.samples import SAMPLES

pytestmark = pytest.mark.browser
MINUTE = 60_000
CHINESE = next(sample for sample in SAMPLES if sample.language == "zh")


def _idle(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=MINUTE
    )


def _rerank_the_sample(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("button", name=CHINESE.title).click(timeout=MINUTE)
    expect(page.get_by_label("查询", exact=True)).to_have_value(CHINESE.query)
    # The focus is on a choice, where Streamlit's own shortcuts are dead.
    page.get_by_role("radio", name="每行一个").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("评分模型")).to_be_visible(timeout=MINUTE)


def test_a_result_survives_reload_and_language_and_is_found_again(page: Page, server: str) -> None:
    _rerank_the_sample(page, server)
    assert re.search(r"[?&]run=[0-9a-f]{12}", page.url)
    page.reload()
    expect(page.get_by_text("评分模型")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_label("查询", exact=True)).to_have_value(CHINESE.query)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_text("Scored by")).to_be_visible(timeout=MINUTE)
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("button", name=CHINESE.query).first).to_be_visible(timeout=MINUTE)


def test_a_query_opens_in_another_page_with_its_documents(page: Page, server: str) -> None:
    _rerank_the_sample(page, server)
    _idle(page)
    page.get_by_role("button", name="打开于").click()
    page.get_by_text("指令实验", exact=True).last.click()
    expect(page.get_by_role("heading", name="指令实验")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_label("查询", exact=True)).to_have_value(CHINESE.query)


def test_the_question_mark_opens_the_help_sheet(page: Page, server: str) -> None:
    page.goto(f"{server}/connect")
    expect(page.get_by_role("heading", name="接入", exact=True)).to_be_visible(timeout=MINUTE)
    # The heading may come before the button and the listener, without which a key does nothing.
    expect(page.get_by_role("button", name="帮助", exact=True)).to_be_visible(timeout=MINUTE)
    page.wait_for_function("window.workbenchKeys", timeout=MINUTE)
    page.keyboard.press("?")
    expect(page.get_by_text("第 1 步，共 4 步")).to_be_visible(timeout=MINUTE)
    page.get_by_role("radio", name="术语").click()
    expect(page.get_by_text("要搜索的内容。")).to_be_visible(timeout=MINUTE)
    page.keyboard.press("Escape")
    expect(page.get_by_text("要搜索的内容。")).to_have_count(0, timeout=MINUTE)
