"""Did reranking help on one's own data: joins labels, scores and statistics into one outcome.

The command line, the page and the Excel report show this outcome. Where the data and the scores come from
is left to `evaluate_data` and `evaluate_scores`, the numbers to `core.evaluation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.errors import InputError
from core.evaluation.agreement import AgreementSummary, agree
from core.evaluation.computed import Computed
from core.evaluation.distributions import Histogram, ScoreReading, histogram, read_all
from core.evaluation.hints import Hint, hint_rates, hints_of, kinds_that_hold
from core.evaluation.judged import Judgements, Ranking, Run, TieRule
from core.evaluation.kinds import DEFAULT_MEASURES
from core.evaluation.measures import Measure, parse_measures
from core.evaluation.report import EvaluationReport, ReportSettings
from core.evaluation.report import evaluate as evaluate_all
from core.evaluation.thresholds.advice import ThresholdSettings
from core.workflows.evaluate.added_rows import AddedRows, find_added_rows, without_added
from core.workflows.evaluate.basis import Basis, basis_of
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.scores import ScoredSystem, particulars, probability_run, reranked
from core.workflows.home.spreads import known_spread, usual_hints

NO_LABELS = "The file has no label that can be read, so nothing can be measured."
NO_LABELS_HINT = (
    "Name the column that holds them with --map label=COLUMN; they are whole numbers, 0 not relevant, 1 and "
    "more relevant."
)
NO_MEASURES = "No measure was chosen."
NO_MEASURES_HINT = "Choose at least one, for example nDCG@10."


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What the analyst chooses. rel: the lowest grade that counts as relevant. exponential: gain 2^grade - 1.

    threshold: what the threshold advice should favour.
    """

    measures: str = DEFAULT_MEASURES
    rel: int = 1
    exponential: bool = False
    keep_without_relevant: bool = False
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)

    @property
    def advice(self) -> ThresholdSettings:
        """What the threshold advice is asked for, with the same relevance threshold."""
        return replace(self.threshold, rel=self.rel)

    def chosen(self) -> tuple[Measure, ...]:
        """The measures with threshold and gain applied."""
        measures = parse_measures(self.measures, self.rel)
        if not measures:
            raise InputError(NO_MEASURES, where="measures", hint=NO_MEASURES_HINT)
        if self.exponential:
            measures = tuple(replace(m, gain="exponential") if m.kind.takes_gain else m for m in measures)
        return tuple(dict.fromkeys(measures))

    def for_report(self, ties: TieRule) -> ReportSettings:
        """The same as a report takes it. ties: how the runs were ordered."""
        return ReportSettings(
            measures=self.chosen(),
            rel=self.rel,
            ties=ties,
            keep_without_relevant=self.keep_without_relevant,
            threshold=self.advice,
        )


@dataclass(frozen=True, slots=True)
class ScoreShape:
    """What one model's scores look like.

    histogram: of probabilities, or of logits where the model gives none. hints: by query; of kinds that the
    labels, where there are enough, do not show to be wrong more often than right.
    """

    name: str
    histogram: Histogram
    readings: tuple[ScoreReading, ...]
    hints: Mapping[str, tuple[Hint, ...]]
    gives_probabilities: bool


@dataclass(frozen=True)
class Outcome:
    """An evaluation of one set of data. Every part is computed when it is first asked for, and kept.

    systems: the models that scored. others: runs of other tools over the same ids, compared after them.
    ties: how the runs were ordered.
    """

    data: EvaluationData
    systems: tuple[ScoredSystem, ...]
    settings: EvaluateSettings
    others: tuple[Run, ...] = ()
    ties: TieRule = "input"

    @property
    def labelled(self) -> bool:
        """Whether anything can be measured: there is a report then."""
        return bool(self.data.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """What is compared with the order before: the systems, then the other runs."""
        return (*(system.name for system in self.systems), *(run.name for run in self.others))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The order before, those of the systems, then those of other tools."""
        return (self.data.initial, *(reranked(self.data, system) for system in self.systems), *self.others)

    @cached_property
    def report(self) -> EvaluationReport | None:
        """What the labels say; None when there is none.

        Thresholds are advised on probabilities, which is what the HTTP answers and the exports hold; where no
        model scored, on the runs' own scores.
        """
        if not self.labelled:
            return None
        systems = {system.name: system for system in self.systems}
        return evaluate_all(
            self.data.judgements,
            self.runs,
            self.settings.for_report(self.ties),
            Computed(systems, lambda name: particulars(self.data, systems[name])),
            scored=Computed(systems, lambda name: probability_run(self.data, systems[name]))
            if systems
            else None,
            remarks=self.data.notes,
            headings=self.basis.headings,
        )

    @cached_property
    def added(self) -> AddedRows | None:
        """Rows of the order before that look added because they are relevant."""
        return find_added_rows(self.data.judgements, self.data.initial)

    @cached_property
    def without_added(self) -> EvaluationReport | None:
        """The same report without these rows; None where there are none, or no label."""
        if self.added is None:
            return None
        runs = [without_added(self.added, self.data.initial, run) for run in self.runs]
        settings = replace(self.settings.for_report(self.ties), threshold=None)
        return evaluate_all(self.data.judgements, runs, settings, headings=self.basis.headings)

    @cached_property
    def basis(self) -> Basis:
        """Whose the labels are."""
        return basis_of(self.data)

    @cached_property
    def movement(self) -> Mapping[int, AgreementSummary]:
        """How far each other run changed the order, by its place among them; needs no label."""
        return Computed(range(len(self.names)), lambda place: agree(self.runs[0], self.runs[place + 1]))

    @cached_property
    def shapes(self) -> Mapping[int, ScoreShape]:
        """What each system's scores look like, by its place; needs no label."""
        return Computed(
            range(len(self.systems)),
            lambda place: _shape(
                self.systems[place],
                self.data.judgements if self.labelled else {},
                self.runs[place + 1].rankings,
            ),
        )


def evaluate(
    data: EvaluationData,
    systems: Sequence[ScoredSystem],
    settings: EvaluateSettings | None = None,
    others: Sequence[Run] = (),
) -> Outcome:
    """Compare the order before with each system's order; without labels, say only what moved.

    others: runs of other tools over the same ids. InputError for a measure that is none.
    """
    settings = settings or EvaluateSettings()
    settings.chosen()
    return Outcome(data, tuple(systems), settings, tuple(others))


def evaluate_runs(
    judgements: Judgements, runs: Sequence[Run], settings: EvaluateSettings | None = None
) -> Outcome:
    """Measure runs of other tools, compared with the first. Thresholds are on the runs' own scores."""
    first, *others = runs
    outcome = evaluate(EvaluationData(judgements, first, {}, {}), (), settings, others)
    return replace(outcome, ties="trec_eval")


def require_labels(data: EvaluationData) -> EvaluationData:
    """The data, or InputError when nobody has judged anything."""
    if not data.labels:
        raise InputError(NO_LABELS, where="label", hint=NO_LABELS_HINT)
    return data


def _shape(system: ScoredSystem, judgements: Judgements, rankings: Mapping[str, Ranking]) -> ScoreShape:
    readings = read_all({query: [score.logit for score in row] for query, row in system.scores.items()})
    spread = known_spread(system.model, readings)
    kinds = usual_hints(system.model)
    if judgements:
        kinds = kinds_that_hold(hint_rates(readings, spread, judgements, rankings), kinds)
    probable = system.model.gives_probabilities
    scores = [score for row in system.scores.values() for score in row]
    logits = [score.logit for score in scores]
    counts = (
        histogram([score.probability for score in scores])
        if probable
        else histogram(logits, min(logits, default=0.0), max(logits, default=1.0))
    )
    hints = {reading.query_id: hints_of(reading, spread, kinds) for reading in readings}
    return ScoreShape(system.name, counts, readings, hints, probable)
