"""Documents are cleaned and cut in a real browser; the best chunk and the reasons of its score are shown."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUERY = "退的钱多久能到账"
ANSWER = "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。"
LONG = (
    "# 售后政策\n" + "本店商品种类丰富，欢迎选购。" * 60 + f"\n## 退款\n{ANSWER}规则以公示为准。\n## 发票\n"
    "" + "发票将在订单完成后的24小时内发送到您填写的电子邮箱。" * 40
)
MARKED = "<p>如需换货，请在订单详情页选择<b>换货</b>。</p>"
MINUTE = 60_000


def test_a_long_document_wins_by_its_best_chunk_and_says_why(page: Page, server: str) -> None:
    page.goto(server)
    query = page.get_by_label("查询")
    query.fill(QUERY)
    query.press("Tab")
    page.get_by_role("radio", name="以空行分隔").click()
    documents = page.get_by_test_id("stTextArea").locator("textarea").first
    documents.fill(f"{MARKED}\n\n{LONG}")
    documents.press("Control+Enter")
    # The result moves what stands on the page; a click meanwhile can miss.
    expect(page.get_by_text("评分模型")).to_be_visible(timeout=MINUTE)
    page.get_by_text("清洗与切分文档").first.click()
    page.get_by_role("button", name="全部规则").click()
    expect(page.get_by_text("已修改 1 / 2 个文档")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".care-text del").first).to_have_text("<p>")
    page.get_by_text("将长文档分块").click()
    tokens = page.get_by_label("每块最多 token 数")
    tokens.fill("128")
    tokens.press("Enter")
    expect(page.get_by_text("每块最多 128 个 token")).to_be_visible(timeout=MINUTE)
    page.get_by_test_id("stMain").get_by_role("button", name="重排序").click()

    expect(page.get_by_text("最佳分块：第").first).to_be_visible(timeout=MINUTE)
    shown = page.locator(".care-text").last
    expect(shown).to_contain_text(ANSWER)
    expect(shown).not_to_contain_text("发票")
    page.get_by_role("radio", name="评分文本").click()
    expect(page.locator(".care-text mark")).to_contain_text(ANSWER)

    why = page.get_by_role("button", name="为什么是这个得分")
    expect(why).to_have_count(1)  # while the page is drawn anew, the old one stands beside the new one
    why.click()
    expect(page.get_by_text("近似解释）").last).to_be_visible(timeout=MINUTE)
    parts = page.locator(".care-text mark", has_text=ANSWER)
    expect(parts.filter(has_text="+")).to_have_count(1)

    page.get_by_role("tab", name="导出与接口").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    record = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [one["document"] for one in record["results"]] == [LONG, MARKED]
    assert ANSWER in record["results"][0]["care"]["winning_text"]
    assert record["results"][1]["care"]["cleaned"] == {"html": 4}
