"""One record that answers «did it help, and is it real», for the command line, the page and Excel.

Joins the other modules of this folder; adds no number of its own, and computes none before it is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.errors import InputError
from core.evaluation.agreement import AgreementSummary, agree
from core.evaluation.judged import TIE_RULES, Judgements, Run, TieRule
from core.evaluation.measures import CONVENTIONS, Measure, parse_measures
from core.evaluation.oracle import Headroom, RecallCeiling, headroom, recall_ceiling
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import Comparison, ComparisonSettings, compare_groups, compare_many
from core.evaluation.thresholds.advice import ThresholdAdvice, ThresholdSettings, advise
from core.evaluation.triage import Particulars, Regression, regressions, worse_queries
from core.sentences import Sentence, sentence

NO_RUN = "There is no run to measure."
SAME_NAME = "Two runs are both called «{name}»."
SAME_NAME_HINT = "Give each run its own name."
LEFT_OUT = "Queries left out because none of their documents is relevant: {count}."
UNJUDGED = "Unjudged documents in «{run}», counted as not relevant: {unjudged} of {ranked}."
UNANSWERED = "Judged queries that «{run}» does not answer, counted as 0: {count}."
NOT_JUDGED = "Queries of «{run}» without any judgement, not measured: {count}."
UNREACHABLE = "Queries without a document graded {rel} or higher, where {measure} is 0 in any order: {count}."
PRIMARY = (
    "{measure} was chosen first and decides; the other measures are secondary: their p-values are not "
    "corrected for how many there are."
)
OTHER_CANDIDATES = (
    "«{run}» ranks documents that «{baseline}» does not: {count}. Its candidates are its own, so no share of "
    "a best possible order is given for it."
)


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """measures: the first one decides the headline and the triage. rel: lowest relevant grade of the recall
    ceiling. ties: how the runs were ordered, to be named in the report. threshold None leaves the advice
    out."""

    measures: tuple[Measure, ...] = field(default_factory=parse_measures)
    rel: int = 1
    ties: TieRule = "input"
    keep_without_relevant: bool = False
    comparison: ComparisonSettings = field(default_factory=ComparisonSettings)
    threshold: ThresholdSettings | None = field(default_factory=ThresholdSettings)


class SystemReport:
    """One system against the baseline. Every part is computed when it is first asked for, and kept."""

    def __init__(self, report: "EvaluationReport", number: int) -> None:
        """number: of the system among the report's, from 0."""
        self._report = report
        self._number = number
        self._run = report.runs[number + 1]

    @cached_property
    def evaluation(self) -> Evaluation:
        """The values of its measures."""
        return self._report.measured(self._run)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """By quality measure, in the order chosen."""
        # `compare_many` lists the systems in turn within each measure.
        return self._report.headed(self._report.comparisons[self._number :: len(self._report.systems)])

    @cached_property
    def groups(self) -> Mapping[str, tuple[Comparison, ...]]:
        """The comparisons within each group of queries."""
        report = self._report
        found = compare_groups(
            report.baseline, self.evaluation, report.judgements, report.settings.comparison
        )
        return {group: report.headed(comparisons) for group, comparisons in found.items()}

    @cached_property
    def other_candidates(self) -> int:
        """Documents that it ranks and the baseline does not, over the measured queries."""
        return _other_candidates(self._report.runs[0], self._run, self._report.baseline.queries)

    @cached_property
    def headroom(self) -> tuple[Headroom, ...]:
        """What the best order of its candidates would bring; empty where they are not the baseline's."""
        report = self._report
        if self.other_candidates:
            return ()
        return headroom(report.judgements, report.runs[0], report.baseline, self.evaluation)

    @cached_property
    def ceiling(self) -> RecallCeiling:
        """Of the candidates that it had."""
        report = self._report
        if not self.other_candidates:
            return report.ceiling
        return recall_ceiling(report.judgements, self._run, report.settings.rel)

    @cached_property
    def worse(self) -> tuple[str, ...]:
        """The queries whose deciding measure fell, in the order of the judgements."""
        deciding = self._report.deciding
        return () if deciding is None else worse_queries(self._report.baseline, self.evaluation, deciding)

    @cached_property
    def regressions(self) -> tuple[Regression, ...]:
        """Those queries with both orders and their causes, the largest loss first."""
        report = self._report
        if report.deciding is None:
            return ()
        return regressions(
            report.judgements,
            (report.runs[0], report.baseline),
            (self._run, self.evaluation),
            report.deciding,
            report.particulars.get(self._run.name),
        )

    @cached_property
    def agreement(self) -> AgreementSummary:
        """How far it changed the order, whatever the labels say."""
        return agree(self._report.runs[0], self._run)

    @cached_property
    def thresholds(self) -> ThresholdAdvice | None:
        """Where to cut; None when none is asked for, it has no scores or nothing is relevant."""
        report = self._report
        scored = report.scored.get(self._run.name)
        return None if scored is None else _threshold_advice(report.judgements, scored, report.settings)

    @property
    def headline(self) -> Comparison | None:
        """The comparison on the first quality measure."""
        return self.comparisons[0] if self.comparisons else None


class EvaluationReport:
    """A baseline alone, or with the systems compared to it; made by `evaluate`.

    Every part is computed when it is first asked for, and kept: a page that shows one pays for one.
    """

    def __init__(
        self,
        judgements: Judgements,
        runs: Sequence[Run],
        settings: ReportSettings,
        particulars: Mapping[str, Mapping[str, Particulars]],
        scored: Mapping[str, Run],
        remarks: Sequence[Sentence],
        headings: Sequence[Sentence],
    ) -> None:
        """As for `evaluate`; the runs have names of their own."""
        self.judgements = judgements
        self.runs = tuple(runs)
        self.settings = settings
        self.particulars = particulars
        self.scored = scored
        self.systems = tuple(SystemReport(self, number) for number in range(len(runs) - 1))
        self._remarks = tuple(remarks)
        self._headings = tuple(headings)

    def headed(self, comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
        """The same with what the labels rest on before each sentence, so that no output can drop it."""
        found = []
        for comparison in comparisons:
            said = comparison.sentence
            for heading in self._headings:
                said = heading.knowing(said=said)
            found.append(replace(comparison, sentence=said))
        return tuple(found)

    def measured(self, run: Run) -> Evaluation:
        """The values of a run under the settings."""
        keep = self.settings.keep_without_relevant
        return evaluate_run(self.judgements, run, self.settings.measures, keep_without_relevant=keep)

    @property
    def deciding(self) -> Measure | None:
        """The measure of the headline: the first that tells a good order from a bad one."""
        return next((measure for measure in self.settings.measures if measure.kind.quality), None)

    @cached_property
    def baseline(self) -> Evaluation:
        """The values of the first run."""
        return self.measured(self.runs[0])

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Of all systems with the baseline, corrected together: by measure, then by system."""
        return compare_many(
            self.baseline, [system.evaluation for system in self.systems], self.settings.comparison
        )

    @cached_property
    def ceiling(self) -> RecallCeiling:
        """What the baseline's candidates hold of the relevant documents."""
        return recall_ceiling(self.judgements, self.runs[0], self.settings.rel)

    @cached_property
    def conventions(self) -> tuple[Sentence, ...]:
        """What the numbers rest on, to be shown beside them."""
        return _conventions(self.settings)

    @cached_property
    def notes(self) -> tuple[Sentence, ...]:
        """What was counted or left out."""
        evaluations = [self.baseline, *(system.evaluation for system in self.systems)]
        return (
            *self._remarks,
            *_notes(self.judgements, evaluations, self.settings),
            *_candidate_notes(self.baseline, self.systems),
        )

    @property
    def queries(self) -> int:
        """How many queries were measured."""
        return len(self.baseline.queries)

    def as_json(self) -> dict[str, object]:
        """The machine output of `evaluate --json`: English, plain numbers.

        `measures` describes the first system where there is one, else the only run.
        """
        first = self.systems[0] if self.systems else None
        document: dict[str, object] = {
            "run": first.evaluation.run if first else self.baseline.run,
            "measures": _system_json(first) if first else _means_json(self.baseline),
            "queries": self.queries,
            "left_out": len(self.baseline.without_relevant),
            "recall_ceiling": (first or self).ceiling.mean_recall,
            "notes": [note.text for note in self.notes],
            "conventions": [convention.text for convention in self.conventions],
        }
        if first:
            document["baseline"] = self.baseline.run
            if first.headline:
                document["primary"] = str(first.headline.measure)
            document["regressions"] = len(first.worse)
            document["groups"] = {
                group: {str(c.measure): _comparison_json(c) for c in comparisons}
                for group, comparisons in first.groups.items()
            }
        if first and first.thresholds:
            advice = first.thresholds
            document["threshold"] = advice.best.threshold if advice.recommended else None
        if len(self.systems) > 1:
            document["systems"] = {s.evaluation.run: {"measures": _system_json(s)} for s in self.systems}
        return document


def evaluate(
    judgements: Judgements,
    runs: Sequence[Run],
    settings: ReportSettings | None = None,
    particulars: Mapping[str, Mapping[str, Particulars]] | None = None,
    *,
    scored: Mapping[str, Run] | None = None,
    remarks: Sequence[Sentence] = (),
    headings: Sequence[Sentence] = (),
) -> EvaluationReport:
    """Measure the runs; the first is the baseline that the others reranked.

    particulars: run name -> query id -> texts, probabilities and truncation, for the triage.
    scored: run name -> the run whose scores the threshold advice is about, None for the runs themselves; one
    that is not named gets no advice. remarks: notes that go before the report's own. headings: on what the
    labels rest, said before every verdict; sentences that lack their fact `said`.
    """
    settings = settings or ReportSettings()
    if not runs:
        raise InputError(NO_RUN)
    names = [run.name for run in runs]
    for name in names:
        if names.count(name) > 1:
            raise InputError(SAME_NAME, hint=SAME_NAME_HINT, name=name)
    if scored is None:
        scored = {run.name: run for run in runs}
    return EvaluationReport(judgements, runs, settings, particulars or {}, scored, remarks, headings)


def _threshold_advice(judgements: Judgements, run: Run, settings: ReportSettings) -> ThresholdAdvice | None:
    if settings.threshold is None:
        return None
    labels = {query: judged.labels for query, judged in judgements.items() if judged.labels}
    answered = [r for query, r in run.rankings.items() if query in labels and r.documents]
    scored = all(ranking.scores is not None for ranking in answered)
    relevant = any(
        labels[r.query_id].get(document, 0) >= settings.threshold.rel
        for r in answered
        for document in r.documents
    )
    return advise(judgements, run, settings.threshold) if scored and relevant else None


def _conventions(settings: ReportSettings) -> tuple[Sentence, ...]:
    gains = {m.gain for m in settings.measures if m.kind.takes_gain}
    keys = ["unjudged", *(["no_relevant"] if not settings.keep_without_relevant else []), "missing"]
    keys += ["negative", "ideal", *sorted(gains, reverse=True)]
    deciding = [measure for measure in settings.measures if measure.kind.quality]
    first = [sentence(PRIMARY, measure=str(deciding[0]))] if len(deciding) > 1 else []
    return (*first, sentence(TIE_RULES[settings.ties]), *(sentence(CONVENTIONS[key]) for key in keys))


def _notes(
    judgements: Judgements, evaluations: Sequence[Evaluation], settings: ReportSettings
) -> tuple[Sentence, ...]:
    notes = []
    first = evaluations[0]
    if first.without_relevant:
        notes.append(sentence(LEFT_OUT, count=len(first.without_relevant)))
    for measure in settings.measures:
        best = [max(judgements[q].labels.values(), default=0) for q in first.queries]
        unreachable = sum(label < measure.rel for label in best)
        if measure.rel > 1 and unreachable:
            notes.append(sentence(UNREACHABLE, count=unreachable, rel=measure.rel, measure=str(measure)))
    for e in evaluations:
        if e.unjudged:
            notes.append(sentence(UNJUDGED, unjudged=e.unjudged, ranked=e.ranked, run=e.run))
        if e.missing:
            notes.append(sentence(UNANSWERED, count=len(e.missing), run=e.run))
        # Systems that reranked one list leave out the same queries: once is enough.
        if e.unjudged_queries and (e is first or e.unjudged_queries != first.unjudged_queries):
            notes.append(sentence(NOT_JUDGED, count=len(e.unjudged_queries), run=e.run))
    return tuple(notes)


def _other_candidates(baseline: Run, run: Run, queries: Sequence[str]) -> int:
    """How many documents of these queries the run ranks and the baseline does not."""

    def documents(run: Run, query: str) -> tuple[str, ...]:
        return run.rankings[query].documents if query in run.rankings else ()

    return sum(len(set(documents(run, query)).difference(documents(baseline, query))) for query in queries)


def _candidate_notes(baseline: Evaluation, systems: Sequence[SystemReport]) -> Iterator[Sentence]:
    for system in systems:
        if system.other_candidates:
            facts = {"run": system.evaluation.run, "baseline": baseline.run}
            yield sentence(OTHER_CANDIDATES, count=system.other_candidates, **facts)


def _means_json(evaluation: Evaluation) -> dict[str, dict[str, object]]:
    return {str(measure): {"mean": mean} for measure, mean in evaluation.means().items()}


def _system_json(system: SystemReport) -> dict[str, dict[str, object]]:
    found = _means_json(system.evaluation)
    for comparison in system.comparisons:
        found[str(comparison.measure)] |= _comparison_json(comparison)
    for room in system.headroom:
        found[str(room.measure)] |= {"best_possible": room.best, "gap_closed": room.closed}
    return found


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    interval = comparison.interval
    return {
        # A mean of no query is no 0.
        "mean": comparison.after if comparison.queries else None,
        "before": comparison.before if comparison.queries else None,
        "difference": comparison.difference if comparison.queries else None,
        "interval": [interval.low, interval.high] if interval else None,
        "p_value": comparison.p_value,
        "p_adjusted": comparison.p_adjusted,
        "wins": comparison.wins,
        "ties": comparison.ties,
        "losses": comparison.losses,
        "verdict": comparison.verdict,
        "more_queries": comparison.more_queries,
        "queries": comparison.queries,
        "sentence": comparison.sentence.text,
    }
