"""Score only what is missing: look pairs up in the cache, score each distinct pair once, hand copies on.

Works for any `Scorer`. Where the scores go is the caller's affair: a job saves them, a page shows them. A
score that is kept has four decimals, however it was come by.

The same input gives the same scores, also after a kill: passes are composed from all pairs, known or not,
where the scorer can (`RepeatsPasses`), and a run that goes on asks its caller, not the cache, what is known.
"""

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from core.errors import NoNumberError, StoppedError, StorageError, WorkbenchError
from core.jobs.cache import ScoreCache, pair_keys
from core.jobs.pace import most_work, work_of
from core.jobs.records import PairScore, Portion
from core.records import LOGIT_DECIMALS, RepeatsPasses, Score, ScoredPair, Scorer, ScoringRequest

log = logging.getLogger(__name__)

# Cached pairs are handed on in portions, so that progress shows and a stop is heeded.
LOOK_UP_PORTION = 5000

Save = Callable[[Portion], None]


@dataclass(frozen=True, slots=True)
class CachedScores:
    """scores mirror the requests; of all pairs, `scored` went to the model and `from_cache` did not."""

    scores: list[list[Score]]
    scored: int
    from_cache: int


@dataclass(frozen=True, slots=True)
class MissingPairs:
    """What the model is asked for: requests, and for each document the ordinals it answers."""

    requests: list[ScoringRequest]
    ordinals: list[list[list[int]]]

    @property
    def known(self) -> list[list[bool]]:
        """Which documents answer nothing any more; they are there for the passes' sake."""
        return [[not ordinals for ordinals in row] for row in self.ordinals]


def kept(score: Score) -> Score:
    """The score as it is kept: without the digits that say nothing."""
    return replace(score, logit=round(score.logit, LOGIT_DECIMALS))


def score_with_cache(
    scorer: Scorer,
    requests: Sequence[ScoringRequest],
    cache: ScoreCache | None,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    interactive: bool = False,
) -> CachedScores:
    """`scorer.score_many`, but pairs the cache knows and repeated pairs cost nothing.

    interactive: somebody waits, so these requests go before the work of jobs.

    The callbacks keep the scorer's contract: `on_scored` sees every pair of `requests` exactly once, with
    positions in `requests`. The cache is filled after each micro-batch. Raises StoppedError as the scorer.
    """
    positions = [
        (at, index) for at, request in enumerate(requests) for index in range(len(request.documents))
    ]
    scores: list[list[Score | None]] = [[None] * len(request.documents) for request in requests]
    done = 0
    from_cache = 0

    def save(portion: Portion) -> None:
        nonlocal done, from_cache
        batch: list[ScoredPair] = []
        for pair in portion.pairs:
            at, index = positions[pair.pair]
            scores[at][index] = pair.score
            batch.append(ScoredPair(at, index, pair.score))
        done += len(batch)
        from_cache += len(batch) - portion.scored
        if on_scored is not None:
            on_scored(batch)
        if on_progress is not None:
            on_progress(done, len(positions))

    score_missing(scorer, requests, cache, save=save, cancelled=cancelled, interactive=interactive)
    complete = [[score for score in row if score is not None] for row in scores]
    return CachedScores(complete, done - from_cache, from_cache)


def score_missing(
    scorer: Scorer,
    requests: Sequence[ScoringRequest],
    cache: ScoreCache | None,
    *,
    save: Save,
    done: Sequence[Score | None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    on_missing: Callable[[MissingPairs], None] | None = None,
    keep_every: int = 1,
    interactive: bool = False,
    begun: bool = False,
) -> None:
    """Score every pair that has no score in `done`; pairs are counted through all requests from 0.

    `save` is called from this thread for each portion of cached pairs and after each micro-batch, before
    the cache is filled. `on_missing` is told what goes to the model, before it goes.
    interactive: somebody waits; one request after the other goes before the work of jobs.
    keep_every: the fewest new scores put into the cache at once, the last ones apart. A caller that
    stores the scores itself and gives them back as `done` can keep them in larger, cheaper portions.
    begun: the model has scored some of these pairs before. The cache was asked then, and is not asked again:
    what others kept since would change who shares a pass with whom.
    """
    stop = cancelled or (lambda: False)
    keys = pair_keys(scorer.info.fingerprint, requests)
    twins = _twins(keys, done)
    own = {key: score for key, score in zip(keys, done or (), strict=False) if score is not None}
    # Whoever was killed may have stored these without keeping them.
    _keep(cache, own)
    expected = sum(map(len, twins.values()))
    reported = _hand_on_known(twins, own, None if begun else cache, save, stop)
    if on_missing is not None:
        on_missing(_asked(requests, keys, twins))
    if not twins:
        return
    repeats = not interactive and isinstance(scorer, RepeatsPasses)
    asked = _asked(requests, keys, twins, everything=repeats)
    fresh: dict[bytes, Score] = {}
    most = most_work(scorer.info)

    def on_scored(batch: Sequence[ScoredPair]) -> None:
        nonlocal reported, fresh
        if not batch:
            return  # a micro-batch of parts of long documents may finish none of them
        new: list[PairScore] = []
        tokens = work = 0
        for pair in batch:
            ordinals = asked.ordinals[pair.request][pair.document]
            score = kept(pair.score)
            new.extend([PairScore(ordinal, score) for ordinal in ordinals])
            if math.isfinite(score.logit):  # else storing fails, and must not take the others along
                fresh[keys[ordinals[0]]] = score
            tokens += score.tokens
            work += work_of(asked.requests[pair.request].documents[pair.document], most)
        save(Portion(new, len(batch), tokens, work))
        reported += len(new)
        if len(fresh) >= keep_every:
            _keep(cache, fresh)
            fresh = {}

    try:
        with _refusals_named(requests, asked):
            if interactive:
                _score_waiting(scorer, asked.requests, on_scored, stop)
            else:
                _score_in_background(scorer, asked, on_scored, stop)
    finally:
        # Also after a stop, or when saving failed: then these scores are not lost with the process.
        _keep(cache, fresh)
    if reported != expected:
        raise WorkbenchError(
            "The model reported {reported} scores for {expected} pairs.",
            hint="Run it again; what was scored is kept.",
            reported=reported,
            expected=expected,
        )


@contextmanager
def _refusals_named(requests: Sequence[ScoringRequest], asked: MissingPairs) -> Iterator[None]:
    """A refused score names its document's place among all requests, not among the missing ones."""
    try:
        yield
    except NoNumberError as error:
        ordinal = asked.ordinals[error.query][error.document][0]
        pairs = ((q, d) for q, request in enumerate(requests) for d in range(len(request.documents)))
        query, document = next(islice(pairs, ordinal, None))
        text = requests[query].documents[document]
        raise NoNumberError.of(query, document, queries=len(requests), text=text) from error


def _score_in_background(
    scorer: Scorer,
    asked: MissingPairs,
    on_scored: Callable[[Sequence[ScoredPair]], None],
    stop: Callable[[], bool],
) -> None:
    if isinstance(scorer, RepeatsPasses):
        scorer.score_rest(asked.requests, asked.known, on_scored=on_scored, cancelled=stop)
    else:
        scorer.score_many(asked.requests, on_scored=on_scored, cancelled=stop)


def _score_waiting(
    scorer: Scorer,
    requests: Sequence[ScoringRequest],
    on_scored: Callable[[Sequence[ScoredPair]], None],
    stop: Callable[[], bool],
) -> None:
    """In the scorer's interactive turns; every request's scores are handed on before the next one begins."""
    for at, request in enumerate(requests):
        if stop():
            raise StoppedError("Scoring was stopped before its end.")
        try:
            scores = scorer.score(request.query, request.documents, request.instruction)
        except NoNumberError as error:
            text = request.documents[error.document]
            raise NoNumberError.of(at, error.document, queries=len(requests), text=text) from error
        on_scored([ScoredPair(at, place, score) for place, score in enumerate(scores)])


def _twins(keys: Sequence[bytes], done: Sequence[Score | None] | None) -> dict[bytes, list[int]]:
    """The ordinals of each set of equal pairs without a score."""
    twins: dict[bytes, list[int]] = {}
    for ordinal, key in enumerate(keys):
        if done is None or done[ordinal] is None:
            twins.setdefault(key, []).append(ordinal)
    return twins


def _hand_on_known(
    twins: dict[bytes, list[int]],
    own: Mapping[bytes, Score],
    cache: ScoreCache | None,
    save: Save,
    stop: Callable[[], bool],
) -> int:
    """Save the pairs that `own` or the cache knows and take them out of `twins`; returns how many."""
    saved = 0
    for portion in _portions(list(twins)):
        if stop():
            raise StoppedError("Scoring was stopped before its end.")
        known = _known(cache, portion)
        known.update((key, own[key]) for key in portion if key in own)
        found = [
            PairScore(ordinal, kept(score)) for key, score in known.items() for ordinal in twins.pop(key)
        ]
        if found:
            save(Portion(found))
            saved += len(found)
    return saved


def _asked(
    requests: Sequence[ScoringRequest],
    keys: Sequence[bytes],
    twins: Mapping[bytes, list[int]],
    *,
    everything: bool = False,
) -> MissingPairs:
    """The first of each set of equal pairs, under its own request, in the caller's order.

    everything: also those without an entry in `twins`, which answer nothing and only keep their place.
    """
    left: list[ScoringRequest] = []
    answers: list[list[list[int]]] = []
    seen: set[bytes] = set()
    ordinal = 0
    for request in requests:
        documents: list[str] = []
        ordinals: list[list[int]] = []
        for document in request.documents:
            key = keys[ordinal]
            if key not in seen and (everything or key in twins):
                seen.add(key)
                documents.append(document)
                ordinals.append(twins.get(key, []))
            ordinal += 1
        if documents:
            left.append(ScoringRequest(request.query, tuple(documents), request.instruction))
            answers.append(ordinals)
    return MissingPairs(left, answers)


def _known(cache: ScoreCache | None, keys: Sequence[bytes]) -> dict[bytes, Score]:
    if cache is None:
        return {}
    try:
        return cache.get_many(keys)
    except StorageError as error:
        log.warning("Scoring goes on without the score cache: %s", error)
        return {}


def _keep(cache: ScoreCache | None, scores: dict[bytes, Score]) -> None:
    if cache is None or not scores:
        return
    try:
        cache.put_many(scores)
    except StorageError as error:
        log.warning("These scores are not in the score cache: %s", error)


def _portions(keys: list[bytes]) -> list[list[bytes]]:
    return [keys[start : start + LOOK_UP_PORTION] for start in range(0, len(keys), LOOK_UP_PORTION)]
