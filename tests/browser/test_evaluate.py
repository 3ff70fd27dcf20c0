"""From a labelled workbook to the downloaded verdict in a browser; judging by keys; runs of other tools."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MINUTE = 60_000
HEADER = ("查询", "文档", "标签", "分组")
TOPICS = (
    "退款",
    "发票",
    "物流",
    "会员积分",
    "优惠券",
    "修改密码",
    "换货",
    "保修",
    "取消订单",
    "开具证明",
    "客服电话",
    "配送范围",
)
NOTE = "第 2 段提到 1 次"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Twelve questions with three documents: the answer stands last, the one in the middle is unjudged.

    A thirteenth question has no relevant document, and is left out of the measures.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for number, topic in enumerate((*TOPICS, "停车")):
        known = number < len(TOPICS)
        group = "单" if number % 2 else "双"
        question = f"怎么办理{topic}？"
        other = TOPICS[(number + 3) % len(TOPICS)]
        sheet.append([question, f"关于{other}的说明在帮助中心第{number}页。", 0, group])
        sheet.append([question, f"{TOPICS[(number + 5) % len(TOPICS)]}请咨询门店。", None, group])
        sheet.append(
            [question, f"{topic}的办理方法：打开“我的”，选择{topic}并提交。", 2 if known else 0, group]
        )
    path = tmp_path / "标注.xlsx"
    book.save(path)
    return path


def _main(page: Page, key: str, kind: str = "button") -> Any:  # noqa: ANN401  a playwright locator
    return page.locator(f".st-key-evaluate-{key} {kind}")


def _section(page: Page, name: str) -> None:
    _main(page, "section").get_by_text(name, exact=True).click()


def _evaluate(page: Page, server: str, workbook: Path) -> None:
    page.goto(f"{server}/evaluate")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(workbook)
    expect(page.get_by_text("13 个查询，39 个查询文档对，26 个标签")).to_be_visible(timeout=MINUTE)
    _main(page, "run").click(timeout=MINUTE)
    expect(_main(page, "section").first).to_be_visible(timeout=2 * MINUTE)


def test_the_sample_survives_a_reload_and_gives_a_verdict(page: Page, server: str) -> None:
    page.goto(f"{server}/evaluate")
    _main(page, "sample").first.click(timeout=MINUTE)
    described = page.get_by_text("64 个查询，640 个查询文档对，640 个标签")
    expect(described).to_be_visible(timeout=MINUTE)
    page.reload()
    expect(described).to_be_visible(timeout=MINUTE)
    _main(page, "run").click(timeout=MINUTE)
    expect(page.get_by_text("53 个查询").first).to_be_visible(timeout=MINUTE)


def test_the_table_to_fill_in_is_understood(page: Page, server: str, tmp_path: Path) -> None:
    page.goto(f"{server}/evaluate")
    with page.expect_download() as got:
        _main(page, "template").click(timeout=MINUTE)
    path = tmp_path / "模板.xlsx"
    got.value.save_as(path)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    expect(page.get_by_text("2 个查询，3 个查询文档对，3 个标签")).to_be_visible(timeout=MINUTE)


def _rows(book: Any, sheet: str) -> list[dict[str, Any]]:  # noqa: ANN401  openpyxl has no types
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _report(page: Page) -> Any:  # noqa: ANN401
    with page.expect_download() as download:
        _main(page, "download_excel").click(timeout=MINUTE)
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_a_labelled_workbook_becomes_a_verdict_that_is_taken_home(
    page: Page, server: str, workbook: Path
) -> None:
    _evaluate(page, server, workbook)
    assert "job=" in page.url
    headline = _main(page, "headline", "h4")
    expect(headline).to_have_text(re.compile(r"nDCG@10.*12 个查询"), timeout=MINUTE)
    said = headline.inner_text()

    book = _report(page)
    assert book.sheetnames == ["概览", "结论", "指标", "逐查询", "变差的查询", "设置", "阈值"]
    assert len(book["概览"]._charts) == 1
    verdict = _rows(book, "结论")
    # The sentence on the screen is the one in the file; Streamlit puts an icon before it.
    assert verdict[0]["关于"] == "结论" and said.endswith(verdict[0]["句子"])
    measures = {row["指标名"]: row for row in _rows(book, "指标") if row["分组"] is None}
    assert list(measures) == ["nDCG@10", "RR@10", "R@5", "Success@1"]
    # By hand: the only relevant document stands third, so nDCG is 1 / log2(4) and the reciprocal rank 1 / 3.
    assert measures["nDCG@10"]["查询"] == 12
    assert measures["nDCG@10"]["重排前"] == pytest.approx(0.5)
    assert measures["RR@10"]["重排前"] == pytest.approx(1 / 3)
    assert measures["nDCG@10"]["最佳可能"] == 1
    per_query = _rows(book, "逐查询")
    assert len(per_query) == 12
    mean = sum(row["nDCG@10 重排后"] for row in per_query) / 12
    assert measures["nDCG@10"]["重排后"] == pytest.approx(mean)
    assert {row["分组"] for row in _rows(book, "指标")} == {None, "单", "双"}
    settings = [(row["项目"], row["值"]) for row in _rows(book, "设置")]
    assert ("列：标签", "标签") in settings
    assert any(name == "输入" and value.startswith("标注.xlsx, SHA-256 ") for name, value in settings)


def test_measures_and_conventions_survive_a_reload_and_another_page(
    page: Page, server: str, workbook: Path
) -> None:
    _evaluate(page, server, workbook)
    expect(_main(page, "headline", "h4")).to_have_text(re.compile(r"nDCG@10.*12 个查询"), timeout=MINUTE)
    page.get_by_text("指标与约定").click()
    page.get_by_text("没有相关文档的查询也计入，按 0 计").click()
    # Nothing is left out any more: the thirteenth query counts.
    expect(_main(page, "headline", "h4")).to_have_text(re.compile(r"nDCG@10.*13 个查询"), timeout=MINUTE)
    page.reload()
    expect(_main(page, "headline", "h4")).to_have_text(re.compile(r"nDCG@10.*13 个查询"), timeout=MINUTE)
    page.get_by_test_id("stSidebar").get_by_text("重排序", exact=True).click()
    expect(page.get_by_role("heading", name="重排序")).to_be_visible(timeout=MINUTE)
    page.get_by_test_id("stSidebar").get_by_text("评估", exact=True).click()
    expect(_main(page, "headline", "h4")).to_have_text(re.compile(r"nDCG@10.*13 个查询"), timeout=MINUTE)


def test_grades_by_keyboard_are_saved_at_once_and_survive_a_reload(
    page: Page, server: str, workbook: Path
) -> None:
    _evaluate(page, server, workbook)
    _section(page, "标注")
    expect(page.get_by_text(re.compile("已人工标注 0 个；待标注 13 个"))).to_be_visible(timeout=MINUTE)
    note = page.locator("[class*='st-key-evaluate-note'] input")
    # Digits typed into the note are no grades.
    note.fill(NOTE)
    note.press("Enter")
    expect(page.get_by_text(re.compile("已人工标注 0 个"))).to_be_visible(timeout=MINUTE)
    note.blur()
    page.keyboard.press("3")
    expect(page.get_by_text(re.compile("已人工标注 1 个；待标注 12 个"))).to_be_visible(timeout=MINUTE)
    page.keyboard.press("0")
    expect(page.get_by_text(re.compile("已人工标注 2 个"))).to_be_visible(timeout=MINUTE)
    page.keyboard.press("u")
    expect(page.get_by_text(re.compile("已人工标注 1 个"))).to_be_visible(timeout=MINUTE)

    page.reload()
    _section(page, "标注")
    expect(page.get_by_text(re.compile("已人工标注 1 个；待标注 12 个"))).to_be_visible(timeout=MINUTE)
    page.get_by_text("导入与导出标注").click()
    with page.expect_download() as download:
        _main(page, "judgements_csv").click(timeout=MINUTE)
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "query_id,query,document_id,label,note"
    assert len(lines) == 1 + 26 + 1
    (noted,) = [line for line in lines if line.endswith(NOTE)]
    assert noted.split(",")[3] == "3"


def test_runs_of_other_tools_are_measured_and_found_again_after_a_reload(
    page: Page, server: str, tmp_path: Path
) -> None:
    queries = range(1, 13)
    (tmp_path / "qrels.txt").write_text("".join(f"q{q} 0 d3 1\n" for q in queries), encoding="utf-8")
    for name, orders in (("old", "d1 d2 d3"), ("new", "d3 d1 d2")):
        lines = [
            f"q{q} Q0 {document} {rank} {9 - rank} {name}\n"
            for q in queries
            for rank, document in enumerate(orders.split(), start=1)
        ]
        (tmp_path / f"{name}.run").write_text("".join(lines), encoding="utf-8")
    page.goto(f"{server}/evaluate")
    page.get_by_text("或者：其他工具的排序结果与标注（TREC 文件）").click(timeout=MINUTE)
    inputs = page.get_by_test_id("stFileUploaderDropzoneInput")
    inputs.nth(1).set_input_files([tmp_path / "old.run", tmp_path / "new.run"])
    expect(page.get_by_text("new.run")).to_be_visible(timeout=MINUTE)
    inputs.nth(2).set_input_files(tmp_path / "qrels.txt")
    expect(_main(page, "trec_run")).to_be_enabled(timeout=MINUTE)
    _main(page, "trec_run").click()
    headline = _main(page, "headline", "h4")
    expect(headline).to_have_text(re.compile(r"0\.500 nDCG@10|nDCG@10.*0\.500"), timeout=MINUTE)
    page.reload()
    expect(headline).to_be_visible(timeout=MINUTE)
    rows = _rows(_report(page), "指标")
    assert (rows[0]["重排前"], rows[0]["重排后"], rows[0]["变好"]) == (pytest.approx(0.5), 1, 12)
