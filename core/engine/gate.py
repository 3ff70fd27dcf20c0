"""Who runs next on one model: interactive turns before background ones, one at a time.

A turn is one micro-batch, so a person waits for at most the one that is running. Where the model can be
shared, several interactive turns run side by side, each told how many share; background turns are always
alone, so that what they compute does not depend on who else asks. The gate orders turns; it knows nothing of
models, batches or cancelling.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class TurnTimes:
    """Seconds that turns took: waiting for the model, and holding it.

    occupied: those holding it, each divided by how many turns shared it: what the model gave to these.
    """

    waited: float = 0.0
    held: float = 0.0
    occupied: float = 0.0


_times: ContextVar[TurnTimes | None] = ContextVar("turn times", default=None)


@contextmanager
def timed_turns() -> Iterator[TurnTimes]:
    """Measure the turns that are taken inside the `with` block on this thread."""
    times = TurnTimes()
    token = _times.set(times)
    try:
        yield times
    finally:
        _times.reset(token)


class Gate:
    """Turns of micro-batches with two classes of waiters.

    side_by_side: how many interactive turns may run at once. on_share: called on the turn's own thread with
    the number of turns that share the model, when it begins; with 1 when it ends.
    """

    def __init__(self, side_by_side: int = 1, on_share: Callable[[int], None] = lambda sharing: None) -> None:
        self._changed = threading.Condition()
        self._side_by_side, self._on_share = side_by_side, on_share
        self._running = {True: 0, False: 0}  # turns, by whether a person waits
        self._waiting = {True: 0, False: 0}

    @property
    def waiting(self) -> int:
        """How many turns wait for the running ones."""
        with self._changed:
            return sum(self._waiting.values())

    @property
    def side_by_side(self) -> int:
        """How many interactive turns may run at once."""
        return self._side_by_side

    @contextmanager
    def turn(self, interactive: bool) -> Iterator[None]:
        """Wait for the model, hold it inside the `with` block, and hand it on, also after an exception.

        Within a class the order is the operating system's. Turns do not nest: a thread that asks for a
        second turn inside its first waits for itself.
        """
        times = _times.get()
        asked = time.perf_counter()
        with self._changed:
            self._waiting[interactive] += 1
            try:
                self._changed.wait_for(lambda: self._may_run(interactive))
            finally:
                self._waiting[interactive] -= 1
            self._running[interactive] += 1
            sharing = self._sharing(interactive)
        began = time.perf_counter()
        try:
            self._on_share(sharing)
            yield
        finally:
            self._on_share(1)
            if times is not None:
                held = time.perf_counter() - began
                times.waited += began - asked
                times.held += held
                times.occupied += held / sharing
            with self._changed:
                self._running[interactive] -= 1
                self._changed.notify_all()

    def _may_run(self, interactive: bool) -> bool:
        if interactive:
            return not self._running[False] and self._running[True] < self._side_by_side
        return not any(self._running.values()) and not self._waiting[True]

    def _sharing(self, interactive: bool) -> int:
        """How many turns share the model while the one runs that begins now, as far as can be seen."""
        if not interactive:
            return 1
        return min(self._side_by_side, self._running[True] + self._waiting[True])
