"""Peak memory of one fresh process that loads a model and scores, at each step.

    python -m benchmarks.memory FOLDER [--precision int8] [--documents 50] [--tokens 100] [--max-tokens 8192]

`--background` scores as a job does and reports after every tenth document, for long runs such as
`--documents 100 --tokens 8000`. The last line is JSON.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.compare import QUERY, documents_of
from core.__main__ import spin_briefly
from core.engine.bench import peak_of_process
from core.engine.scorer import Qwen3Scorer
from core.records import ScoringRequest


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
    spin_briefly(os.environ)  # as `python -m core` does

    import torch

    steps = {"imports": peak_of_process()}
    scorer = Qwen3Scorer.load(
        options.folder,
        name=options.folder.name,
        device="cpu",
        precision=options.precision,
        max_tokens=options.max_tokens,
        threads=options.threads,
    )
    steps["loaded"] = peak_of_process()
    texts = documents_of(options.documents, options.tokens, "en")
    start = time.perf_counter()
    if options.background:
        request = ScoringRequest(QUERY, tuple(texts))
        scores = scorer.score_many([request], on_progress=_report(start))[0]
    else:
        scores = scorer.score(QUERY, texts)
    steps["scored"] = peak_of_process()
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


def _report(start: float) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if done % 10 == 0:
            seconds = time.perf_counter() - start
            print(f"{done} of {total}, {seconds:.0f} s, peak {peak_of_process() / 1e9:.2f} GB", flush=True)

    return report


if __name__ == "__main__":
    main()
