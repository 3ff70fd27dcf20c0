"""The first minute of an analyst, in a real browser: rerank a sample, read a text, take the Excel home."""

import io
import json
import urllib.request
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.workflows.rerank.samples import SAMPLES

pytestmark = pytest.mark.browser
CHINESE = next(sample for sample in SAMPLES if sample.language == "zh")
ANSWER = CHINESE.documents[CHINESE.answer]


def _rerank_the_sample(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("button", name=CHINESE.title).click()
    documents = page.get_by_test_id("stTextArea").locator("textarea")
    expect(documents).to_have_value("\n".join(CHINESE.documents))
    documents.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("评分模型")).to_be_visible(timeout=60_000)


def test_the_chinese_sample_is_reranked_and_its_excel_reads_back(page: Page, server: str) -> None:
    _rerank_the_sample(page, server)
    expect(page.get_by_test_id("stMain").get_by_text(ANSWER, exact=True).last).to_be_visible()
    page.get_by_role("tab", name="导出与接口").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    content = Path(download.value.path()).read_bytes()
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["结果"].iter_rows(values_only=True))
    assert rows[1][:4] == (CHINESE.query, ANSWER, 1, CHINESE.answer + 1)
    assert {row[1] for row in rows[1:]} == set(CHINESE.documents)


def test_a_click_on_a_row_opens_its_whole_text(page: Page, server: str) -> None:
    _rerank_the_sample(page, server)
    table = page.get_by_test_id("stDataFrame").first
    expect(page.get_by_text("第 1 名（原第")).to_be_visible()
    # The table is a canvas: the third row lies three row heights below the header.
    height = table.bounding_box()
    assert height is not None
    row = height["height"] / (len(CHINESE.documents) + 1)
    table.click(position={"x": 300, "y": row * 3.5})
    expect(page.get_by_text("第 3 名")).to_be_visible()


def test_what_was_typed_survives_a_page_switch(page: Page, server: str) -> None:
    _rerank_the_sample(page, server)
    page.get_by_role("link", name="模型", exact=True).click()
    expect(page.get_by_text("未运行：没有权重")).to_be_visible()
    page.get_by_role("link", name="重排序", exact=True).click()
    expect(page.get_by_label("查询")).to_have_value(CHINESE.query)
    expect(page.get_by_text("评分模型")).to_be_visible()


def test_a_deep_link_opens_its_page_and_speaks_the_browsers_language(page: Page, server: str) -> None:
    page.goto(f"{server}/model")
    expect(page.get_by_role("heading", name="模型", exact=True)).to_be_visible()
    expect(page.get_by_text("Page not found")).not_to_be_visible()


def test_pages_and_http_share_the_port(server: str) -> None:
    body = json.dumps({"query": CHINESE.query, "documents": list(CHINESE.documents)}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{server}/rerank", data=body), timeout=60) as answer:
        assert json.load(answer)["reranked_documents"][0] == ANSWER


def test_another_language_stays_over_pages_and_reloads_and_changes_no_choice(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_text("清洗与切分文档").first.click()
    page.get_by_text("将长文档分块").click()
    best = page.get_by_role("combobox", name="文档得分")
    # The list opens downwards, and closes when it has to scroll.
    expect(best).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    best.evaluate("box => box.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_timeout(500)
    best.click()
    page.get_by_role("option", name="前 3 块的均值", exact=True).click()
    expect(best).to_have_value("前 3 块的均值")
    page.get_by_text("English", exact=True).click()
    best = page.get_by_role("combobox", name="Score of a document")
    expect(best).to_have_value("mean of its best 3", timeout=30_000)
    # A click anywhere sends what the browser holds of the box.
    page.get_by_role("button", name="All rules").click()
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(best).to_have_value("mean of its best 3")
    page.get_by_role("link", name="Model", exact=True).click()
    expect(page.get_by_text("Not run: no weights")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text("Not run: no weights")).to_be_visible(timeout=30_000)
