"""Rounds of judging in this process's background, one a file: started, watched, stopped, gone on with.

Pages watch; a round outlives them. What was asked is kept without the key, so that after a kill the same
round can be gone on with; a lock of the operating system lets one process at a time judge a file.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.chat.endpoint import Endpoint
from core.errors import BusyError, WorkbenchError
from core.judging.pairs import Pair
from core.judging.panel import Panel
from core.judging.rounds import Standing, judge
from core.judging.store import LabelStore, RoundState, label_store
from core.storage.per_home import PerHome
from core.workflows.judge.pairs import Scope

BUSY = "Another process is judging this file."
BUSY_HINT = "Wait for it; what it judges is found as it comes."
FAILED = "Judging ended unexpectedly: {problem}"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a round is about, as it is kept: without key, prices or texts."""

    url: str
    panel: Panel
    scope: Scope
    at_once: int = 4

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Asked":
        """What was stored."""
        panel = stored["panel"]
        return cls(
            stored["url"],
            Panel(**{**panel, "models": tuple(panel["models"])}),
            Scope(**stored["scope"]),
            stored["at_once"],
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """A round of this process: where it stands, and why it ended early, if it did."""

    standing: Standing | None
    running: bool
    error: WorkbenchError | None = None


class Rounds:
    """The rounds of one home folder in this process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._watched: dict[str, Watched] = {}
        self._stops: dict[str, threading.Event] = {}
        self._threads: dict[str, threading.Thread] = {}

    @property
    def store(self) -> LabelStore:
        """The labels of the home folder."""
        return label_store(self._home)

    def start(self, where: Endpoint, asked: Asked, judged_set: str, pairs: Sequence[Pair]) -> None:
        """Begin a round; does nothing while one of the file runs."""
        with self._lock:
            if judged_set in self._watched and self._watched[judged_set].running:
                return
            self._watched[judged_set] = Watched(None, running=True)
            stop = self._stops[judged_set] = threading.Event()
            work = (where, asked, judged_set, tuple(pairs), stop)
            thread = threading.Thread(target=self._work, args=work, name="judging", daemon=True)
            self._threads[judged_set] = thread
        thread.start()

    def watched(self, judged_set: str) -> Watched | None:
        """The round of a file, running or ended; None when this process has judged nothing of it."""
        with self._lock:
            return self._watched.get(judged_set)

    def stop(self, judged_set: str) -> None:
        """End a round after the requests that are under way."""
        if judged_set in self._stops:
            self._stops[judged_set].set()

    def wait(self, judged_set: str, timeout: float | None = None) -> Watched | None:
        """Until the round has ended, at most so long."""
        if judged_set in self._threads:
            self._threads[judged_set].join(timeout)
        return self.watched(judged_set)

    def _work(
        self, where: Endpoint, asked: Asked, judged_set: str, pairs: Sequence[Pair], stop: threading.Event
    ) -> None:
        error: WorkbenchError | None = None
        try:
            run_round(
                self._home,
                where,
                asked,
                judged_set,
                pairs,
                stop=stop,
                on_progress=lambda standing: self._note(judged_set, Watched(standing, running=True)),
            )
        except WorkbenchError as ended:
            error = ended
        except Exception as problem:  # a thread's last line: without it the page would wait for ever
            log.exception("judging failed")
            error = WorkbenchError(FAILED, problem=type(problem).__name__)
        with self._lock:
            standing = self._watched[judged_set].standing
            self._watched[judged_set] = Watched(standing, running=False, error=error)

    def _note(self, judged_set: str, watched: Watched) -> None:
        with self._lock:
            self._watched[judged_set] = watched


# This process's rounds of a home folder.
rounds = PerHome(Rounds)


def run_round(
    home: Path,
    where: Endpoint,
    asked: Asked,
    judged_set: str,
    pairs: Sequence[Pair],
    *,
    stop: threading.Event | None = None,
    on_progress: Callable[[Standing], None] | None = None,
) -> Standing:
    """One round from start to end, with its state kept. Raises as `judge` does, and BusyError."""
    store = label_store(home)
    with sole_judge(home, judged_set):
        store.note_round(judged_set, asked.stored(), "running")
        state: RoundState = "stopped"
        try:
            standing = judge(
                where,
                asked.panel,
                judged_set,
                pairs,
                store,
                at_once=asked.at_once,
                stop=stop,
                on_progress=on_progress,
            )
            state = "done"
            return standing
        finally:
            store.note_round(judged_set, asked.stored(), state)


def unfinished(home: Path, judged_set: str) -> Asked | None:
    """What was asked of a file and did not come to its end: stopped, failed, or killed with its process."""
    kept = label_store(home).round(judged_set)
    return Asked.of(dict(kept.asked)) if kept is not None and kept.state != "done" else None


@contextmanager
def sole_judge(home: Path, judged_set: str) -> Iterator[None]:
    """Be the one process that has a file judged; BusyError when another one does."""
    from filelock import FileLock, Timeout

    name = hashlib.sha256(judged_set.encode()).hexdigest()[:16]
    lock = FileLock(home / f"judging-{name}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(BUSY, hint=BUSY_HINT) from None
    try:
        yield
    finally:
        lock.release()
