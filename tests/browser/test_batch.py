"""A spreadsheet through the whole tool in a real browser: upload, map, run, drill down, take Excel home."""

import io
import math
import random
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

QUESTION = "退的钱多久能到账"
OTHER_QUESTION = "积分什么时候清零"
ANSWER = "退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。"
OTHERS = (
    "如需换货，请在订单详情页选择“换货”。",
    '=HYPERLINK("http://example.invalid","发票")',
    "会员积分每年清零。",
)
HEADER = ("编号", "问法（原文）", "候选", "得分", "备注", "权重")
MINUTE = 60_000


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two questions with four candidates each, below a title row; the answer stands last.

    «得分» puts the answer last, «权重» puts it first.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客服问答导出"])
    sheet.append([])
    sheet.append(HEADER)
    for number, question in (("0007", QUESTION), ("0008", OTHER_QUESTION)):
        for place, text in enumerate((*OTHERS, ANSWER)):
            sheet.append([number, question, text, 9.5 - place, f"第{place}条", place + 0.25])
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    path = tmp_path / "问答.xlsx"
    book.save(path)
    return path


def _upload(page: Page, server: str, path: Path) -> None:
    page.goto(f"{server}/batch")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)


def _run(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^重排 .* 个查询文档对")).click(timeout=MINUTE)


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=False).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_workbook_is_mapped_scored_and_read_back(page: Page, server: str, workbook: Path) -> None:
    _upload(page, server, workbook)
    # The header is found below the title. «得分» is taken for the score before; the analyst knows better.
    expect(page.get_by_role("spinbutton", name="表头行")).to_have_value("3", timeout=MINUTE)
    expect(page.get_by_text("原有顺序取自得分列")).to_be_visible(timeout=MINUTE)
    _choose(page, "原得分", "权重")
    expect(page.get_by_role("combobox", name="原得分")).to_have_value("权重")
    _run(page)
    expect(page.get_by_role("radio", name="概要")).to_be_visible(timeout=MINUTE)
    assert "job=" in page.url
    page.get_by_role("radio", name="查询").click()
    expect(page.get_by_text(QUESTION).last).to_be_visible()
    # The whole text of the new first document stands below the table.
    text = page.locator(".care-text")
    expect(text).to_be_visible()
    expect(text).to_have_text(ANSWER)

    page.get_by_role("radio", name="导出与说明").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    content = Path(download.value.path()).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["概要", "结果", "前后对比", "行说明", "设置", "图表数据"]
    rows = list(book["结果"].iter_rows(values_only=True))
    assert rows[0] == (*HEADER, "新名次", "名次变化", "logit", "相似度", "被截断")
    texts = (*OTHERS, ANSWER)
    given = [
        (number, question, text, 9.5 - place, f"第{place}条", place + 0.25)
        for number, question in (("0007", QUESTION), ("0008", OTHER_QUESTION))
        for place, text in enumerate(texts)
    ]
    # Every cell of the file is still there, each row with its own.
    assert sorted(row[:6] for row in rows[1:]) == sorted(given)
    for query in (rows[1:5], rows[5:9]):
        assert [row[6] for row in query] == [1, 2, 3, 4]
        # By the weights, the last text stood first.
        assert [row[7] for row in query] == [4 - texts.index(row[2]) - row[6] for row in query]
        assert [row[8] for row in query] == sorted((row[8] for row in query), reverse=True)
        for row in query:
            # Logits are written with four decimals.
            assert row[9] == pytest.approx(1 / (1 + math.exp(-row[8])), abs=1e-4)
            assert row[10] == "否"
    assert rows[1][2] == ANSWER and rows[1][7] == 0
    for cells in book["结果"].iter_rows(min_row=2):
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells), cells
    assert book["结果"].freeze_panes == "A2" and book["结果"].auto_filter.ref == "A1:K9"
    lines = [[cell for cell in row if cell is not None] for row in book["概要"].iter_rows(values_only=True)]
    summary = {line[0]: line[1] for line in lines if len(line) == 2}
    assert (summary["查询"], summary["已评分的文档"], summary["文件"]) == (2, 8, "问答.xlsx")
    assert re.fullmatch(r"问答-重排结果-\d{4}-\d\d-\d\d\.xlsx", download.value.suggested_filename)
    before_after = list(book["前后对比"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in before_after[:4]] == list(reversed(texts))
    assert [row[4] for row in before_after] == [row[2] for row in rows[1:]]
    settings = dict(book["设置"].iter_rows(min_row=2, values_only=True))
    assert settings["文件"] == "问答.xlsx" and settings["列：初始得分"] == "权重"


def test_a_running_job_survives_a_reload_and_is_paused_from_another_browser(
    page: Page, chromium: Browser, server: str, tmp_path: Path
) -> None:
    chance = random.Random(2)
    lines = ["query,document"]
    for query in range(40):
        words = [str(chance.random()) for _ in range(20)]
        lines += [f"question {query}?,{place} {' '.join(words)}" for place in range(40)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    _upload(page, server, path)
    _run(page)
    expect(page.get_by_text(re.compile(r"运行中.* / 1,600"))).to_be_visible(timeout=MINUTE)
    page.reload()
    expect(page.get_by_text(re.compile(r"运行中.* / 1,600"))).to_be_visible(timeout=MINUTE)

    context = chromium.new_context(locale="en-US")
    other = context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Pause").click(timeout=MINUTE)
    expect(other.get_by_role("button", name="Resume")).to_be_visible(timeout=MINUTE)
    # The first browser sees it without doing anything.
    expect(page.get_by_text(re.compile("已暂停"))).to_be_visible(timeout=MINUTE)
    context.close()

    page.get_by_test_id("stSidebarNavLink").nth(0).click()
    expect(page.get_by_role("button", name="重排序")).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").nth(1).click()
    expect(page.get_by_role("button", name="继续")).to_be_visible(timeout=MINUTE)
    page.get_by_role("button", name="新建批量任务").click()
    expect(page.get_by_text("未完成的任务")).to_be_visible(timeout=MINUTE)
