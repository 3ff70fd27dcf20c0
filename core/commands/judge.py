"""`judge`: have language models grade the pairs of a sheet, and see how far to trust them."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from core.commands.column_mapping import add_mapping_argument, column_mapping
from core.commands.progress import duration
from core.errors import InputError, StoppedError
from core.judging.agreement import Estimate, JudgeAgreement
from core.judging.panel import JOIN_RULES, RUBRICS, Panel
from core.judging.rounds import Standing
from core.judging.store import label_store
from core.settings import Settings
from core.sheets.meaning.importing import import_table
from core.sheets.meaning.scales import parse_grades
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.judge.cost import ExpectedCost, Prices, expected_cost
from core.workflows.judge.endpoint import endpoint_host, judging_endpoint, unagreed_host
from core.workflows.judge.export import labels_csv
from core.workflows.judge.pairs import Scope, pairs_to_judge
from core.workflows.judge.rounds import Asked, run_round
from core.workflows.judge.use import agreement_with_people, judged_set_of

HELP = "have language models grade the pairs of a sheet; labels are kept apart from people's"
# Some pairs got no label, because no answer could be read.
EXIT_INCOMPLETE = 4
SHOWN_PROBLEMS = 20

NOT_AGREED = "{cost} Nobody agreed to that."
NOT_AGREED_TO_SEND = "{cost} Queries and documents would be sent to {host}. Nobody agreed to that."
AGREE_HINT = "Add --yes to agree, or answer at a terminal."
DECLINED = "Nothing was sent and nothing is spent."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is judged, by whom, how sure, and at what price."""
    parser.add_argument(
        "input", metavar="FILE", help="a sheet of queries and documents: .xlsx, .csv, .jsonl …"
    )
    add_mapping_argument(parser)
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="of a text file; default: found out")
    parser.add_argument(
        "--grades", default="", metavar="LABEL=GRADE,…", help="what people's labels are worth: good=2,bad=0"
    )
    parser.add_argument("--endpoint", required=True, metavar="URL", help="such as http://localhost:11434/v1")
    parser.add_argument(
        "--model", action="append", required=True, help="by the endpoint's name; several judge together"
    )
    parser.add_argument(
        "--rubric", metavar="FILE", help="what the grades mean, as text; default: the built-in"
    )
    parser.add_argument("--language", choices=sorted(RUBRICS), default="en", help="of the built-in rubric")
    parser.add_argument("--votes", type=int, default=1, metavar="N", help="answers of each model for a pair")
    parser.add_argument("--rule", choices=sorted(JOIN_RULES), default="median", help="how votes are joined")
    parser.add_argument(
        "--together", type=int, default=1, metavar="N", help="documents in one request: cheaper, less careful"
    )
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="requests under way together")
    parser.add_argument(
        "--which",
        choices=("all", "unjudged", "judged"),
        default="all",
        help="by whether people judged them; «judged» shows how far to trust the model",
    )
    parser.add_argument("--top", type=int, default=0, metavar="N", help="only the first N of each query")
    parser.add_argument("--price-in", type=float, metavar="P", help="of a million tokens read")
    parser.add_argument("--price-out", type=float, metavar="P", help="of a million tokens written")
    parser.add_argument("--currency", default="$", help="of the prices; default: %(default)s")
    parser.add_argument("--yes", action="store_true", help="agree to the cost, and to send the texts there")
    parser.add_argument("-o", "--output", metavar="LABELS.csv", help="also write the labels")


def run(options: argparse.Namespace) -> int:
    """Say what it costs, judge, and say what came of it."""
    settings = Settings()
    path = Path(options.input)
    table = import_table(
        path,
        mapping=column_mapping(options.map),
        sheet=options.sheet,
        encoding=options.encoding,
        grades=parse_grades(options.grades),
    )
    data = labelled_data(table)
    for row, problem in data.problems[:SHOWN_PROBLEMS]:
        print(f"row {row}: {problem}" if row is not None else str(problem), file=sys.stderr)
    panel = Panel(
        tuple(dict.fromkeys(options.model)),
        endpoint_host(options.endpoint),
        _rubric(options),
        options.votes,
        options.rule,
        options.together,
    )
    where = judging_endpoint(options.endpoint, panel.models[0], settings)
    asked = Asked(options.endpoint, panel, Scope(options.which, max(0, options.top)), options.at_once)
    pairs = pairs_to_judge(data, [data.initial], asked.scope)
    judged_set = judged_set_of(path)
    store = label_store(settings.home)
    expected = expected_cost(store, panel, pairs, _prices(options))
    _agree(expected, unagreed_host(options.endpoint, settings), options)
    shown = None if options.json or not sys.stderr.isatty() else _progress
    standing = run_round(settings.home, where, asked, judged_set, pairs, on_progress=shown)
    labels = store.labels(judged_set, panel.source)
    if options.output:
        _write(options.output, labels_csv(data, labels))
    agreed = agreement_with_people(data, labels, panel.name)
    if options.json:
        print(json.dumps(_record(panel, standing, agreed), ensure_ascii=False))
    else:
        _show(panel, standing, agreed)
    return EXIT_INCOMPLETE if standing.failed else 0


def _rubric(options: argparse.Namespace) -> str:
    if not options.rubric:
        return RUBRICS[options.language]
    try:
        return Path(options.rubric).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "{path} cannot be read: {problem}.", where="--rubric", path=options.rubric, problem=str(error)
        ) from None


def _prices(options: argparse.Namespace) -> Prices | None:
    if options.price_in is None and options.price_out is None:
        return None
    return Prices(options.price_in or 0.0, options.price_out or 0.0, options.currency)


def _agree(expected: ExpectedCost, host: str | None, options: argparse.Namespace) -> None:
    """Go on only with consent: `--yes`, or an answer at a terminal."""
    said = " ".join(one.text for one in expected.sentences)
    if not expected.requests:
        return
    if not options.json:
        print(said, file=sys.stderr)
        if host:
            print(f"Queries and documents are sent to {host}.", file=sys.stderr)
    if options.yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        template = NOT_AGREED_TO_SEND if host else NOT_AGREED
        raise InputError(template, where="--yes", hint=AGREE_HINT, cost=said, host=host or "")
    print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise StoppedError(DECLINED)


def _progress(standing: Standing) -> None:
    left = standing.seconds_left
    words = f"{standing.done:,} of {standing.pairs:,} pairs"
    words += f" · {duration(left)} left" if left and standing.running else ""
    end = "" if standing.running else "\n"
    print(f"\r{words}\x1b[K", end=end, file=sys.stderr, flush=True)


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        problem = error.strerror or str(error)
        raise InputError(
            "{path} cannot be written: {problem}.", where=path, path=path, problem=problem
        ) from None


def _record(panel: Panel, standing: Standing, agreed: JudgeAgreement | None) -> dict[str, object]:
    counts = asdict(standing)
    del counts["running"]
    record: dict[str, object] = {"judge": panel.name, "fingerprint": panel.fingerprint, **counts}
    record["seconds"] = round(standing.seconds, 3)
    record["agreement"] = agreement_record(agreed) if agreed is not None else None
    return record


def agreement_record(agreed: JudgeAgreement) -> dict[str, object]:
    """Agreement with people as JSON values."""

    def figure(found: Estimate | None) -> dict[str, object] | None:
        if found is None:
            return None
        bounds = [found.interval.low, found.interval.high] if found.interval else None
        return {"value": found.value, "interval": bounds}

    return {
        "pairs": agreed.pairs,
        "queries": agreed.queries,
        "kappa": figure(agreed.kappa),
        "over_rating": figure(agreed.over),
        "bias_by_length": figure(agreed.length),
        "bias_by_shared_words": figure(agreed.words),
        "confusion": [list(row) for row in agreed.confusion],
        "sentences": [said.text for said in agreed.sentences],
    }


def _show(panel: Panel, standing: Standing, agreed: JudgeAgreement | None) -> None:
    print(
        f"{panel.name} ({panel.fingerprint}): {standing.labelled:,} of {standing.pairs:,} pairs have a label"
    )
    print(
        f"  {standing.requests:,} requests, {standing.known:,} answers known before, "
        f"{standing.read:,} tokens read, {standing.written:,} written"
    )
    if standing.malformed:
        print(
            f"  answers that could not be read: {standing.malformed:,}; "
            f"pairs without label: {standing.failed:,}"
        )
    if standing.tied:
        print(f"  ties between votes: {standing.tied:,}. {JOIN_RULES[panel.rule]}")
    for said in agreed.sentences if agreed else ():
        print(f"  {said}")
    if agreed is None:
        print("  No pair was judged by people, too: how far to trust it is not known.")
