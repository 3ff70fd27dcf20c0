"""`bench`: how fast the loaded Qwen3-Reranker is here, and how far from what the hardware allows."""

import argparse
import dataclasses
import json

from core.engine.bench import BenchReport, run_bench
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError
from core.settings import Settings
from core.workflows.home.inventory import open_scorer

HELP = "measure the model's speed and memory on this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model` and `--quick`."""
    parser.add_argument("--model", help="a Qwen3-Reranker name, or a folder; default: the best on disk")
    parser.add_argument("--quick", action="store_true", help="10 documents instead of 50")


def run(options: argparse.Namespace) -> int:
    """Print a few lines for people (not with --json), then one JSON line."""
    scorer = open_scorer(options.model, Settings())
    if not isinstance(scorer, Qwen3Scorer):
        raise InputError(
            "The benchmark measures Qwen3-Reranker, and {model} is loaded.",
            where="--model",
            hint="Name a Qwen3-Reranker that is on this machine; «models» lists them.",
            model=scorer.info.label,
        )
    report = run_bench(scorer, quick=options.quick)
    if not options.json:
        print(_text(report))
    print(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
    return 0


def _text(report: BenchReport) -> str:
    return (
        f"{report.model} on {report.device}, {report.precision}, {report.threads} threads\n"
        f"{report.documents} documents of {report.tokens_per_pair:.0f} tokens a pair"
        f" in {report.seconds:.3f} s (median of {report.runs})\n"
        f"{report.pairs_per_second:,.1f} pairs/s, {report.tokens_per_second:,.0f} packed tokens/s:"
        f" {report.share_of_ceiling:.0%} of the matrix products alone\n"
        f"peak memory {report.peak_memory_bytes / 1e9:.2f} GB"
    )
