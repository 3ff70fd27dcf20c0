"""What a comparison says: each model's measures with intervals, every pair tested, the front, one sentence.

Only computes from scores and times that `scoring` brought; nothing is scored here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.evaluation.agreement import AgreementSummary, agree
from core.evaluation.inference import Interval, bootstrap_interval, decimals
from core.evaluation.judged import Run
from core.evaluation.measures import Measure
from core.evaluation.pairwise import compare_pairs, pareto_front
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import FEWEST_QUERIES, Comparison, ComparisonSettings
from core.sentences import NOTHING, Sentence, sentence
from core.workflows.compare.contenders import Contender, with_distinct_titles
from core.workflows.evaluate.data import BEFORE, EvaluationData
from core.workflows.evaluate.outcome import EvaluateSettings

TOO_FEW = (
    "Too few judged queries to say which model is worth its cost: {queries}, at least {fewest} are needed."
)
FREE_BEST = "No model beats the order before in {measure}: on these {queries} queries none is worth its cost."
NOT_SHOWN = (
    "{best} is first in {measure} ({value}), but its lead over {cheaper} ({difference}), {cost}, may be "
    "chance on these {queries} queries: not shown to be worth its cost."
)
WORTH = (
    "{best} is better than every cheaper one: {difference} {measure} over {cheaper} (95 % interval {low} to "
    "{high}), {cost}; worth it where that gain is."
)
NOTHING_COSTS = "which costs nothing beyond the search"
FACTOR = "which takes 1/{factor} of the time"
TIMES = "for {factor} times the time"
FACTOR_MONEY = "which costs 1/{factor}"
TIMES_MONEY = "for {factor} times the money"
FOR_TIME = "for {milliseconds} ms a query on top of the search"
FOR_MONEY = "for US${dollars} per 1,000 queries on top of the search"
# The order before is no cost of reranking, which is not to say that it was free.
SEARCH_EXCLUDED = (
    "Times and costs are of reranking alone: the search that brings the candidates is paid for in every "
    "line, the order before included."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the table: the order before, or a model. contender: None for the order before.

    means: by measure. intervals: of those means, None below two queries. cost: of a query, the search not
    counted, in dollars where every model has a price, else in seconds; None where it is not known. on_front:
    none is as good for less.
    """

    title: str
    contender: Contender | None
    evaluation: Evaluation | None
    means: dict[Measure, float | None]
    intervals: dict[Measure, Interval | None]
    dollars_per_1000: float | None
    cost: float | None
    on_front: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that scored, the second minus the first, and how far their orders agree."""

    first: str
    second: str
    comparison: Comparison
    agreement: AgreementSummary


class ComparisonOutcome:
    """A comparison under chosen measures. Every part is computed when it is first asked for, and kept."""

    def __init__(
        self,
        data: EvaluationData,
        contenders: Sequence[Contender],
        settings: EvaluateSettings | None = None,
        machine_price: float | None = None,
    ) -> None:
        """machine_price: US dollars an hour of the machine that local models run on."""
        self.data = data
        self.contenders = with_distinct_titles(contenders)
        self.settings = settings or EvaluateSettings()
        self.machine_price = machine_price

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """As chosen; the first one of quality decides. InputError for one that is none."""
        return self.settings.chosen()

    @property
    def deciding(self) -> Measure | None:
        """The first measure that tells a good order from a bad one."""
        return next((measure for measure in self.measures if measure.kind.quality), None)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The order before, then those of the models that scored."""
        return (self.data.initial, *(one.run(self.data) for one in self.contenders if one.had))

    @cached_property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Of `runs`, in their order; none without labels."""
        if not self.data.labels:
            return ()
        keep = self.settings.keep_without_relevant
        judged = self.data.judgements
        return tuple(
            evaluate_run(judged, run, self.measures, keep_without_relevant=keep) for run in self.runs
        )

    @property
    def queries(self) -> int:
        """How many queries were measured."""
        return len(self.evaluations[0].queries) if self.evaluations else 0

    @cached_property
    def by_money(self) -> bool:
        """Whether every model that scored has a price, so that cost is money and not time."""
        had = [one for one in self.contenders if one.had]
        return bool(had) and all(self._dollars(one) is not None for one in had)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """The order before, then every model in the order asked, those that could not be had too."""
        found = {evaluation.run: evaluation for evaluation in self.evaluations}
        lines: list[tuple[str, Contender | None]] = [(BEFORE, None)]
        lines += [(one.title, one) for one in self.contenders]
        costs = [self._cost(one) for _, one in lines]
        deciding = self.deciding
        points: list[tuple[float, float] | None] = []
        for (title, _), cost in zip(lines, costs, strict=True):
            quality = found[title].mean(deciding) if title in found and deciding else None
            points.append(None if cost is None or quality is None else (cost, quality))
        return tuple(
            Standing(
                title,
                one,
                found.get(title),
                found[title].means() if title in found else {},
                {m: _interval(found[title], m) for m in self.measures} if title in found else {},
                0.0 if one is None else self._dollars(one) if one.had else None,
                cost,
                on_front,
            )
            for (title, one), cost, on_front in zip(lines, costs, pareto_front(points), strict=True)
        )

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every two that scored, the order before among them; p-values corrected over all of them."""
        deciding = self.deciding
        if not self.evaluations or deciding is None:
            return ()
        compared = compare_pairs(self.evaluations, deciding)
        return tuple(
            Pair(
                self.runs[first].name,
                self.runs[second].name,
                comparison,
                agree(self.runs[first], self.runs[second]),
            )
            for (first, second), comparison in compared.items()
        )

    @cached_property
    def worth(self) -> Sentence:
        """Whether the best is worth its cost, in one sentence; NOTHING where nothing was measured."""
        deciding = self.deciding
        known = [
            one for one in self.standings if one.cost is not None and one.evaluation is not None and deciding
        ]
        if deciding is None or len(known) < 2 or not self.queries:
            return NOTHING
        if self.queries < FEWEST_QUERIES:
            return sentence(TOO_FEW, queries=self.queries, fewest=FEWEST_QUERIES)
        known.sort(key=lambda one: (-(one.means[deciding] or 0.0), one.cost or 0.0))
        best, value = known[0], known[0].means[deciding] or 0.0
        facts: dict[str, object] = {
            "best": _named(best),
            "measure": str(deciding),
            "value": f"{value:.3f}",
            "queries": self.queries,
        }
        if best.contender is None:
            return Sentence(FREE_BEST, facts)
        cheaper = sorted(
            (one for one in known[1:] if (one.cost or 0.0) < (best.cost or 0.0)),
            key=lambda one: one.cost or 0.0,
        )
        ahead = {one.title: self._ahead(best, one) for one in cheaper}
        alike = [one for one in cheaper if ahead[one.title].verdict != "better"]
        if alike:
            # The best of the cheapest kind of answer: what costs least among those that may be as good.
            other = alike[0]
            if other.contender is None:
                return Sentence(FREE_BEST, facts)
            lead = ahead[other.title].difference
            shown = f"{lead:+.{decimals(lead)}f}"
            facts |= {"cheaper": _named(other), "difference": shown, "cost": self._saving(best, other)}
            return Sentence(NOT_SHOWN, facts)
        other = cheaper[max(range(len(cheaper)), key=lambda at: cheaper[at].means[deciding] or 0.0)]
        found = ahead[other.title]
        low, high = (found.interval.low, found.interval.high) if found.interval else (0.0, 0.0)
        digits = decimals(found.difference, low, high)
        facts |= {
            "cheaper": _named(other),
            "difference": f"{found.difference:+.{digits}f}",
            "low": f"{low:+.{digits}f}",
            "high": f"{high:+.{digits}f}",
            "cost": self._spending(best, other),
        }
        return Sentence(WORTH, facts)

    def _ahead(self, best: Standing, other: Standing) -> Comparison:
        """The corrected comparison of best minus other."""
        found = next(pair for pair in self.pairs if {pair.first, pair.second} == {best.title, other.title})
        return found.comparison if found.second == best.title else turned(found.comparison)

    def _saving(self, best: Standing, other: Standing) -> Sentence:
        if not other.cost:
            return sentence(NOTHING_COSTS)
        return sentence(FACTOR_MONEY if self.by_money else FACTOR, factor=_factor(best, other))

    def _spending(self, best: Standing, other: Standing) -> Sentence:
        if other.cost:
            return sentence(TIMES_MONEY if self.by_money else TIMES, factor=_factor(best, other))
        cost = best.cost or 0.0
        if self.by_money:
            return sentence(FOR_MONEY, dollars=f"{cost:.2g}")
        return sentence(
            FOR_TIME, milliseconds=f"{1000 * cost:,.0f}" if cost >= 0.01 else f"{1000 * cost:.2g}"
        )

    def _dollars(self, one: Contender) -> float | None:
        """Per 1,000 queries; an estimate from list prices and from the measured time."""
        if not one.had:
            return None
        if one.model is not None and one.model.kind == "remote":
            return None if one.dollars is None or not one.scores else 1000 * one.dollars / len(one.scores)
        seconds = one.seconds_per_query
        if self.machine_price is None or seconds is None:
            return None
        return seconds / 3600 * self.machine_price * 1000

    def _cost(self, one: Contender | None) -> float | None:
        if one is None:
            return 0.0
        return self._dollars(one) if self.by_money else one.seconds_per_query if one.had else None


def turned(comparison: Comparison) -> Comparison:
    """The same comparison seen from the other side; its sentence keeps the first side."""
    verdicts = {"better": "worse", "worse": "better"}
    interval = comparison.interval
    return replace(
        comparison,
        baseline=comparison.system,
        system=comparison.baseline,
        before=comparison.after,
        after=comparison.before,
        difference=-comparison.difference,
        interval=Interval(-interval.high, -interval.low) if interval else None,
        wins=comparison.losses,
        losses=comparison.wins,
        verdict=verdicts.get(comparison.verdict, comparison.verdict),  # type: ignore[arg-type]
    )


def _named(one: Standing) -> Sentence:
    """A model's name is a fact; the order before has a word in each language."""
    return sentence("the order before") if one.contender is None else sentence("{name}", name=one.title)


def _factor(best: Standing, other: Standing) -> str:
    ratio = (best.cost or 0.0) / (other.cost or 1.0)
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _interval(evaluation: Evaluation, measure: Measure) -> Interval | None:
    """Of the mean over queries; values that cannot fall below 0 have no lower bound there."""
    settings = ComparisonSettings()
    values = list(evaluation.values[measure].values())
    found = bootstrap_interval(
        values, confidence=settings.confidence, resamples=settings.resamples, seed=settings.seed
    )
    if found is None:
        return None
    return Interval(max(found.low, min(0.0, *values)), min(found.high, max(1.0, *values)))
