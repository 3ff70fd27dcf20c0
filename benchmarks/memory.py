"""Peak memory of one fresh process that loads a model and scores, at each step.

    python -m benchmarks.memory FOLDER [--precision int8] [--documents 50] [--tokens 100] [--max-tokens 8192]

Long runs (`--documents 100 --tokens 8000`) report after every tenth document. The last line is JSON.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.compare import QUERY, documents_of
from core.engine.scorer import Qwen3Scorer
from core.records import ScoringRequest


def peak_bytes() -> int:
    """The largest resident size of this process so far."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--precision", default="int8")
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--max-tokens", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--background", action="store_true", help="as a job scores, in its smaller passes")
    options = parser.parse_args()

    import torch

    steps = {"imports": peak_bytes()}
    scorer = Qwen3Scorer.load(
        options.folder,
        name=options.folder.name,
        device="cpu",
        precision=options.precision,
        max_tokens=options.max_tokens,
        threads=options.threads,
    )
    steps["loaded"] = peak_bytes()
    texts = documents_of(options.documents, options.tokens, "en")
    start = time.perf_counter()
    if options.background:
        request = ScoringRequest(QUERY, tuple(texts))
        scores = scorer.score_many([request], on_progress=_report(start))[0]
    else:
        scores = scorer.score(QUERY, texts)
    steps["scored"] = peak_bytes()
    for name, size in steps.items():
        print(f"{name:8} {size / 1e9:.2f} GB")
    print(
        json.dumps(
            {
                "precision": scorer.info.precision,
                "documents": len(scores),
                "longest_pair": max(score.tokens for score in scores),
                "seconds": round(time.perf_counter() - start, 1),
                "token_budget": scorer.report.token_budget,
                "peak_bytes": steps,
                "torch": torch.__version__,
            }
        )
    )


def _report(start: float):  # noqa: ANN202
    def report(done: int, total: int) -> None:
        if done % 10 == 0:
            seconds = time.perf_counter() - start
            print(f"{done} of {total}, {seconds:.0f} s, peak {peak_bytes() / 1e9:.2f} GB", flush=True)

    return report


if __name__ == "__main__":
    main()
