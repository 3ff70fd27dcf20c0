"""What merging requests brings: one client in turn against many at once, and whether every answer is the
right one.

python -m benchmarks.serving [MODEL] [--documents 20] [--tokens 50] [--requests 96] [--clients 64] [--seconds
120]

Starts `core serve` (without the pages unless `--pages`) on a free port with the score cache off. Every
request has texts of its own, so that nothing is shared but the passes. First the same requests are asked one
after the other, then by 16 clients at once, in turn and twice, because the machine may be busy; then many
clients ask for some time, and each answer's scores are compared with those of the same question asked alone.
With `--pages` the page's own health route is asked beside it ten times a second. The last line is JSON.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from benchmarks.compare import documents_of
from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 300
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Question:
    """One request's body, and which one it is."""

    number: int
    body: bytes


def questions(count: int, documents: int, tokens: int) -> list[Question]:
    """So many requests with texts of their own."""
    texts = documents_of(documents, tokens, "en")
    made = []
    for number in range(count):
        own = [f"{number} {place} {text}" for place, text in enumerate(texts)]
        body = {"query": f"question {number}", "documents": own, "return_documents": False}
        made.append(Question(number, json.dumps(body).encode()))
    return made


def scores_of(answer: httpx.Response) -> list[float]:
    """The scores in the order of the documents; raises where there is no answer."""
    answer.raise_for_status()
    results = sorted(answer.json()["results"], key=lambda one: one["index"])
    return [one["relevance_score"] for one in results]


def ask_all(url: str, asked: list[Question], clients: int) -> tuple[float, list[float], list[list[float]]]:
    """Seconds for all, seconds of each, and the scores of each."""
    local = threading.local()

    def ask(question: Question) -> tuple[float, list[float]]:
        if not hasattr(local, "client"):
            name = f"client {threading.get_ident()}"
            local.client = httpx.Client(timeout=600, headers={"user-agent": name})
        began = time.perf_counter()
        answer = local.client.post(f"{url}/rerank", content=question.body)
        return time.perf_counter() - began, scores_of(answer)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        answers = list(threads.map(ask, asked))
    return time.perf_counter() - began, [s for s, _ in answers], [scores for _, scores in answers]


def largest_difference(found: list[list[float]], right: list[list[float]]) -> float:
    """Over all scores of all requests."""
    return max(abs(a - b) for x, y in zip(found, right, strict=True) for a, b in zip(x, y, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The nearest rank."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def beside(url: str, work: Callable[[], None]) -> list[float]:
    """Seconds that the page's own health route takes while `work` runs."""
    done, took = threading.Event(), list[float]()

    def ask() -> None:
        with httpx.Client(timeout=60) as client:
            while not done.wait(0.1):
                began = time.perf_counter()
                client.get(f"{url}/_stcore/health").raise_for_status()
                took.append(time.perf_counter() - began)

    thread = threading.Thread(target=ask)
    thread.start()
    work()
    done.set()
    thread.join()
    return took


def endure(
    url: str, asked: list[Question], right: list[list[float]], clients: int, seconds: float
) -> dict[str, float]:
    """Many clients for some time: how many answers, and how many were wrong or missing."""
    until = time.perf_counter() + seconds
    totals = {"answers": 0, "wrong": 0, "lost": 0}
    took: list[float] = []
    lock = threading.Lock()

    def client(seed: int) -> None:
        chosen = random.Random(seed)
        with httpx.Client(timeout=600, headers={"user-agent": f"client {seed}"}) as connection:
            while time.perf_counter() < until:
                question = chosen.choice(asked)
                began = time.perf_counter()
                try:
                    scores = scores_of(connection.post(f"{url}/rerank", content=question.body))
                    kind = (
                        "answers"
                        if largest_difference([scores], [right[question.number]]) < TOLERANCE
                        else "wrong"
                    )
                except httpx.HTTPError:
                    kind = "lost"
                with lock:
                    totals[kind] += 1
                    took.append(time.perf_counter() - began)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(client, range(clients)))
    return {**totals, "median": statistics.median(took), "p99": percentile(took, 0.99)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="embedded")
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=50)
    parser.add_argument("--requests", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    asked = questions(options.requests, options.documents, options.tokens)
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        settings = {"RERANK_HOME": home, "RERANK_MODEL": options.model, "RERANK_DOWNLOAD": "never"}
        settings |= {"RERANK_ANSWER_CACHE": "false", "PORT": str(port), "RERANK_MAX_WAIT_SECONDS": "100000"}
        command = [sys.executable, "-m", "core", "serve", *([] if options.pages else ["--api-only"])]
        with (Path(home) / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
            try:
                wait_for(url, server)
                report = measure(url, asked, options)
            finally:
                server.terminate()
                server.wait(30)
    print(json.dumps(report))


def measure(url: str, asked: list[Question], options: argparse.Namespace) -> dict[str, object]:
    """The figures."""
    ask_all(url, asked[:8], 1)  # warm
    alone: list[float] = []
    together: list[float] = []
    right: list[list[float]] = []
    spread = difference = 0.0
    pages: list[float] = []
    for _ in range(options.rounds):
        seconds, _, right = ask_all(url, asked, 1)
        alone.append(seconds)
        outcome: list[tuple[float, list[float], list[list[float]]]] = []
        work = partial(_sixteen, url, asked, outcome)
        if options.pages:
            pages += beside(url, work)
        else:
            work()
        seconds, each, found = outcome[0]
        together.append(seconds)
        spread = percentile(each, 0.99) / statistics.median(each)
        difference = max(difference, largest_difference(found, right))
    print(f"one client in turn  {options.requests / min(alone):.2f} requests/s")
    rate, gain = options.requests / min(together), min(alone) / min(together)
    print(f"16 clients at once  {rate:.2f} requests/s, {gain:.2f} ×")
    print(f"p99 / median of 16  {spread:.2f}; largest difference of a score {difference:.1e}")
    if pages:
        print(f"pages beside it     p95 {percentile(pages, 0.95) * 1000:.0f} ms ({len(pages)} asked)")
    report: dict[str, object] = {
        "model": options.model,
        "documents": options.documents,
        "tokens": options.tokens,
        "requests_per_second_alone": options.requests / min(alone),
        "requests_per_second_16": options.requests / min(together),
        "p99_over_median": spread,
        "largest_difference": difference,
        "pages_p95": percentile(pages, 0.95) if pages else None,
    }
    if options.seconds:
        found = endure(url, asked, right, options.clients, options.seconds)
        print(f"{options.clients} clients for {options.seconds:.0f} s: {found}")
        report["endured"] = found
    return report


def _sixteen(
    url: str, asked: list[Question], outcome: list[tuple[float, list[float], list[list[float]]]]
) -> None:
    outcome.append(ask_all(url, asked, 16))


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Until the model answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise SystemExit("The server did not become ready.")


if __name__ == "__main__":
    main()
