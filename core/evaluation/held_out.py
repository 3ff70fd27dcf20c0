"""Is the best of several systems really best, or was it lucky: choose on one half, confirm on the other.

Whoever picks the best of eight on some queries picks luck along with quality, and measuring the winner on
the same queries shows both. So the queries are divided once, by a fixed seed, evenly within each group;
the winner is chosen by its mean on the first half and compared with the baseline on the second, which had
no say in the choice. That single comparison needs no correction.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.evaluation.inference import SAME
from core.evaluation.judged import Judgements
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import (
    FEWEST_QUERIES,
    Comparison,
    ComparisonSettings,
    compare,
    differences,
)
from core.sentences import Sentence, sentence

# Fixed, so that nobody looks for a split that says what they hope for.
SPLIT_SEED = 20_260_101

HeldOutVerdict = Literal["confirmed", "not_confirmed", "refuted", "baseline_best", "too_few"]

CONFIRMED = (
    "«{winner}» is better than the default, and not by luck: chosen on {choosing} queries "
    "({first:+.3f} {measure}), confirmed on the other {confirming} by {difference:+.3f}, "
    "{confidence} % interval {low:+.3f} to {high:+.3f}."
)
NOT_CONFIRMED = (
    "«{winner}» was best on the {choosing} queries it was chosen on ({first:+.3f} {measure}), but the other "
    "{confirming} do not confirm it: {difference:+.3f}, {confidence} % interval {low:+.3f} to {high:+.3f}. "
    "Keep the default, or label more queries."
)
REFUTED = (
    "«{winner}» was best on the {choosing} queries it was chosen on ({first:+.3f} {measure}), but it is "
    "worse on the other {confirming}: {difference:+.3f}, {confidence} % interval {low:+.3f} to {high:+.3f}."
)
BASELINE_BEST = (
    "No instruction beat the default in {measure} on the {choosing} queries used for choosing, so there is "
    "nothing to confirm."
)
TOO_FEW = (
    "Too few labelled queries to choose on one half and confirm on the other: {queries}; "
    "at least {fewest} are needed."
)


@dataclass(frozen=True, slots=True)
class Split:
    """Two halves of the queries. groups: how many groups were divided evenly; 0 without groups."""

    choosing: tuple[str, ...]
    confirming: tuple[str, ...]
    groups: int
    seed: int


@dataclass(frozen=True, slots=True)
class HalfDifferences:
    """One system's mean difference from the baseline on either half."""

    system: str
    choosing: float
    confirming: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What came of choosing and confirming.

    winner: the system chosen; None when the baseline was best, or when there are too few queries.
    confirmation: the winner against the baseline on the confirming half.
    """

    measure: Measure
    split: Split
    systems: tuple[HalfDifferences, ...]
    winner: str | None
    confirmation: Comparison | None
    verdict: HeldOutVerdict
    sentence: Sentence


def split_queries(
    queries: Sequence[str], groups: Mapping[str, str | None] | None = None, seed: int = SPLIT_SEED
) -> Split:
    """Divide queries in two, evenly within each group and in all. The order of the queries is no matter.

    groups: query -> its group; queries without one form a group of their own.
    """
    members: dict[str, list[str]] = {}
    for query in sorted(queries):
        members.setdefault((groups or {}).get(query) or "", []).append(query)
    halves: tuple[list[str], list[str]] = ([], [])
    generator = random.Random(seed)
    position = 0
    for group in sorted(members):
        generator.shuffle(members[group])
        for query in members[group]:
            halves[position % 2].append(query)
            position += 1
    named = len(members) if set(members) != {""} else 0
    return Split(tuple(halves[0]), tuple(halves[1]), named, seed)


def held_out(
    judgements: Judgements,
    baseline: Evaluation,
    systems: Sequence[Evaluation],
    measure: Measure,
    settings: ComparisonSettings | None = None,
    *,
    seed: int = SPLIT_SEED,
) -> HeldOut:
    """Choose the system with the best mean on one half; test it against the baseline on the other.

    Equally good systems: the first. The test is that of `significance`: two-sided, so a system that is no
    better than the baseline is confirmed in half of the accepted false alarms at most.
    """
    settings = settings or ComparisonSettings()
    groups = {query: judgements[query].group for query in baseline.queries}
    split = split_queries(baseline.queries, groups, seed)
    halves = tuple(_halves(baseline, system, measure, split) for system in systems)

    def found(verdict: HeldOutVerdict, said: Sentence, of: Comparison | None = None) -> HeldOut:
        return HeldOut(measure, split, halves, of.system if of else None, of, verdict, said)

    if len(split.confirming) < FEWEST_QUERIES:
        queries = len(baseline.queries)
        return found("too_few", sentence(TOO_FEW, queries=queries, fewest=2 * FEWEST_QUERIES))
    best = max(halves, key=lambda half: half.choosing, default=None)
    if best is None or best.choosing <= SAME:
        facts = {"measure": str(measure), "choosing": len(split.choosing)}
        return found("baseline_best", sentence(BASELINE_BEST, **facts))
    chosen = next(system for system in systems if system.run == best.system)
    kept = set(split.confirming)
    (confirmation,) = compare(
        _restricted(baseline, measure, kept), _restricted(chosen, measure, kept), settings
    )
    verdict: HeldOutVerdict = (
        "confirmed"
        if confirmation.verdict == "better"
        else "refuted"
        if confirmation.verdict == "worse"
        else "not_confirmed"
    )
    template = {"confirmed": CONFIRMED, "refuted": REFUTED, "not_confirmed": NOT_CONFIRMED}[verdict]
    interval = confirmation.interval
    assert interval is not None  # there are at least ten queries
    said = sentence(
        template,
        winner=best.system,
        measure=str(measure),
        choosing=len(split.choosing),
        confirming=len(split.confirming),
        first=best.choosing,
        difference=confirmation.difference,
        low=interval.low,
        high=interval.high,
        confidence=f"{100 * settings.confidence:g}",
    )
    return found(verdict, said, confirmation)


def _halves(baseline: Evaluation, system: Evaluation, measure: Measure, split: Split) -> HalfDifferences:
    by_query = differences(baseline, system, measure)

    def mean(queries: Sequence[str]) -> float:
        values = [by_query[query] for query in queries if query in by_query]
        return sum(values) / len(values) if values else 0.0

    return HalfDifferences(system.run, mean(split.choosing), mean(split.confirming))


def _restricted(evaluation: Evaluation, measure: Measure, queries: set[str]) -> Evaluation:
    values = {query: value for query, value in evaluation.values[measure].items() if query in queries}
    return replace(evaluation, values={measure: values}, queries=tuple(values))
