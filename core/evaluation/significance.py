"""Did it help, and is it real: two evaluations of the same queries, compared measure by measure.

Turns the numbers of `inference` into verdicts and sentences. A verdict of better or worse needs both
the randomisation test (after Holm's correction when several systems are compared) and the bootstrap
interval to exclude «no difference»; otherwise the answer is that these queries cannot tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.evaluation.inference import (
    SAME,
    Interval,
    bootstrap_interval,
    holm,
    queries_needed,
    randomisation_test,
)
from core.evaluation.judged import Judgements
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.sentences import Sentence, sentence

Verdict = Literal["better", "worse", "cannot_tell", "no_difference", "too_few"]

# Below this many queries an interval of the mean says more about chance than about the systems.
FEWEST_QUERIES = 10
# Simulated coverage of the interval drops when fewer queries than this differ at all.
FEWEST_CHANGED = 10
# Nobody judges more queries than this to settle a difference that small.
MOST_QUERIES = 10_000

BETTER = (
    "Better by {difference:.3f} {measure}, {confidence} % interval {low:.3f} to {high:.3f}, "
    "{queries} queries."
)
WORSE = (
    "Worse by {loss:.3f} {measure}, {confidence} % interval of the difference {low:.3f} to {high:.3f}, "
    "{queries} queries."
)
CANNOT_TELL = (
    "Cannot tell: difference {difference:+.3f} {measure}, {confidence} % interval {low:+.3f} to {high:+.3f}, "
    "{queries} queries; about {more} more judged queries would be needed."
)
CANNOT_TELL_SMALL = (
    "Cannot tell: difference {difference:+.3f} {measure}, {confidence} % interval {low:+.3f} to {high:+.3f}, "
    "{queries} queries; a difference this small would need more than {most} judged queries."
)
NO_DIFFERENCE = "No difference: {measure} is the same before and after for each of the {queries} queries."
TOO_FEW = (
    "Too few judged queries for a verdict: {queries}. Difference {difference:+.3f} {measure}, "
    "better in {wins}, worse in {losses}; judge at least {fewest} queries."
)
NO_QUERIES = "No judged query can be compared."
FEW_CHANGED = "Queries whose {measure} changed at all: {changed}; read the interval as a rough one."
NEEDED_ASSUMES = (
    "The number of queries assumes that the true difference is the one seen so far, and an 80 % chance of "
    "showing it."
)
CORRECTED = "{systems} systems were compared: p-values are Holm-corrected."
CORRECTED_GROUPS = "{groups} groups were compared: p-values are Holm-corrected."


@dataclass(frozen=True, slots=True)
class ComparisonSettings:
    """How sure to be. `seed` makes every run of the same data give the same numbers."""

    confidence: float = 0.95
    resamples: int = 10_000
    power: float = 0.8
    seed: int = 20_260_101

    @property
    def alpha(self) -> float:
        """The accepted rate of false alarms."""
        return 1 - self.confidence


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of one system against the baseline, over the queries both were measured on.

    interval: of the mean difference; None below two queries.
    p_adjusted: equals p_value when only one system (or group) is compared.
    more_queries: how many further judged queries would probably decide it; None when it is decided,
        or when the difference is so small that more than MOST_QUERIES would be needed.
    """

    measure: Measure
    baseline: str
    system: str
    queries: int
    before: float
    after: float
    difference: float
    interval: Interval | None
    p_value: float
    p_adjusted: float
    exact: bool
    wins: int
    ties: int
    losses: int
    verdict: Verdict
    more_queries: int | None
    sentence: Sentence
    notes: tuple[Sentence, ...]


def differences(before: Evaluation, after: Evaluation, measure: Measure) -> dict[str, float]:
    """Query id -> after minus before, over the queries measured in both."""
    old, new = before.values[measure], after.values[measure]
    return {query: new[query] - old[query] for query in old if query in new}


def compare(
    before: Evaluation, after: Evaluation, settings: ComparisonSettings | None = None
) -> tuple[Comparison, ...]:
    """Compare two evaluations on every quality measure they share."""
    return compare_many(before, [after], settings)


def compare_many(
    baseline: Evaluation, systems: Sequence[Evaluation], settings: ComparisonSettings | None = None
) -> tuple[Comparison, ...]:
    """Compare several systems with one baseline: by measure, then by system in the order given.

    Each measure is one family for Holm's correction over the systems.
    """
    settings = settings or ComparisonSettings()
    found: list[Comparison] = []
    for measure in baseline.values:
        shared = [s for s in systems if measure in s.values]
        if measure.kind.quality and shared:
            drafts = [_draft(measure, baseline, s, None, settings) for s in shared]
            note = sentence(CORRECTED, systems=len(drafts)) if len(drafts) > 1 else None
            found.extend(_decided(drafts, note, settings))
    return tuple(found)


def compare_groups(
    before: Evaluation,
    after: Evaluation,
    judgements: Judgements,
    settings: ComparisonSettings | None = None,
) -> Mapping[str, tuple[Comparison, ...]]:
    """The comparison within each group of queries, Holm-corrected over the groups; empty without groups.

    Queries without a group are gathered under the empty name.
    """
    settings = settings or ComparisonSettings()
    members: dict[str, set[str]] = {}
    for query in before.queries:
        members.setdefault(judgements[query].group or "", set()).add(query)
    if set(members) <= {""}:
        return {}
    found: dict[str, list[Comparison]] = {group: [] for group in sorted(members)}
    for measure in before.values:
        if measure.kind.quality and measure in after.values:
            drafts = [_draft(measure, before, after, members[group], settings) for group in found]
            note = sentence(CORRECTED_GROUPS, groups=len(drafts)) if len(drafts) > 1 else None
            for group, comparison in zip(found, _decided(drafts, note, settings), strict=True):
                found[group].append(comparison)
    return {group: tuple(comparisons) for group, comparisons in found.items()}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A comparison before correction, with the spread that the sample size needs."""

    comparison: Comparison
    deviation: float


def _draft(
    measure: Measure,
    before: Evaluation,
    after: Evaluation,
    only: set[str] | None,
    settings: ComparisonSettings,
) -> _Draft:
    import numpy as np

    by_query = differences(before, after, measure)
    chosen = [query for query in by_query if only is None or query in only]
    values = [by_query[query] for query in chosen]
    test = randomisation_test(values, resamples=settings.resamples - 1, seed=settings.seed)
    wins, losses = sum(v > SAME for v in values), sum(v < -SAME for v in values)
    comparison = Comparison(
        measure=measure,
        baseline=before.run,
        system=after.run,
        queries=len(values),
        before=_mean([before.values[measure][query] for query in chosen]),
        after=_mean([after.values[measure][query] for query in chosen]),
        difference=_mean(values),
        interval=bootstrap_interval(
            values, confidence=settings.confidence, resamples=settings.resamples, seed=settings.seed
        ),
        p_value=test.p_value,
        p_adjusted=test.p_value,
        exact=test.exact,
        wins=wins,
        ties=len(values) - wins - losses,
        losses=losses,
        verdict="cannot_tell",
        more_queries=None,
        sentence=sentence(NO_QUERIES),
        notes=(),
    )
    return _Draft(comparison, float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)


def _decided(
    drafts: Sequence[_Draft], correction: Sentence | None, settings: ComparisonSettings
) -> Iterable[Comparison]:
    adjusted = holm([draft.comparison.p_value for draft in drafts])
    for draft, p_adjusted in zip(drafts, adjusted, strict=True):
        comparison = replace(draft.comparison, p_adjusted=p_adjusted)
        verdict = _verdict(comparison, settings)
        more = _more(comparison, draft.deviation, len(drafts), settings) if verdict == "cannot_tell" else None
        comparison = replace(comparison, verdict=verdict, more_queries=more)
        notes = [correction] if correction else []
        changed = comparison.wins + comparison.losses
        if verdict in ("better", "worse", "cannot_tell") and changed < FEWEST_CHANGED:
            notes.append(sentence(FEW_CHANGED, changed=changed, measure=str(comparison.measure)))
        if more is not None:
            notes.append(sentence(NEEDED_ASSUMES))
        yield replace(comparison, sentence=_sentence(comparison, settings), notes=tuple(notes))


def _verdict(comparison: Comparison, settings: ComparisonSettings) -> Verdict:
    if comparison.queries < FEWEST_QUERIES or comparison.interval is None:
        return "too_few"
    if comparison.wins + comparison.losses == 0:
        return "no_difference"
    if comparison.p_adjusted <= settings.alpha:
        if comparison.interval.low > 0:
            return "better"
        if comparison.interval.high < 0:
            return "worse"
    return "cannot_tell"


def _more(comparison: Comparison, deviation: float, family: int, settings: ComparisonSettings) -> int | None:
    # Several systems share the accepted false alarms, as under Holm's first step.
    needed = queries_needed(
        comparison.difference, deviation, alpha=settings.alpha / family, power=settings.power
    )
    if needed is None or needed > MOST_QUERIES:
        return None
    return _rounded_up(max(1, needed - comparison.queries))


def _rounded_up(count: int) -> int:
    """Two leading digits: «about 230», never «about 227», which would claim to know."""
    step = int(10 ** max(0, len(str(count)) - 2))
    return -(-count // step) * step


def _sentence(comparison: Comparison, settings: ComparisonSettings) -> Sentence:
    if comparison.queries == 0:
        return sentence(NO_QUERIES)
    facts: dict[str, object] = {
        "measure": str(comparison.measure),
        "queries": comparison.queries,
        "difference": comparison.difference,
        "loss": -comparison.difference,
        "wins": comparison.wins,
        "losses": comparison.losses,
        "fewest": FEWEST_QUERIES,
        "confidence": f"{100 * settings.confidence:g}",
    }
    if comparison.interval is not None:
        facts |= {"low": comparison.interval.low, "high": comparison.interval.high}
    if comparison.verdict == "cannot_tell" and comparison.more_queries is None:
        return Sentence(CANNOT_TELL_SMALL, facts | {"most": MOST_QUERIES})
    if comparison.verdict == "cannot_tell":
        return Sentence(CANNOT_TELL, facts | {"more": comparison.more_queries})
    return Sentence(_TEMPLATES[comparison.verdict], facts)


_TEMPLATES: Mapping[Verdict, str] = {
    "better": BETTER,
    "worse": WORSE,
    "no_difference": NO_DIFFERENCE,
    "too_few": TOO_FEW,
}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
