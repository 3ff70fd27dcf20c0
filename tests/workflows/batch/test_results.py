"""Outcomes, summary, filters and one query in full, worked out by hand from `batches.LONG`."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.distributions import histogram
from core.jobs import NewJob
from core.records import ScoringRequest
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job
from core.workflows.batch.opened import open_run, unfinished_like
from core.workflows.batch.results import (
    BatchRun,
    Filter,
    chosen_outcomes,
    reranking_of,
    summary_of,
)
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from tests.workflows.batch.batches import WrittenScorer, import_text, run_batch

Scored = tuple[JobService, BatchRun]


def test_outcomes_say_what_changed_per_query(scored: Scored) -> None:
    apples, author, lonely, far = scored[1].outcomes
    # Before a1 a2 a3, after a2 a3 a1: the new first was second, the old first fell by two.
    assert (apples.first_was, apples.largest_movement, apples.tie) == (2, 2, False)
    assert (author.first_was, author.largest_movement, author.tie) == (1, 0, True)  # 3 against 2.95
    assert (lonely.documents, lonely.truncated, lonely.best.logit) == (1, 1, -4.0)
    assert (far.first_was, far.largest_movement) == (7, 6)


def test_the_summary_counts_all_queries(scored: Scored) -> None:
    summary = summary_of(scored[1])
    assert (summary.queries, summary.complete, summary.pairs) == (4, 4, 13)
    assert summary.first_changed == pytest.approx(0.5)
    assert summary.first_was == pytest.approx((2 + 1 + 1 + 7) / 4)
    assert (summary.ties, summary.low, summary.moved_far, summary.truncated_pairs) == (1, 1, 1, 1)
    assert summary.first_places == (2, 1, 0, 0, 0, 0, 1, 0, 0, 0)
    best = [1 / (1 + math.exp(-x)) for x in (2, 3, -4, 7)]
    assert summary.best_probability == pytest.approx(sum(best) / 4)
    assert sum(summary.probabilities.counts) == 13
    assert summary.initial_scores is not None
    assert (summary.initial_scores.low, summary.initial_scores.high) == (1, 9.5)


@pytest.mark.parametrize(
    ("filters", "queries"),
    [
        ([], ["0007", "0008", "0009", "0011"]),
        (["first changed"], ["0007", "0011"]),
        (["moved far"], ["0011"]),
        (["low best score"], ["0009"]),
        (["near tie"], ["0008"]),
        (["truncated"], ["0009"]),
        (["first changed", "moved far"], ["0011"]),
        (["near tie", "truncated"], []),
    ],
)
def test_filters_pick_queries_and_add_up(
    scored: Scored, filters: Sequence[Filter], queries: list[str]
) -> None:
    assert [outcome.query_id for outcome in chosen_outcomes(scored[1], filters)] == queries


@pytest.mark.parametrize(
    ("search", "queries"), [("苹果", ["0007"]), ("WHO ", ["0008"]), ("e7 =", ["0011"]), ("nothing", [])]
)
def test_search_looks_into_ids_queries_and_documents(scored: Scored, search: str, queries: list[str]) -> None:
    assert [outcome.query_id for outcome in chosen_outcomes(scored[1], search=search)] == queries


def test_one_query_in_full_has_its_ranks_before_and_its_place_in_the_file(tmp_path: Path) -> None:
    text = "query,document,score\nq?,a = 1,2\nq?,b = 3,5\nq?,c = 2,9\n"
    service, job = run_batch(tmp_path, import_text(tmp_path, text))
    result = reranking_of(open_run(service.store, job.id), 0)
    found = [(r.document, r.index, r.original_rank, r.new_rank) for r in result.ranked]
    assert found == [("b = 3", 1, 2, 1), ("c = 2", 2, 1, 2), ("a = 1", 0, 3, 3)]
    service.close()


def test_cut_documents_are_named_by_the_rank_that_the_table_shows(tmp_path: Path) -> None:
    text = "query,document,score\nq?,a = 1,2\nq?,b = 3,5\nq?,c cut = 2,9\n"
    service, job = run_batch(tmp_path, import_text(tmp_path, text))
    (notice,) = reranking_of(open_run(service.store, job.id), 0).notices
    assert notice.where == "document 1"
    service.close()


def test_equal_scores_keep_their_former_order(tmp_path: Path) -> None:
    text = "query,document,score\nq?,a = 1,2\nq?,b = 1,5\nq?,c = 1,9\n"
    service, job = run_batch(tmp_path, import_text(tmp_path, text))
    run = open_run(service.store, job.id)
    assert [run.requests[0].documents[pair] for pair in run.best_first(0)] == ["c = 1", "b = 1", "a = 1"]
    assert run.outcomes[0].largest_movement == 0
    service.close()


def test_a_stopped_job_shows_its_complete_queries_only(tmp_path: Path) -> None:
    table = import_text(tmp_path)
    service: JobService | None = None
    stopped: list[bool] = []

    def stop(done: int) -> None:
        if not stopped:
            stopped.append(True)
            assert service is not None
            service.runner.pause(service.store.history()[0].id)

    scorer = WrittenScorer(after_batch=stop)
    batch = batch_input(table)
    service = JobService(tmp_path, lambda job: scorer, JOB_KINDS)
    job = service.runner.submit(new_batch_job("x", batch, batch_settings(batch, "stub"), ()))
    job = service.runner.wait(job.id)
    assert (job.state, job.done) == ("paused", 8)
    run = open_run(service.store, job.id)
    # Eight pairs are the first three queries and two documents of the fourth.
    assert [outcome.query_id for outcome in run.outcomes] == ["0007", "0008", "0009"]
    summary = summary_of(run)
    assert summary.queries == 4
    # Of the six scores before, so many belong to the three queries.
    assert summary.initial_scores is not None
    assert (sum(summary.initial_scores.counts), summary.initial_scores.low) == (6, 1.0)
    # Opening it again after it went on shows all of it.
    service.runner.resume(job.id)
    service.runner.wait(job.id)
    assert len(open_run(service.store, job.id).outcomes) == 4
    assert scorer.scored == 13
    service.close()


def test_only_a_stopped_run_of_the_same_query_can_go_on(tmp_path: Path) -> None:
    text = "document\n" + "".join(f"The document {n} = {n}\n" for n in range(20))
    first, other = (batch_input(import_text(tmp_path, text, query=query)) for query in ("this?", "that?"))
    service: JobService | None = None

    def stop(done: int) -> None:
        assert service is not None
        service.runner.pause(service.store.history()[0].id)

    service = JobService(tmp_path, lambda job: WrittenScorer(after_batch=stop), JOB_KINDS)
    asked = batch_settings(first, "stub")
    job = service.runner.submit(new_batch_job("x", first, asked, ()))
    service.runner.wait(job.id)
    assert unfinished_like(service.store, batch_settings(other, "stub"), (), "stub-1") is None
    found = unfinished_like(service.store, asked, (), "stub-1")
    assert found is not None and found.id == job.id
    service.close()


def test_a_histograms_last_bin_includes_its_end() -> None:
    found = histogram([0.0, 0.04, 0.05, 0.99, 1.0], 0.0, 1.0)
    assert (found.counts[0], found.counts[1], found.counts[-1]) == (2, 1, 2)
    assert sum(histogram([3.0, 3.0], 3.0, 3.0).counts) == 2


def test_a_run_that_is_no_batch_is_refused(tmp_path: Path) -> None:
    service = JobService(tmp_path, lambda job: WrittenScorer(), JOB_KINDS)
    job = service.runner.submit(NewJob("other", "evaluate", [ScoringRequest("q", ("a = 1",))]))
    service.runner.wait(job.id)
    with pytest.raises(InputError, match="not a batch"):
        open_run(service.store, job.id)
    service.close()
