"""Searches go first: who makes vectors in this process pauses while somebody searches.

Making vectors fills every core for minutes; a search wants a few of them for a few dozen milliseconds, in the
store's threads as much as in the model's. It knows neither stores nor models.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Searches without a gap must not end the making of vectors: it goes on for one pass after so many seconds.
LONGEST_PAUSE = 1.0


class GoingFirst:
    """Counts the searches that run, and lets others wait until there is none."""

    def __init__(self, longest_pause: float = LONGEST_PAUSE) -> None:
        self._longest = longest_pause
        self._changed = threading.Condition()
        self._running = 0

    @contextmanager
    def search(self) -> Iterator[None]:
        """A search runs inside the block."""
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                if not self._running:
                    self._changed.notify_all()

    def give_way(self) -> float:
        """Return when no search runs, at the latest after the longest pause; how many seconds it took."""
        start = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, self._longest)
        return time.monotonic() - start


SEARCHING = GoingFirst()
