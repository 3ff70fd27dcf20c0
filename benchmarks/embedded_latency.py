"""How long a person waits for the embedded model: a loaded model's ranking, and a server's first result.

    python -m benchmarks.embedded_latency [--documents 20] [--tokens 150] [--threads 2] [--runs 7]

The ranking: documents of about so many tokens, half Chinese and half English, every run with another query;
median and slowest. The start: a server with an empty home folder and no download, from the start of its
process to the first answer of POST /rerank. Prints a table and ends with one JSON line.
"""

import argparse
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import torch

from benchmarks.labelled_lists import parallel_lists
from core.models.embedded import load_embedded
from core.records import Scorer

QUERIES = ("退的钱多久能到账", "Could you look after my suitcase before my room is ready?")
START_LIMIT_SECONDS = 60.0


def documents_of(scorer: Scorer, count: int, tokens: int) -> list[str]:
    """Passages put together until they have about `tokens` tokens, Chinese and English in turn."""
    passages = parallel_lists("zh", "zh").documents
    by_language = [[text for name, text in passages.items() if f"-{one}-" in name] for one in ("zh", "en")]
    documents = []
    for number in range(count):
        texts = by_language[number % 2]
        document = ""
        for step in range(len(texts)):
            if _tokens(scorer, document) >= tokens:
                break
            document += f" {texts[(number + 7 * step) % len(texts)]}"
        documents.append(document.strip())
    return documents


def _tokens(scorer: Scorer, document: str) -> int:
    return scorer.score("a", [document])[0].tokens


def ranking_seconds(scorer: Scorer, documents: list[str], runs: int) -> list[float]:
    """Wall time of each run, after one that is not counted."""
    scorer.score(QUERIES[0], documents)
    taken = []
    for run in range(runs):
        started = time.perf_counter()
        scorer.score(f"{QUERIES[run % len(QUERIES)]} {run}", documents)
        taken.append(time.perf_counter() - started)
    return taken


def start_seconds(documents: list[str], threads: int) -> dict[str, float]:
    """Seconds from starting a server until it answers, until its model is loaded and until it has ranked."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "RERANK_HOME": home,
            "RERANK_MODEL": "embedded",
            "RERANK_DOWNLOAD": "never",
            "RERANK_THREADS": str(threads),
        }
        started = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "core", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            found = {}
            _wait_for(server, f"{address}/health", None)
            found["server answers"] = time.perf_counter() - started
            body = json.dumps({"query": QUERIES[0], "documents": documents}).encode()
            _wait_for(server, f"{address}/rerank", body)
            found["first ranking"] = time.perf_counter() - started
            return found
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(server: subprocess.Popen[bytes], url: str, body: bytes | None) -> None:
    """Ask until the answer is 200; 503 means that the model is still being loaded."""
    deadline = time.perf_counter() + START_LIMIT_SECONDS
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    while time.perf_counter() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=START_LIMIT_SECONDS):
                return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
        except (urllib.error.URLError, ConnectionError):
            pass  # not listening yet
        time.sleep(0.05)
    raise SystemExit(f"{url} did not answer.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=150)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()

    started = time.perf_counter()
    scorer = load_embedded(threads=options.threads)
    loading = time.perf_counter() - started
    documents = documents_of(scorer, options.documents, options.tokens)
    tokens = statistics.mean(score.tokens for score in scorer.score(QUERIES[0], documents))
    ranking = ranking_seconds(scorer, documents, options.runs)
    starts = [start_seconds(documents, options.threads) for _ in range(2)]
    result = {
        "model": scorer.info.label,
        "documents": len(documents),
        "tokens_per_pair": round(tokens),
        "threads": options.threads,
        "load_s": round(loading, 2),
        "ranking_median_s": round(statistics.median(ranking), 3),
        "ranking_slowest_s": round(max(ranking), 3),
        **{f"{name} (start {n})": round(s[name], 2) for n, s in enumerate(starts, 1) for name in s},
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    for name, value in result.items():
        print(f"{name:28} {value}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
