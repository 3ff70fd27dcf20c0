"""Rerankings that a page asked for: each runs in a thread of its own, whether or not somebody watches.

What was asked is kept before scoring begins, the result after it. A home folder that cannot be written stops
nothing: the result is then there until the process ends, and it is said that it was not kept.
"""

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from core.errors import InputError, ModelError, StoppedError, StorageError, WorkbenchError
from core.records import Scorer
from core.storage.per_home import PerHome
from core.workflows.rerank.candidates import check_candidates
from core.workflows.rerank.course import Course
from core.workflows.rerank.kept import UNKNOWN, KeptReranking, KeptRerankings
from core.workflows.rerank.reranking import Reranking, rerank
from core.workflows.rerank.stored import AskedReranking

log = logging.getLogger(__name__)

# Results at hand without reading them from the disk.
REMEMBERED = 20

State = Literal["running", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class RerankingNow:
    """One reranking at one moment.

    made: when it was asked for, in seconds since 1970. error: why it failed. unkept: why it is not on disk.
    looked: whether somebody has seen that it ended.
    """

    id: str
    asked: AskedReranking
    made: float
    state: State = "running"
    course: Course = field(default_factory=Course)
    result: Reranking | None = None
    error: WorkbenchError | None = None
    unkept: StorageError | None = None
    looked: bool = False


class RerankRuns:
    """The rerankings of one home folder in this process. Every method may be called from any thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._store: KeptRerankings | None = None
        self._runs: OrderedDict[str, RerankingNow] = OrderedDict()
        # Guards the two above; notified when a run ends.
        self._changed = threading.Condition()

    def start(self, asked: AskedReranking, scorer_for: Callable[[], Scorer], *, max_documents: int) -> str:
        """Begin, and return the run's id. scorer_for: gives the model; it may block, and may raise.

        Raises InputError and TooLargeError, with nothing begun, as `check_candidates` does.
        """
        check_candidates(asked.query, asked.documents, max_documents=max_documents)
        run = RerankingNow(secrets.token_hex(6), asked, time.time())
        try:
            self._kept().add(run.id, asked)
        except StorageError as error:
            run = replace(run, unkept=error)
        self._remember(run)

        def work() -> None:
            self._end(self._scored(run, scorer_for, max_documents))

        threading.Thread(target=work, name=f"rerank-{run.id}", daemon=True).start()
        return run.id

    def now(self, run_id: str) -> RerankingNow:
        """How a run stands, of this process or kept; InputError when there is none of that id."""
        with self._changed:
            if run_id in self._runs:
                self._runs.move_to_end(run_id)
                return self._runs[run_id]
        try:
            opened = self._kept().opened(run_id)
        except StorageError as error:
            raise InputError(UNKNOWN, name=run_id) from error
        state: State = "stopped" if opened.result is None else "done"
        run = RerankingNow(run_id, opened.asked, opened.made, state, result=opened.result, looked=True)
        self._remember(run)
        return run

    def wait(self, run_id: str, seconds: float) -> RerankingNow:
        """The run when it has ended, or as it is after so many seconds."""
        with self._changed:
            self._changed.wait_for(
                lambda: run_id not in self._runs or self._runs[run_id].state != "running", seconds
            )
        return self.now(run_id)

    def stop(self, run_id: str) -> None:
        """Have a running one end after the pass that the model is in."""
        self.now(run_id).course.stopped = True

    def look(self, run_id: str) -> None:
        """Somebody sees how it ended."""
        with self._changed:
            run = self._runs.get(run_id)
            if run is not None and run.state != "running":
                self._runs[run_id] = replace(run, looked=True)

    def current(self) -> list[RerankingNow]:
        """Those of this process that run, or ended without being looked at; the newest first."""
        with self._changed:
            return [run for run in reversed(self._runs.values()) if not run.looked]

    def history(self, search: str = "") -> list[KeptReranking]:
        """What is kept, the newest first. StorageError when the home folder cannot be read."""
        return self._kept().history(search)

    def forget(self, run_id: str | None) -> None:
        """Delete one that is kept, or with None all; one that still runs ends first."""
        with self._changed:
            for name in [run_id] if run_id is not None else list(self._runs):
                run = self._runs.pop(name, None)
                if run is not None:
                    run.course.stopped = True
        self._kept().forget(run_id)

    def _scored(
        self, run: RerankingNow, scorer_for: Callable[[], Scorer], max_documents: int
    ) -> RerankingNow:
        """The run at its end."""
        asked = run.asked
        try:
            result = rerank(
                scorer_for(),
                asked.query,
                asked.documents,
                asked.instruction,
                max_documents=max_documents,
                care=asked.care,
                recipe=asked.recipe,
                two_looks=asked.two_looks,
                course=run.course,
            )
        except StoppedError:
            return replace(run, state="stopped")
        except WorkbenchError as error:
            return replace(run, state="failed", error=error)
        except Exception as error:  # a thread's last line: whatever it is must reach the user
            log.exception("Reranking failed.")
            said = ModelError("The model failed unexpectedly ({problem}).", problem=repr(error))
            return replace(run, state="failed", error=said)
        return replace(run, state="done", result=result)

    def _end(self, run: RerankingNow) -> None:
        if run.result is not None and run.unkept is None:
            try:
                self._kept().finish(run.id, run.result)
            except StorageError as error:
                run = replace(run, unkept=error)
        with self._changed:
            if run.id in self._runs:
                self._runs[run.id] = run
            self._changed.notify_all()

    def _remember(self, run: RerankingNow) -> None:
        with self._changed:
            self._runs[run.id] = run
            over = len(self._runs) - REMEMBERED
            ended = [name for name, one in self._runs.items() if one.state != "running"]
            for name in ended[: max(over, 0)]:
                del self._runs[name]

    def _kept(self) -> KeptRerankings:
        with self._changed:
            if self._store is None:
                self._store = KeptRerankings(self._home)
            return self._store


# This process's rerankings of a home folder.
rerank_runs = PerHome(RerankRuns)
