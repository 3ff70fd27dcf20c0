"""A server under load for minutes: are all answers right, does its memory stay, do pages stay quick.

python -m benchmarks.load [MODEL] [--clients 64] [--seconds 120] [--requests 5000]

Starts the whole tool on a free port. First each known document is scored alone. Then so many clients ask one
request after the other for the given seconds, and on until the given number was answered. A request has two
known documents, whose logits are compared with those found alone, and three that nobody asked before, so that
each is scored and none is an answer from the cache. Beside them a page and its health route are asked five
times a second. Memory is that of the server's processes, measured after each thousand answers, the first
thousand being the warm-up. The last line is JSON.
"""

import argparse
import itertools
import json
import random
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks.compare import documents_of
from tests.serving import serving

STEP = 1000
QUERIES = 20
KNOWN, NEW = 2, 3
TOKENS = 12
# Logits of the same pair in another company differ by less; a wrong document's by far more.
TOLERANCE = 1e-4
BESIDE_EVERY_SECONDS = 0.2
BESIDE = ("/_stcore/health", "/")


@dataclass
class Found:
    """What the clients saw; guarded by `lock`. megabytes: after each step of answers."""

    right: int = 0
    wrong: int = 0
    lost: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def ask(client: httpx.Client, url: str, query: str, documents: list[str]) -> list[float]:
    """The logits in the order of the documents; raises where there is no whole answer."""
    answer = client.post(
        f"{url}/rerank", json={"query": query, "documents": documents, "raw_scores": True}, timeout=300
    )
    answer.raise_for_status()
    scores = {one["index"]: one["relevance_score"] for one in answer.json()["results"]}
    return [scores[at] for at in range(len(documents))]


def megabytes_of(process: psutil.Process) -> float:
    """Resident memory of a process and all it started."""
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / 2**20


def percentile(values: list[float], share: float) -> float:
    """The nearest rank."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def watch(url: str, path: str, done: threading.Event) -> list[float]:
    """Seconds that a page takes, until `done`."""
    took: list[float] = []
    with httpx.Client(timeout=60) as client:
        while not done.wait(BESIDE_EVERY_SECONDS):
            began = time.perf_counter()
            client.get(url + path).raise_for_status()
            took.append(time.perf_counter() - began)
    return took


def load(
    url: str, process: psutil.Process, known: dict[str, dict[str, float]], options: argparse.Namespace
) -> tuple[Found, dict[str, list[float]]]:
    """Let the clients ask, and watch the pages meanwhile."""
    found, done = Found(), threading.Event()
    numbers = itertools.count()
    texts = documents_of(NEW, TOKENS, "en")
    until = time.perf_counter() + options.seconds

    def client(seed: int) -> None:
        chance = random.Random(seed)
        with httpx.Client(headers={"user-agent": f"client {seed}"}) as connection:
            while time.perf_counter() < until or found.right < options.requests:
                query = chance.choice(list(known))
                mine = chance.sample(list(known[query]), KNOWN)
                number = next(numbers)
                began = time.perf_counter()
                try:
                    logits = ask(connection, url, query, [*mine, *(f"{number} {text}" for text in texts)])
                except (httpx.HTTPError, KeyError) as error:
                    with found.lock:
                        found.lost.append(repr(error))
                    if len(found.lost) > options.clients:
                        return
                    continue
                right = all(
                    abs(logit - known[query][text]) < TOLERANCE
                    for text, logit in zip(mine, logits, strict=False)
                )
                with found.lock:
                    found.took.append(time.perf_counter() - began)
                    found.right += right
                    found.wrong += not right
                    if found.right % STEP == 0:
                        found.megabytes.append(megabytes_of(process))

    with ThreadPoolExecutor(options.clients + len(BESIDE)) as threads:
        beside = {path: threads.submit(watch, url, path, done) for path in BESIDE}
        for asking in [threads.submit(client, seed) for seed in range(options.clients)]:
            asking.result()
        done.set()
        return found, {path: watching.result() for path, watching in beside.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="embedded")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--requests", type=int, default=5000, help="right answers to reach at least")
    options = parser.parse_args()
    settings = {"RERANK_MODEL": options.model, "RERANK_DOWNLOAD": "never"}
    with tempfile.TemporaryDirectory() as home, serving(Path(home), settings) as served:
        process = psutil.Process(served.process.pid)
        started = megabytes_of(process)
        texts = documents_of(2 * KNOWN, TOKENS, "en")
        queries = [f"how long does refund {number} take" for number in range(QUERIES)]
        with httpx.Client() as client:
            known = {
                query: {text: ask(client, served.address, query, [text])[0] for text in texts}
                for query in queries
            }
        began = time.perf_counter()
        found, beside = load(served.address, process, known, options)
        seconds = time.perf_counter() - began
        log = served.log()
    growth = found.megabytes[-1] / found.megabytes[0] - 1 if found.megabytes else None
    print(f"{found.right} right, {found.wrong} wrong, {len(found.lost)} lost in {seconds:.0f} s")
    print(f"memory {started:.0f} MB at the start, then {[round(one) for one in found.megabytes]}")
    for path, took in beside.items():
        print(
            f"{path}: median {statistics.median(took) * 1e3:.0f}, p95 {percentile(took, 0.95) * 1e3:.0f} ms"
        )
    result = {
        "model": options.model,
        "clients": options.clients,
        "seconds": round(seconds, 1),
        "right": found.right,
        "wrong": found.wrong,
        "lost": len(found.lost),
        "first_lost": found.lost[:3],
        "request_p95": round(percentile(found.took, 0.95), 3),
        "megabytes": [round(one, 1) for one in (started, *found.megabytes)],
        "growth_after_first_thousand": None if growth is None else round(growth, 4),
        "p95": {path: round(percentile(took, 0.95), 4) for path, took in beside.items()},
        "tracebacks": log.count("Traceback"),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
