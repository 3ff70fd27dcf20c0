"""How long `POST /rerank` takes while a job runs on the same model, and whether it waits for one micro-batch.

    python -m benchmarks.latency FOLDER [--requests 30] [--documents 10] [--tokens 100] [--seconds 200]

Serves the real routes on a free port of this machine, asks first alone and then beside a job that never
ends (`score_many`, as jobs call it), at random moments of its micro-batches. The gate promises that a request
waits for at most one of them: so many may finish between question and answer (one more if it ended while the
question was on its way), whatever else slows the machine.
The last line is JSON.
"""

import argparse
import gc
import json
import os
import random
import socket
import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from benchmarks.compare import QUERY, documents_of
from core.__main__ import spin_briefly
from core.api.routes import routes
from core.errors import StoppedError
from core.records import Scorer, ScoringRequest
from core.settings import Settings
from core.workflows.home.workbench import Workbench


class Server:
    """The HTTP routes in a thread, on a free port."""

    def __init__(self, bench: Workbench) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(Starlette(routes=routes(lambda: bench)), log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> "Server":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def ask(self, documents: list[str]) -> float:
        """Seconds of one request."""
        body = json.dumps({"query": QUERY, "documents": documents}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/rerank", body)
        start = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            answer.read()
        return time.perf_counter() - start


class Job:
    """Background scoring without end; remembers how long its micro-batches took when nobody came between."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer, self._stop, self.running = scorer, threading.Event(), threading.Event()
        self.finished = self.batches = 0
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Job":
        self._thread.start()
        self.running.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        def count(done: int, _: int) -> None:
            self.finished = done
            self.batches += 1
            self.running.set()

        requests = [
            ScoringRequest(f"{QUERY} {n}", tuple(documents_of(50, 100, ("en", "zh")[n % 2])))
            for n in range(1000)
        ]
        try:
            self._scorer.score_many(requests, on_progress=count, cancelled=self._stop.is_set)
        except StoppedError:
            return


def micro_batch_seconds(scorer: Scorer) -> list[float]:
    """How long a job's micro-batches take on an idle machine."""
    marks = [time.perf_counter()]
    scorer.score_many(
        [ScoringRequest(QUERY, tuple(documents_of(50, 100, "en")))],
        on_progress=lambda *_: marks.append(time.perf_counter()),
    )
    return [after - before for before, after in zip(marks, marks[1:], strict=False)]


def timed(ask: Callable[[], float], count: int, until: float, pause: float) -> list[float]:
    """Up to `count` answers, each after a random pause, none begun after `until`."""
    chance = random.Random(5)
    seconds: list[float] = []
    while len(seconds) < count and time.perf_counter() < until:
        time.sleep(chance.uniform(0, pause))
        seconds.append(ask())
    return seconds


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--documents", type=int, default=10)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=200, help="ask no more after this long")
    options = parser.parse_args()
    spin_briefly(os.environ)  # as `python -m core` does

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(
            model=str(options.folder),
            home=Path(home),
            precision=options.precision,
            threads=options.threads,
            download="never",
        )
        bench = Workbench(settings)
        bench.start()
        scorer = bench.scorer(wait=300)
        documents = documents_of(options.documents, options.tokens, "en")
        until = time.perf_counter() + options.seconds
        with Server(bench) as server:
            server.ask(documents)
            alone = timed(lambda: server.ask(documents), max(5, options.requests // 3), until, 0.0)
            batches = micro_batch_seconds(scorer)
            with Job(scorer) as job:
                overtaken: list[int] = []

                def ask() -> float:
                    before = job.batches
                    seconds = server.ask(documents)
                    overtaken.append(job.batches - before)
                    return seconds

                beside = timed(ask, options.requests, until, max(batches))
        result = {
            "precision": scorer.info.precision,
            "documents": options.documents,
            "tokens": options.tokens,
            "requests": len(beside),
            "alone_median": statistics.median(alone),
            "alone_p95": p95(alone),
            "beside_median": statistics.median(beside),
            "beside_p95": p95(beside),
            "micro_batch_median": statistics.median(batches),
            "micro_batch_longest": max(batches),
            "longest_wait": max(beside) - statistics.median(alone),
            "most_batches_before_answer": max(overtaken),
            "job_pairs_meanwhile": job.finished,
            "frozen_objects": gc.get_freeze_count(),
        }
    for name, value in result.items():
        print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
