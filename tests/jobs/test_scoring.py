"""Scoring with a cache: only missing pairs reach the model, and the callbacks keep the scorer's contract."""

import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import NoNumberError, StoppedError, WorkbenchError
from core.jobs import ScoreCache, score_with_cache
from core.jobs.cache import pair_keys
from core.jobs.records import Portion
from core.jobs.scoring import score_missing
from core.records import Score, ScoredPair, ScoringRequest
from tests.jobs.stub_scorer import StubScorer, expected_score, expected_scores, some_requests


def test_scores_equal_those_of_the_scorer_alone(cache: ScoreCache) -> None:
    requests = [*some_requests(), ScoringRequest("nothing", ())]
    result = score_with_cache(StubScorer(), requests, cache)
    assert result.scores == StubScorer().score_many(requests)
    assert (result.scored, result.from_cache) == (120, 0)


def test_a_second_run_scores_nothing(cache: ScoreCache) -> None:
    requests = some_requests()
    score_with_cache(StubScorer(), requests, cache)
    again = StubScorer()
    result = score_with_cache(again, requests, cache)
    assert again.scored == []
    assert result.scores == expected_scores(requests)
    assert (result.scored, result.from_cache) == (0, 120)


def test_adding_rows_scores_only_those(cache: ScoreCache) -> None:
    requests = some_requests(queries=3, documents=4)
    score_with_cache(StubScorer(), requests, cache)
    first = requests[0]
    longer = [ScoringRequest(first.query, ("new one", *first.documents), first.instruction), *requests[1:]]
    scorer = StubScorer()
    result = score_with_cache(scorer, longer, cache)
    assert scorer.scored == [(first.query, "new one", first.instruction)]
    assert result.scores == expected_scores(longer)


def test_equal_pairs_are_scored_once_also_without_a_cache() -> None:
    requests = [
        ScoringRequest("q", ("a", "b", "a")),
        ScoringRequest("q", ("b",)),
        ScoringRequest("q", ("b",), ""),
    ]
    scorer = StubScorer()
    result = score_with_cache(scorer, requests, None)
    assert sorted(scorer.scored, key=repr) == [("q", "a", None), ("q", "b", ""), ("q", "b", None)]
    assert result.scores == expected_scores(requests)
    assert (result.scored, result.from_cache) == (3, 2)


def test_another_model_does_not_take_the_scores(cache: ScoreCache) -> None:
    requests = some_requests(queries=1, documents=5)
    score_with_cache(StubScorer(fingerprint="one"), requests, cache)
    other = StubScorer(fingerprint="two")
    score_with_cache(other, requests, cache)
    assert len(other.scored) == 5


def test_every_pair_is_reported_exactly_once_and_progress_ends_at_the_total(cache: ScoreCache) -> None:
    requests = [*some_requests(queries=4), ScoringRequest("q", ("same", "same", "same"))]
    score_with_cache(StubScorer(), requests[:2], cache)
    seen: list[ScoredPair] = []
    progress: list[tuple[int, int]] = []
    score_with_cache(
        StubScorer(),
        requests,
        cache,
        on_scored=seen.extend,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    everything = expected_scores(requests)
    assert sorted((p.request, p.document) for p in seen) == [
        (at, index) for at, row in enumerate(everything) for index in range(len(row))
    ]
    assert all(everything[p.request][p.document] == p.score for p in seen)
    assert progress[0] == (24, 51)
    assert progress[-1] == (51, 51)


def test_a_stopped_run_leaves_its_finished_micro_batches_in_the_cache(cache: ScoreCache) -> None:
    requests = some_requests()
    asked = iter([False, False, False])
    with pytest.raises(StoppedError):
        # Once before the look-up, then before each micro-batch: two of them are scored.
        score_with_cache(StubScorer(), requests, cache, cancelled=lambda: next(asked, True))
    again = StubScorer()
    score_with_cache(again, requests, cache)
    assert len(again.scored) == 120 - 2 * 8


def test_scores_are_cached_even_when_the_caller_fails_to_save_them(cache: ScoreCache) -> None:
    requests = some_requests(queries=1, documents=8)

    def fail(batch: Sequence[ScoredPair]) -> None:
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        score_with_cache(StubScorer(), requests, cache, on_scored=fail)
    assert score_with_cache(StubScorer(), requests, cache).scored == 0


class OneWithoutNumber(StubScorer):
    """Refuses one text as a model does whose numbers overflow, after handing over all before it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        for at, request in enumerate(requests):
            for index, document in enumerate(request.documents):
                if document == self._text:
                    raise NoNumberError.of(at, index, queries=len(requests), text=document)
                if on_scored is not None:
                    on_scored([ScoredPair(at, index, expected_score(request.query, document))])
        raise AssertionError("the text was not among the documents")


def test_a_refused_score_is_named_by_its_place_among_all_and_costs_no_other(cache: ScoreCache) -> None:
    known = ScoringRequest("q", tuple(f"known {n}" for n in range(5)))
    score_with_cache(StubScorer(), [known], cache)
    requests = [known, ScoringRequest("q", ("known 1", *(f"new {n}" for n in range(6)), "bad", "after"))]
    with pytest.raises(NoNumberError, match="document 8 of query 2, which begins: bad"):
        score_missing(OneWithoutNumber("bad"), requests, cache, save=lambda portion: None, keep_every=2000)
    again = StubScorer()
    score_with_cache(again, requests, cache)
    assert [document for _, document, _ in again.scored] == ["bad", "after"]


def test_a_number_that_cannot_be_stored_takes_no_other_score_along(cache: ScoreCache) -> None:
    """Of a scorer that lets NaN through: the caller's error is the one that is seen, the rest is kept."""

    class LetsThrough(StubScorer):
        def score_many(
            self,
            requests: Sequence[ScoringRequest],
            *,
            on_progress: Callable[[int, int], None] | None = None,
            on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
            cancelled: Callable[[], bool] | None = None,
        ) -> list[list[Score]]:
            assert on_scored is not None
            for index, logit in enumerate([0.5, 1.5, float("nan")]):
                on_scored([ScoredPair(0, index, Score(logit, 1, False))])
            return []

    def save(portion: Portion) -> None:
        if any(math.isnan(one.score.logit) for one in portion.pairs):
            raise WorkbenchError("no number")

    request = ScoringRequest("q", ("a", "b", "c"))
    with pytest.raises(WorkbenchError, match="no number"):
        score_missing(LetsThrough(), [request], cache, save=save, keep_every=2000)
    keys = pair_keys(StubScorer().info.fingerprint, [request])
    assert {key: score.logit for key, score in cache.get_many(keys).items()} == {keys[0]: 0.5, keys[1]: 1.5}


def test_a_locked_cache_does_not_stop_scoring(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path, busy_seconds=0)
    requests = some_requests(queries=2)
    other = sqlite3.connect(tmp_path / "scores.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert score_with_cache(StubScorer(), requests, cache).scores == expected_scores(requests)
    other.close()
    cache.close()


def test_a_scorer_that_forgets_pairs_is_noticed() -> None:
    class Forgetful(StubScorer):
        def score_many(self, requests: Sequence[ScoringRequest], **callbacks: object) -> list[list[Score]]:
            return super().score_many(requests[1:], **callbacks)  # type: ignore[arg-type]

    with pytest.raises(WorkbenchError, match="reported 12 scores for 24 pairs"):
        score_with_cache(Forgetful(), some_requests(queries=2), None)


def test_work_that_somebody_waits_for_goes_through_interactive_turns(cache: ScoreCache) -> None:
    class Turns(StubScorer):
        def __init__(self) -> None:
            super().__init__()
            self.waiting: list[str] = []

        def score(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[Score]:
            self.waiting.append(query)
            return super().score(query, documents, instruction)

    requests = some_requests(queries=3, documents=4)
    scorer = Turns()
    progress: list[tuple[int, int]] = []
    result = score_with_cache(
        scorer, requests, cache, interactive=True, on_progress=lambda *at: progress.append(at)
    )
    assert scorer.waiting == [request.query for request in requests]
    assert result.scores == expected_scores(requests)
    assert progress == [(4, 12), (8, 12), (12, 12)]
    again = Turns()
    assert score_with_cache(again, requests, cache, interactive=True).from_cache == 12
    assert again.waiting == []


def test_waiting_work_can_be_stopped_and_keeps_what_it_has(cache: ScoreCache) -> None:
    requests = some_requests(queries=3, documents=4)
    done: list[ScoredPair] = []
    with pytest.raises(StoppedError):
        score_with_cache(
            StubScorer(),
            requests,
            cache,
            interactive=True,
            on_scored=done.extend,
            cancelled=lambda: len(done) >= 4,
        )
    assert len(done) == 4
    assert score_with_cache(StubScorer(), requests, cache).from_cache == 4


def test_a_kept_score_has_four_decimals_whoever_kept_it(cache: ScoreCache) -> None:
    class Precise(StubScorer):
        def score_many(self, requests: Sequence[ScoringRequest], **callbacks: Any) -> list[list[Score]]:  # noqa: ANN401
            told = callbacks.pop("on_scored")

            def precisely(batch: Sequence[ScoredPair]) -> None:
                told([replace(one, score=replace(one.score, logit=1.23456789)) for one in batch])

            return super().score_many(requests, on_scored=precisely, **callbacks)

    first, second = some_requests(2, 3)
    # As an earlier version or a single request kept it.
    keys = pair_keys("stub-1", [first])
    cache.put_many(dict.fromkeys(keys, Score(-7.654321, 10, False)))
    found = score_with_cache(Precise(), [first, second], cache)
    assert [[score.logit for score in row] for row in found.scores] == [[-7.6543] * 3, [1.2346] * 3]
    assert {score.logit for score in cache.get_many(pair_keys("stub-1", [second])).values()} == {1.2346}
