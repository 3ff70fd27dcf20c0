"""How long a person waits for a page: its first sight, and going from page to page with a large run open.

    python -m benchmarks.pages [--queries 1000] [--documents 100] [--rounds 3]

A run of 100,000 labelled pairs, scored by a stub, lies in a fresh home folder. A headless Chromium opens each
page in a fresh profile, then goes through all pages with the run open on *Batch*. «First sight» is from the
navigation to the page's heading on the screen. «Server» is one run of the page's script, from the message
that asks for it to the one that says it is done. The goals are 2 s and 300 ms. Prints a table and ends with
one JSON line.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import streamlit
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.batch import write_input
from benchmarks.jobs import StubScorer
from core.jobs import keep_upload
from core.sheets.meaning.importing import import_table
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from pages.parts.frame.menu import ENTRIES
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.script_runs import ScriptRuns
from tests.serving import serving

FIRST_SIGHT_SECONDS, SWITCH_SECONDS = 2.0, 0.3
MICRO_BATCH = 32
SLUGS = tuple(Path(entry.file).stem for entry in ENTRIES)


def make_run(home: Path, pairs: int) -> str:
    """A finished batch in the home folder; its id."""
    source = home / "candidates.csv"
    write_input(source, pairs)
    scorer = StubScorer(MICRO_BATCH)
    with source.open("rb") as stream:
        kept = keep_upload(home, source.name, stream)
    batch = batch_input(import_table(source))
    service = JobService(home, lambda job: scorer, JOB_KINDS)
    try:
        asked = batch_settings(batch, scorer.info.name)
        job = service.runner.submit(new_batch_job(source.name, batch, asked, (kept,)))
        done = service.runner.wait(job.id, every=1.0)
    finally:
        service.close()
    if done.state != "done":
        raise SystemExit(f"the job ended as {done.state}")
    return done.id


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    """A fresh profile, so that nothing is known from before."""
    context = browser.new_context(locale="en-US", viewport={"width": 1366, "height": 768})
    try:
        yield context.new_page()
    finally:
        context.close()


def first_sights(browser: Browser, address: str, rounds: int) -> dict[str, list[float]]:
    """Seconds from the navigation to the heading, by page."""
    found: dict[str, list[float]] = {slug: [] for slug in SLUGS}
    for _ in range(rounds):
        for slug in SLUGS:
            with tab(browser) as page:
                began = time.perf_counter()
                # The first page is at the root.
                page.goto(address if slug == SLUGS[0] else f"{address}/{slug}", wait_until="commit")
                page.locator("[data-testid=stMain] h2").first.wait_for()
                found[slug].append(time.perf_counter() - began)
    return found


def processor_seconds(process: int) -> float:
    """What a process has computed so far; other programs on the machine do not add to it."""
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


def switches(
    browser: Browser, address: str, process: int, job: str, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """The server's seconds for each page, by the clock and of processor time, with the run open.

    Also of Batch's sections, and of opening the run.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    before = processor_seconds(process)
    with tab(browser) as page:
        runs = ScriptRuns.of(page)

        def took(name: str, count: int) -> None:
            nonlocal before
            seconds = runs.next_after(page, count)
            found.setdefault(name, []).append((seconds, processor_seconds(process) - before))
            # What the page does after its script, such as a fragment's first run, is over.
            page.wait_for_timeout(300)
            before = processor_seconds(process)

        page.goto(f"{address}/batch?job={job}")
        took("batch, opened first", 0)
        for _ in range(rounds):
            for place in (1, 2, 0):
                count = len(runs.seconds)
                page.locator(".st-key-batch-section [role=radio]").nth(place).click()
                took(f"batch, section {place + 1}", count)
            for slug in (*SLUGS[2:], SLUGS[0], SLUGS[1]):
                count = len(runs.seconds)
                page.locator("[data-testid=stSidebarNav] a").nth(SLUGS.index(slug)).click()
                took(slug, count)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        job = make_run(home, options.queries * options.documents)
        settings = {"RERANK_MODEL": "embedded", "RERANK_DOWNLOAD": "never"}
        with serving(home, settings) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            try:
                sights = first_sights(browser, served.address, options.rounds)
                server = switches(browser, served.address, served.process.pid, job, options.rounds)
            finally:
                browser.close()
    pairs = options.queries * options.documents
    _print(pairs, sights, server)


def _print(pairs: int, sights: dict[str, list[float]], server: dict[str, list[tuple[float, float]]]) -> None:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {load}, streamlit {streamlit.__version__}")
    print(f"{'first sight':<24}{'median s':>10}{'best s':>10}   goal {FIRST_SIGHT_SECONDS:g}")
    for name, took in sights.items():
        print(f"{name:<24}{statistics.median(took):>10.2f}{min(took):>10.2f}")
    title = f"server, run of {pairs:,}"
    print(f"{title:<24}{'clock ms':>10}{'CPU ms':>10}   medians; goal {1000 * SWITCH_SECONDS:g}")
    medians = {
        name: tuple(statistics.median(times) for times in zip(*rounds, strict=True))
        for name, rounds in server.items()
    }
    for name, (clock, processor) in medians.items():
        print(f"{name:<24}{1000 * clock:>10.0f}{1000 * processor:>10.0f}")
    record = {
        "pairs": pairs,
        "load": load,
        "first_sight_seconds": {name: round(statistics.median(took), 3) for name, took in sights.items()},
        "server_seconds": {name: round(clock, 4) for name, (clock, _) in medians.items()},
        "processor_seconds": {name: round(processor, 4) for name, (_, processor) in medians.items()},
    }
    print(json.dumps(record))


if __name__ == "__main__":
    main()
