"""Shared passes: merging, leaving early, failing alone, refusing what would wait too long."""

from collections.abc import Callable

import pytest

from core.errors import BusyError, NoNumberError, StoppedError, TooLateError
from core.records import Scorer, ScoringRequest
from core.workflows.serving.batcher import Batcher, PassReport, Waiting
from tests.workflows.serving.stub_model import SteppedScorer


class HandClock:
    """A clock that only a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def batcher_of(
    scorer: SteppedScorer,
    *,
    max_wait: float = 60,
    lanes: int = 1,
    on_pass: Callable[[PassReport], None] | None = None,
    clock: Callable[[], float] | None = None,
) -> Batcher:
    model: Scorer = scorer  # type: ignore[assignment]  # the batcher asks for passes only
    return Batcher(model, max_wait_seconds=max_wait, lanes=lanes, on_pass=on_pass, clock=clock or HandClock())


def question(query: str, *documents: str) -> ScoringRequest:
    return ScoringRequest(query, documents)


def test_what_waits_when_a_pass_ends_shares_the_next_one() -> None:
    scorer = SteppedScorer(stepped=True)
    reports: list[PassReport] = []
    batcher = batcher_of(scorer, on_pass=reports.append)
    first = batcher.submit(question("q0", "a"), "x")
    assert scorer.entered.acquire(timeout=60)
    others = [batcher.submit(question(f"q{n}", "a" * n, "b" * n), f"caller{n}") for n in range(1, 9)]
    scorer.go.release(2)
    for n, waiting in enumerate(others, 1):
        assert [score.logit for score in waiting.future.result(60).scores] == [n, n]
    assert first.future.result(60).scores[0].logit == 1
    assert [len(requests) for requests in scorer.passes] == [1, 8]
    assert [(report.requests, report.pairs) for report in reports] == [(1, 1), (8, 16)]


def test_a_client_that_leaves_takes_its_documents_out_of_the_queue() -> None:
    scorer = SteppedScorer(stepped=True)
    batcher = batcher_of(scorer)
    first = batcher.submit(question("q0", "a"), "x")
    assert scorer.entered.acquire(timeout=60)
    gone, stays = batcher.submit(question("gone", "a"), "y"), batcher.submit(question("stays", "a"), "z")
    gone.cancel()
    scorer.go.release(2)
    assert stays.future.result(60) and first.future.result(60)
    with pytest.raises(StoppedError):
        gone.future.result(60)
    assert [request.query for requests in scorer.passes for request in requests] == ["q0", "stays"]


def test_a_deadline_that_passes_while_waiting_ends_the_request() -> None:
    scorer, clock = SteppedScorer(stepped=True), HandClock()
    batcher = batcher_of(scorer, clock=clock)
    first = batcher.submit(question("q0", "a"), "x")
    assert scorer.entered.acquire(timeout=60)
    late = batcher.submit(question("late", "a"), "y", deadline=3.0)
    clock.now = 3.5
    scorer.go.release()
    assert first.future.result(60)
    with pytest.raises(TooLateError):
        late.future.result(60)
    assert len(scorer.passes) == 1


def test_a_document_without_a_number_fails_its_own_request_only() -> None:
    scorer = SteppedScorer(stepped=True)
    batcher = batcher_of(scorer)
    batcher.submit(question("q0", "a"), "x")
    assert scorer.entered.acquire(timeout=60)
    good, broken = batcher.submit(question("good", "aa"), "y"), batcher.submit(question("b", "a", "bad"), "z")
    crashed = batcher.submit(question("c", "crash"), "w")
    scorer.go.release(10)
    assert [score.logit for score in good.future.result(60).scores] == [2]
    with pytest.raises(NoNumberError, match="document 2"):
        broken.future.result(60)
    with pytest.raises(RuntimeError, match="out of order"):
        crashed.future.result(60)


def busy_for(batcher: Batcher, scorer: SteppedScorer, clock: HandClock) -> Waiting:
    """A batcher that knows its rate, and is in the first pass of many."""
    slow = batcher.submit(question("q0", "a" * 40), "x")
    assert scorer.entered.acquire(timeout=60)
    clock.now += 1.0  # 162 bytes of work in a second
    scorer.go.release()
    assert slow.future.result(60)
    running = batcher.submit(question("q1", *("a" * 1000 for _ in range(50))), "x")
    assert scorer.entered.acquire(timeout=60)
    return running


def test_a_request_is_refused_only_when_it_would_wait_too_long() -> None:
    scorer, clock = SteppedScorer(stepped=True), HandClock()
    batcher = batcher_of(scorer, max_wait=20, clock=clock)
    running = busy_for(batcher, scorer, clock)
    with pytest.raises(BusyError, match="would wait for") as refused:
        batcher.submit(question("mine", "a" * 10_000), "x")
    assert refused.value.retry_after > 250
    other = batcher.submit(question("another caller's", "a"), "y")
    scorer.go.release(100)
    assert other.future.result(60) and running.future.result(60)
    assert batcher.submit(question("mine", "a" * 10_000), "x").future.result(60)


def test_a_deadline_before_the_expected_turn_is_refused_at_once() -> None:
    scorer, clock = SteppedScorer(stepped=True), HandClock()
    batcher = batcher_of(scorer, max_wait=1e9, clock=clock)
    running = busy_for(batcher, scorer, clock)
    with pytest.raises(TooLateError, match="time-out"):
        batcher.submit(question("mine", "a"), "y", deadline=clock.now + 1)
    scorer.go.release(100)
    assert running.future.result(60)


def test_two_lanes_finish_the_parts_of_one_request() -> None:
    scorer = SteppedScorer()
    batcher = batcher_of(scorer, lanes=2)
    waiting = batcher.submit(question("q", *("a" * 900 for _ in range(40))), "x")
    assert len(waiting.future.result(60).scores) == 40
    assert sum(len(request.documents) for requests in scorer.passes for request in requests) == 40
    assert len(scorer.passes) > 5
