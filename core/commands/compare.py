"""`compare`: several models on the same candidates, quality beside speed, memory, cost and licence."""

import argparse
import json
import logging
import sys
import threading
from pathlib import Path

from core.commands.column_mapping import add_mapping_argument, column_mapping
from core.errors import InputError, ModelError, StorageError
from core.evaluation.kinds import COMMON_MEASURES, DEFAULT_MEASURES
from core.jobs import ScoreCache
from core.settings import Settings
from core.workflows.compare.contenders import Contender, distinct_names
from core.workflows.compare.export import comparison_excel, comparison_record
from core.workflows.compare.outcome import SEARCH_EXCLUDED, ComparisonOutcome
from core.workflows.compare.scoring import Comparing, score_contenders
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.outcome import EvaluateSettings, require_labels
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.instructions.library import asked_instruction

HELP = "compare several models on a labelled sheet: quality, speed, memory, cost"

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A labelled sheet and the models."""
    parser.add_argument("input", metavar="LABELLED", help="a labelled sheet: .xlsx, .csv, .jsonl …")
    parser.add_argument(
        "--models",
        nargs="+",
        required=True,
        metavar="MODEL",
        help="embedded, use-m3, bm25, a model by name, a folder, or the address of a rerank server",
    )
    add_mapping_argument(parser)
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="of a text file; default: found out")
    parser.add_argument("--candidates", type=int, metavar="N", help="rerank only the first N of each query")
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="for the models that take one, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")
    parser.add_argument(
        "--measures",
        default=DEFAULT_MEASURES,
        metavar="MEASURE,…",
        help=f"the first one decides, for example {', '.join(COMMON_MEASURES)}; default: %(default)s",
    )
    parser.add_argument(
        "--machine-price", type=float, metavar="US$", help="what this machine costs an hour, for the cost"
    )
    parser.add_argument("-o", "--output", metavar="REPORT.xlsx", help="also write the Excel report")


def run(options: argparse.Namespace) -> int:
    """Print the table."""
    if options.output and not options.output.lower().endswith(".xlsx"):
        raise InputError("The report is an Excel file; its name must end in .xlsx.", where="--output")
    if options.machine_price is not None and options.machine_price < 0:
        raise InputError("--machine-price must be at least 0.", where="--machine-price")
    settings = Settings()
    chosen = EvaluateSettings(options.measures)
    chosen.chosen()  # a misspelt measure is said before an hour of scoring, not after
    data = require_labels(
        read_labelled(
            Path(options.input),
            mapping=column_mapping(options.map),
            sheet=options.sheet,
            encoding=options.encoding,
            depth=options.candidates,
        )
    )
    names = distinct_names(options.models, settings)
    instruction = asked_instruction(options.instruction, options.preset, settings.home)
    found = _scored(names, data, instruction, settings, quiet=options.json or not sys.stderr.isatty())
    outcome = ComparisonOutcome(data, found, chosen, options.machine_price)
    if options.output:
        _write(options.output, outcome, options)
    if options.json:
        print(json.dumps(comparison_record(outcome), ensure_ascii=False))
    else:
        _show(outcome)
    return 0


def _scored(
    names: tuple[str, ...], data: EvaluationData, instruction: str | None, settings: Settings, *, quiet: bool
) -> list[Contender]:
    """The results in the order asked; ModelError where not one model could be had."""
    try:
        cache = ScoreCache(settings.home)
    except StorageError as error:
        log.warning("Scoring without the score cache: %s", error)
        cache = None
    found: dict[str, Contender] = {}
    stop = threading.Event()

    def progress(name: str, done: int, total: int) -> None:
        if not quiet:
            print(f"\r{name}: {done:,} of {total:,} queries ", end="", file=sys.stderr, flush=True)

    at_hand = Comparing(settings, cache, on_progress=progress, cancelled=stop.is_set)
    try:
        score_contenders(names, data, instruction, at_hand, lambda one: found.update({one.name: one}))
    except KeyboardInterrupt:
        stop.set()
        raise
    finally:
        if cache is not None:
            cache.close()
    if not quiet:
        print(file=sys.stderr)
    if not any(one.had for one in found.values()):
        first = found[names[0]]
        raise ModelError.saying(first.problem, where=first.name, hint=first.advice.template)
    return [found[name] for name in names]


def _show(outcome: ComparisonOutcome) -> None:
    measures = outcome.measures
    header = "".join(f"{measure!s:>26}" for measure in measures)
    print(f"{'model':<40}{header}{'pairs/s':>10}{'ms/query':>10}{'p95 ms':>9}{'MB':>7}{'$/1000':>9}  licence")
    for one in outcome.standings:
        contender = one.contender
        if contender is not None and not contender.had:
            print(f"{one.title[:38]:<40}{contender.problem} {contender.advice}")
            continue
        cells = ""
        for measure in measures:
            mean, interval = one.means.get(measure), one.intervals.get(measure)
            bounds = f" [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""
            cells += f"{('-' if mean is None else f'{mean:.4f}') + bounds:>26}"
        rate = contender.pairs_per_second if contender else None
        mean_time = contender.seconds_per_query if contender else None
        slow = contender.slow_seconds if contender else None
        memory = contender.model.memory_bytes / 1e6 if contender and contender.model else None
        money = one.dollars_per_1000 if contender else None
        print(
            f"{one.title[:38]:<40}{cells}{_number(rate):>10}{_number(mean_time, 1000):>10}"
            f"{_number(slow, 1000):>9}{_number(memory or None):>7}{_number(money, digits=4):>9}"
            f"  {contender.licence if contender else ''}"
        )
    print(f"\n{SEARCH_EXCLUDED}\n")
    for pair in outcome.pairs:
        found = pair.comparison
        print(
            f"{pair.second[:38]} - {pair.first[:38]}: {found.difference:+.4f}, "
            f"p {found.p_adjusted:.4f} (Holm), {found.verdict}"
        )
    if outcome.worth.template:
        print(f"\n{outcome.worth}")


def _number(value: float | None, times: float = 1.0, digits: int = 1) -> str:
    return "-" if value is None else f"{value * times:,.{digits}f}"


def _write(path: str, outcome: ComparisonOutcome, options: argparse.Namespace) -> None:
    details = [("input", Path(options.input).name), *[("mapping", text) for text in options.map]]
    try:
        Path(path).write_bytes(comparison_excel(outcome, details, source=Path(options.input).name))
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {problem}.",
            where=path,
            path=path,
            problem=error.strerror or str(error),
        ) from None
