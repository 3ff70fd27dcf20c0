"""Is the reranker worth it, and how much of it: first stage, reranker, a blend of both, or only some queries.

Whoever tries thirty weights and keeps the best keeps luck along with quality: gains of rerankers often vanish
on held-out queries and against a tuned fusion. So the queries are divided once. On one half the kind of blend
is chosen by cross-validation in which every weight and gate is chosen without the queries that it is tried
on; on the other half, which had no say, the choice is held against the first stage and the reranker alone.
Where that half does not confirm it, the answer is that these queries cannot tell.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.evaluation.blends.order import Blend
from core.evaluation.blends.words import blend_words
from core.evaluation.held_out import SPLIT_SEED, split_queries
from core.evaluation.inference import SAME, decimals
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import FEWEST_QUERIES, Comparison, ComparisonSettings, compare_together
from core.sentences import Sentence, sentence

Way = Literal["first", "reranker", "rrf", "ranks", "scores", "gate"]
BlendVerdict = Literal["keep", "replace", "blend", "gate", "cannot_tell", "too_few"]

FIRST, RERANKER = Blend("ranks", 0.0), Blend("ranks", 1.0)
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# Gates stand at these shares of the queries' margins.
GATE_SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
FOLDS = 5
# A gate is enough when it keeps this share of what reranking every query gains.
ENOUGH = 0.95
# Nobody changes a pipeline to save fewer pairs than this share.
LEAST_SAVED = 0.1

KEEP = (
    "Keep the first stage: on the {choosing} queries used for choosing neither reranking nor a blend beats "
    "it in {measure}."
)
KEEP_WORSE = (
    "Keep the first stage: what was best on {choosing} queries ({way}) is worse on the other {confirming}: "
    "{difference} {measure}, {confidence} % interval {low} to {high}."
)
CANNOT_TELL = (
    "Cannot tell: what was best on {choosing} queries ({way}) is not confirmed on the other {confirming}: "
    "{difference} {measure}, {confidence} % interval {low} to {high}. Keep what you have, or label more "
    "queries."
)
CONFIRMED: Mapping[BlendVerdict, str] = {
    "replace": (
        "Replace the first stage's order by the reranker's: chosen on {choosing} queries, confirmed on the "
        "other {confirming} by {difference} {measure}, {confidence} % interval {low} to {high}."
    ),
    "blend": (
        "Blend both ({way}): chosen on {choosing} queries, confirmed on the other {confirming} by "
        "{difference} {measure} over the first stage, {confidence} % interval {low} to {high}."
    ),
    "gate": (
        "Rerank only these ({way}): it saves {saved} of the pairs; chosen on {choosing} queries, confirmed "
        "on the other {confirming} by {difference} {measure} over the first stage, {confidence} % interval "
        "{low} to {high}."
    ),
}
TOO_FEW = (
    "Too few labelled queries to choose a blend on one half and confirm it on the other: {queries}; at least "
    "{fewest} are needed."
)
AGAINST_RERANKER = "Against the reranker alone, on the same queries: {said}"


@dataclass(frozen=True, slots=True)
class Tried:
    """One way to order, measured. values: by query. kept: the queries that it leaves to the first stage."""

    blend: Blend
    values: Mapping[str, float]
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WayRow:
    """What one kind of blend is worth. choosing: cross-validated mean on the half that chooses.

    blend: its weight or gate as chosen on that half. confirming: the mean on the other half.
    """

    way: Way
    blend: Blend
    choosing: float
    confirming: float


@dataclass(frozen=True, slots=True)
class BlendChoice:
    """What to do. blend: what was chosen, confirmed or not; None with too few queries.

    confirmation: it against the first stage on the confirming half; against_reranker: the same against
    the reranker alone, where it is another order; both are corrected together. saved: share of all pairs
    that need no reranker.
    """

    measure: Measure
    verdict: BlendVerdict
    blend: Blend | None
    ways: tuple[WayRow, ...]
    confirmation: Comparison | None
    against_reranker: Comparison | None
    saved: float
    sentences: tuple[Sentence, ...]


def way_of(blend: Blend) -> Way:
    """The kind of a blend."""
    if blend.gate is not None:
        return "gate"
    if blend.kind == "rrf":
        return "rrf"
    if blend.weight <= 0:
        return "first"
    return "reranker" if blend.weight >= 1 else blend.kind


def blends_to_try(margins: Sequence[float] | None) -> tuple[Blend, ...]:
    """Every way. margins: of the queries' first-stage scores; None where there are no scores."""
    tried = [FIRST, RERANKER, Blend("rrf"), *(Blend("ranks", weight) for weight in WEIGHTS)]
    if margins:
        tried += [Blend("scores", weight) for weight in WEIGHTS]
        finite = sorted(margin for margin in margins if margin != float("inf"))
        gates = (
            {round(finite[int(share * (len(finite) - 1))], 4) for share in GATE_SHARES} if finite else set()
        )
        tried += [Blend("ranks", 1.0, gate) for gate in sorted(gates) if gate > 0]
    return tuple(tried)


def choose_blend(
    measure: Measure,
    tried: Sequence[Tried],
    pairs: Mapping[str, int],
    groups: Mapping[str, str | None] | None = None,
    settings: ComparisonSettings | None = None,
) -> BlendChoice:
    """tried: `FIRST` and `RERANKER` among them, all on the same queries. pairs: candidates of each query."""
    settings = settings or ComparisonSettings()
    by_blend = {one.blend: one for one in tried}
    queries = [*by_blend[FIRST].values]
    split = split_queries(queries, groups, SPLIT_SEED)
    if len(split.confirming) < FEWEST_QUERIES:
        said = sentence(TOO_FEW, queries=len(queries), fewest=2 * FEWEST_QUERIES)
        return BlendChoice(measure, "too_few", None, (), None, None, 0.0, (said,))
    ways: dict[Way, list[Tried]] = {}
    for one in tried:
        ways.setdefault(way_of(one.blend), []).append(one)
    both = (by_blend[FIRST], by_blend[RERANKER])
    rows = {
        way: WayRow(
            way,
            (best := _best(members, split.choosing, both, pairs)).blend,
            _cross_validated(members, split.choosing, both, pairs),
            _mean(best, split.confirming),
        )
        for way, members in ways.items()
    }
    chosen = by_blend[_chosen(rows, by_blend, pairs).blend]
    return _confirmed(
        measure, chosen, both, tuple(rows.values()), (split.choosing, split.confirming), pairs, settings
    )


def _chosen(rows: Mapping[Way, WayRow], by_blend: Mapping[Blend, Tried], pairs: Mapping[str, int]) -> WayRow:
    """The best by cross-validation; of equals the simpler one, and a gate that is as good for less."""
    order: tuple[Way, ...] = ("first", "reranker", "rrf", "ranks", "scores")
    best = max(
        (rows[way] for way in order if way in rows), key=lambda row: (row.choosing, -order.index(row.way))
    )
    gate, first = rows.get("gate"), rows["first"].choosing
    if gate is None or best.choosing <= first + SAME:
        return best
    enough = gate.choosing >= first + ENOUGH * (best.choosing - first)
    return gate if enough and _saved(by_blend[gate.blend], pairs) >= LEAST_SAVED else best


def _best(
    members: Sequence[Tried],
    queries: Sequence[str],
    both: tuple[Tried, Tried],
    pairs: Mapping[str, int],
) -> Tried:
    """The member with the best mean on these queries; of gates that which saves most and is still enough."""
    if members[0].blend.gate is None:
        return max(members, key=lambda one: _mean(one, queries))
    first, reranker = (_mean(one, queries) for one in both)
    enough = [one for one in members if _mean(one, queries) >= first + ENOUGH * (reranker - first)]
    saving = {query: pairs[query] for query in queries}
    return (
        max(enough, key=lambda one: _saved(one, saving))
        if enough
        else max(members, key=lambda one: _mean(one, queries))
    )


def _cross_validated(
    members: Sequence[Tried],
    queries: Sequence[str],
    both: tuple[Tried, Tried],
    pairs: Mapping[str, int],
) -> float:
    """The mean when every fifth of the queries is ordered by the member that the others choose."""
    values: list[float] = []
    for fold in range(FOLDS):
        # `split_queries` has shuffled them within their groups.
        training = [query for at, query in enumerate(queries) if at % FOLDS != fold]
        best = _best(members, training, both, pairs) if len(members) > 1 else members[0]
        values += [best.values[query] for at, query in enumerate(queries) if at % FOLDS == fold]
    return statistics.fmean(values)


def _confirmed(
    measure: Measure,
    chosen: Tried,
    both: tuple[Tried, Tried],
    rows: tuple[WayRow, ...],
    halves: tuple[Sequence[str], Sequence[str]],
    pairs: Mapping[str, int],
    settings: ComparisonSettings,
) -> BlendChoice:
    """The choice, held against both alone on the half that did not make it."""
    choosing, confirming = halves
    first, reranker = both
    saved = _saved(chosen, pairs)
    facts: dict[str, object] = {
        "measure": str(measure),
        "choosing": len(choosing),
        "confirming": len(confirming),
        "way": blend_words(chosen.blend),
        "saved": f"{saved:.0%}",
        "confidence": f"{100 * settings.confidence:g}",
    }
    if chosen is first:
        return BlendChoice(measure, "keep", chosen.blend, rows, None, None, saved, (Sentence(KEEP, facts),))
    other = (
        [] if chosen is reranker else [(_on(reranker, measure, confirming), _on(chosen, measure, confirming))]
    )
    compared = compare_together(
        [(_on(first, measure, confirming), _on(chosen, measure, confirming)), *other], measure, settings
    )
    confirmation, against = compared[0], compared[1] if other else None
    interval = confirmation.interval
    assert interval is not None  # there are at least ten queries
    digits = decimals(confirmation.difference, interval.low, interval.high)
    for name, value in (
        ("difference", confirmation.difference),
        ("low", interval.low),
        ("high", interval.high),
    ):
        facts[name] = f"{value:+.{digits}f}"
    verdict, template = _verdict(confirmation, way_of(chosen.blend))
    said = [Sentence(template, facts)]
    if against is not None:
        said.append(sentence(AGAINST_RERANKER, said=against.sentence))
    return BlendChoice(measure, verdict, chosen.blend, rows, confirmation, against, saved, tuple(said))


def _verdict(confirmation: Comparison, way: Way) -> tuple[BlendVerdict, str]:
    if confirmation.verdict == "worse":
        return "keep", KEEP_WORSE
    if confirmation.verdict != "better":
        return "cannot_tell", CANNOT_TELL
    verdict: BlendVerdict = "replace" if way == "reranker" else "gate" if way == "gate" else "blend"
    return verdict, CONFIRMED[verdict]


def _on(one: Tried, measure: Measure, queries: Iterable[str]) -> Evaluation:
    values = {query: one.values[query] for query in queries}
    return Evaluation(blend_words(one.blend).text, {measure: values}, tuple(values), (), (), (), 0, 0)


def _mean(one: Tried, queries: Sequence[str]) -> float:
    return statistics.fmean(one.values[query] for query in queries)


def _saved(one: Tried, pairs: Mapping[str, int]) -> float:
    """Share of the pairs that it does not rerank."""
    total = sum(pairs.values())
    if way_of(one.blend) == "first":
        return 1.0
    return sum(count for query, count in pairs.items() if query in one.kept) / total if total else 0.0
