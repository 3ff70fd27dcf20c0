"""Who runs next on one model: interactive turns before background ones, one at a time.

A turn is one micro-batch, so a person waits for at most the one that is running. The gate orders turns;
it knows nothing of models, batches or cancelling.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class TurnTimes:
    """Seconds that turns took: waiting for the model, and holding it."""

    waited: float = 0.0
    held: float = 0.0


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
    """Mutual exclusion of micro-batches with two classes of waiters."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = False
        self._waiting = {True: 0, False: 0}  # by whether a person waits

    @property
    def waiting(self) -> int:
        """How many turns wait for the running one."""
        with self._changed:
            return sum(self._waiting.values())

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
                self._changed.wait_for(lambda: not self._running and (interactive or not self._waiting[True]))
            finally:
                self._waiting[interactive] -= 1
            self._running = True
        began = time.perf_counter()
        try:
            yield
        finally:
            if times is not None:
                times.waited += began - asked
                times.held += time.perf_counter() - began
            with self._changed:
                self._running = False
                self._changed.notify_all()
