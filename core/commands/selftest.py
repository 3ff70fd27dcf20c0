"""`selftest`: published scores against this machine's scores."""

import argparse
import json

from core.settings import Settings

HELP = "check a model's scores against published ones"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model` defaults to the best one on disk."""
    parser.add_argument("--model", help="embedded, a Qwen3-Reranker name, or a folder; default: the best on disk")


def run(options: argparse.Namespace) -> int:
    """Exit 0 when passed or not run, 1 when the scores are wrong."""
    from core.models import load_scorer
    from core.models.selftest import run_selftest
    from core.workflows.workbench import best_model_on_disk

    settings = Settings()
    name = options.model or best_model_on_disk(settings)
    report = run_selftest(load_scorer(name, settings.device, settings.precision, settings=settings))
    if options.json:
        print(json.dumps(report.record(), ensure_ascii=False))
    else:
        print(report.text())
    return 1 if report.failed else 0
