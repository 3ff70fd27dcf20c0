"""Five models compared on the shipped sample: two embedded ones, BM25, two on servers; until Excel."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.models import load_scorer
from core.settings import Settings
from tests.models.cross_encoder.models import write_model
from tests.models.remote.http_server import tei_server
from tests.workflows.compare.sample_sheet import write_sample_sheet

pytestmark = pytest.mark.browser

MINUTE = 60_000


def _until_drawn(page: Page) -> None:
    """A field that is drawn anew loses what was typed and clicked."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=MINUTE)


def _choose(page: Page, name: str) -> None:
    _until_drawn(page)
    field = page.locator(".st-key-evaluate-compare-models input")
    field.click()
    field.click()
    expect(page.get_by_role("option").first).to_be_visible()
    field.fill(name)
    page.get_by_role("option").filter(has_text=name).first.click()
    expect(page.locator(".st-key-evaluate-compare-models").get_by_text(name).first).to_be_visible()


@pytest.mark.parametrize("page", ["zh-CN"], indirect=True)
def test_models_are_chosen_compared_and_taken_home(page: Page, server: str, tmp_path: Path) -> None:
    sheet = write_sample_sheet(tmp_path / "sample.csv", questions=20, candidates=5)
    served = [
        load_scorer(
            str(write_model(tmp_path / f"tiny-{kind}", kind, positions=514)),
            settings=Settings(home=tmp_path / "home"),
        )
        for kind in ("xlm-roberta", "bert")
    ]
    with tei_server(served[0], "acme/tiny-one") as one, tei_server(served[1], "acme/tiny-two") as two:
        page.goto(f"{server}/evaluate")
        page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(sheet)
        page.get_by_text("或者：比较多个模型").click(timeout=MINUTE)
        for name in ("multilingual-e5-small", "USE-m3", "BM25", one, two):
            _choose(page, name)
        page.keyboard.press("Escape")
        # An open list takes the first click for itself.
        expect(page.get_by_role("option")).to_have_count(0)
        page.keyboard.press("Tab")
        _until_drawn(page)
        page.get_by_role("button", name="比较这些模型").press("Enter")
        expect(page).to_have_url(re.compile("job=models-"))
        expect(page.get_by_text(re.compile("按 nDCG@10 两两比较"))).to_be_visible(timeout=3 * MINUTE)
    expect(page.get_by_role("heading", name=re.compile("nDCG@10"))).to_be_visible()
    expect(page.get_by_text("质量与成本")).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-evaluate-models_excel button").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    header, *rows = book["模型"].iter_rows(values_only=True)
    lines = [dict(zip(header, row, strict=True)) for row in rows if row[0]][:6]
    assert [line["问题"] for line in lines] == [None] * 6
    assert all(line["nDCG@10"] > 0 for line in lines)
    assert all(line["每秒文档对"] > 0 for line in lines[1:])
    assert book["查询文档对"].max_row == 1 + 15
    # A reload finds it by its address, and the start page lists it.
    page.reload()
    expect(page.get_by_text("质量与成本")).to_be_visible(timeout=MINUTE)
    page.locator(".st-key-evaluate-new button").click()
    expect(page.get_by_text("5 个模型")).to_be_visible()
