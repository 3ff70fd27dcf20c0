"""Instructions × measures on labelled queries, and what changed where there are no labels.

Every instruction is compared with the default one, with the statistics of Evaluate: an interval, a test,
Holm's correction for the number of instructions. Whether the best one won by luck is for the held-out check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.evaluation.agreement import Agreement, AgreementSummary, agree
from core.evaluation.held_out import HeldOut, held_out
from core.evaluation.judged import Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.report import LEFT_OUT, NOT_JUDGED, UNJUDGED
from core.evaluation.significance import Comparison, ComparisonSettings, compare_many
from core.jobs import Job
from core.recipes.evidence import Evidence
from core.sentences import Sentence, sentence
from core.workflows.evaluate.outcome import EvaluateSettings
from core.workflows.evaluate.scores import reranked
from core.workflows.instructions.use import how_used
from core.workflows.sandbox.jobs import Trial
from core.workflows.sandbox.side_by_side import TriedInstruction

TOP = 3


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """What the analyst chooses. top: how many first places the overlap without labels is taken over."""

    evaluate: EvaluateSettings
    top: int = TOP


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One instruction. comparisons: with the default, by measure; empty for the default itself.

    agreement: of its orders with the default's; None for the default.
    """

    variant: TriedInstruction
    evaluation: Evaluation | None
    comparisons: Mapping[Measure, Comparison]
    agreement: AgreementSummary | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A trial, measured. Without labels, `before` and `held_out` are None and only agreement is known.

    before: the order before reranking. measures: those that tell a good order from a bad one, the deciding
    one first. runs: the orders, in the order of `rows`. notes: what was counted or left out.
    """

    trial: Trial
    settings: MatrixSettings
    comparison: ComparisonSettings
    rows: tuple[MatrixRow, ...]
    runs: tuple[Run, ...]
    before: Evaluation | None
    measures: tuple[Measure, ...]
    held_out: HeldOut | None
    notes: tuple[Sentence, ...] = ()

    @property
    def queries(self) -> int:
        """How many queries were measured; without labels, how many were scored."""
        return len(self.before.queries) if self.before else len(self.trial.data.initial.rankings)

    @property
    def used(self) -> Sentence:
        """How the instructions reached the model."""
        return how_used(self.trial.model)

    def row(self, name: str) -> MatrixRow:
        """The row of an instruction's name."""
        return next(row for row in self.rows if row.variant.name == name)


def measure_trial(trial: Trial, settings: MatrixSettings) -> Matrix:
    """The matrix. InputError for a measure that is none."""
    comparison = ComparisonSettings()
    runs = tuple(reranked(trial.data, system) for system in trial.systems)
    default, *others = runs
    agreements = [None, *(agree(default, run, settings.top) for run in others)]
    measures = settings.evaluate.chosen()
    deciding = tuple(measure for measure in measures if measure.kind.quality)
    if not trial.data.labels:
        rows = [
            MatrixRow(variant, None, {}, agreement)
            for variant, agreement in zip(trial.variants, agreements, strict=True)
        ]
        return Matrix(trial, settings, comparison, tuple(rows), runs, None, deciding, None, trial.data.notes)
    keep = settings.evaluate.keep_without_relevant
    judgements = trial.data.judgements
    before, baseline, *measured = (
        evaluate_run(judgements, run, measures, keep_without_relevant=keep)
        for run in (trial.data.initial, *runs)
    )
    found: dict[str, dict[Measure, Comparison]] = {}
    for one in compare_many(baseline, measured, comparison):
        found.setdefault(one.system, {})[one.measure] = one
    rows = [
        MatrixRow(variant, evaluation, found.get(variant.name, {}), agreement)
        for variant, evaluation, agreement in zip(
            trial.variants, (baseline, *measured), agreements, strict=True
        )
    ]
    halves = held_out(judgements, baseline, measured, deciding[0], comparison) if deciding else None
    return Matrix(
        trial, settings, comparison, tuple(rows), runs, before, deciding, halves, _notes(trial, before)
    )


def _notes(trial: Trial, before: Evaluation) -> tuple[Sentence, ...]:
    notes = [*trial.data.notes]
    if before.without_relevant:
        notes.append(sentence(LEFT_OUT, count=len(before.without_relevant)))
    if before.unjudged_queries:
        notes.append(sentence(NOT_JUDGED, run=before.run, count=len(before.unjudged_queries)))
    if before.unjudged:
        notes.append(sentence(UNJUDGED, run=before.run, unjudged=before.unjudged, ranked=before.ranked))
    return tuple(notes)


def most_changed(row: MatrixRow) -> tuple[Agreement, ...]:
    """The queries whose order an instruction changes, most first."""
    if row.agreement is None:
        return ()
    return tuple(sorted((one for one in row.agreement.queries if one.moved), key=lambda one: one.rbo))


def candidates_to_save(matrix: Matrix) -> tuple[MatrixRow, ...]:
    """The instructions that are not the default; the held-out winner first."""
    winner = matrix.held_out.winner if matrix.held_out else None
    return tuple(sorted(matrix.rows[1:], key=lambda row: row.variant.name != winner))


def evidence_of(matrix: Matrix, row: MatrixRow, job: Job) -> Evidence | None:
    """What was found of an instruction, to be kept with it; None without labels."""
    halves = matrix.held_out
    if halves is None or halves.measure not in row.comparisons:
        return None
    comparison = row.comparisons[halves.measure]
    interval = comparison.interval
    won = halves.winner == row.variant.name
    confirmation = halves.confirmation if won else None
    confirmed = confirmation.interval if confirmation else None
    model = matrix.trial.model
    return Evidence(
        file=job.inputs[0].name if job.inputs else job.name,
        sha256=job.inputs[0].sha256 if job.inputs else "",
        measure=str(halves.measure),
        queries=comparison.queries,
        difference=comparison.difference,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p_adjusted=comparison.p_adjusted,
        tried=len(matrix.rows) - 1,
        verdict=halves.verdict if won or halves.winner is None else "not_chosen",
        seed=halves.split.seed,
        model=model.label,
        precision=model.precision,
        as_words=matrix.trial.as_words,
        date=datetime.now(UTC).date().isoformat(),
        job=job.id,
        confirmed_difference=confirmation.difference if confirmation else None,
        confirmed_low=confirmed.low if confirmed else None,
        confirmed_high=confirmed.high if confirmed else None,
        confirmed_queries=confirmation.queries if confirmation else None,
    )
