"""Rerankings in the background: they end without a watcher, can be stopped, and outlive the process."""

import threading
from pathlib import Path

import pytest

from core.errors import InputError, ModelError, TooLargeError
from core.records import Scorer
from core.workflows.rerank.provisional import order_so_far
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.running import REMEMBERED, RerankRuns
from core.workflows.rerank.stored import AskedReranking
from tests.jobs.stub_scorer import StubScorer

PATIENCE = 30.0
DOCUMENTS = tuple(f"document {number}" for number in range(40))
ASKED = AskedReranking("query", DOCUMENTS)


def _start(runs: RerankRuns, scorer: Scorer, asked: AskedReranking = ASKED) -> str:
    return runs.start(asked, lambda: scorer, max_documents=100)


def test_a_run_ends_by_itself_with_the_result_of_a_plain_call(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    run = runs.wait(_start(runs, StubScorer()), PATIENCE)
    assert run.state == "done" and run.result is not None
    assert run.result.ranked == rerank(StubScorer(), "query", DOCUMENTS).ranked
    assert (run.course.done, run.course.total) == (40, 40)


def test_another_process_finds_result_and_inputs(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    done = runs.wait(_start(runs, StubScorer()), PATIENCE)
    found = RerankRuns(tmp_path).now(done.id)
    assert (found.state, found.asked, found.result) == ("done", ASKED, done.result)


def test_a_running_one_tells_how_far_it_is_and_stops_when_asked(tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 2:
            reached.set()
            assert go_on.wait(PATIENCE)

    runs = RerankRuns(tmp_path)
    run_id = _start(runs, StubScorer(before_batch=before))
    assert reached.wait(PATIENCE)
    run = runs.now(run_id)
    assert run.state == "running" and 0 < run.course.done < run.course.total == 40
    assert run.course.seconds_left is not None
    found = order_so_far(run.course)
    assert found is not None and len(found.ranked) == run.course.done
    assert [one.id for one in runs.current()] == [run_id]
    runs.stop(run_id)
    go_on.set()
    assert runs.wait(run_id, PATIENCE).state == "stopped"
    assert not runs.history()[0].finished
    # So is what was scored, as long as the process is.
    assert order_so_far(runs.now(run_id).course) is not None
    # What was asked is still there, to ask it again.
    assert RerankRuns(tmp_path).now(run_id).asked == ASKED


def test_what_ended_is_news_until_somebody_looks(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    run_id = _start(runs, StubScorer())
    runs.wait(run_id, PATIENCE)
    assert [one.id for one in runs.current()] == [run_id]
    runs.look(run_id)
    assert runs.current() == []


def test_a_request_that_cannot_be_scored_begins_nothing(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    with pytest.raises(InputError):
        _start(runs, StubScorer(), AskedReranking(" ", ("a",)))
    with pytest.raises(TooLargeError):
        _start(runs, StubScorer(), AskedReranking("q", ("a",) * 101))
    assert runs.history() == [] and runs.current() == []


def test_a_model_that_fails_is_named(tmp_path: Path) -> None:
    def broken() -> Scorer:
        raise ModelError("No model today.")

    runs = RerankRuns(tmp_path)
    run = runs.wait(runs.start(ASKED, broken, max_documents=100), PATIENCE)
    assert run.state == "failed" and run.error is not None and "No model today." in str(run.error)


def test_a_home_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    runs = RerankRuns(tmp_path / "file" / "home")
    run = runs.wait(_start(runs, StubScorer()), PATIENCE)
    assert run.result is not None and run.unkept is not None


def test_a_deleted_one_is_gone_and_an_unknown_one_refused(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    run_id = _start(runs, StubScorer())
    runs.wait(run_id, PATIENCE)
    runs.forget(run_id)
    with pytest.raises(InputError, match="no reranking"):
        runs.now(run_id)


def test_older_results_are_read_from_the_disk(tmp_path: Path) -> None:
    runs = RerankRuns(tmp_path)
    ids = [runs.wait(_start(runs, StubScorer()), PATIENCE).id for _ in range(REMEMBERED + 1)]
    assert len(runs.current()) == REMEMBERED
    first = runs.now(ids[0])
    assert first.state == "done" and first.result is not None
