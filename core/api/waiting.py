"""How many requests wait for the model, and the threads that parse and score. For the event loop only."""

import anyio

from core.errors import BusyError

SCORING_THREADS = 4
# A body of 32 MB takes half a second; two at a time leave the interpreter to others in between.
PARSING_THREADS = 2
MAX_WAITING = 64


class WaitingRoom:
    """Bounds how many requests wait; those beyond are refused at once."""

    def __init__(self) -> None:
        self._waiting = 0
        self._scoring: anyio.CapacityLimiter | None = None
        self._parsing: anyio.CapacityLimiter | None = None

    @property
    def scoring(self) -> anyio.CapacityLimiter:
        """Threads of our own: the default ones serve the pages' files."""
        if self._scoring is None:
            self._scoring = anyio.CapacityLimiter(SCORING_THREADS)
        return self._scoring

    @property
    def parsing(self) -> anyio.CapacityLimiter:
        """Threads that read bodies."""
        if self._parsing is None:
            self._parsing = anyio.CapacityLimiter(PARSING_THREADS)
        return self._parsing

    async def __aenter__(self) -> None:
        if self._waiting >= MAX_WAITING:
            raise BusyError(
                "{count} requests are waiting already.", hint="Try again shortly.", count=MAX_WAITING
            )
        self._waiting += 1

    async def __aexit__(self, *_: object) -> None:
        self._waiting -= 1
