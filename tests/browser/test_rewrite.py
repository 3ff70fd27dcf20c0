"""Rewriting in a real browser: a sample to its merged order, a labelled workbook to its ledger and back."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.workflows.rewrite.rewrite_sheet import rewrite_xlsx

pytestmark = pytest.mark.browser

MINUTE = 60_000


def test_a_sample_is_reworded_and_scored(page: Page, server: str) -> None:
    page.goto(f"{server}/rewrite")
    page.get_by_role("button", name="中文：它怎么开票").click(timeout=MINUTE)
    expect(page.get_by_text("请问云帆企业邮箱怎么开票？")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("指上下文中的“云帆企业邮箱”").first).to_be_visible()
    page.get_by_role("button", name=re.compile("为所有改写评分")).click()
    expect(page.get_by_role("tab", name="前后对比")).to_be_visible(timeout=MINUTE)
    # The whole text of the merged order's first document stands below the table.
    expect(page.get_by_test_id("stText").get_by_text("发票管理")).to_be_visible()


def test_a_labelled_workbook_leads_to_a_ledger_that_is_read_back(
    page: Page, server: str, tmp_path: Path
) -> None:
    path = tmp_path / "查询.xlsx"
    path.write_bytes(rewrite_xlsx())
    page.goto(f"{server}/rewrite")
    page.get_by_text("整份数据", exact=True).click(timeout=MINUTE)
    # Until it shows, the page still has the glossary's field for files.
    expect(page.get_by_text("查询与候选文档")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("改写结果")).to_have_count(0, timeout=MINUTE)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    page.get_by_role("combobox", name="各查询的上下文", exact=False).first.click(timeout=MINUTE)
    page.get_by_role("option", name="上下文", exact=True).click()
    expect(page.get_by_text("14 个查询中有 12 个得到共 16 个改写")).to_be_visible(timeout=MINUTE)
    page.get_by_role("button", name=re.compile("为所有改写评分")).click()
    expect(page.get_by_text("14 个查询中有 12 个", exact=False).first).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("变好：nDCG@10 提高").first).to_be_visible(timeout=MINUTE)
    assert "job=" in page.url

    with page.expect_download() as download:
        page.get_by_role("button", name="Excel 报告").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames == ["规则", "改写明细", "查询", "设置"]
    rules = list(book["规则"].iter_rows(values_only=True))
    assert rules[1][:3] == ("reference", "已采纳", "采纳") and rules[1][3] == 12
    with page.expect_download() as download:
        page.get_by_role("button", name="优胜查询（CSV）").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["query"] == "请问云帆企业邮箱怎么开票？" and first["original_query"] == "请问它怎么开票？"

    page.reload()
    expect(page.get_by_text("变好：nDCG@10 提高").first).to_be_visible(timeout=MINUTE)
