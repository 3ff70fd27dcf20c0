"""Hostile text through every page's main job: nothing runs, nothing loads, no link leads away, it is text."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Dialog, Download, Page, expect

from tests.hostile import HOSTILE, LONG_WORD, SEEN, assert_inert

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("page", ["en-US"], indirect=True)]

MINUTE = 60_000
# What a page may link to: itself, and nothing that the text could have brought.
FOREIGN = """() => [...document.querySelectorAll('a[href], img[src], iframe, script[src], object, embed')]
    .map(one => one.getAttribute('href') || one.getAttribute('src') || one.tagName)
    .filter(where => !where.startsWith('#') && /evil|javascript:|mailto:/i.test(where))"""
MADE = "() => [...document.querySelectorAll('.katex, [onerror], [onclick]')].map(one => one.outerHTML)"


@dataclass
class Watched:
    """What a page did besides showing text."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    popups: list[str] = field(default_factory=list)

    def is_inert(self) -> None:
        """Nothing ran, nothing was made of the text, and it is not gone either."""
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=2 * MINUTE)
        assert self.page.evaluate("() => window.ran") is None
        assert self.page.evaluate(FOREIGN) == []
        assert self.page.evaluate(MADE) == []
        assert self.dialogs == [] and self.popups == []
        assert self.page.get_by_test_id("stException").all_inner_texts() == []


@pytest.fixture
def watched(page: Page) -> Iterator[Watched]:
    """The page, with an eye on windows and dialogs."""
    seen = Watched(page)

    def note(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.on("popup", lambda opened: seen.popups.append(opened.url))
    yield seen
    seen.is_inert()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A labelled sheet whose name, columns and cells are hostile; one document is a word of a megabyte."""
    path = tmp_path / "www.evil.example [x](javascript:1) $x$ 'q' <b>.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["query", "document", "label", "group", "[note](javascript:1) <b>$x$"])
        for number in range(6):
            for place in range(3):
                text = LONG_WORD if (number, place) == (0, 0) else f"{place} {HOSTILE} {number}"
                writer.writerow(
                    [f"{HOSTILE} {number}", text, int(place == 2), f"{HOSTILE} {number % 2}", HOSTILE]
                )
    return path


def _asks(page: Page, server: str, place: str) -> None:
    page.goto(f"{server}/{place}")
    query = page.get_by_label("Query", exact=True).first
    query.fill(HOSTILE)
    query.press("Tab")
    documents = page.get_by_test_id("stTextArea").locator("textarea").first
    documents.fill("\n".join(f"{HOSTILE} {number}" for number in range(4)))
    documents.press("Control+Enter")


def _uploads(page: Page, server: str, place: str, sheet: Path) -> None:
    page.goto(f"{server}/{place}")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(sheet)


def test_rerank(watched: Watched, server: str) -> None:
    page = watched.page
    _asks(page, server, "")
    expect(page.get_by_text("Scored by")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_test_id("stMain").get_by_text(SEEN, exact=False).first).to_be_visible(timeout=MINUTE)
    watched.is_inert()
    page.get_by_role("tab", name="Export and API").click()
    for name in ("Excel", "CSV", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        _is_text(download.value)


def test_batch_and_runs(watched: Watched, server: str, sheet: Path) -> None:
    page = watched.page
    _uploads(page, server, "batch", sheet)
    page.get_by_role("button", name=re.compile("^Rerank .* pairs")).click(timeout=2 * MINUTE)
    expect(page.get_by_text("Scored by")).to_be_visible(timeout=2 * MINUTE)
    watched.is_inert()
    # A word of a megabyte takes its time.
    page.get_by_role("radio", name="Queries").click(timeout=3 * MINUTE)
    watched.is_inert()
    page.get_by_role("radio", name="Export and remarks").click()
    for name in ("Excel", "CSV", "JSON Lines", "Parquet"):
        with page.expect_download(timeout=MINUTE) as download:
            page.get_by_role("button", name=name, exact=True).first.click()
        _is_text(download.value)
    page.goto(f"{server}/runs")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible(timeout=MINUTE)
    # The first column ticks a run.
    page.get_by_test_id("stDataFrame").first.click(position={"x": 15, "y": 52})
    expect(page.get_by_test_id("stMarkdownContainer").get_by_text("[x](javascript:1)").first).to_be_visible(
        timeout=MINUTE
    )


def test_evaluate(watched: Watched, server: str, sheet: Path) -> None:
    page = watched.page
    _uploads(page, server, "evaluate", sheet)
    page.locator(".st-key-evaluate-run button").click(timeout=2 * MINUTE)
    expect(page.get_by_role("button", name="Excel report")).to_be_visible(timeout=2 * MINUTE)
    for section in page.locator(".st-key-evaluate-section button").all():
        section.click()
        watched.is_inert()


def test_sandbox(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/sandbox")
    page.get_by_role("textbox", name="Instruction B").fill(HOSTILE, timeout=MINUTE)
    page.keyboard.press("Tab")
    query = page.get_by_label("Query", exact=True).first
    query.fill(HOSTILE)
    query.press("Tab")
    documents = page.get_by_label("Documents, one a line").or_(
        page.get_by_test_id("stTextArea").locator("textarea")
    )
    documents.first.fill("\n".join(f"{HOSTILE} {number}" for number in range(4)))
    documents.first.press("Control+Enter")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text(re.compile("pairs scored"))).to_be_visible(timeout=MINUTE)


def test_rewrite(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/rewrite")
    query = page.get_by_label("Query", exact=True).first
    query.fill(f"how does it work {HOSTILE}", timeout=MINUTE)
    query.press("Tab")
    documents = page.get_by_test_id("stTextArea").locator("textarea").last
    documents.fill("\n".join(f"{HOSTILE} {number}" for number in range(4)))
    documents.press("Control+Enter")
    expect(page.get_by_text(SEEN, exact=False).first).to_be_visible(timeout=MINUTE)


def test_retrieve(watched: Watched, server: str, sheet: Path) -> None:
    page = watched.page
    page.goto(f"{server}/retrieve")
    page.get_by_text("Add files").first.click(timeout=MINUTE)
    page.get_by_label("Name of the corpus").fill("hostile")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(sheet)
    page.get_by_role("button", name="Add", exact=True).click(timeout=MINUTE)
    expect(page.get_by_text("18 added")).to_be_visible(timeout=2 * MINUTE)
    query = page.get_by_label("Query", exact=True).first
    query.fill(HOSTILE, timeout=MINUTE)
    query.press("Enter")
    page.get_by_role("button", name="Search").click(timeout=MINUTE)
    expect(page.get_by_text(re.compile("candidates: "))).to_be_visible(timeout=2 * MINUTE)


def test_model(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/model")
    place = page.get_by_test_id("stTextInput").locator("input").last
    place.fill(f"/{HOSTILE}", timeout=MINUTE)
    place.press("Enter")
    page.locator(".st-key-model-use_folder button").click(timeout=MINUTE)
    expect(page.get_by_test_id("stAlert").get_by_text(SEEN, exact=False).first).to_be_visible(timeout=MINUTE)


def test_connect(watched: Watched, server: str) -> None:
    page = watched.page
    body = {"query": HOSTILE, "documents": [HOSTILE, "b"], "model": HOSTILE}
    answer = page.request.post(f"{server}/www.evil.example/{quote(SEEN)}/rerank", data=body, timeout=MINUTE)
    assert answer.status == 200
    page.goto(f"{server}/connect")
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible(timeout=MINUTE)
    watched.is_inert()
    grid.click(position={"x": 15, "y": 52})
    watched.is_inert()


def _is_text(file: Download) -> None:
    assert_inert(file.suggested_filename.rpartition(".")[2], Path(file.path()).read_bytes())
