"""The gate: one turn at a time, people before jobs."""

import threading
from collections.abc import Callable

import pytest

from core.engine.gate import Gate, timed_turns

PATIENCE = 10.0


def hold_until(gate: Gate, interactive: bool, release: threading.Event) -> threading.Thread:
    """A thread that holds a turn until told; returns once it holds it."""
    holding = threading.Event()

    def work() -> None:
        with gate.turn(interactive):
            holding.set()
            assert release.wait(PATIENCE)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert holding.wait(PATIENCE)
    return thread


def queue_up(gate: Gate, interactive: bool, on_turn: Callable[[], None]) -> threading.Thread:
    def work() -> None:
        with gate.turn(interactive):
            on_turn()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_interactive_turn_goes_before_background_turns_that_waited_longer() -> None:
    gate, release, order = Gate(), threading.Event(), list[str]()
    running = hold_until(gate, False, release)
    waiting = [queue_up(gate, False, lambda: order.append("background")) for _ in range(3)]
    waiting.append(queue_up(gate, True, lambda: order.append("interactive")))
    # Wait for the state the test is about: all four asleep inside the gate.
    while gate.waiting < 4:
        threading.Event().wait(0.001)
    release.set()
    for thread in [running, *waiting]:
        thread.join(PATIENCE)
    assert order == ["interactive", "background", "background", "background"]


def test_only_one_turn_runs_at_a_time() -> None:
    gate, inside, most = Gate(), 0, 0
    lock = threading.Lock()

    def count() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.001)
        with lock:
            inside -= 1

    threads = [queue_up(gate, n % 2 == 0, count) for n in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
    assert most == 1


@pytest.mark.parametrize("interactive", [True, False])
def test_a_turn_that_fails_hands_the_model_on(interactive: bool) -> None:
    gate, done = Gate(), threading.Event()
    with pytest.raises(ValueError, match="broken"), gate.turn(interactive):
        raise ValueError("broken")
    queue_up(gate, False, done.set).join(PATIENCE)
    assert done.is_set()


def test_two_interactive_turns_share_a_model_that_can_be_shared() -> None:
    shares: list[tuple[str, int]] = []
    gate = Gate(2, lambda sharing: shares.append((threading.current_thread().name, sharing)))
    release, third = threading.Event(), threading.Event()
    first, second = (hold_until(gate, True, release) for _ in range(2))
    waiting = queue_up(gate, True, third.set)
    while not gate.waiting:
        threading.Event().wait(0.001)
    assert not third.is_set()  # two at most
    release.set()
    for thread in (first, second, waiting):
        thread.join(PATIENCE)
    assert third.is_set()
    # Each is told on its own thread: alone, then beside the first; every turn ends with the whole model.
    assert [sharing for name, sharing in shares if name == first.name] == [1, 1]
    assert [sharing for name, sharing in shares if name == second.name] == [2, 1]


def test_a_background_turn_never_shares_the_model() -> None:
    shares: list[int] = []
    gate, release, done = Gate(2, shares.append), threading.Event(), threading.Event()
    running = hold_until(gate, True, release)
    background = queue_up(gate, False, done.set)
    while not gate.waiting:
        threading.Event().wait(0.001)
    assert not done.is_set()
    release.set()
    for thread in (running, background):
        thread.join(PATIENCE)
    assert shares == [1, 1, 1, 1]
    release.clear()
    running = hold_until(gate, False, release)
    person = queue_up(gate, True, lambda: None)
    while not gate.waiting:
        threading.Event().wait(0.001)
    release.set()
    for thread in (running, person):
        thread.join(PATIENCE)
    assert shares == [1] * 8


def test_turns_that_share_are_charged_their_part_of_the_model() -> None:
    gate, release = Gate(2), threading.Event()
    other = hold_until(gate, True, release)
    with timed_turns() as times, gate.turn(True):
        threading.Event().wait(0.01)
    release.set()
    other.join(PATIENCE)
    assert times.occupied == pytest.approx(times.held / 2)
    with timed_turns() as times, gate.turn(True):
        threading.Event().wait(0.01)
    assert times.occupied == times.held > 0
