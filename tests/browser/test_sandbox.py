"""Instructions in a real browser: a sample compared side by side, and a winner found on a workbook."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MINUTE = 60_000
# As words in front of the query this pulls the relevant documents up; the query alone cannot.
HELPS = "Given a case, retrieve the passage on refunds to the bank account"
DOCUMENTS = (
    "Parcels of case {n} are delivered on working days, and the carrier rings twice.",
    "An invoice for case {n} is sent by e-mail after the order was completed.",
    "A refund in case {n} goes back to your bank account within three days.",
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Forty questions that name only a case; the passage on refunds is the relevant one and stands last."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["query", "document", "label", "group"])
    for n in range(40):
        for place, text in enumerate(DOCUMENTS):
            sheet.append([f"case {n}", text.format(n=n), int(place == 2), "even" if n % 2 == 0 else "odd"])
    path = tmp_path / "cases.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("page", ["en-US"], indirect=True)
def test_a_sample_is_compared_side_by_side(page: Page, server: str) -> None:
    page.goto(f"{server}/sandbox")
    page.get_by_role("button", name="English: lost phone").click(timeout=MINUTE)
    expect(page.get_by_label("Query", exact=True)).to_have_value(re.compile("I lost my phone"))
    page.get_by_role("button", name="Compare").click()
    # How many are known depends on what other tests asked of this server before.
    expect(page.get_by_text(re.compile(r"\d+ pairs scored, \d+ known"))).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("Tried as words in front of the query", exact=False).first).to_be_visible()
    page.get_by_text("Show only what differs").click()
    page.get_by_role("textbox", name="Instruction B").fill("Given a lost device, retrieve what to do next")
    page.keyboard.press("Control+Enter")
    # Only the edited instruction is scored.
    expect(page.get_by_text("10 pairs scored, 20 known")).to_be_visible(timeout=MINUTE)


def test_a_workbook_has_a_winner_that_is_confirmed_saved_and_exported(
    page: Page, server: str, workbook: Path
) -> None:
    page.goto(f"{server}/sandbox")
    page.get_by_text("整份数据").click(timeout=MINUTE)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(workbook)
    page.get_by_role("textbox", name="指令 B").fill(HELPS)
    page.keyboard.press("Tab")
    page.get_by_role("button", name=re.compile("^开始实验")).click(timeout=MINUTE)
    expect(page.get_by_text(re.compile("优于默认指令，并非侥幸"))).to_be_visible(timeout=2 * MINUTE)
    assert "job=" in page.url
    page.reload()
    expect(page.get_by_text(re.compile("优于默认指令，并非侥幸"))).to_be_visible(timeout=MINUTE)

    page.get_by_label("名称").fill("退款案例")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="保存最佳指令及其依据").click()
    expect(page.get_by_text(re.compile("已保存为 退款案例"))).to_be_visible(timeout=MINUTE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel 报告").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames == ["结论", "指令对比", "留出验证", "逐查询", "顺序变化", "设置"]
    settings = dict(book["设置"].iter_rows(min_row=2, values_only=True))
    assert settings["instruction B own words"] == HELPS
    assert str(settings["输入"]).startswith("cases.xlsx, SHA-256 ")
    assert "不支持指令" in str(settings["指令的使用方式"])

    page.get_by_text("指令库", exact=True).click()
    saved = page.get_by_test_id("stExpander").filter(has_text="退款案例")
    expect(saved).to_be_visible(timeout=MINUTE)
