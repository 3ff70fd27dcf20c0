"""An evaluation with labels of people and of a model: the verdict that both give together.

The outcome's labels are people's: the sheet's, and grades given by hand. A model's are kept apart or come
in a file, and are used by `core.judging.inference` alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from core.evaluation.judgements import Judgement
from core.judging.inference.comparison import Draw, powered_comparison
from core.judging.inference.verdict import PoweredComparison
from core.judging.labels import GradesByQuery, Label, onto_scale
from core.sheets.columns import ExportColumn
from core.workflows.evaluate.comparison_columns import SIGNED, VALUE
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import deciding_measure


@dataclass(frozen=True, slots=True)
class ModelLabels:
    """One model's grades of a file. draw: of people's labels, where documents were drawn to be judged."""

    name: str
    grades: GradesByQuery
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class PoweredVerdict:
    """What the labels of a model add to the verdict on one system."""

    labels: str
    comparison: PoweredComparison


def powered_verdicts(outcome: Outcome, labels: ModelLabels) -> tuple[PoweredVerdict, ...]:
    """Every order against the one before, by the deciding measure; none where nothing can be measured.

    The model's grades are taken onto the scale of people's labels.
    """
    measure = deciding_measure(outcome)
    if measure is None or not labels.grades:
        return ()
    before, *others = outcome.runs
    people = outcome.data.judgements
    highest = max((label for one in people.values() for label in one.labels.values()), default=0)
    grades = {
        query: {document: onto_scale(grade, max(1, highest)) for document, grade in of_query.items()}
        for query, of_query in labels.grades.items()
    }
    return tuple(
        PoweredVerdict(
            labels.name,
            powered_comparison(people, grades, before, other, measure, draw=labels.draw),
        )
        for other in others
    )


def grades_in(judgements: Iterable[Judgement]) -> GradesByQuery:
    """A file of a model's judgements as grades."""
    found: dict[str, dict[str, int]] = {}
    for one in judgements:
        found.setdefault(one.query_id, {})[one.document_id] = one.label
    return found


def draw_of(labels: Iterable[Label]) -> Draw:
    """With which probability people's labels were drawn, of those that were."""
    found: dict[str, dict[str, float]] = {}
    for label in labels:
        if label.source.human and label.probability is not None:
            found.setdefault(label.query_id, {})[label.document_id] = label.probability
    return found


def json_of(verdicts: Sequence[PoweredVerdict]) -> list[dict[str, object]]:
    """As JSON values."""
    return [{"labels": one.labels, **one.comparison.as_json()} for one in verdicts]


def _of_mean(name: str) -> Callable[[PoweredVerdict], object]:
    """A value of the difference; blank with too few queries."""
    value = attrgetter(name)
    return lambda row: None if row.comparison.difference is None else value(row.comparison.difference)


POWERED_COLUMNS: tuple[ExportColumn[PoweredVerdict], ...] = (
    ExportColumn("system", "The model or run that is compared", lambda row: row.comparison.system, width=20),
    ExportColumn("labels", "Whose labels stand beside people's", lambda row: row.labels, width=20),
    ExportColumn("measure", "The measure", lambda row: str(row.comparison.measure), width=14),
    ExportColumn(
        "before",
        "Mean of the order before reranking, with both kinds of label",
        lambda row: row.comparison.before,
        "number",
        VALUE,
    ),
    ExportColumn(
        "after",
        "Mean of the order after reranking, with both kinds of label",
        lambda row: row.comparison.after,
        "number",
        VALUE,
    ),
    ExportColumn("difference", "After minus before", _of_mean("mean"), "number", SIGNED),
    ExportColumn(
        "interval_low", "Lower end of its 95 % interval", _of_mean("interval.low"), "number", SIGNED
    ),
    ExportColumn("interval_high", "Upper end of that interval", _of_mean("interval.high"), "number", SIGNED),
    ExportColumn(
        "verdict",
        "better, worse, cannot_tell or too_few",
        lambda row: row.comparison.verdict,
        width=14,
        words=True,
    ),
    ExportColumn(
        "people_difference", "The difference by people's labels alone", _of_mean("alone"), "number", SIGNED
    ),
    ExportColumn(
        "people_interval_low",
        "Lower end of its 95 % interval",
        _of_mean("alone_interval.low"),
        "number",
        SIGNED,
    ),
    ExportColumn(
        "people_interval_high",
        "Upper end of that interval",
        _of_mean("alone_interval.high"),
        "number",
        SIGNED,
    ),
    ExportColumn(
        "worth",
        "As how many times as many labels by people both kinds together are good",
        _of_mean("worth"),
        "number",
        "0.00",
    ),
    ExportColumn(
        "trust", "The weight of the model's labels, from 0 to 1", _of_mean("trust"), "number", "0.00"
    ),
    ExportColumn("judged_by_people", "Queries that people judged", _of_mean("judged"), "integer"),
    ExportColumn(
        "judged_by_model", "Further queries that only the model judged", _of_mean("further"), "integer"
    ),
)
