"""`--model-labels`: a model's labels beside people's, from a file or as they were kept by `judge`."""

import argparse
import logging
from pathlib import Path

from core.errors import InputError
from core.judging.labels import by_people, grades_of
from core.judging.store import label_store
from core.settings import Settings
from core.workflows.evaluate.files import open_file
from core.workflows.evaluate.judging import read_grades
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.use.model_labels import (
    ModelLabels,
    PoweredVerdict,
    draw_of,
    grades_in,
    powered_verdicts,
)
from core.workflows.judge.use import judged_set_of, labels_by

BESIDE_PEOPLE = "A model's labels stand beside people's labels of a sheet."
BESIDE_PEOPLE_HINT = "Give INPUT, and leave --graded-by out."
NO_LABELS = "No label of the file belongs to a document of the sheet."
NO_LABELS_HINT = "Its ids must be those of the sheet: query_id, document_id, label."
SHOWN_PROBLEMS = 20

log = logging.getLogger(__name__)


def add_model_labels_argument(parser: argparse.ArgumentParser) -> None:
    """The option, as `options.model_labels`."""
    parser.add_argument(
        "--model-labels",
        metavar="FILE|JUDGE",
        help="a model's labels beside people's, which may be few; adds the verdict of both: a file (CSV, "
        "TREC qrels, Quepid CSV), or a model that judged INPUT (see judge)",
    )


def check_model_labels(options: argparse.Namespace) -> None:
    """InputError where there is no sheet, or where a model's grades stand for people's already."""
    if options.model_labels and (options.graded_by or not options.input):
        raise InputError(BESIDE_PEOPLE, where="--model-labels", hint=BESIDE_PEOPLE_HINT)


def model_labels_verdicts(options: argparse.Namespace, outcome: Outcome) -> tuple[PoweredVerdict, ...]:
    """The verdicts with a model's labels too; none where they were not asked for."""
    if not options.model_labels:
        return ()
    wanted = str(options.model_labels)
    return powered_verdicts(outcome, _of_file(wanted, outcome) if Path(wanted).is_file() else _kept(options))


def _of_file(path: str, outcome: Outcome) -> ModelLabels:
    read = read_grades(open_file(path), outcome.data)
    for line, problem in read.problems[:SHOWN_PROBLEMS]:
        log.warning("%s, line %d: %s", path, line, problem)
    if not read.judgements:
        raise InputError(NO_LABELS, where=path, hint=NO_LABELS_HINT)
    return ModelLabels(Path(path).name, grades_in(read.judgements))


def _kept(options: argparse.Namespace) -> ModelLabels:
    store, judged_set = label_store(Settings().home), judged_set_of(Path(options.input))
    labels = labels_by(store, judged_set, options.model_labels)
    draw = draw_of(label for label in store.labels(judged_set) if by_people(label.source))
    return ModelLabels(labels[0].source.name, grades_of(labels, lambda source: True), draw)
