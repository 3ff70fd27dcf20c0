"""What a batch will take: counted, and timed on pairs that have no score yet."""

from dataclasses import replace
from pathlib import Path

from core.errors import InputError
from core.jobs import JobPlan, JobStore, ScoreCache, score_with_cache
from core.records import ScoringRequest
from core.workflows.home.job_service import JobService
from core.workflows.home.plan import MEASURED_PAIRS, plan_scoring, unreadable_queries
from core.workflows.kinds import JOB_KINDS
from tests.workflows.batch.batches import INFO, WrittenScorer

KNOWN = ScoringRequest("known", tuple(f"k{number} = 1" for number in range(40)))
NEW = ScoringRequest("new", ("n1 = 1", "n2 = 2", "n2 = 2", "n3 = 3"))


def _plan_and_scored(
    home: Path, requests: list[ScoringRequest], known: list[ScoringRequest]
) -> tuple[JobPlan, int]:
    store, cache = JobStore(home), ScoreCache(home)
    try:
        score_with_cache(WrittenScorer(), known, cache)
        scorer = WrittenScorer()
        return plan_scoring(requests, scorer, store, cache), scorer.scored
    finally:
        store.close()
        cache.close()


def test_the_speed_is_measured_on_pairs_that_have_no_score_yet(tmp_path: Path) -> None:
    plan, scored = _plan_and_scored(tmp_path, [KNOWN, NEW], [KNOWN])
    assert scored == 3
    assert plan.seconds is not None
    # What was scored to measure the speed is kept nowhere.
    assert (plan.pairs, plan.duplicates, plan.cached, plan.to_score) == (44, 1, 40, 3)


def test_measuring_scores_a_few_pairs_only(tmp_path: Path) -> None:
    plan, scored = _plan_and_scored(tmp_path, [KNOWN], [])
    assert scored == MEASURED_PAIRS
    assert plan.to_score == 40
    assert plan.seconds is not None and plan.seconds > 0


def test_a_batch_whose_pairs_are_all_known_takes_no_time(tmp_path: Path) -> None:
    plan, scored = _plan_and_scored(tmp_path, [KNOWN], [KNOWN])
    assert (scored, plan.to_score, plan.seconds) == (0, 0, 0.0)


def test_queries_that_leave_no_room_for_a_document_are_found() -> None:
    class _ShortReader(WrittenScorer):
        def count_tokens(self, query: str, documents: object, instruction: str | None = None) -> list[int]:
            if len(query) > INFO.max_tokens:
                raise InputError("The query is too long.")
            return [len(query)]

    requests = [ScoringRequest("q", ("d",)), ScoringRequest("q" * 3000, ("d",)), NEW]
    assert unreadable_queries(requests, _ShortReader()) == [1]


def test_a_rate_is_measured_once_for_each_model(tmp_path: Path) -> None:
    service = JobService(tmp_path, lambda job: WrittenScorer(), JOB_KINDS)
    try:
        scorer = WrittenScorer()
        for edit in range(4):
            requests = (ScoringRequest(f"changed {edit}", KNOWN.documents),)
            plan = service.plan(requests, scorer)
            assert plan.seconds is not None
            assert scorer.scored == MEASURED_PAIRS
        other = WrittenScorer(replace(INFO, fingerprint="another"))
        service.plan((NEW,), other)
        assert other.scored > 0
    finally:
        service.close()
