"""Retrieve in a real browser: the sample in three clicks, one search stage by stage, answers, measurements.

One server with a streaming endpoint of the tests' own serves all of them; the first test fills its corpus.
"""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.text.answering.obedience import PROBE
from tests.browser.conftest import serving
from tests.browser.ugly_uploads import UGLY
from tests.text.answering.streaming_endpoint import streaming_endpoint

pytestmark = pytest.mark.browser

MINUTE = 60_000
QUESTION = "滤芯可以用水洗吗"
NEVER_ENDS = "保修期多久"
ENOUGH = threading.Event()


def _answer(prompt: str, say: Callable[[str], None]) -> None:
    """A right citation, one cut in two, and one of no passage; one question gets no end.

    An instruction inside a passage is obeyed.
    """
    if PROBE[1] in prompt:
        say(prompt.partition("only the word ")[2].split()[0])
        return
    if prompt.endswith(NEVER_ENDS):
        say("整机保修")
        ENOUGH.wait(120)
        return
    for piece in ("不能水洗 [", "1]，见 [9]", "；另见【2】。"):
        say(piece)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The tool with an empty home and a language model."""
    with streaming_endpoint(_answer) as where:
        settings = {"RERANK_DOWNLOAD": "never", "RERANK_LLM_URL": where.url, "RERANK_LLM_MODEL": where.model}
        with serving(tmp_path_factory.mktemp("home"), settings) as running:
            yield running
        ENOUGH.set()


def _of(page: Page, key: str, inner: str = "button") -> Locator:
    return page.locator(f".st-key-retrieve-{key} {inner}")


def _until_drawn(page: Page) -> None:
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=MINUTE)


def _measured_in_three_clicks(page: Page, address: str, two_stages: str) -> None:
    """Nothing but clicks from the page's first sight to the table."""
    page.goto(f"{address}/retrieve")
    _of(page, "sample").click(timeout=MINUTE)
    _of(page, "section", "[role=radio]").nth(1).click(timeout=MINUTE)
    _of(page, "measure_sample").click(timeout=MINUTE)
    cells = page.get_by_test_id("stDataFrame").first.locator("[role=gridcell]")
    expect(cells.filter(has_text=two_stages)).to_have_count(1, timeout=3 * MINUTE)
    assert "job=" in page.url
    expect(_of(page, "verdict_bm25", "p").first).to_be_visible()


def test_the_sample_is_measured_in_three_clicks(page: Page, address: str) -> None:
    _measured_in_three_clicks(page, address, "合并 + 重排（两阶段）")


@pytest.mark.parametrize("page", ["en-US"], indirect=True)
def test_the_sample_is_measured_in_three_clicks_in_english(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path, {"RERANK_DOWNLOAD": "never"}) as address:
        _measured_in_three_clicks(page, address, "Union + reranker (two stages)")


def _open(page: Page, address: str) -> None:
    """The page with the sample, all of whose vectors are made."""
    page.goto(f"{address}/retrieve")
    expect(page.locator(".st-key-retrieve-adding")).to_be_visible(timeout=MINUTE)
    _until_drawn(page)
    if not page.locator(".st-key-retrieve-corpus").count():
        _of(page, "sample").click()
    expect(page.get_by_text(re.compile("向量模型："))).to_be_visible(timeout=2 * MINUTE)
    _until_drawn(page)


def _search(page: Page, address: str, question: str) -> None:
    _open(page, address)
    field = page.get_by_label("查询", exact=True).first
    field.fill(question, timeout=MINUTE)
    field.press("Enter")
    _until_drawn(page)
    _of(page, "search").first.click()
    expect(page.get_by_text(re.compile("候选：")).first).to_be_visible(timeout=MINUTE)
    _until_drawn(page)


def _slide(page: Page, key: str, presses: int) -> None:
    """Steps to the left."""
    thumb = _of(page, key, "input[type=range]")
    thumb.focus()
    for _ in range(presses):
        thumb.press("ArrowLeft")
    _until_drawn(page)


def test_stages_stand_side_by_side_and_sliders_score_nothing_again(page: Page, address: str) -> None:
    _search(page, address, QUESTION)
    scored = page.get_by_text(re.compile("本次评分："))
    first = scored.inner_text()
    assert (
        not first.endswith("本次评分：0") and "按词：" in first and "按语义：" in first and "重排：" in first
    )
    marks = _of(page, "table", "[role=gridcell]").filter(has_text=re.compile("^(救回|掉出)$"))
    # As many passages come into the first n as leave them; those below the table's edge are not drawn.
    expect(marks.filter(has_text="救回")).not_to_have_count(0)
    assert marks.filter(has_text="掉出").count() <= marks.filter(has_text="救回").count()
    _slide(page, "n", 7)
    expect(page.get_by_text(re.compile("输入已更改"))).to_have_count(0)
    assert scored.inner_text() == first
    _slide(page, "k", 10)
    _of(page, "search").first.click()
    expect(page.get_by_text("本次评分：0")).to_be_visible(timeout=MINUTE)


def test_answers_stand_side_by_side_and_cite_their_passages(page: Page, address: str) -> None:
    _search(page, address, QUESTION)
    page.get_by_text("根据段落回答", exact=True).click()
    _of(page, "answer").first.click(timeout=MINUTE)
    for side in ("before", "after"):
        box = page.locator(f".st-key-retrieve-answer_{side}")
        expect(box.get_by_text("错误引用：1")).to_be_visible(timeout=MINUTE)
        expect(box.locator("s")).to_have_text("[9]")
        expect(box.locator("details")).to_have_count(5)
        # Three of the five are not cited, and grey.
        expect(box.locator("details[style*='color']")).to_have_count(3)
        cited = box.locator(f"#passage-{side}-2")
        expect(cited).to_be_hidden()
        box.get_by_role("link", name="[2]").click()
        expect(cited).to_be_visible()


def test_stop_ends_an_answer_that_has_no_end(page: Page, address: str) -> None:
    _search(page, address, NEVER_ENDS)
    page.get_by_text("根据段落回答", exact=True).click()
    _of(page, "answer").first.click(timeout=MINUTE)
    expect(page.get_by_text("整机保修", exact=True)).to_have_count(2, timeout=MINUTE)
    _of(page, "stop").click()
    expect(page.get_by_text(re.compile("已停止"))).to_have_count(2, timeout=MINUTE)
    expect(page.get_by_text("整机保修", exact=True)).to_have_count(2)


def test_a_language_model_that_obeys_a_passage_is_shown_as_such(page: Page, address: str) -> None:
    _search(page, address, QUESTION)
    page.get_by_text("根据段落回答", exact=True).click()
    _of(page, "hostile").first.click(timeout=MINUTE)
    warning = page.get_by_test_id("stAlert").get_by_text(re.compile("该语言模型听从了段落中的指令"))
    expect(warning).to_be_visible(timeout=MINUTE)


def test_candidates_go_to_batch_and_two_measurements_are_compared_in_runs(
    page: Page, address: str, tmp_path: Path
) -> None:
    asked = tmp_path / "问题.csv"
    asked.write_text("问题\n滤芯可以用水洗吗\n发票什么时候开\n", encoding="utf-8")
    for fewer in (10, 15):
        _open(page, address)
        _of(page, "section", "[role=radio]").nth(1).click()
        _slide(page, "most", fewer)
        _of(page, "measure_sample").click()
        link = page.get_by_role("link", name="在“评估”中打开")
        expect(link).to_be_visible(timeout=2 * MINUTE)
    link.click()
    expect(page.locator(".st-key-evaluate-headline h4")).to_have_text(re.compile("55 个查询"), timeout=MINUTE)
    _open(page, address)
    _of(page, "section", "[role=radio]").nth(1).click(timeout=MINUTE)
    page.locator(".st-key-retrieve-questions input[type=file]").set_input_files(asked)
    expect(_of(page, "to_batch").first).to_be_enabled(timeout=MINUTE)
    _of(page, "to_batch").first.click()
    expect(page).to_have_url(re.compile(r"/batch\?job="), timeout=MINUTE)
    expect(page.get_by_text(re.compile("sample · 问题.csv")).first).to_be_visible(timeout=MINUTE)

    page.goto(f"{address}/runs")
    runs = page.get_by_test_id("stDataFrame").first
    expect(runs).to_be_visible(timeout=MINUTE)
    _until_drawn(page)
    # Newest first: the batch, then both measurements. The mark of a row stands at its left.
    for row in (2, 3):
        runs.click(position={"x": 15, "y": 35 * row + 17})
        _until_drawn(page)
    expect(page.get_by_text("每种检索的候选数不同：10 与 5。")).to_be_visible(timeout=MINUTE)
    verdict = page.locator(".st-key-runs-measured_verdict")
    expect(verdict.get_by_text(re.compile("nDCG@10.*55"))).to_be_visible()
    expect(page.get_by_text("基于两个运行共有的 55 个问题。")).to_be_visible()


def test_ugly_files_are_added_or_refused_in_a_sentence(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/retrieve")
    page.get_by_text("添加文件").first.click(timeout=MINUTE)
    page.get_by_label("语料库名称").fill("难看的文件")
    for name, (content, said) in UGLY.items():
        path = tmp_path / name
        path.write_bytes(content)
        page.locator(".st-key-retrieve-files input[type=file]").set_input_files(path)
        expect(page.get_by_text(name, exact=True).first).to_be_visible(timeout=MINUTE)
        _until_drawn(page)
        _of(page, "add").last.click()
        _until_drawn(page)
        expect(page.get_by_test_id("stAlert").get_by_text(re.compile(said)).first).to_be_visible(
            timeout=MINUTE
        )
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.locator(".st-key-retrieve-files").get_by_test_id("stFileChipDeleteBtn").locator("button").click()
        _until_drawn(page)
