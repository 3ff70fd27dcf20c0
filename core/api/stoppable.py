"""Work on a thread that ends soon after its request does.

A thread cannot be cancelled from outside. What scores calls `Stop.check` between its micro-batches, which
ends it there once the client has gone or the server stops; until then it holds the model, and no longer.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from core.errors import StoppedError

Result = TypeVar("Result")


class Stop:
    """Asked by the working thread, set by the request's task."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def set(self) -> None:
        """Nobody waits for the work any longer."""
        self._asked.set()

    def check(self, *_: object) -> None:
        """Raise StoppedError when nobody waits; takes and ignores what a progress callback is told."""
        if self._asked.is_set():
            raise StoppedError("The request was given up.")


async def on_thread(work: Callable[[Stop], Result], limiter: anyio.CapacityLimiter) -> Result:
    """Run `work` on a thread of `limiter`, and tell it when this task is cancelled."""
    stop = Stop()
    try:
        return await anyio.to_thread.run_sync(work, stop, limiter=limiter, abandon_on_cancel=True)
    finally:
        stop.set()
