"""`evaluate`: did reranking help on a labelled sheet, or which of several runs is better."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from core.commands.column_mapping import add_mapping_argument, column_mapping
from core.errors import InputError, StorageError
from core.evaluation.kinds import COMMON_MEASURES, DEFAULT_MEASURES
from core.jobs import ScoreCache
from core.sentences import Sentence
from core.settings import Settings
from core.sheets.meaning.scales import parse_grades
from core.workflows.evaluate.added_rows import find_added_rows
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.files import free_name, open_file, read_runs
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate, evaluate_runs, require_labels
from core.workflows.evaluate.scores import ScoredSystem, score_data, usable_instruction
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.verdict import added_rows_warnings, verdict_lines
from core.workflows.home.inventory import open_scorer
from core.workflows.instructions.library import asked_instruction

HELP = "say whether reranking helped, with statistics"
SHOWN_PROBLEMS = 20

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A labelled sheet to rerank, or runs and judgements of other tools."""
    parser.add_argument("input", nargs="?", metavar="INPUT", help="a labelled sheet: .xlsx, .csv, .jsonl …")
    add_mapping_argument(parser)
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="of a text file; default: found out")
    parser.add_argument(
        "--candidates",
        type=int,
        metavar="N",
        help="rerank only the first N of each query; the labels of the others still count",
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        help="embedded, a Qwen3-Reranker name, or a folder; several are compared; default: the best on disk",
    )
    wording = parser.add_mutually_exclusive_group()
    wording.add_argument("--instruction", help="what makes a document relevant, in English")
    wording.add_argument("--preset", help="a built-in or saved instruction by name")
    parser.add_argument(
        "--run",
        dest="runs",
        action="append",
        default=[],
        metavar="FILE",
        help="a TREC run; the first is the baseline",
    )
    parser.add_argument("--qrels", metavar="FILE", help="judgements: TREC qrels, CSV or Quepid CSV")
    parser.add_argument(
        "--measures",
        default=DEFAULT_MEASURES,
        metavar="MEASURE,…",
        help=f"the first one decides, for example {', '.join(COMMON_MEASURES)}; default: %(default)s",
    )
    parser.add_argument("--rel", type=int, metavar="GRADE", help="lowest grade that is relevant; default: 1")
    parser.add_argument(
        "--grades", default="", metavar="LABEL=GRADE,…", help="what labels are worth: good=2,ok=1,bad=0"
    )
    parser.add_argument(
        "--gain", choices=("linear", "exponential"), default="linear", help="what a grade is worth in nDCG"
    )
    parser.add_argument(
        "--keep-unanswerable",
        action="store_true",
        help="also count queries without a relevant document, as 0",
    )
    parser.add_argument("-o", "--output", metavar="REPORT.xlsx", help="also write the Excel report")


def run(options: argparse.Namespace) -> int:
    """Print the verdict."""
    if options.output and not options.output.lower().endswith(".xlsx"):
        raise InputError("The report is an Excel file; its name must end in .xlsx.", where="--output")
    if options.rel is not None and options.rel < 1:
        raise InputError("--rel must be at least 1.", where="--rel")
    settings = EvaluateSettings(
        options.measures, options.rel or 1, options.gain == "exponential", options.keep_unanswerable
    )
    settings.chosen()  # a misspelt measure is said before an hour of scoring, not after
    if options.input and (options.runs or options.qrels):
        raise InputError("Give either INPUT or --run with --qrels, not both.", where="arguments")
    if options.input:
        outcome = _sheet(options, settings)
    elif options.runs and options.qrels:
        outcome = _runs(options, settings)
    else:
        raise InputError("Give INPUT, or --run and --qrels.", where="arguments", hint="See evaluate --help.")
    if options.output:
        source = Path(options.input or options.runs[-1]).name
        _write(options.output, evaluation_excel(outcome, _details(options), source=source))
    for said in _readings(outcome):
        print(f"warning: {said}", file=sys.stderr)
    if options.json:
        print(json.dumps(_record(outcome), ensure_ascii=False))
    else:
        _show(outcome)
    return 0


def _sheet(options: argparse.Namespace, settings: EvaluateSettings) -> Outcome:
    data = require_labels(
        read_labelled(
            Path(options.input),
            mapping=column_mapping(options.map),
            sheet=options.sheet,
            encoding=options.encoding,
            depth=options.candidates,
            grades=parse_grades(options.grades),
            rel=options.rel,
        )
    )
    added = find_added_rows(data.judgements, data.initial)
    if added is not None:
        log.warning("%s", added.warning)  # before an hour of scoring, not after
    instruction = asked_instruction(options.instruction, options.preset, Settings().home)
    systems: list[ScoredSystem] = []
    for name in options.model or [None]:
        systems.append(_score(name, data, instruction, [system.name for system in systems], options.json))
    return evaluate(data, systems, settings)


def _score(
    model: str | None, data: EvaluationData, instruction: str | None, taken: Sequence[str], quiet: bool
) -> ScoredSystem:
    settings = Settings()
    scorer = open_scorer(model, settings)
    wording = usable_instruction(scorer.info, instruction)
    if instruction and wording is None:
        log.warning("%s takes no instruction; yours was ignored.", scorer.info.label)
    cache = _cache(settings)
    try:
        return score_data(
            scorer,
            data,
            wording,
            name=free_name(scorer.info.label, taken),
            cache=cache,
            on_progress=None if quiet or not sys.stderr.isatty() else _progress,
        )
    finally:
        if cache is not None:
            cache.close()


def _cache(settings: Settings) -> ScoreCache | None:
    try:
        return ScoreCache(settings.home)
    except StorageError as error:
        log.warning("Scoring without the score cache: %s", error)
        return None


def _progress(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{done:,} of {total:,} pairs ", end=end, file=sys.stderr, flush=True)


def _runs(options: argparse.Namespace, settings: EvaluateSettings) -> Outcome:
    imported = read_runs([open_file(path) for path in options.runs], open_file(options.qrels))
    for name, line, problem in imported.problems[:SHOWN_PROBLEMS]:
        log.warning("%s, line %d: %s", name, line, problem)
    return evaluate_runs(imported.judgements, imported.runs, settings)


def _readings(outcome: Outcome) -> list[Sentence]:
    """What is to be warned of, each sentence once."""
    found = [
        said for number in range(max(1, len(outcome.names))) for said in added_rows_warnings(outcome, number)
    ]
    return list({said.text: said for said in found}.values())


def _record(outcome: Outcome) -> dict[str, object]:
    record = dict(outcome.report.as_json()) if outcome.report else {}
    if outcome.systems:
        record["models"] = [
            {
                "run": system.name,
                "model": system.model.name,
                "device": system.model.device,
                "precision": system.model.precision,
                "instruction": system.instruction,
                "pairs": system.cost.pairs if system.cost else None,
                "scored": system.cost.scored if system.cost else None,
                "seconds": round(system.cost.seconds, 3) if system.cost else None,
            }
            for system in outcome.systems
        ]
    record["warnings"] = [said.text for said in _readings(outcome)]
    if outcome.added is not None and outcome.without_added is not None:
        record["added_rows"] = {
            "depth": outcome.added.depth,
            "rows": outcome.added.rows,
            "lists": len(outcome.added.depths),
            "measures_without": outcome.without_added.as_json()["measures"],
        }
    record["problems"] = [{"row": row, "message": problem.text} for row, problem in outcome.data.problems]
    return record


def _show(outcome: Outcome) -> None:
    report = outcome.report
    assert report is not None  # only labelled data is evaluated here
    others = outcome.runs[1:]
    for number, other in enumerate(others):
        print(f"{other.name} compared with {outcome.runs[0].name}, {report.queries} queries")
        for line in verdict_lines(outcome, number):
            print(f"  {line.sentence}")
        print()
    print(f"{'measure':<20}" + "".join(f"{run.name[:24]:>26}" for run in outcome.runs))
    for measure in outcome.settings.chosen():
        means = [report.baseline.mean(measure), *(s.evaluation.mean(measure) for s in report.systems)]
        cells = "".join(f"{mean:>26.4f}" if mean is not None else f"{'-':>26}" for mean in means)
        print(f"{measure!s:<20}{cells}")
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    for row, problem in outcome.data.problems[:SHOWN_PROBLEMS]:
        print(f"row {row}: {problem}" if row is not None else str(problem), file=sys.stderr)
    left = len(outcome.data.problems) - SHOWN_PROBLEMS
    if left > 0:
        print(f"and {left} more such rows", file=sys.stderr)
    for system in outcome.systems:
        for said in system.model.notes:
            print(f"note: {said}", file=sys.stderr)


def _details(options: argparse.Namespace) -> list[tuple[str, str]]:
    if options.input:
        return [("input", Path(options.input).name), *[("mapping", text) for text in options.map]]
    return [*[("run", Path(path).name) for path in options.runs], ("judgements", Path(options.qrels).name)]


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {problem}.",
            where=path,
            path=path,
            problem=error.strerror or str(error),
        ) from None
