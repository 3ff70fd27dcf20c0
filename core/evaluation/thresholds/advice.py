"""Where to cut: keep documents whose score reaches a threshold, drop the rest.

With labels: precision, recall and F-beta of every cut, and the cut that keeps a relevant document for a
wanted share of the queries. Every recommendation is also tried on queries it was not chosen on, beside what
one can do without a threshold: keep everything, or the first few of each query. What beats neither beyond
chance is not recommended.
Without labels, see `distributions`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InputError
from core.evaluation.judged import Judgements, Run
from core.evaluation.thresholds.cuts import Cut, ScoredPairs, Unjudged, all_cuts, scored_pairs, thinned
from core.sentences import Sentence, sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.evaluation.thresholds.cuts import Floats

ALL_JUDGED = "Every document was judged."
UNJUDGED_RULES: Mapping[Unjudged, str] = {
    "not_relevant": "Unjudged documents count as not relevant, so precision is a lower bound.",
    "left_out": "Unjudged documents are left out of precision.",
}
NO_RELEVANT = "No candidate is relevant, so no threshold can be chosen."
NO_RELEVANT_HINT = "Judge some documents, or lower the grade that counts as relevant."
BAD_SHARE = "The share of queries to keep must lie between 0 and 1, not {share}."
BAD_BETA = "Beta must be above 0, not {beta}."

RECOMMENDED = (
    "Keep documents scored {threshold} or more: precision {precision:.0%}, recall {recall:.0%} of the "
    "relevant candidates; {empty:.0%} of the queries keep nothing."
)
COVERAGE = (
    "Keep documents scored {threshold} or more: of the queries with a relevant candidate {share:.0%} keep "
    "one, precision {precision:.0%}; {empty:.0%} of all queries keep nothing."
)
COVERAGE_CEILING = (
    "Queries without a relevant candidate, which no threshold can help: {without} of {queries}."
)
HELD_OUT = "On queries it was not chosen on, F{beta:g} is about {held_out:.2f} instead of {fitted:.2f}."

COMPARED = (
    "On those queries keeping everything reaches F{beta:g} {everything:.2f}, keeping the first {first} of "
    "each query {top:.2f}."
)
NOT_BETTER = (
    "No threshold is recommended: on queries it was not chosen on, none is better beyond chance than keeping "
    "everything or the first {first} of each query (F{beta:g} {held_out:.2f}, {everything:.2f} and "
    "{top:.2f})."
)
FIRST_AS_GOOD = "Keeping the first {first} of each query does as well or better, within chance."
EVERYTHING_AS_GOOD = "Keeping everything does as well or better, within chance."

FOLDS = 5
# Queries drawn anew to see how far F-beta differs by chance, and the share of them that must agree.
RESAMPLES, CONFIDENCE = 2_000, 0.975


@dataclass(frozen=True, slots=True)
class ThresholdSettings:
    """rel: lowest grade that counts as relevant. beta: above 1 favours recall, below 1 precision.

    keep_share: the share of queries that should keep at least one relevant document.
    """

    rel: int = 1
    beta: float = 1.0
    keep_share: float = 0.95
    unjudged: Unjudged = "not_relevant"
    seed: int = 20_260_101


@dataclass(frozen=True, slots=True)
class ThresholdAdvice:
    """best: the cut of highest F-beta. coverage: the highest cut that keeps a relevant document for
    `keep_share` of the queries. held_out: F-beta of cuts chosen on other queries. rivals: what can be done
    without a threshold, on the same queries. Both are None below FOLDS queries."""

    settings: ThresholdSettings
    curve: tuple[Cut, ...]
    best: Cut
    coverage: Cut
    held_out: float | None
    rivals: "Rivals | None"
    queries: int
    without_relevant_candidate: int
    unjudged: int
    sentences: tuple[Sentence, ...]

    @property
    def recommended(self) -> bool:
        """Whether a threshold is better, beyond chance, than one of the things to do without; or untried."""
        return self.rivals is None or self.rivals.beats_everything or self.rivals.beats_first


@dataclass(frozen=True, slots=True)
class Rivals:
    """What the threshold must beat on queries it was not chosen on.

    everything, top: F-beta of keeping all, and of keeping the first so many of each query, the number chosen
    on the other queries as the threshold is. first: that number, chosen on all. beats_…: beyond chance.
    """

    everything: float
    top: float
    first: int
    beats_everything: bool
    beats_first: bool


def advise(judgements: Judgements, run: Run, settings: ThresholdSettings | None = None) -> ThresholdAdvice:
    """Weigh every cut of the run's scores against the labels."""
    settings = settings or ThresholdSettings()
    if not 0 < settings.keep_share <= 1:
        raise InputError(BAD_SHARE, share=settings.keep_share)
    if settings.beta <= 0:
        raise InputError(BAD_BETA, beta=settings.beta)
    pairs, unjudged = scored_pairs(judgements, run, settings.rel, settings.unjudged)
    if not pairs.relevant.any():
        raise InputError(NO_RELEVANT, hint=NO_RELEVANT_HINT)
    cuts = all_cuts(pairs, settings.beta)
    best_at = cuts.best()
    coverage_at = int((cuts.queries_with_relevant >= settings.keep_share - 1e-12).argmax())
    best, coverage = cuts.at(best_at), cuts.at(coverage_at)
    held_out, rivals = _held_out(pairs, settings)
    answerable = len(set(pairs.query[pairs.relevant].tolist()))
    return ThresholdAdvice(
        settings,
        thinned(cuts, best_at, coverage_at),
        best,
        coverage,
        held_out,
        rivals,
        queries=pairs.queries,
        without_relevant_candidate=pairs.queries - answerable,
        unjudged=unjudged,
        sentences=(
            *_advice(settings, best, coverage, held_out, rivals),
            *_remarks(settings, pairs.queries, answerable, unjudged),
        ),
    )


def _held_out(pairs: ScoredPairs, settings: ThresholdSettings) -> tuple[float | None, Rivals | None]:
    """F-beta when every fifth of the queries is cut where the other four fifths say, and the rivals'."""
    import numpy as np

    if pairs.queries < FOLDS:
        return None, None
    ranks = _ranks(pairs)
    fold_of = np.random.default_rng(settings.seed).permutation(pairs.queries) % FOLDS
    kept = {name: np.zeros(len(pairs.query), dtype=bool) for name in ("threshold", "top")}
    for fold in range(FOLDS):
        training, tested = fold_of[pairs.query] != fold, fold_of[pairs.query] == fold
        if not (pairs.relevant & training).any():
            return None, None
        cuts = all_cuts(pairs.only(fold_of != fold), settings.beta)
        kept["threshold"] |= tested & (pairs.scores >= cuts.threshold[cuts.best()])
        kept["top"] |= tested & (ranks <= _best_first(pairs, ranks, training, settings.beta))
    everything = np.ones(len(pairs.query), dtype=bool)
    counts = {name: _counts(pairs, mask) for name, mask in (*kept.items(), ("everything", everything))}
    found = {name: float(_f_beta(own.sum(axis=0), settings.beta)) for name, own in counts.items()}
    drawn = np.random.default_rng(settings.seed).integers(0, pairs.queries, size=(RESAMPLES, pairs.queries))
    resampled = {name: _f_beta(own[drawn].sum(axis=1), settings.beta) for name, own in counts.items()}
    beats = {
        name: float(np.mean(resampled["threshold"] > resampled[name])) >= CONFIDENCE
        for name in ("everything", "top")
    }
    return found["threshold"], Rivals(
        found["everything"],
        found["top"],
        _best_first(pairs, ranks, everything, settings.beta),
        beats["everything"],
        beats["top"],
    )


def _ranks(pairs: ScoredPairs) -> "NDArray[np.int64]":
    """Each pair's rank within its query, from 1; the pairs come by falling score."""
    import numpy as np

    seen = np.zeros(pairs.queries, dtype=np.int64)
    ranks = np.zeros(len(pairs.query), dtype=np.int64)
    for at, query in enumerate(pairs.query):
        seen[query] += 1
        ranks[at] = seen[query]
    return ranks


def _best_first(
    pairs: ScoredPairs, ranks: "NDArray[np.int64]", chosen: "NDArray[np.bool_]", beta: float
) -> int:
    """How many of each query to keep for the highest F-beta over the chosen pairs; of equals the fewest."""
    import numpy as np

    deepest = int(ranks.max())
    hits = np.bincount(ranks[chosen & pairs.relevant], minlength=deepest + 1).cumsum()
    kept = np.bincount(ranks[chosen & pairs.counted], minlength=deepest + 1).cumsum()
    relevant = np.full(deepest + 1, hits[-1])
    return int(_f_beta(np.stack([hits, kept, relevant], axis=1)[1:], beta).argmax()) + 1


def _counts(pairs: ScoredPairs, kept: "NDArray[np.bool_]") -> "NDArray[np.int64]":
    """Per query: relevant documents kept, documents kept, relevant documents. Shape (queries, 3)."""
    import numpy as np

    masks = (kept & pairs.relevant, kept & pairs.counted, pairs.relevant)
    return np.stack([np.bincount(pairs.query[mask], minlength=pairs.queries) for mask in masks], axis=1)


def _f_beta(counts: "NDArray[np.int64]", beta: float) -> "Floats":
    """F-beta of pooled counts, (1 + b^2) TP / (b^2 (TP + FN) + TP + FP); the last axis is as in `_counts`."""
    import numpy as np

    hits, kept, relevant = counts[..., 0], counts[..., 1], counts[..., 2]
    below = beta**2 * relevant + kept
    found: Floats = np.divide((1 + beta**2) * hits, below, out=np.zeros(np.shape(below)), where=below > 0)
    return found


def _advice(
    settings: ThresholdSettings, best: Cut, coverage: Cut, held_out: float | None, rivals: Rivals | None
) -> Iterator[Sentence]:
    """What to do; nothing is recommended that beats neither rival."""
    compared: dict[str, object] = {"beta": settings.beta}
    if rivals is not None:
        compared |= {"everything": rivals.everything, "top": rivals.top, "first": rivals.first}
    if rivals is not None and not (rivals.beats_everything or rivals.beats_first):
        yield Sentence(NOT_BETTER, compared | {"held_out": held_out})
        return
    yield sentence(
        RECOMMENDED,
        threshold=best.threshold,
        precision=best.precision,
        recall=best.recall,
        empty=best.empty,
    )
    yield sentence(
        COVERAGE,
        threshold=coverage.threshold,
        share=coverage.queries_with_relevant,
        precision=coverage.precision,
        empty=coverage.empty,
    )
    if rivals is None:
        return
    yield sentence(HELD_OUT, beta=settings.beta, held_out=held_out, fitted=best.f_beta)
    yield Sentence(COMPARED, compared)
    if not rivals.beats_first:
        yield sentence(FIRST_AS_GOOD, first=rivals.first)
    if not rivals.beats_everything:
        yield sentence(EVERYTHING_AS_GOOD)


def _remarks(settings: ThresholdSettings, queries: int, answerable: int, unjudged: int) -> Iterator[Sentence]:
    """What the figures rest on."""
    if answerable < queries:
        yield sentence(COVERAGE_CEILING, without=queries - answerable, queries=queries)
    yield sentence(UNJUDGED_RULES[settings.unjudged] if unjudged else ALL_JUDGED)
