"""Each page's main job by keyboard alone: in both languages, three widths and both themes.

They are paired so that any two of them meet. Before and after the job nothing on the page keeps anybody out,
and nothing runs over its edge.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import assert_no_serious_violation, axe_is_here
from tests.browser.conftest import fresh_profile
from tests.browser.keyboard import MINUTE, Keyboard

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Way:
    """How somebody looks at the tool."""

    language: str
    width: int
    theme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.theme}"


WAYS = (
    Way("zh-CN", 768, "light"),
    Way("zh-CN", 1366, "dark"),
    Way("zh-CN", 1920, "light"),
    Way("en-US", 768, "dark"),
    Way("en-US", 1366, "light"),
    Way("en-US", 1920, "dark"),
)
HEIGHTS = {768: 1024, 1366: 768, 1920: 1080}
OVER_THE_EDGE = """() => ['stMain', 'stMainBlockContainer']
    .map((name) => document.querySelector(`[data-testid=${name}]`))
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.dataset.testid)"""


@pytest.fixture(params=WAYS, ids=str)
def keys(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Keyboard]:
    way: Way = request.param
    viewport = {"width": way.width, "height": HEIGHTS[way.width]}
    with fresh_profile(chromium, locale=way.language, viewport=viewport, color_scheme=way.theme) as page:
        yield Keyboard(page)


def _seen(page: Page, css: str) -> None:
    expect(page.locator(css).first).to_be_visible(timeout=2 * MINUTE)


def _take_sample(keys: Keyboard, page: str) -> None:
    """The first sample, until it stands in the fields."""
    keys.press(f"[class*=st-key-{page}-sample_] button")
    expect(keys.page.locator(f".st-key-{page}-query input")).not_to_have_value("", timeout=MINUTE)
    keys.idle()


def _rerank(keys: Keyboard) -> None:
    _take_sample(keys, "rerank")
    keys.submit()
    _seen(keys.page, "[data-testid=stMain] h3")


def _sample(keys: Keyboard, page: str) -> None:
    """The sample, and the page's main button."""
    keys.to("[data-testid=stFileUploaderDropzone]")
    keys.press(f".st-key-{page}-sample button")
    _seen(keys.page, f".st-key-{page}-run button:not([disabled])")
    keys.idle()
    keys.submit()


def _batch(keys: Keyboard) -> None:
    _sample(keys, "batch")
    _seen(keys.page, ".st-key-batch-section")
    keys.press(".st-key-batch-section [role=radio]", "ArrowRight")
    keys.page.keyboard.press("Enter")
    _seen(keys.page, ".st-key-batch-search")


def _evaluate(keys: Keyboard) -> None:
    _sample(keys, "evaluate")
    _seen(keys.page, ".st-key-evaluate-headline")


def _retrieve(keys: Keyboard) -> None:
    known = keys.page.locator(".st-key-retrieve-query")
    expect(known.or_(keys.page.locator(".st-key-retrieve-sample:visible")).first).to_be_visible(
        timeout=MINUTE
    )
    if not known.count():
        keys.press(".st-key-retrieve-sample button")
    keys.to(".st-key-retrieve-query input")
    keys.page.keyboard.type("滤芯可以用水洗吗")
    keys.submit()
    _seen(keys.page, ".st-key-retrieve-text")


def _sandbox(keys: Keyboard) -> None:
    _take_sample(keys, "sandbox")
    keys.submit()
    _seen(keys.page, "[data-testid=stMain] [role=tablist]")


def _rewrite(keys: Keyboard) -> None:
    _take_sample(keys, "rewrite")
    keys.submit()
    _seen(keys.page, "[data-testid=stMain] [role=tablist]")


def _recipes(keys: Keyboard) -> None:
    keys.to("[data-testid=stFileUploaderDropzone]")


def _runs(keys: Keyboard) -> None:
    _seen(keys.page, "[data-testid=stMain] h2")
    keys.to(".st-key-runs-clear_cache button, [data-testid=stExpander] summary")


def _model(keys: Keyboard) -> None:
    keys.to(".st-key-model-folder input")
    keys.page.keyboard.type("no such model")
    keys.page.keyboard.press("Tab")
    keys.press(".st-key-model-use_folder button")
    _seen(keys.page, "[data-testid=stMain] [data-testid=stAlert]")
    keys.press("[class*=st-key-model-own-dismiss] button")
    expect(keys.page.locator("[data-testid=stMain] [data-testid=stAlert]")).to_have_count(0, timeout=MINUTE)


def _connect(keys: Keyboard) -> None:
    keys.press(".st-key-connect-program input", "ArrowDown")
    keys.page.keyboard.press("ArrowDown")
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url("**program=*", timeout=MINUTE)


JOBS: Mapping[str, Callable[[Keyboard], None]] = {
    "rerank": _rerank,
    "batch": _batch,
    "retrieve": _retrieve,
    "sandbox": _sandbox,
    "rewrite": _rewrite,
    "evaluate": _evaluate,
    "recipes": _recipes,
    "runs": _runs,
    "model": _model,
    "connect": _connect,
}


def test_what_keeps_people_out_is_looked_for() -> None:
    if not axe_is_here():
        pytest.skip("axe-core comes from npm, which is not here; the jobs below are done without it")


@pytest.mark.parametrize("slug", JOBS)
def test_the_main_job_is_done_by_keyboard(keys: Keyboard, server: str, slug: str) -> None:
    page = keys.page
    # The first page is at the root.
    page.goto(f"{server}/{slug}" if slug != "rerank" else server)
    _seen(page, "[data-testid=stMain] h2")
    keys.idle()
    assert_no_serious_violation(page)
    JOBS[slug](keys)
    keys.idle()
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate(OVER_THE_EDGE) == []
    assert_no_serious_violation(page)
