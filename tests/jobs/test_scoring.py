"""Scoring with a cache: only missing pairs reach the model, and the callbacks keep the scorer's contract."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import StoppedError, WorkbenchError
from core.jobs import ScoreCache, score_with_cache
from core.records import Score, ScoredPair, ScoringRequest
from tests.jobs.stub_scorer import StubScorer, expected_scores, some_requests


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
