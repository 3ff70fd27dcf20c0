"""What a batch found: how each query's order changed, the summary over all, filters, and one query in full.

Queries whose pairs are not all scored yet are left out of everything but the count. It draws nothing and
writes no file.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.evaluation.distributions import Histogram, ScoreReading, ScoreSpread, histogram, read_scores
from core.jobs import Job
from core.records import Notice, Score, ScorerInfo, ScoringRequest
from core.sentences import sentence
from core.workflows.batch.records import BatchSettings, Origin
from core.workflows.care.preparing import CareSettings, DocumentCare
from core.workflows.home.spreads import known_spread, shipped_spread
from core.workflows.home.two_looks import TopsChecked
from core.workflows.recipes.following import passes, recipe_values
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.near_ties import near_tie_gap
from core.workflows.rerank.reranking import RankedDocument, Reranking, order, read_in_part

Filter = Literal["first changed", "moved far", "low best score", "near tie", "truncated"]
LEFT_TO_FIRST = "The recipe's gate left this query to the first stage: nothing was scored."
FILTERS: tuple[Filter, ...] = get_args(Filter)

# More places than this is far.
FAR = 5
# Below it, the model answers «no» to every document of a query.
LOW_PROBABILITY = 0.5
# What is usual for a model is learnt from so many of a run's lists at most.
LISTS_LEARNT_FROM = 500
# «Where did the new first document stand before»: 1 … 9, and all beyond in one bar.
LAST_PLACE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class QueryOutcome:
    """One query's change. position: of its request. Ranks count from 1, movements in places.

    first_was: the former rank of the document that is now first. best: its score, None where a recipe's gate
    left the query to the first stage. tie: the first two can
    hardly be told apart. low: no document has a probability of LOW_PROBABILITY; of a model without
    probabilities, its best score is rarely so low. truncated: how many documents were read in part.
    """

    position: int
    query_id: str
    query: str
    documents: int
    first_was: int
    largest_movement: int
    best: Score | None
    tie: bool
    low: bool
    truncated: int

    @property
    def first_changed(self) -> bool:
        """Whether another document is first now."""
        return self.first_was != 1

    def has(self, filter_name: Filter) -> bool:
        """Whether a filter picks this query."""
        match filter_name:
            case "first changed":
                return self.first_changed
            case "moved far":
                return self.largest_movement > FAR
            case "low best score":
                return self.low
            case "near tie":
                return self.tie
            case "truncated":
                return self.truncated > 0


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """All complete queries together; means are None without any.

    first_changed: share of queries with another first document. first_was: mean former rank of the new
    first documents. first_places: how many of them stood first, second, …, the last entry being
    «tenth or later». probabilities: after, similarities of a model that gives none; initial_scores: before,
    on their own scale, None without them. left, left_pairs: queries that a recipe's gate left to the first
    stage, and their pairs, which were not scored.
    """

    queries: int
    complete: int
    pairs: int
    first_changed: float | None
    first_was: float | None
    best_probability: float | None
    ties: int
    low: int
    moved_far: int
    truncated_pairs: int
    first_places: tuple[int, ...]
    probabilities: Histogram
    initial_scores: Histogram | None
    gives_probabilities: bool = True
    left: int = 0
    left_pairs: int = 0

    @property
    def saved(self) -> float:
        """Share of the pairs that a gate saved."""
        return self.left_pairs / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class BatchRun:
    """A batch in memory: what was asked, what came of it, and from where.

    scores: one per pair, None where there is none yet. starts: each request's first pair. cares: per pair,
    what was done to its document; () without document care. spread: how the model's scores lie.
    tops: what two looks are known to have changed, where they were asked for. left: the positions of queries
    that the recipe's gate left to the first stage.
    """

    job: Job
    settings: BatchSettings
    requests: tuple[ScoringRequest, ...]
    scores: Sequence[Score | None]
    origin: Origin
    starts: tuple[int, ...]
    outcomes: tuple[QueryOutcome, ...]
    cares: tuple[DocumentCare | None, ...] = ()
    spread: ScoreSpread | None = None
    recipe: RecipeInUse | None = None
    tops: TopsChecked | None = None
    left: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        job: Job,
        requests: tuple[ScoringRequest, ...],
        scores: Sequence[Score | None],
        origin: Origin,
        cares: tuple[DocumentCare | None, ...] = (),
        left: frozenset[int] = frozenset(),
    ) -> "BatchRun":
        """Join what the store keeps. `scores` has one entry per pair, None where there is none yet."""
        starts, pair = [], 0
        for request in requests:
            starts.append(pair)
            pair += len(request.documents)
        settings = BatchSettings.read(job.settings)
        recipe = RecipeInUse.read(settings.recipe)
        run = cls(job, settings, requests, scores, origin, tuple(starts), (), cares, recipe=recipe, left=left)
        run = replace(run, spread=_spread(run))
        outcomes = (_outcome(run, position) for position in range(len(requests)))
        return replace(run, outcomes=tuple(outcome for outcome in outcomes if outcome is not None))

    def pairs_of(self, position: int) -> range:
        """The ordinals of a query's pairs, in file order."""
        start = self.starts[position]
        return range(start, start + len(self.requests[position].documents))

    def best_first(self, position: int) -> list[int]:
        """A complete query's pairs by score, or as its recipe blends; equal ones in their former order."""
        if position in self.left:
            return sorted(self.pairs_of(position), key=lambda pair: self.origin.ranks[pair])
        blend = self.blend_of(position)

        def place(pair: int) -> tuple[float, float, int]:
            logit = self.score(pair).logit
            return -blend.get(pair, logit), -logit, self.origin.ranks[pair]

        return sorted(self.pairs_of(position), key=place)

    def kept(self, position: int) -> list[int]:
        """The same, as far as the recipe's threshold and number of documents leave them."""
        if self.recipe is None:
            return self.best_first(position)
        recipe = self.recipe.recipe
        kept = self.best_first(position)
        if position not in self.left:
            kept = [pair for pair in kept if passes(recipe, self.score(pair))]
        return kept[: recipe.top]

    def blend_of(self, position: int) -> dict[int, float]:
        """What a complete query's order goes by where its recipe blends; empty where it is the logit."""
        if self.recipe is None or self.recipe.recipe.blend is None or position in self.left:
            return {}
        pairs = sorted(self.pairs_of(position), key=lambda pair: self.origin.ranks[pair])
        # Of a distance, the lowest is the best.
        sign = -1 if self.settings.basis == "distance" else 1
        before = [self.origin.scores[pair] for pair in pairs] if self.origin.scores else []
        known = [sign * score for score in before if score is not None]
        values = recipe_values(
            self.recipe.recipe,
            [self.score(pair).logit for pair in pairs],
            known if len(known) == len(pairs) else None,
        )
        return dict(zip(pairs, values or (), strict=True))

    def calibrated(self, pair: int) -> float | None:
        """A pair's calibrated probability; None where its recipe has no calibration."""
        calibration = self.recipe.recipe.calibration if self.recipe else None
        score = self.scores[pair]
        return None if calibration is None or score is None else calibration.probability(score.logit)

    def score(self, pair: int) -> Score:
        """The score of a pair of a complete query."""
        score = self.scores[pair]
        assert score is not None  # callers ask for complete queries only
        return score


def summary_of(run: BatchRun) -> BatchSummary:
    """The complete queries together."""
    outcomes = run.outcomes
    complete = [pair for outcome in outcomes for pair in run.pairs_of(outcome.position)]
    scored = [score for pair in complete if (score := run.scores[pair]) is not None]
    first_places = [0] * LAST_PLACE_SHOWN
    for outcome in outcomes:
        first_places[min(outcome.first_was, LAST_PLACE_SHOWN) - 1] += 1
    before = run.origin.scores
    initial = [
        score
        for outcome in (outcomes if before else ())
        for score in (before[pair] for pair in run.pairs_of(outcome.position))
        if score is not None
    ]
    return BatchSummary(
        queries=len(run.requests),
        complete=len(outcomes),
        pairs=len(complete),
        first_changed=_mean([float(outcome.first_changed) for outcome in outcomes]),
        first_was=_mean([float(outcome.first_was) for outcome in outcomes]),
        best_probability=_mean([one.best.probability for one in outcomes if one.best is not None]),
        ties=sum(outcome.tie for outcome in outcomes),
        low=sum(outcome.has("low best score") for outcome in outcomes),
        moved_far=sum(outcome.has("moved far") for outcome in outcomes),
        truncated_pairs=sum(score.truncated for score in scored),
        first_places=tuple(first_places),
        probabilities=histogram([score.probability for score in scored]),
        initial_scores=histogram(initial, min(initial), max(initial)) if initial else None,
        gives_probabilities=run.job.model is None or run.job.model.gives_probabilities,
        left=len(run.left),
        left_pairs=len(complete) - len(scored),
    )


def chosen_outcomes(
    run: BatchRun, filters: Sequence[Filter] = (), search: str = ""
) -> tuple[QueryOutcome, ...]:
    """The complete queries that every filter picks and whose id, query or documents contain the text."""
    wanted = search.strip().casefold()
    return tuple(
        outcome
        for outcome in run.outcomes
        if all(outcome.has(one) for one in filters) and (not wanted or _contains(run, outcome, wanted))
    )


def reranking_of(run: BatchRun, position: int) -> Reranking:
    """One complete query as if it had been reranked alone; its documents' indexes count in file order."""
    request, pairs = run.requests[position], run.pairs_of(position)
    assert run.job.model is not None  # a complete query was scored by a model
    before = sorted(pairs, key=lambda pair: run.origin.ranks[pair])
    documents = [request.documents[pair - pairs.start] for pair in before]
    if position in run.left:
        return _left_to_first(run, position, before, documents)
    blend = run.blend_of(position)
    ranked = order(
        documents,
        [run.score(pair) for pair in before],
        near_tie_gap(run.job.model, run.spread),
        [blend[pair] for pair in before] if blend else None,
    )
    restored = tuple(
        replace(
            one,
            index=before[one.index] - pairs.start,
            care=run.cares[before[one.index]] if run.cares else None,
            calibrated=run.calibrated(before[one.index]),
        )
        for one in ranked
    )
    return Reranking(
        request.query,
        request.instruction,
        restored,
        run.job.model,
        run.job.seconds,
        _notices(restored, run.job.model),
        CareSettings.read(run.settings.care) if run.cares else None,
        run.recipe,
        tuple(documents) if run.recipe else (),
    )


def _left_to_first(
    run: BatchRun, position: int, before: Sequence[int], documents: Sequence[str]
) -> Reranking:
    """A query in the first stage's order. before: its pairs in that order."""
    request, start = run.requests[position], run.pairs_of(position).start
    assert run.job.model is not None  # others of the run were scored
    ranked = tuple(
        RankedDocument(pair - start, text, None, rank, rank, False, first_score=run.origin.scores[pair])
        for rank, (pair, text) in enumerate(zip(before, documents, strict=True), start=1)
    )
    return Reranking(
        request.query,
        request.instruction,
        ranked,
        run.job.model,
        run.job.seconds,
        (Notice(sentence(LEFT_TO_FIRST)),),
        None,
        run.recipe,
        tuple(documents),
        kept_first=True,
    )


def _spread(run: BatchRun) -> ScoreSpread | None:
    """The recorded one of the model, else that of the first lists that are complete."""
    if run.job.model is None:
        return None
    lists: list[ScoreReading] = []
    for position in range(len(run.requests) if shipped_spread(run.job.model) is None else 0):
        scores = [run.scores[pair] for pair in run.pairs_of(position)]
        known = [score.logit for score in scores if score is not None]
        reading = read_scores("", known) if len(known) == len(scores) else None
        lists += [reading] if reading else []
        if len(lists) == LISTS_LEARNT_FROM:
            break
    return known_spread(run.job.model, lists)


def _low(run: BatchRun, best: Score) -> bool:
    if run.job.model is None or run.job.model.gives_probabilities:
        return best.probability < LOW_PROBABILITY
    return run.spread is not None and best.logit <= run.spread.low_best


def _outcome(run: BatchRun, position: int) -> QueryOutcome | None:
    """None while a pair has no score yet."""
    pairs = run.pairs_of(position)
    if position in run.left:
        query_id, query = run.origin.query_ids[position], run.requests[position].query
        return QueryOutcome(position, query_id, query, len(pairs), 1, 0, None, False, False, 0)
    if any(run.scores[pair] is None for pair in pairs):
        return None
    ranks = run.origin.ranks
    best_first = run.best_first(position)
    scores = [run.score(pair) for pair in best_first[:2]]
    gap = near_tie_gap(run.job.model, run.spread) if run.job.model else 0.0
    return QueryOutcome(
        position=position,
        query_id=run.origin.query_ids[position],
        query=run.requests[position].query,
        documents=len(pairs),
        first_was=ranks[best_first[0]],
        largest_movement=max(abs(ranks[pair] - new) for new, pair in enumerate(best_first, start=1)),
        best=scores[0],
        tie=len(scores) == 2 and abs(scores[0].logit - scores[1].logit) < gap,
        low=_low(run, scores[0]),
        truncated=sum(run.score(pair).truncated for pair in pairs),
    )


def _contains(run: BatchRun, outcome: QueryOutcome, wanted: str) -> bool:
    texts = (outcome.query_id, outcome.query, *run.requests[outcome.position].documents)
    return any(wanted in text.casefold() for text in texts)


def _notices(ranked: Sequence[RankedDocument], model: ScorerInfo) -> tuple[Notice, ...]:
    # Documents are known by their rank before, which the table shows beside them.
    cut = sorted(one.original_rank - 1 for one in ranked if one.score.truncated)
    if not cut:
        return ()
    return (Notice(*read_in_part(model, cut)),)


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
