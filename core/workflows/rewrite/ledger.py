"""The gain ledger: what every rewrite, every rule and every way of merging gained and lost on labelled data.

Each is compared with the original wordings of the same queries, scored by the same model. Values and
statistics come from `core.evaluation`; whether to accept is the analyst's decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.evaluation.inference import SAME
from core.evaluation.judged import Judgements, Ranking, Run
from core.evaluation.measures import Measure, parse_measure
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import Comparison, ComparisonSettings, compare_many
from core.text.rewriting.variants import RULE_TITLES, Variant
from core.workflows.rewrite.data import ORIGINAL, ScoredRewriting
from core.workflows.rewrite.merge import MERGE_RULES, MergeRule, merged_values

Outcome = Literal["gained", "lost", "same"]
Advice = Literal["accept", "reject", "undecided"]

# Where «rescued» looks when the measure has no depth of its own.
DEPTH = 10
# The tally of the accepted rewrites together.
ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """measure: decides gained and lost. rel: the lowest grade that counts as relevant.

    depth: among the first so many a relevant document is looked for, for «rescued» and «harmed».
    """

    measure: Measure = field(default_factory=lambda: parse_measure("nDCG@10"))
    rel: int = 1
    comparison: ComparisonSettings = field(default_factory=ComparisonSettings)

    @property
    def depth(self) -> int:
        """Among the first so many a relevant document counts for «rescued» and «harmed»."""
        return self.measure.cutoff or DEPTH


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One rewrite of one query against the query's own wording.

    wording: its position among the query's wordings, from 1. before, after: the measure; None without labels.
    rescued: no relevant document among the first `depth` before, one now; harmed: the other way round.
    top_before, top_after: the first document is relevant; None without labels.
    first_changed: another document stands first. movement: places a document moved on average.
    """

    query_id: str
    query: str
    group: str
    wording: int
    variant: Variant
    before: float | None
    after: float | None
    rescued: bool
    harmed: bool
    top_before: bool | None
    top_after: bool | None
    first_changed: bool
    movement: float

    @property
    def difference(self) -> float | None:
        """After minus before; None without labels."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def outcome(self) -> Outcome | None:
        """What the rewrite did to the measure; None without labels."""
        return None if self.difference is None else outcome_of(self.difference)


@dataclass(frozen=True, slots=True)
class Tally:
    """A rule, a way of merging, or the accepted rewrites, over the queries it changed the wording of.

    name: a rule's key, a merge rule's, or `ACCEPTED`. queries: it applies to; measured: those with labels.
    comparison: the paired statistics over the measured queries; None when there are none.
    first_changed: share of the queries with another first document.
    """

    name: str
    queries: int
    measured: int
    gained: int
    lost: int
    rescued: int
    harmed: int
    top_before: int
    top_after: int
    comparison: Comparison | None
    first_changed: float

    @property
    def same(self) -> int:
        """Measured queries of which the measure did not change."""
        return self.measured - self.gained - self.lost

    @property
    def advice(self) -> Advice:
        """What the statistics say: only a difference that is no chance is accepted or rejected."""
        verdict = self.comparison.verdict if self.comparison is not None else None
        return "accept" if verdict == "better" else "reject" if verdict == "worse" else "undecided"


@dataclass(frozen=True, slots=True)
class Ledger:
    """rules: one per source that has a rewrite, as `RULE_TITLES` orders them; merges: as `MERGE_RULES` does.

    queries: in the data; rewritten: those with a rewrite; measured: those of them with labels.
    """

    settings: LedgerSettings
    rows: tuple[LedgerRow, ...]
    rules: tuple[Tally, ...]
    merges: tuple[Tally, ...]
    queries: int
    rewritten: int
    measured: int


def outcome_of(difference: float) -> Outcome:
    """Gained, lost or the same, beyond floating point."""
    return "same" if abs(difference) <= SAME else "gained" if difference > 0 else "lost"


def gain_ledger(scored: ScoredRewriting, settings: LedgerSettings | None = None) -> Ledger:
    """Measure every rewrite, every rule and every way of merging; rules are Holm-corrected together."""
    settings = settings or LedgerSettings()
    judgements = scored.rewritten.data.judgements
    changed = {query: one for query, one in scored.rewritten.rewritings.items() if one.variants}
    by_source: dict[str, dict[str, int]] = {source: {} for source in RULE_TITLES}
    for query, rewriting in changed.items():
        for at, variant in enumerate(rewriting.variants, start=1):
            by_source[variant.source][query] = at
    before = _measure(judgements, scored.run(ORIGINAL, dict.fromkeys(changed, 0)), settings)
    rules = {
        source: _measure(judgements, scored.run(source, places), settings)
        for source, places in by_source.items()
        if places
    }
    rows = tuple(
        _row(query, rewriting.query, at, (before, rules[variant.source]), variant, judgements, settings)
        for query, rewriting in changed.items()
        for at, variant in enumerate(rewriting.variants, start=1)
    )
    merges = [_measure(judgements, _merged(scored, changed, how), settings) for how in MERGE_RULES]
    return Ledger(
        settings,
        rows,
        _tallies(judgements, before, list(rules.values()), settings),
        _tallies(judgements, before, merges if changed else [], settings),
        len(scored.rewritten.rewritings),
        len(changed),
        len(before.evaluation.queries),
    )


def tally_of(
    scored: ScoredRewriting, name: str, wordings: Mapping[str, int], settings: LedgerSettings
) -> Tally | None:
    """One tally of queries in chosen wordings; None when there are none."""
    if not wordings:
        return None
    judgements = scored.rewritten.data.judgements
    before = _measure(judgements, scored.run(ORIGINAL, dict.fromkeys(wordings, 0)), settings)
    after = _measure(judgements, scored.run(name, wordings), settings)
    return _tallies(judgements, before, [after], settings)[0]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A run with its values of the deciding measure."""

    run: Run
    evaluation: Evaluation
    values: Mapping[str, float]


def _measure(judgements: Judgements, run: Run, settings: LedgerSettings) -> _Measured:
    answered = {query: judgements[query] for query in run.rankings}
    evaluation = evaluate_run(answered, run, [settings.measure])
    return _Measured(run, evaluation, evaluation.values[settings.measure])


def _merged(scored: ScoredRewriting, queries: Iterable[str], how: MergeRule) -> Run:
    logits = {query: [[score.logit for score in row] for row in scored.scores[query]] for query in queries}
    return scored.merged_run(how, {query: merged_values(rows, how) for query, rows in logits.items()})


def _tallies(
    judgements: Judgements, before: _Measured, after: Sequence[_Measured], settings: LedgerSettings
) -> tuple[Tally, ...]:
    """Each run against the original wordings of the queries it answers; all of them are one family."""
    comparisons = compare_many(before.evaluation, [one.evaluation for one in after], settings.comparison)
    compared = {comparison.system: comparison for comparison in comparisons if comparison.queries}
    return tuple(_tally(judgements, before, one, compared.get(one.run.name), settings) for one in after)


def _tally(
    judgements: Judgements,
    before: _Measured,
    after: _Measured,
    comparison: Comparison | None,
    settings: LedgerSettings,
) -> Tally:
    outcomes = [outcome_of(after.values[query] - before.values[query]) for query in after.values]
    old = [_hits(judgements, before.run.rankings[query], settings) for query in after.values]
    new = [_hits(judgements, after.run.rankings[query], settings) for query in after.values]
    pairs = list(zip(old, new, strict=True))
    changed = [_first_changed(before.run.rankings[q], ranking) for q, ranking in after.run.rankings.items()]
    return Tally(
        after.run.name,
        queries=len(after.run.rankings),
        measured=len(after.values),
        gained=outcomes.count("gained"),
        lost=outcomes.count("lost"),
        rescued=sum(now.any and not then.any for then, now in pairs),
        harmed=sum(then.any and not now.any for then, now in pairs),
        top_before=sum(then.first for then in old),
        top_after=sum(now.first for now in new),
        comparison=comparison,
        first_changed=sum(changed) / len(changed),
    )


@dataclass(frozen=True, slots=True)
class _Hits:
    """Whether the first document is relevant, and whether any of the first `depth` is."""

    first: bool
    any: bool


def _hits(judgements: Judgements, ranking: Ranking, settings: LedgerSettings) -> _Hits:
    labels = judgements[ranking.query_id].labels
    relevant = [labels.get(one, 0) >= settings.rel for one in ranking.documents[: settings.depth]]
    return _Hits(any(relevant[:1]), any(relevant))


def _row(
    query_id: str,
    query: str,
    wording: int,
    measured: tuple[_Measured, _Measured],
    variant: Variant,
    judgements: Judgements,
    settings: LedgerSettings,
) -> LedgerRow:
    before, after = measured
    known = query_id in after.values
    rankings = (before.run.rankings[query_id], after.run.rankings[query_id])
    old, new = (_hits(judgements, ranking, settings) for ranking in rankings)
    return LedgerRow(
        query_id,
        query,
        judgements[query_id].group or "",
        wording,
        variant,
        before.values.get(query_id),
        after.values.get(query_id),
        rescued=known and new.any and not old.any,
        harmed=known and old.any and not new.any,
        top_before=old.first if known else None,
        top_after=new.first if known else None,
        first_changed=_first_changed(*rankings),
        movement=_movement(*rankings),
    )


def _first_changed(old: Ranking, new: Ranking) -> bool:
    return old.documents[:1] != new.documents[:1]


def _movement(old: Ranking, new: Ranking) -> float:
    """By how many places documents moved, on average."""
    before, after = old.ranks(), new.ranks()
    return sum(abs(after[one] - rank) for one, rank in before.items()) / len(before)
