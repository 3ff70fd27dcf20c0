"""Comparisons at work in this process: started by a page, watched by it, stopped by it.

A page that is reloaded finds them again; a process that ends leaves what is done in `kept` and in the cache.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.errors import ModelError, StoppedError, WorkbenchError
from core.jobs import ScoreCache
from core.records import Scorer
from core.settings import Settings
from core.workflows.compare.contenders import Contender
from core.workflows.compare.kept import KeptComparisons
from core.workflows.compare.scoring import Comparing, score_contenders

log = logging.getLogger(__name__)

BROKEN = "The comparison ended early: {problem}"


@dataclass(frozen=True, slots=True)
class Underway:
    """One running comparison at one moment.

    done: model → (queries scored, queries); stopping: the running queries are being finished.
    """

    done: dict[str, tuple[int, int]]
    stopping: bool = False


@dataclass(slots=True)
class _Running:
    state: Underway
    stop: threading.Event


class RunningComparisons:
    """Which comparisons run in this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, _Running] = {}
        self._errors: dict[str, WorkbenchError] = {}

    def start(
        self,
        name: str,
        kept: KeptComparisons,
        settings: Settings,
        *,
        cache: ScoreCache | None,
        in_use: Callable[[], Scorer | None] = lambda: None,
    ) -> None:
        """Score what a kept comparison lacks, in the background; nothing happens where it runs already.

        Models that could not be had are tried again.
        """
        with self._lock:
            if name in self._running:
                return
            running = _Running(Underway({}), threading.Event())
            self._running[name] = running
            self._errors.pop(name, None)
        at_hand = Comparing(
            settings,
            cache,
            in_use,
            on_progress=lambda model, done, total: self._progress(name, model, done, total),
            cancelled=running.stop.is_set,
        )
        work = threading.Thread(
            target=self._work, args=(name, kept, at_hand), name="compare-models", daemon=True
        )
        work.start()

    def state(self, name: str) -> Underway | None:
        """How far a comparison is; None when it does not run here."""
        with self._lock:
            running = self._running.get(name)
            return running.state if running else None

    def error(self, name: str) -> WorkbenchError | None:
        """Why a comparison ended early, if it did."""
        with self._lock:
            return self._errors.get(name)

    def stop(self, name: str) -> None:
        """End a comparison after its running queries; what is scored is kept."""
        with self._lock:
            running = self._running.get(name)
            if running:
                running.stop.set()
                running.state = replace(running.state, stopping=True)

    def _progress(self, name: str, model: str, done: int, total: int) -> None:
        with self._lock:
            running = self._running.get(name)
            if running:
                running.state = replace(running.state, done={**running.state.done, model: (done, total)})

    def _work(self, name: str, kept: KeptComparisons, at_hand: Comparing) -> None:
        try:
            one = kept.comparison(name)
            finished = {result.name for result in kept.results(name) if result.had}
            missing = [model for model in one.asked.models if model not in finished]

            def keep(result: Contender) -> None:
                kept.keep(name, result)

            score_contenders(missing, kept.data(name), one.asked.instruction, at_hand, keep)
        except StoppedError:
            log.info("comparison %s was stopped", name)
        except WorkbenchError as error:
            self._failed(name, error)
        except Exception as error:  # a thread's last line: whatever it is must reach the user
            log.exception("comparison %s failed", name)
            self._failed(name, ModelError(BROKEN, problem=repr(error)))
        finally:
            with self._lock:
                del self._running[name]

    def _failed(self, name: str, error: WorkbenchError) -> None:
        with self._lock:
            self._errors[name] = error


# This process's running comparisons.
running_comparisons = RunningComparisons()
