"""Did it help, and is it real: two evaluations of the same queries, compared measure by measure.

Turns the numbers of `inference` into verdicts and sentences. A verdict of better or worse needs both
the randomisation test (after Holm's correction when several systems are compared) and the interval to
exclude «no difference»; otherwise the answer is that these queries cannot tell. Every sentence names the p
that decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.evaluation.inference import (
    SAME,
    Interval,
    decimals,
    holm,
    mean_interval,
    queries_for_power,
    randomisation_test,
    settled,
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
    "Better by {difference} {measure}, {confidence} % interval {low} to {high}, {test}, {queries} queries."
)
WORSE = (
    "Worse by {loss} {measure}, {confidence} % interval of the difference {low} to {high}, {test}, "
    "{queries} queries."
)
CANNOT_TELL = (
    "Cannot tell: difference {difference} {measure}, {confidence} % interval {low} to {high}, {test}, "
    "{queries} queries; about {more} more judged queries would be needed."
)
CANNOT_TELL_SMALL = (
    "Cannot tell: difference {difference} {measure}, {confidence} % interval {low} to {high}, {test}, "
    "{queries} queries; a difference this small would need more than {most} judged queries."
)
TEST = "randomisation test p {p}"
TEST_CORRECTED = "randomisation test p {p} after Holm's correction"
NO_DIFFERENCE = "No difference: {measure} is the same before and after for each of the {queries} queries."
TOO_FEW = (
    "Too few judged queries for a verdict: {queries}. Difference {difference} {measure}, "
    "better in {wins}, worse in {losses}; judge at least {fewest} queries."
)
NO_QUERIES = "No judged query can be compared."
FEW_CHANGED = "Queries whose {measure} changed at all: {changed}; read the interval as a rough one."
NEEDED_ASSUMES = (
    "The number of queries assumes that the true difference is the one seen so far, and an 80 % chance of "
    "showing it."
)
REACHES_ZERO = (
    "The interval reaches to 0 because the test cannot exclude «no difference»; {changed} queries changed."
)
STAYS_OPEN = "The test alone would decide; the interval includes 0, so the answer stays open."
CORRECTED = "{systems} systems were compared: p-values are Holm-corrected."
CORRECTED_PAIRS = "{pairs} pairs were compared: p-values are Holm-corrected."
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
    return {query: settled(new[query] - old[query]) for query in old if query in new}


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


def compare_together(
    pairs: Sequence[tuple[Evaluation, Evaluation]], measure: Measure, settings: ComparisonSettings
) -> tuple[Comparison, ...]:
    """Each (before, after) on one measure, all corrected together, in the order given."""
    drafts = [_draft(measure, before, after, None, settings) for before, after in pairs]
    note = sentence(CORRECTED_PAIRS, pairs=len(drafts)) if len(drafts) > 1 else None
    return tuple(_decided(drafts, note, settings))


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
    """A comparison before correction, with the differences that the sample size needs."""

    comparison: Comparison
    values: Sequence[float]


def _draft(
    measure: Measure,
    before: Evaluation,
    after: Evaluation,
    only: set[str] | None,
    settings: ComparisonSettings,
) -> _Draft:
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
        difference=settled(_mean(values)),
        interval=mean_interval(
            values,
            test.p_value,
            confidence=settings.confidence,
            resamples=settings.resamples,
            seed=settings.seed,
            largest=max((1.0, *before.values[measure].values(), *after.values[measure].values())),
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
    return _Draft(comparison, values)


def _decided(
    drafts: Sequence[_Draft], correction: Sentence | None, settings: ComparisonSettings
) -> Iterable[Comparison]:
    adjusted = holm([draft.comparison.p_value for draft in drafts])
    for draft, p_adjusted in zip(drafts, adjusted, strict=True):
        comparison = replace(draft.comparison, p_adjusted=p_adjusted)
        verdict = _verdict(comparison, settings)
        more = _more(comparison, draft.values, len(drafts), settings) if verdict == "cannot_tell" else None
        comparison = replace(comparison, verdict=verdict, more_queries=more)
        notes = [correction] if correction else []
        changed = comparison.wins + comparison.losses
        if verdict in ("better", "worse", "cannot_tell") and changed < FEWEST_CHANGED:
            notes.append(sentence(FEW_CHANGED, changed=changed, measure=str(comparison.measure)))
        notes += _disagreements(comparison, settings)
        if more is not None:
            notes.append(sentence(NEEDED_ASSUMES))
        said = _sentence(comparison, settings, corrected=len(drafts) > 1)
        yield replace(comparison, sentence=said, notes=tuple(notes))


def _disagreements(comparison: Comparison, settings: ComparisonSettings) -> Iterable[Sentence]:
    """What to say where interval and test, each by itself, would answer differently."""
    interval = comparison.interval
    if comparison.verdict != "cannot_tell" or interval is None:
        return
    if 0.0 in (interval.low, interval.high):
        yield sentence(REACHES_ZERO, changed=comparison.wins + comparison.losses)
    elif comparison.p_adjusted <= settings.alpha:
        yield sentence(STAYS_OPEN)


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


def _more(
    comparison: Comparison, values: Sequence[float], family: int, settings: ComparisonSettings
) -> int | None:
    # Several systems share the accepted false alarms, as under Holm's first step.
    needed = queries_for_power(
        values, alpha=settings.alpha / family, power=settings.power, most=MOST_QUERIES, seed=settings.seed
    )
    return None if needed is None else _rounded_up(max(1, needed - comparison.queries))


def _rounded_up(count: int) -> int:
    """Two leading digits: «about 230», never «about 227», which would claim to know."""
    step = int(10 ** max(0, len(str(count)) - 2))
    return -(-count // step) * step


def _sentence(comparison: Comparison, settings: ComparisonSettings, corrected: bool) -> Sentence:
    if comparison.queries == 0:
        return sentence(NO_QUERIES)
    interval, difference = comparison.interval, comparison.difference
    bounds = (interval.low, interval.high) if interval else ()
    digits = decimals(difference, *bounds)
    # A gain and a loss say their direction in words; bounds of an open answer need their signs.
    sign = "+" if comparison.verdict in ("cannot_tell", "too_few") else ""
    facts: dict[str, object] = {
        "measure": str(comparison.measure),
        "queries": comparison.queries,
        "difference": f"{difference:{sign}.{digits}f}",
        "loss": f"{-difference:.{digits}f}",
        "wins": comparison.wins,
        "losses": comparison.losses,
        "fewest": FEWEST_QUERIES,
        "confidence": f"{100 * settings.confidence:g}",
        "test": sentence(TEST_CORRECTED if corrected else TEST, p=p_text(comparison.p_adjusted)),
    }
    if bounds:
        facts |= {
            name: f"{bound:{sign}.{digits}f}" for name, bound in zip(("low", "high"), bounds, strict=True)
        }
    if comparison.verdict == "cannot_tell" and comparison.more_queries is None:
        return Sentence(CANNOT_TELL_SMALL, facts | {"most": MOST_QUERIES})
    if comparison.verdict == "cannot_tell":
        return Sentence(CANNOT_TELL, facts | {"more": comparison.more_queries})
    return Sentence(_TEMPLATES[comparison.verdict], facts)


def p_text(p_value: float) -> str:
    """«= 0.031»; near 0.05 with another digit, so that its side can be seen; «< 0.001» below."""
    if p_value < 0.001:
        return "< 0.001"
    return f"= {p_value:.4f}" if p_value < 0.1 else f"= {p_value:.3f}"


_TEMPLATES: Mapping[Verdict, str] = {
    "better": BETTER,
    "worse": WORSE,
    "no_difference": NO_DIFFERENCE,
    "too_few": TOO_FEW,
}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
