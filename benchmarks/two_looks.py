"""Two looks against reading everything: processor time, and how far the first places are the same.

One thread, the two in turns in one process, so that other programs slow both alike. FOLDER is that of
`benchmarks.random_model`; its scores mean nothing, so what two looks miss is to be found on real data
(`batch --two-looks` says it).

    python -m benchmarks.two_looks FOLDER [--shapes 50x1000] [--top 10] [--precision fp32] [--layers 7]

`--layers` runs only so many of the model's layers; a pass's time grows with them. The last line is JSON.
"""

import argparse
import json
import time
from pathlib import Path

from benchmarks.compare import QUERY, documents_of
from core.engine.scorer import Qwen3Scorer
from core.records import Score, Scorer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shapes", default="50x1000")
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--layers", type=int, default=0, help="0 = all")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()

    import torch

    scorer = Qwen3Scorer.load(
        options.folder, name="random", device="cpu", precision=options.precision, threads=1
    )
    if options.layers:
        scorer._model.layers = scorer._model.layers[: options.layers]
    looking = scorer.two_looks(options.top)
    rows = []
    for shape in options.shapes.split(","):
        count, tokens = map(int, shape.split("x"))
        texts = documents_of(count, tokens, "en")
        seconds: dict[str, float] = {}
        for _ in range(options.rounds):
            whole, spent = _timed(scorer, texts)
            seconds["whole"] = min(seconds.get("whole", spent), spent)
            looked, spent = _timed(looking, texts)
            seconds["two looks"] = min(seconds.get("two looks", spent), spent)
        row = {
            "shape": shape,
            "seconds": {name: round(value, 2) for name, value in seconds.items()},
            "faster": round(seconds["whole"] / seconds["two looks"], 2),
            "read_whole": sum(not score.truncated for score in looked),
            "tokens": [sum(score.tokens for score in scores) for scores in (whole, looked)],
            "largest_difference": max(
                abs(a.logit - b.logit) for a, b in zip(whole, looked, strict=True) if not b.truncated
            ),
            "same_first_places": len(_first(whole, options.top) & _first(looked, options.top)),
        }
        rows.append(row)
        print(row, flush=True)
    print(
        json.dumps(
            {
                "precision": scorer.info.precision,
                "layers": len(scorer._model.layers),
                "top": options.top,
                "torch": torch.__version__,
                "rows": rows,
            }
        )
    )


def _timed(scorer: Scorer, texts: list[str]) -> tuple[list[Score], float]:
    start = time.process_time()
    scores = scorer.score(QUERY, texts)
    return scores, time.process_time() - start


def _first(scores: list[Score], top: int) -> set[int]:
    return set(sorted(range(len(scores)), key=lambda at: -scores[at].logit)[:top])


if __name__ == "__main__":
    main()
