"""The one model of this process: which is loaded, which is loading, which is arriving.

Pages and HTTP routes run in many threads and share one scorer through `workbench()`. Loading and downloading
happen in threads of their own; readers only ever take a snapshot. It knows nothing of pages or HTTP.
"""

import gc
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

from core.engine.guard import Guarded, GuardReport
from core.engine.scorer import Qwen3Scorer, ScorerReport
from core.errors import ModelError, NotReadyError, WorkbenchError
from core.models import (
    SelfTestReport,
    entry,
    find_local,
    load_scorer,
    resolve_name,
    run_selftest,
)
from core.models.catalogue import DEFAULT_QWEN, EMBEDDED, lookup
from core.models.downloads import Download, DownloadSnapshot
from core.models.embedding.catalogue import lookup_embedding
from core.records import Scorer, ScorerInfo
from core.settings import Settings
from core.storage.private import close_home
from core.storage.scratch import discard_abandoned

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on with the models, at one moment.

    active: the model that scores now; None while the first one loads.
    loading: name of the model being loaded, if any.
    offered: name of a model that has arrived and can be switched to.
    error: why the last loading failed; it stays until the next attempt. failed: which choice that was, by the
        number that `switch` gave; 0 for the model of the start.
    download: the running or last download.
    selftest: result for the active model, once it was run.
    engine: how Qwen3-Reranker runs here; None for the embedded model.
    guard: how int8 compared with fp32 when the active model was loaded; None where it was not tried.
    """

    active: ScorerInfo | None = None
    loading: str | None = None
    offered: str | None = None
    error: WorkbenchError | None = None
    failed: int = 0
    download: DownloadSnapshot | None = None
    selftest: SelfTestReport | None = None
    engine: ScorerReport | None = None
    guard: GuardReport | None = None


class Workbench:
    """Owns the loaded scorer from the process's start to its end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._scorer: Scorer | None = None
        self._status = Status()
        self._download: Download | None = None
        self._started = False
        self._choices = 0
        self._settled = threading.Event()

    def start(self) -> None:
        """Begin loading in the background; later calls do nothing."""
        with self._lock:
            if self._started:
                return
            self._started = True
            self._status = replace(self._status, loading=self._first_model())
        threading.Thread(target=self._warm_up, name="model-warm-up", daemon=True).start()

    def status(self) -> Status:
        """A snapshot; cheap enough to ask once a second."""
        with self._lock:
            status, download = self._status, self._download
        if download is None:
            return status
        snapshot = download.snapshot()
        active = status.active.name if status.active else None
        arrived = snapshot.state == "done" and snapshot.model not in (active, status.loading)
        arrived = arrived and lookup(snapshot.model) is not None
        return replace(status, download=snapshot, offered=snapshot.model if arrived else None)

    def scorer(self, wait: float = 0.0) -> Scorer:
        """The active scorer, waiting up to `wait` seconds for the first one.

        Raises NotReadyError while it still loads, or why it could not be loaded.
        """
        self._settled.wait(wait)
        with self._lock:
            if self._scorer is not None:
                return self._scorer
            error, loading = self._status.error, self._status.loading
        if error is not None and loading is None:
            raise error
        raise NotReadyError(
            "The model {name} is still loading.",
            hint="Try again in a few seconds.",
            name=loading or self._first_model(),
        )

    def switch(self, name: str) -> int:
        """Load another model in the background; the active one keeps answering until the new one is ready.

        Returns the number of this choice, by which the status says whose failed.
        """
        chosen = resolve_name(name, self.settings)
        with self._lock:
            if self._status.loading:
                raise NotReadyError(
                    "{name} is being loaded; wait for it before switching again.", name=self._status.loading
                )
            self._choices += 1
            number = self._choices
            self._status = replace(self._status, loading=chosen, error=None, failed=0)
        threading.Thread(target=self._load, args=(chosen, number), name="model-switch", daemon=True).start()
        return number

    def download(self, name: str) -> None:
        """Fetch a reranker or an embedding model in the background. A running download goes on instead."""
        chosen = lookup_embedding(name) or entry(name)
        with self._lock:
            if self._download is not None and self._download.snapshot().running:
                return
            self._download = Download(chosen, self.settings)
            self._download.start()

    def cancel_download(self) -> None:
        """Stop the running download; what has arrived is kept for a later resume."""
        with self._lock:
            if self._download is not None:
                self._download.cancel()

    def selftest(self) -> SelfTestReport:
        """Run the published vectors on the active model (seconds) and remember the outcome."""
        scorer = self.scorer()
        report = run_selftest(scorer)
        with self._lock:
            if self._scorer is scorer:
                self._status = replace(self._status, selftest=report)
        return report

    def _first_model(self) -> str:
        return self.settings.model if self.settings.model != "auto" else EMBEDDED

    def _warm_up(self) -> None:
        if self.settings.model != "auto":
            self._load(self.settings.model)
            self._settled.set()
            return
        if find_local(DEFAULT_QWEN, self.settings) is not None and self._load(DEFAULT_QWEN):
            return
        problem = self.status().error
        self._load(EMBEDDED)
        self._settled.set()
        if problem is not None:
            with self._lock:
                self._status = replace(self._status, error=problem)
        elif self.settings.download == "auto":
            self.download(DEFAULT_QWEN)

    def _load(self, name: str, number: int = 0) -> bool:
        with self._lock:
            self._status = replace(self._status, loading=name, error=None, failed=0)
        try:
            scorer = load_scorer(name, self.settings.device, self.settings.precision, settings=self.settings)
        except WorkbenchError as error:
            log.warning("loading %s failed: %s", name, error)
            self._failed(error, number)
            return False
        except Exception as error:  # a thread's last line: whatever it is must reach the user
            log.exception("loading %s failed", name)
            self._failed(
                ModelError("{name} could not be loaded: {problem}", name=name, problem=repr(error)), number
            )
            return False
        with self._lock:
            self._scorer = scorer
            engine = scorer.report if isinstance(scorer, Qwen3Scorer) else None
            guard = scorer.guard if isinstance(scorer, Guarded) else None
            self._status = Status(active=scorer.info, engine=engine, guard=guard)
        self._settled.set()
        # Streamlit collects garbage after every script run; with torch's objects in view each collection
        # holds the interpreter for 0.4 s. Frozen objects are out of its sight.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        log.info("loaded %s on %s, %s", name, scorer.info.device, scorer.info.precision)
        return True

    def _failed(self, error: WorkbenchError, number: int) -> None:
        with self._lock:
            self._status = replace(self._status, loading=None, error=error, failed=number)


_the_workbench: Workbench | None = None
_creation = threading.Lock()


def workbench() -> Workbench:
    """This process's workbench, made from the environment and started on first use."""
    global _the_workbench
    with _creation:
        if _the_workbench is None:
            settings = Settings()
            with suppress(OSError):
                # A home that cannot be written is refused by whatever writes to it first.
                close_home(settings.home)
                discard_abandoned()
            _the_workbench = Workbench(settings)
        _the_workbench.start()
        return _the_workbench
