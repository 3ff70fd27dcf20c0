"""Corpora at 100,000 passages: adding words, being killed and resumed, and queries while vectors are made.

    python -m benchmarks.retrieval [--passages 100000] [--seconds 60] [--store lancedb]

Passages are put together from the sample corpus's sentences, 40 % Chinese, each with a number of its own.
Prints for people and ends with one JSON line. Times are wall times: say what else the machine was doing.
"""

import argparse
import csv
import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from core.models.embedding import load_embedder
from core.models.embedding.embedder import BUSY_SECONDS
from core.retrieval.opening import open_store
from core.retrieval.passages import Corpus, Passage
from core.settings import Settings
from core.workflows.retrieve.sample_corpus import PASSAGES, QUESTIONS
from core.workflows.retrieve.searching import SearchAsked, search
from core.workflows.retrieve.vectors import Filling, make_vectors

TOP_K = 100


def main() -> None:
    """Run all parts in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="of querying while vectors are made")
    parser.add_argument("--store", choices=("lancedb", "sqlite"), default="lancedb")
    parser.add_argument("--adding", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.adding:
        add_and_tell(Path(options.adding), options)
        return
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        print(f"{processor()}, load {os.getloadavg()[0]:.1f} at the start")
        result = {"processor": processor(), "load": os.getloadavg()[0], **measured(Path(folder), options)}
        print(json.dumps(result))


def measured(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """All figures."""
    said = add_until_killed(folder / "killed", options)
    start = time.perf_counter()
    corpus = open_store(folder / "killed", options.store)
    reopened = time.perf_counter() - start
    kept = corpus.info.passages
    again = corpus.add(passages(options.passages))
    print(f"killed after {said:,} were called stored; {kept:,} were there, {again.added:,} were added again")
    corpus.close()

    corpus = open_store(folder / "whole", options.store)
    start = time.perf_counter()
    corpus.add(passages(options.passages))
    adding = time.perf_counter() - start
    print(f"{options.passages:,} passages searchable by words after {adding:.1f} s")
    idle = query_times(corpus, "bm25", None, 10)
    filling = while_filling(corpus, options.seconds)
    return {
        "passages": options.passages,
        "store": options.store,
        "stored_before_kill": said,
        "kept_after_kill": kept,
        "reopen_seconds": round(reopened, 2),
        "add_words_seconds": round(adding, 1),
        "bm25_p50_ms": percentile(idle, 50),
        "bm25_p95_ms": percentile(idle, 95),
        **filling,
    }


def while_filling(corpus: Corpus, seconds: float) -> dict[str, object]:
    """Vectors are made in a thread while this one queries without a pause."""
    embedder = load_embedder("embedded", Settings())
    stop = threading.Event()
    states: list[Filling] = []

    def work() -> None:
        make_vectors(corpus, embedder, on_progress=states.append, cancelled=stop.is_set)

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # stopped on purpose at the end
            print(f"making vectors ended: {error}")

    thread = threading.Thread(target=guarded)
    thread.start()
    while not states:
        stop.wait(0.05)
    first = states[-1].done
    start = time.perf_counter()
    times = query_times(corpus, "union", embedder, seconds)
    made, elapsed = states[-1].done - first, time.perf_counter() - start
    time.sleep(BUSY_SECONDS + 5)  # until passes are long again
    undisturbed = states[-1].done
    time.sleep(min(seconds, 30.0))
    alone = (states[-1].done - undisturbed) / min(seconds, 30.0)
    stop.set()
    thread.join()
    print(
        f"union, k = {TOP_K}, while vectors were made: p95 {percentile(times, 95)} ms, {len(times)} queries"
    )
    print(f"vectors: {made / elapsed:.0f} a second beside the queries, {alone:.0f} alone")
    return {
        "union_p50_ms": percentile(times, 50),
        "union_p95_ms": percentile(times, 95),
        "queries": len(times),
        "vectors_per_second_beside_queries": round(made / elapsed, 1),
        "vectors_per_second_alone": round(alone, 1),
    }


def query_times(corpus: Corpus, stage: str, embedder: object, seconds: float) -> list[float]:
    """Milliseconds of the sample's questions, over and over."""
    questions = list(dict.fromkeys(row["query"] for row in rows(QUESTIONS)))
    asked = SearchAsked(stage, TOP_K)  # type: ignore[arg-type]
    times: list[float] = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        search(corpus, questions[len(times) % len(questions)], asked, embedder=embedder)  # type: ignore[arg-type]
        times.append(1000 * (time.perf_counter() - begin))
    return times


def passages(count: int) -> Iterator[Passage]:
    """Two sentences of the sample and a number; the same every time."""
    texts = [row["document"] for row in rows(PASSAGES)]
    chinese = [text for text in texts if "\u4e00" <= text[0] <= "\u9fff"]
    english = [text for text in texts if text not in set(chinese)]
    choose = random.Random(1)
    for number in range(count):
        pool = chinese if choose.random() < 0.4 else english
        yield Passage(
            f"p{number}", f"{choose.choice(pool)} {choose.choice(pool)} n{number}", source="synthetic"
        )


def add_until_killed(folder: Path, options: argparse.Namespace) -> int:
    """A process of its own adds and is killed in the middle; how many it had called stored."""
    command = [sys.executable, "-m", "benchmarks.retrieval", "--adding", str(folder)]
    command += ["--passages", str(options.passages), "--store", options.store]
    said = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said = int(line)
            if said >= options.passages // 2:
                break
        process.send_signal(signal.SIGKILL)
        said = max([said, *(int(line) for line in process.stdout if line.endswith("\n"))])
    return said


def add_and_tell(folder: Path, options: argparse.Namespace) -> None:
    """What the killed process does."""
    corpus, batch = open_store(folder, options.store), []
    for number, passage in enumerate(passages(options.passages), start=1):
        batch.append(passage)
        if len(batch) == 5000:
            corpus.add(batch)
            batch = []
            print(number, flush=True)


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def percentile(values: list[float], share: int) -> float:
    """Rounded to a tenth of a millisecond."""
    return round(statistics.quantiles(values, n=100)[share - 1], 1)


def processor() -> str:
    """As lscpu names it."""
    try:
        lines = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout.splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("Model name"))
    except (OSError, subprocess.CalledProcessError, StopIteration):
        name = platform.processor()
    return f"{name}, {os.cpu_count()} processors"


if __name__ == "__main__":
    main()
