"""A model download in the background, with a snapshot that pages can draw at any moment.

`Download` owns one daemon thread; the work itself is `hub.download`. Who keeps the object alive between page
runs, and what happens when it is done, is the caller's business.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from core.errors import DownloadError, HubUnreachableError, StoppedError, WorkbenchError
from core.models.catalogue import CatalogueEntry
from core.models.hub import DownloadProgress, download
from core.models.transfer import Patience
from core.settings import Settings

_log = logging.getLogger(__name__)

State = Literal["idle", "checking", "downloading", "verifying", "done", "failed", "offline", "cancelled"]
RUNNING: tuple[State, ...] = ("checking", "downloading", "verifying")
# The speed shown is the mean over this many seconds: steady enough to read, quick to show a stall.
_SPEED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DownloadSnapshot:
    """A download as it stood at one moment.

    bytes_total: 0 until a hub has answered. speed: bytes per second lately. source: the hub; may be empty.
    error: why it failed or found no hub. folder: the finished model.
    """

    model: str
    state: State = "idle"
    bytes_done: int = 0
    bytes_total: int = 0
    speed: float = 0.0
    source: str = ""
    error: WorkbenchError | None = None
    folder: Path | None = None

    @property
    def running(self) -> bool:
        """Is work going on?"""
        return self.state in RUNNING

    @property
    def fraction(self) -> float:
        """Bytes done of the total, 0 to 1; 0 while the total is unknown."""
        return self.bytes_done / self.bytes_total if self.bytes_total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the present speed; None when that says nothing."""
        return (self.bytes_total - self.bytes_done) / self.speed if self.speed > 0 else None


class Download:
    """One model's download. Start it, look at `snapshot()`, cancel it, start it again: it resumes."""

    def __init__(
        self,
        model: CatalogueEntry,
        settings: Settings,
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._settings = settings
        self._patience = patience
        self._clock = clock
        self._guard = threading.Lock()
        self._snapshot = DownloadSnapshot(model.name)
        self._cancel = threading.Event()
        self._thread: threading.Thread | None = None
        self._lately: deque[tuple[float, int]] = deque()

    def start(self) -> None:
        """Begin, or resume after an end of any kind; does nothing while it runs or once it is done."""
        with self._guard:
            if self._snapshot.running or self._snapshot.state == "done":
                return
            # A new event each time: a thread that is still winding down keeps its own.
            self._cancel = threading.Event()
            self._lately.clear()
            self._snapshot = DownloadSnapshot(self._model.name, state="checking")
            self._thread = threading.Thread(
                target=self._work, args=(self._cancel,), name=f"download {self._model.name}", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; what arrived is kept. The state turns «cancelled» when the thread has stopped."""
        self._cancel.set()

    def snapshot(self) -> DownloadSnapshot:
        """How it stands now."""
        with self._guard:
            return self._snapshot

    def join(self, timeout: float | None = None) -> DownloadSnapshot:
        """Wait for the end (or the time-out) and say how it stands."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self.snapshot()

    def _work(self, cancel: threading.Event) -> None:
        try:
            folder = download(
                self._model,
                self._settings,
                on_progress=self._on_progress,
                cancelled=cancel.is_set,
                patience=self._patience,
            )
        except StoppedError:
            self._end("cancelled")
        except HubUnreachableError as error:
            self._end("offline", error=error)
        except WorkbenchError as error:
            self._end("failed", error=error)
        except Exception as error:
            # The thread's outermost frame: without this a fault would leave the page waiting for ever.
            _log.exception("The download of %s failed unexpectedly", self._model.name)
            self._end(
                "failed",
                error=DownloadError(
                    "The download failed unexpectedly: {reason}.", where=self._model.name, reason=repr(error)
                ),
            )
        else:
            self._end("done", folder=folder)

    def _on_progress(self, progress: DownloadProgress) -> None:
        with self._guard:
            self._snapshot = replace(
                self._snapshot,
                state=progress.phase,
                bytes_done=progress.done,
                bytes_total=progress.total,
                source=progress.source,
                speed=self._speed(progress),
            )

    def _speed(self, progress: DownloadProgress) -> float:
        """Mean over the last seconds of transfer; bytes that were on the disk before do not count."""
        if progress.phase != "downloading":
            self._lately.clear()
            return 0.0
        now = self._clock()
        if self._lately and progress.done < self._lately[-1][1]:
            self._lately.clear()  # damaged bytes were thrown away
        self._lately.append((now, progress.done))
        while now - self._lately[0][0] > _SPEED_SECONDS:
            self._lately.popleft()
        (first, bytes_then) = self._lately[0]
        return (progress.done - bytes_then) / (now - first) if now > first else 0.0

    def _end(self, state: State, *, error: WorkbenchError | None = None, folder: Path | None = None) -> None:
        with self._guard:
            self._snapshot = replace(self._snapshot, state=state, speed=0.0, error=error, folder=folder)
