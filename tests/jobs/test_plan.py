"""The plan: numbers from hand counts, estimates only where it says so."""

from collections.abc import Sequence

import pytest

from core.jobs import ScoreCache, ScorerPace, plan_job, score_with_cache
from core.records import ScoringRequest
from tests.jobs.stub_scorer import StubScorer, info, some_requests


def one_token_per_character(query: str, documents: Sequence[str], instruction: str | None) -> list[int]:
    return [len(query) + len(document) + len(instruction or "") for document in documents]


REQUESTS = [
    ScoringRequest("q", ("aaaa", "bb", "aaaa")),  # 5, 3, and a repeated 5
    ScoringRequest("qq", ("c" * 20,), "find"),  # 26, cut at 12
    ScoringRequest("q", ("bb",)),  # repeats the 3
]
SCORER = ScorerPace("f", 12, one_token_per_character, 4.0)


def test_everything_is_counted_by_hand() -> None:
    plan = plan_job(REQUESTS, SCORER)
    assert (plan.queries, plan.pairs, plan.duplicates, plan.cached, plan.to_score) == (3, 5, 2, 0, 3)
    # 5 + 3 + 12 tokens at 4 a second.
    assert (plan.tokens, plan.truncated, plan.sampled, plan.seconds) == (20, 1, None, 5.0)


def test_cached_pairs_cost_no_tokens(cache: ScoreCache) -> None:
    score_with_cache(StubScorer(fingerprint="f"), REQUESTS[:1], cache)
    plan = plan_job(REQUESTS, SCORER, cache)
    assert (plan.cached, plan.to_score, plan.tokens, plan.truncated) == (2, 1, 12, 1)
    score_with_cache(StubScorer(fingerprint="f"), REQUESTS, cache)
    plan = plan_job(REQUESTS, SCORER, cache)
    assert (plan.cached, plan.to_score, plan.tokens, plan.seconds) == (3, 0, 0, 0.0)


def test_looking_does_not_count_as_using_the_cache(cache: ScoreCache) -> None:
    plan_job(REQUESTS, SCORER, cache)
    assert (cache.statistics().hits, cache.statistics().misses) == (0, 0)


def test_without_a_measured_rate_no_time_is_given() -> None:
    plan = plan_job(REQUESTS, ScorerPace("f", 12, one_token_per_character))
    assert (plan.tokens, plan.seconds) == (20, None)


def test_without_a_counter_no_tokens_are_given() -> None:
    plan = plan_job(REQUESTS, ScorerPace("f", 12, tokens_per_second=4.0))
    assert (plan.to_score, plan.tokens, plan.truncated, plan.seconds) == (3, None, None, None)


def test_a_large_job_is_sampled_and_says_so() -> None:
    requests = [
        ScoringRequest("q", tuple(f"{query:03}-{n:03} " + "x" * (60 * (n % 4)) for n in range(100)))
        for query in range(50)
    ]
    exact = plan_job(requests, ScorerPace("f", 150, one_token_per_character, 10.0), sample=5000)
    sampled = plan_job(requests, ScorerPace("f", 150, one_token_per_character, 10.0), sample=500)
    assert exact.sampled is None
    assert sampled.sampled == 500
    # 9 + 60 × (0…3) tokens, a quarter each; the longest, 189, is cut at 150.
    assert exact.tokens == 1250 * (9 + 69 + 129 + 150)
    assert exact.truncated == 1250
    assert sampled.tokens == pytest.approx(exact.tokens, rel=0.05)
    assert sampled.truncated == pytest.approx(1250, rel=0.2)
    assert sampled.pairs == exact.pairs == 5000
    assert plan_job(requests, ScorerPace("f", 150, one_token_per_character, 10.0), sample=500) == sampled


def test_one_huge_text_in_the_sample_does_not_hide_what_the_others_take() -> None:
    texts = tuple(f"{n:04} " + "x" * 45 for n in range(2000))
    requests = [ScoringRequest("q", (*texts, "x" * 5_000_000))]
    pace = ScorerPace("f", 1000, one_token_per_character, 10.0)
    exact, sampled = plan_job(requests, pace, sample=5000), plan_job(requests, pace, sample=2000)
    # The sample leaves one text out; nearly every such sample has the huge one.
    assert exact.sampled is None and sampled.sampled == 2000
    assert exact.tokens == 2000 * 51 + 1000
    assert sampled.tokens == pytest.approx(exact.tokens, rel=0.05)


def test_nothing_gives_a_plan_of_nothing() -> None:
    plan = plan_job([], SCORER)
    assert (plan.queries, plan.pairs, plan.to_score, plan.tokens) == (0, 0, 0, None)


def test_the_plan_matches_what_the_run_then_does(cache: ScoreCache) -> None:
    requests = [*some_requests(), *some_requests(queries=2)]
    plan = plan_job(requests, ScorerPace(info().fingerprint, 1000), cache)
    result = score_with_cache(StubScorer(), requests, cache)
    assert (plan.to_score, plan.duplicates) == (result.scored, result.from_cache)
