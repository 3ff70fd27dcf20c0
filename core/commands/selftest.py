"""`selftest`: published scores against this machine's scores."""

import argparse
import dataclasses
import json

from core.models import run_selftest
from core.settings import Settings
from core.workflows.home.inventory import open_scorer

HELP = "check a model's scores against published ones"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model` defaults to the best one on disk."""
    parser.add_argument(
        "--model", help="embedded, a Qwen3-Reranker name, or a folder; default: the best on disk"
    )


def run(options: argparse.Namespace) -> int:
    """Exit 0 when passed or not run, 1 when the scores are wrong."""
    report = run_selftest(open_scorer(options.model, Settings()))
    if options.json:
        print(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
    else:
        print(f"{report.scorer.label}: {report.verdict}. {report.explanation}")
        for vector in report.vectors:
            print(f"\n{vector.name}  {vector.query}   ({vector.source})")
            for document, expected, actual in zip(
                vector.documents, vector.expected, vector.actual, strict=True
            ):
                print(f"  published {expected:+9.4f}  here {actual:+9.4f}  {document}")
    return 1 if report.verdict in ("failed", "template not applied") else 0
