"""`models`: which models there are, and which are on this machine."""

import argparse
import json

from core.settings import Settings

HELP = "list the models and where they are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--download NAME` fetches one first."""
    parser.add_argument("--download", metavar="NAME", help="fetch a model from ModelScope or Hugging Face first")


def run(options: argparse.Namespace) -> int:
    """Print one line, or one JSON object, per model."""
    from core.workflows.inventory import download_now, inventory

    settings = Settings()
    if options.download:
        download_now(options.download, settings, show=not options.json)
    rows = inventory(settings)
    if options.json:
        print(json.dumps({"models": [row.record() for row in rows]}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row.name:<28} {row.size:>8}  {row.place}")
    return 0
