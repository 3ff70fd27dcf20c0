"""`selftest`: published scores, or an embedding model's similarities, against this machine's."""

import argparse
import dataclasses
import json

from core.models import run_selftest
from core.models.embedding import load_embedder
from core.models.embedding.selftest import run_similarities
from core.settings import Settings
from core.workflows.home.inventory import open_scorer

HELP = "check a model's scores against published ones"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model` defaults to the best one on disk."""
    parser.add_argument(
        "--model", help="embedded, a Qwen3-Reranker name, or a folder; default: the best on disk"
    )
    parser.add_argument(
        "--embedding",
        metavar="NAME",
        nargs="?",
        const="",
        help="check an embedding model's similarities instead; without NAME the one that is set",
    )


def run(options: argparse.Namespace) -> int:
    """Exit 0 when passed or not run, 1 when the scores are wrong."""
    if options.embedding is not None:
        return _similarities(options.embedding, as_json=options.json)
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


def _similarities(name: str, *, as_json: bool) -> int:
    embedder = load_embedder(name)
    report = run_similarities(embedder)
    if as_json:
        record = dataclasses.asdict(report) | {"explanation": report.explanation.text}
        print(json.dumps({"model": embedder.info.name, **record}, ensure_ascii=False))
    else:
        verdict = "passed" if report.passed else "failed"
        print(f"{embedder.info.label}: {verdict}. {report.explanation}")
        print("Similarities of two queries to two passages:")
        for at, row in enumerate(report.actual):
            here = ", ".join(f"{one:.4f}" for one in row)
            published = ", ".join(f"{one:.4f}" for one in report.expected[at]) if report.expected else ""
            print(f"  here {here}" + (f"   published {published}" if published else ""))
    return 0 if report.passed else 1
