"""What bookkeeping costs a job: 100,000 pairs scored by a stub, stored, cached, resumed and read back.

    python -m benchmarks.jobs [--queries 1000] [--documents 100] [--batch 32] [--words 60]

The stub's own time is measured alone and taken off. Prints a table and ends with one JSON line. The
target is at most 50 µs of overhead a pair.
"""

import argparse
import json
import os
import platform
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import StoppedError
from core.jobs import JobRunner, JobStore, NewJob, ScoreCache
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

TARGET_MICROSECONDS = 50.0


class StubScorer:
    """Scores a document by its length, in micro-batches, and takes next to no time for it."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self.info = ScorerInfo(
            "stub", "embedded", "Stub", "cpu", "exact", "stub", 8192, 0, 0, uses_instruction=True
        )

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        request = ScoringRequest(query, tuple(documents), instruction)
        return self.score_many([request], on_progress=on_progress)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        result: list[list[Score]] = []
        waiting: list[ScoredPair] = []
        for at, request in enumerate(requests):
            row: list[Score] = []
            for index, document in enumerate(request.documents):
                logit = len(document) / 100 - 3
                row.append(Score(logit, 90, False))
                waiting.append(ScoredPair(at, index, row[-1]))
                if len(waiting) == self._batch:
                    self._report(waiting, on_scored, cancelled)
                    waiting = []
            result.append(row)
        if waiting:
            self._report(waiting, on_scored, cancelled)
        return result

    @staticmethod
    def _report(
        batch: list[ScoredPair],
        on_scored: Callable[[Sequence[ScoredPair]], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        if cancelled is not None and cancelled():
            raise StoppedError("Scoring was stopped.")
        if on_scored is not None:
            on_scored(batch)


def make_requests(queries: int, documents: int, words: int) -> list[ScoringRequest]:
    """Distinct documents of `words` words on average, half of them in Chinese."""
    rng = random.Random(0)
    english = ["search", "ranking", "battery", "charger", "manual", "warranty", "screen", "the", "of", "for"]
    chinese = list("搜索结果排序电池充电器说明书保修屏幕的和是")

    def document(query: int, number: int) -> str:
        length = rng.randint(words // 2, words * 3 // 2)
        if number % 2:
            return f"{query}-{number} " + "".join(rng.choices(chinese, k=length))
        return f"{query}-{number} " + " ".join(rng.choices(english, k=length))

    return [
        ScoringRequest(f"query {query}", tuple(document(query, number) for number in range(documents)))
        for query in range(queries)
    ]


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def load_average() -> float | None:
    """Other work on the machine stretches every wall time: say how much there was."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--batch", type=int, default=32, help="pairs in a micro-batch")
    parser.add_argument("--words", type=int, default=60, help="words in a document, on average")
    options = parser.parse_args()
    requests = make_requests(options.queries, options.documents, options.words)
    pairs = options.queries * options.documents
    scorer = StubScorer(options.batch)
    stub_alone = min(
        timed(lambda: scorer.score_many(requests, on_scored=lambda batch: None)) for _ in range(3)
    )

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store, cache = JobStore(home), ScoreCache(home)
        runner = JobRunner(store, lambda job: scorer, cache=cache)

        def run(name: str) -> tuple[str, float, float]:
            started = time.perf_counter()
            job = runner.submit(NewJob(name, "batch", requests))
            submitted = time.perf_counter()
            if runner.wait(job.id, every=1.0).state != "done":
                raise SystemExit("The job did not finish.")
            return job.id, submitted - started, time.perf_counter() - submitted

        processor = time.process_time()
        first, submit, scored = run("everything scored")
        processor = time.process_time() - processor
        _, _, cached = run("everything cached")
        read = timed(lambda: (store.requests(first), store.scores(first)))
        size = sum(file.stat().st_size for file in home.glob("*.sqlite3*"))
        runner.close()
        store.close()
        cache.close()

    overhead = submit + scored - stub_alone
    micro = {
        "submit": submit,
        "run, all scored (stub taken off)": scored - stub_alone,
        "submit and run": overhead,
        "the same in processor time": processor - stub_alone,
        "run, all cached": cached,
        "read back": read,
    }
    print(f"{pairs:,} pairs, micro-batches of {options.batch}, {size / 2**20:.0f} MiB on disk")
    for name, seconds in micro.items():
        print(f"  {name:34} {seconds:7.2f} s {seconds / pairs * 1e6:8.1f} µs a pair")
    print(
        json.dumps(
            {
                "benchmark": "jobs",
                "pairs": pairs,
                "batch": options.batch,
                "overhead_us_per_pair": round(overhead / pairs * 1e6, 2),
                "processor_us_per_pair": round((processor - stub_alone) / pairs * 1e6, 2),
                "cached_us_per_pair": round(cached / pairs * 1e6, 2),
                "read_us_per_pair": round(read / pairs * 1e6, 2),
                "disk_bytes_per_pair": round(size / pairs),
                "target_us_per_pair": TARGET_MICROSECONDS,
                "target_met": overhead / pairs * 1e6 <= TARGET_MICROSECONDS,
                "load_average": load_average(),
                "cores": os.cpu_count(),
                "python": platform.python_version(),
                "sqlite": sqlite3.sqlite_version,
            }
        )
    )


if __name__ == "__main__":
    main()
