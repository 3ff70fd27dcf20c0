"""`models`: which models there are, and which are on this machine."""

import argparse
import dataclasses
import json
import sys

from core.models.downloads import DownloadSnapshot
from core.settings import Settings
from core.workflows.home.inventory import InventoryRow, download_now, embedding_inventory, inventory

HELP = "list the models and where they are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--download NAME` fetches one first."""
    parser.add_argument(
        "--download",
        metavar="NAME",
        help="fetch a model from ModelScope or Hugging Face first, or check and repair it",
    )


def run(options: argparse.Namespace) -> int:
    """Print one line, or one JSON object, per model."""
    settings = Settings()
    if options.download:
        download_now(options.download, settings, None if options.json else _show)
    rows, embeddings = inventory(settings), embedding_inventory(settings)
    if options.json:
        record = {
            "models": [dataclasses.asdict(row) for row in rows],
            "embeddings": [dataclasses.asdict(row) for row in embeddings],
        }
        print(json.dumps(record, ensure_ascii=False))
        return 0
    for row in (*rows, *embeddings):
        print(f"{row.name:<26} {row.parameters / 1e9:5.2f} B  {_place(row)}")
    return 0


def _place(row: InventoryRow) -> str:
    if row.place:
        return f"{row.place} ({row.source})" if row.source else row.place
    return row.problem or f"not on this machine; download {row.download_bytes / 1e9:.1f} GB"


def _show(snapshot: DownloadSnapshot) -> None:
    line = (
        f"\r{snapshot.state} {snapshot.bytes_done / 1e6:,.0f} of {snapshot.bytes_total / 1e6:,.0f} MB "
        f"at {snapshot.speed / 1e6:.1f} MB/s from {snapshot.source} "
    )
    print(line, end="", file=sys.stderr, flush=True)
