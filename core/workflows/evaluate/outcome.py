"""Did reranking help on one's own data: joins labels, scores and statistics into one outcome.

The command line, the page and the Excel report show this outcome. Where the data and the scores come from
is left to `evaluate_data` and `evaluate_scores`, the numbers to `core.evaluation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import InputError
from core.evaluation.agreement import AgreementSummary, agree
from core.evaluation.distributions import Histogram, ScoreReading, histogram, read_all
from core.evaluation.judged import Judgements, Run
from core.evaluation.kinds import DEFAULT_MEASURES
from core.evaluation.measures import Measure, parse_measures
from core.evaluation.report import EvaluationReport, ReportSettings, SystemReport
from core.evaluation.report import evaluate as evaluate_all
from core.evaluation.thresholds import ThresholdSettings, advise
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.scores import ScoredSystem, particulars, probability_run, reranked

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


@dataclass(frozen=True, slots=True)
class ScoreShape:
    """What one model's probabilities look like, without any label."""

    name: str
    histogram: Histogram
    readings: tuple[ScoreReading, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An evaluation of one set of data.

    systems: the models that scored. runs: the order before, those of the systems, then those of other tools.
    report: None when there is no label. movement, shapes: of each other run, with or without labels.
    """

    data: EvaluationData
    systems: tuple[ScoredSystem, ...]
    runs: tuple[Run, ...]
    report: EvaluationReport | None
    movement: tuple[AgreementSummary, ...]
    shapes: tuple[ScoreShape, ...]
    settings: EvaluateSettings


def evaluate(
    data: EvaluationData,
    systems: Sequence[ScoredSystem],
    settings: EvaluateSettings | None = None,
    others: Sequence[Run] = (),
) -> Outcome:
    """Compare the order before with each system's order; without labels, say only what moved.

    Thresholds are advised on probabilities, which is what the HTTP answers and the exports hold.
    others: runs of other tools over the same ids, compared after the systems.
    """
    settings = settings or EvaluateSettings()
    after = [*(reranked(data, system) for system in systems), *others]
    runs = (data.initial, *after)
    report = None
    if data.labels:
        known = {system.name: particulars(data, system) for system in systems}
        report = evaluate_all(data.judgements, runs, _report_settings(settings, advice=False), known)
        advised = [
            _with_advice(reported, data.judgements, probability_run(data, system), settings)
            for reported, system in zip(report.systems, systems, strict=False)
        ]
        reports = (*advised, *report.systems[len(advised) :])
        report = replace(report, systems=reports, notes=(*data.notes, *report.notes))
    return Outcome(
        data,
        tuple(systems),
        runs,
        report,
        tuple(agree(data.initial, run) for run in after),
        tuple(_shape(system) for system in systems),
        settings,
    )


def evaluate_runs(
    judgements: Judgements, runs: Sequence[Run], settings: EvaluateSettings | None = None
) -> Outcome:
    """Measure runs of other tools, compared with the first. Thresholds are on the runs' own scores."""
    settings = settings or EvaluateSettings()
    report = evaluate_all(
        judgements, runs, replace(_report_settings(settings, advice=True), ties="trec_eval")
    )
    first, *others = runs
    return Outcome(
        EvaluationData(judgements, first, {}, {}),
        systems=(),
        runs=tuple(runs),
        report=report,
        movement=tuple(agree(first, run) for run in others),
        shapes=(),
        settings=settings,
    )


def require_labels(data: EvaluationData) -> EvaluationData:
    """The data, or InputError when nobody has judged anything."""
    if not data.labels:
        raise InputError(NO_LABELS, where="label", hint=NO_LABELS_HINT)
    return data


def _report_settings(settings: EvaluateSettings, *, advice: bool) -> ReportSettings:
    return ReportSettings(
        measures=settings.chosen(),
        rel=settings.rel,
        keep_without_relevant=settings.keep_without_relevant,
        threshold=settings.advice if advice else None,
    )


def _with_advice(
    reported: SystemReport, judgements: Judgements, run: Run, settings: EvaluateSettings
) -> SystemReport:
    some_relevant = any(
        judgements[query].labels.get(document, 0) >= settings.rel
        for query, ranking in run.rankings.items()
        for document in ranking.documents
    )
    return (
        replace(reported, thresholds=advise(judgements, run, settings.advice)) if some_relevant else reported
    )


def _shape(system: ScoredSystem) -> ScoreShape:
    probabilities: Mapping[str, list[float]] = {
        query: [score.probability for score in scores] for query, scores in system.scores.items()
    }
    everything = [value for values in probabilities.values() for value in values]
    return ScoreShape(system.name, histogram(everything), read_all(probabilities))
