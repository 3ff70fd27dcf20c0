"""`batch --engine ray` and `--engine parts`: folders in, a folder of parts out, by many processes."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable

from core.commands.column_mapping import column_mapping
from core.commands.options.care_options import care_of
from core.commands.options.recipe_option import recipe_of
from core.commands.progress import duration
from core.errors import InputError
from core.models import resolve_name
from core.models.remote.addresses import is_remote, read_address
from core.models.remote.detection import kind_named
from core.settings import Settings
from core.workflows.instructions.library import asked_instruction
from core.workflows.scale.folding import recognised
from core.workflows.scale.here import Progress, Share, run_here
from core.workflows.scale.on_ray import Cluster, run_on_ray
from core.workflows.scale.parts import PAIRS_A_PART, QUERIES_A_PART, Portion
from core.workflows.scale.places import Folder, input_files
from core.workflows.scale.runs import Outcome, Run

ENGINES = ("local", "parts", "ray")
# What a worker needs to load the same model; keys stay where they are.
SETTINGS = ("home", "device", "precision", "max_tokens", "long_documents", "threads", "send_to")

ONLY_LOCAL = "{option} is for --engine local."
HOSTED = "A hosted model is asked by --engine local, which says the cost before it spends."
NOT_A_SHARE = "«{share}» is no share."
SHARE_HINT = "Give K/N: the K-th of N processes, from 1."


def add_scale_arguments(parser: argparse.ArgumentParser) -> None:
    """Which engine, and how many of what."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="local",
        help="local: a spreadsheet, as a job that the pages know; parts, ray: files, folders, globs, object "
        "storage into a folder of Parquet, by this process or its share, or by Ray's workers",
    )
    parser.add_argument("--ray-address", metavar="HOST:PORT", help="a running Ray; default: start it here")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="of Ray, each with a model of its own"
    )
    parser.add_argument("--worker-cpus", type=int, metavar="N", help="processors of each worker")
    parser.add_argument("--share", metavar="K/N", help="of --engine parts: the K-th of N processes")
    parser.add_argument(
        "--part-queries", type=int, default=QUERIES_A_PART, metavar="N", help="queries of a part"
    )


def run_at_scale(options: argparse.Namespace) -> int:
    """Score what is missing and check the whole; exit 4 with the ids when queries are missing."""
    _refuse_local_options(options)
    settings = Settings()
    mapping = column_mapping(options.map)
    files = input_files(options.input)
    used = recipe_of(options, settings)
    made = used.recipe.model if used is not None else None
    if made is not None and options.model is None and settings.precision == "auto":
        settings = settings.model_copy(update={"precision": made.precision})
    wanted = options.model or (made.name if made is not None else "auto")
    model = resolve_name(wanted, settings)
    if is_remote(model) and (kind := kind_named(read_address(model))) is not None and kind.hosts:
        raise InputError(HOSTED, where="--engine")
    columns = recognised(files[0], mapping)
    run = Run(
        files,
        columns.without_first_stage() if used is None else columns,
        Portion(max(1, options.part_queries), max(1, options.part_queries) * PAIRS_A_PART // QUERIES_A_PART),
        model,
        None if used else asked_instruction(options.instruction, options.preset, settings.home),
        {name: value for name, value in settings.model_dump(mode="json").items() if name in SETTINGS},
        Folder(options.output),
        used,
    )
    start = time.monotonic()
    progress = _progress_line(start)
    if options.engine == "ray":
        cluster = Cluster(
            options.ray_address,
            max(1, options.workers),
            options.worker_cpus or max(1, (os.cpu_count() or 1) // max(1, options.workers)),
            settings.device.startswith("cuda"),
        )
        print("Starting Ray …", file=sys.stderr)
        outcome: Outcome | None = run_on_ray(run, cluster, progress)
    else:
        outcome = run_here(run, _share(options.share), progress)
    print(file=sys.stderr)
    _print(options, run, outcome, time.monotonic() - start)
    return 0


def _refuse_local_options(options: argparse.Namespace) -> None:
    given = {
        "--pool": options.pool,
        "--query": options.query,
        "--sheet": options.sheet,
        "--encoding": options.encoding,
        "--top": options.top,
        "--clean, --chunk": care_of(options).active,
    }
    for option, value in given.items():
        if value:
            raise InputError(ONLY_LOCAL, where=option, option=option)


def _share(text: str | None) -> Share:
    if text is None:
        return Share()
    number, slash, count = text.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise InputError(NOT_A_SHARE, where="--share", hint=SHARE_HINT, share=text)
    return Share(int(number) - 1, int(count))


def _progress_line(start: float) -> Callable[[Progress], None]:
    """One line that is drawn over on a terminal, else one every ten seconds."""
    terminal = sys.stderr.isatty()
    last = start

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if not terminal and now - last < 10:
            return
        last = now
        rate = progress.scored / (now - start) if now > start else 0.0
        text = f"{progress.queries:,} queries, {progress.pairs:,} pairs, {rate:,.1f} scored/s"
        print(
            f"\r{text}\x1b[K" if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True
        )

    return show


def _print(options: argparse.Namespace, run: Run, outcome: Outcome | None, seconds: float) -> None:
    if outcome is None:
        record: dict[str, object] = {"output": run.output.address, "finished": False}
        text = f"{run.output.address}: this share is done; others are not yet."
    else:
        record = {
            "pairs": outcome.pairs,
            "scored": outcome.scored,
            "queries": outcome.queries,
            "parts": outcome.parts,
            "seconds": round(seconds, 3),
            "model": run.model,
            **({"recipe": run.recipe.title} if run.recipe else {}),
            "fingerprint": outcome.fingerprint,
            "output": run.output.address,
            "finished": True,
        }
        text = (
            f"{run.output.address}: {outcome.queries:,} queries, {outcome.pairs:,} pairs in "
            f"{outcome.parts:,} parts, {outcome.scored:,} pairs scored in {duration(seconds)}, by {run.model}"
        )
    print(json.dumps(record, ensure_ascii=False) if options.json else text)
