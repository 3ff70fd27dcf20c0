"""The page opens on the embedded model while Qwen3-Reranker arrives from a hub, and offers to switch."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.models.catalogue import DEFAULT_QWEN
from core.workflows.rerank.samples import SAMPLES
from tests.browser.conftest import serving
from tests.models.fake_hub import FakeHub, refusing_url, running
from tests.qwen_fixture import tiny_qwen_folder

pytestmark = pytest.mark.browser
CHINESE = next(sample for sample in SAMPLES if sample.language == "zh")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    """A hub that holds a tiny model under the real name and waits before the second half of its weights."""
    folder = tiny_qwen_folder(tmp_path)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with running(FakeHub("modelscope", DEFAULT_QWEN, files, gate=threading.Event())) as hub:
        yield hub


def test_embedded_first_then_a_switch_when_the_download_is_done(
    page: Page, hub: FakeHub, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = {
        "RERANK_DOWNLOAD": "auto",
        "RERANK_MODELSCOPE_ENDPOINT": hub.url,
        "RERANK_HF_ENDPOINT": refusing_url(),
        "MODELSCOPE_CACHE": str(tmp_path_factory.mktemp("none")),
        "HF_HOME": str(tmp_path_factory.mktemp("none")),
    }
    assert hub.gate is not None
    with serving(tmp_path_factory.mktemp("home"), settings) as address:
        page.goto(address)
        sidebar = page.get_by_test_id("stSidebar")
        expect(sidebar.get_by_role("progressbar")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name=CHINESE.title).click()
        expect(page.get_by_label("查询")).to_have_value(CHINESE.query)
        page.get_by_test_id("stMain").get_by_role("button", name="重排序").click()
        heading = page.get_by_text("评分模型")
        expect(heading).to_contain_text("embedded", timeout=60_000)
        hub.gate.set()
        sidebar.get_by_role("button", name="切换到该模型").click(timeout=30_000)
        expect(sidebar.locator("strong")).to_have_text("Qwen3-Reranker-0.6B", timeout=60_000)
        expect(sidebar.get_by_role("button", name="切换到该模型")).not_to_be_visible()
        expect(heading).to_contain_text("embedded")  # an old result keeps the name of its scorer
        page.get_by_test_id("stMain").get_by_role("button", name="重排序").click()
        expect(heading).to_contain_text("Qwen3-Reranker-0.6B", timeout=60_000)
