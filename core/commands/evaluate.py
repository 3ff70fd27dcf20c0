"""`evaluate`: did reranking help on a labelled sheet, or which of several runs is better."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.commands.column_mapping import add_mapping_argument, column_mapping
from core.commands.options.model_labels import (
    add_model_labels_argument,
    check_model_labels,
    model_labels_verdicts,
)
from core.commands.options.recipe_option import add_recipe_argument, recipe_of
from core.errors import InputError, StorageError
from core.evaluation.judged import Run
from core.evaluation.kinds import COMMON_MEASURES, DEFAULT_MEASURES
from core.jobs import ScoreCache
from core.judging.store import label_store
from core.sentences import Sentence
from core.settings import Settings
from core.sheets.meaning.scales import parse_grades
from core.workflows.evaluate.added_rows import find_added_rows
from core.workflows.evaluate.basis import under, with_machine_grades
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.files import free_name, open_file, read_runs
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate, evaluate_runs, require_labels
from core.workflows.evaluate.scores import ScoredSystem, score_data, usable_instruction
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.use.gates import Gate, GateResult, below, gate_measure, parse_gate, worse_than
from core.workflows.evaluate.use.model_labels import json_of
from core.workflows.evaluate.use.under_recipe import recipe_run
from core.workflows.evaluate.verdict import added_rows_warnings, verdict_lines
from core.workflows.home.inventory import open_scorer
from core.workflows.instructions.library import asked_instruction
from core.workflows.judge.use import judged_set_of, labels_by
from core.workflows.recipes.loading import open_recipe_scorer
from core.workflows.recipes.use import RecipeInUse, named_recipe

HELP = "say whether reranking helped, with statistics"
SHOWN_PROBLEMS = 20
# Measured, and the statistics say that it is not good enough for `--fail-below` or `--fail-if-worse-than`.
EXIT_NOT_GOOD_ENOUGH = 5

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
    add_recipe_argument(parser)
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
        "--graded-by",
        metavar="MODEL",
        help="where people gave no label, take this judge's (see judge); every verdict then says so",
    )
    parser.add_argument(
        "--gain", choices=("linear", "exponential"), default="linear", help="what a grade is worth in nDCG"
    )
    parser.add_argument(
        "--keep-unanswerable",
        action="store_true",
        help="also count queries without a relevant document, as 0",
    )
    add_model_labels_argument(parser)
    parser.add_argument("-o", "--output", metavar="REPORT.xlsx", help="also write the Excel report")
    parser.add_argument(
        "--fail-below",
        dest="gates",
        action="append",
        default=[],
        metavar="MEASURE=VALUE",
        help="exit 5 where the 95 %% interval of the mean ends below the value, such as nDCG@10=0.80",
    )
    parser.add_argument(
        "--fail-if-worse-than",
        dest="rival",
        metavar="RECIPE",
        help="exit 5 where the verdict against this recipe is «worse» (test and interval, first measure)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the verdict."""
    gates = [parse_gate(text) for text in options.gates]
    settings = _settings(options, gates)
    outcome = _outcome(options, settings)
    results = _gated(outcome, gates, options.rival)
    powered = model_labels_verdicts(options, outcome)
    if options.output:
        _write(options.output, evaluation_excel(outcome, _details(options), powered=powered))
    for said in _readings(outcome):
        print(f"warning: {said}", file=sys.stderr)
    if options.json:
        record = _record(outcome)
        if powered:
            record["model_labels"] = json_of(powered)
        if results:
            record["gates"] = [{"failed": one.failed, "message": one.sentence.text} for one in results]
        print(json.dumps(record, ensure_ascii=False))
    else:
        _show(outcome)
        for verdict in powered:
            for said in (*verdict.comparison.sentences, *verdict.comparison.notes):
                print(f"{verdict.comparison.system}: {said}")
        for one in results:
            print(one.sentence)
    return EXIT_NOT_GOOD_ENOUGH if any(one.failed for one in results) else 0


def _settings(options: argparse.Namespace, gates: Sequence[Gate]) -> EvaluateSettings:
    """The conventions; a misspelt measure is said before an hour of scoring, not after."""
    if options.output and not options.output.lower().endswith(".xlsx"):
        raise InputError("The report is an Excel file; its name must end in .xlsx.", where="--output")
    if options.rel is not None and options.rel < 1:
        raise InputError("--rel must be at least 1.", where="--rel")
    settings = EvaluateSettings(
        options.measures, options.rel or 1, options.gain == "exponential", options.keep_unanswerable
    )
    settings = replace(settings, measures=",".join((settings.measures, *(one.measure for one in gates))))
    settings.chosen()
    return settings


def _outcome(options: argparse.Namespace, settings: EvaluateSettings) -> Outcome:
    if options.input and (options.runs or options.qrels):
        raise InputError("Give either INPUT or --run with --qrels, not both.", where="arguments")
    if options.graded_by and not options.input:
        raise InputError("A model's grades belong to a sheet.", where="--graded-by", hint="Give INPUT.")
    check_model_labels(options)
    if (options.recipe or options.rival) and not options.input:
        raise InputError("A recipe is tried on a labelled sheet.", where="arguments", hint="Give INPUT.")
    if options.input:
        return _sheet(options, settings)
    if options.runs and options.qrels:
        return _runs(options, settings)
    raise InputError("Give INPUT, or --run and --qrels.", where="arguments", hint="See evaluate --help.")


def _gated(outcome: Outcome, gates: Sequence[Gate], rival: str | None) -> list[GateResult]:
    """What the gates say of every order that is measured, the rival's apart."""
    report = outcome.report
    assert report is not None  # only labelled data is evaluated here
    settings = report.settings.comparison
    systems = [one.evaluation for one in report.systems]
    others = systems[:-1] if rival else systems
    found = [
        below(one, gate_measure(gate, outcome.settings), gate, settings) for gate in gates for one in others
    ]
    if rival:
        first = outcome.settings.chosen()[0]
        found += [worse_than(one, systems[-1], first, settings) for one in others]
    headings = outcome.basis.headings
    return [replace(one, sentence=under(headings, one.sentence)) for one in found]


def _sheet(options: argparse.Namespace, settings: EvaluateSettings) -> Outcome:
    path = Path(options.input)
    data = read_labelled(
        path,
        mapping=column_mapping(options.map),
        sheet=options.sheet,
        encoding=options.encoding,
        depth=options.candidates,
        grades=parse_grades(options.grades),
        rel=options.rel,
    )
    if options.graded_by:
        store = label_store(Settings().home)
        data = with_machine_grades(data, labels_by(store, judged_set_of(path), options.graded_by))
    data = require_labels(data)
    added = find_added_rows(data.judgements, data.initial)
    if added is not None:
        log.warning("%s", added.warning)  # before an hour of scoring, not after
    home = Settings().home
    used = recipe_of(options, Settings())
    rival = named_recipe(options.rival, home) if options.rival else None
    instruction = asked_instruction(options.instruction, options.preset, home)
    if used is not None:
        return evaluate(data, (), settings, _recipe_runs([used, rival], options, data))
    systems: list[ScoredSystem] = []
    for name in options.model or [None]:
        systems.append(_score(name, data, instruction, [system.name for system in systems], options.json))
    return evaluate(data, systems, settings, _recipe_runs([rival], options, data))


def _recipe_runs(
    recipes: Sequence[RecipeInUse | None], options: argparse.Namespace, data: EvaluationData
) -> list[Run]:
    runs: list[Run] = []
    for used in recipes:
        if used is not None:
            run = _recipe_run(used, options, data)
            # A recipe may be held against itself.
            runs.append(replace(run, name=free_name(run.name, [one.name for one in runs])))
    return runs


def _recipe_run(used: RecipeInUse, options: argparse.Namespace, data: EvaluationData) -> Run:
    settings = Settings()
    model = options.model[0] if options.model else None
    scorer = open_recipe_scorer(used, model, settings)
    cache = _cache(settings)
    try:
        shown = None if options.json or not sys.stderr.isatty() else _progress
        return recipe_run(scorer, data, used, cache=cache, on_progress=shown)
    finally:
        if cache is not None:
            cache.close()


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
    record["labels"] = outcome.basis.as_json()
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
