"""The one model of this process: which is loaded, which is loading, which is arriving.

Pages and HTTP routes run in many threads and share one scorer through `workbench()`. Loading and downloading
happen in threads of their own; readers only ever take a snapshot. It knows nothing of pages or HTTP.
"""

import gc
import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError, ModelError, NotReadyError, WorkbenchError
from core.models import load_scorer
from core.models.catalogue import EMBEDDED, CatalogueEntry, entry
from core.models.downloads import Download, DownloadSnapshot
from core.models.local import find_local
from core.models.selftest import SelfTestReport, run_selftest
from core.records import Scorer, ScorerInfo
from core.settings import Settings

log = logging.getLogger(__name__)

DEFAULT_MODEL = "Qwen/Qwen3-Reranker-0.6B"


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on with the models, at one moment.

    active: the model that scores now; None while the first one loads.
    loading: name of the model being loaded, if any.
    offered: name of a model that has arrived and can be switched to.
    error: why the last loading failed; it stays until the next attempt.
    download: the running or last download.
    selftest: result for the active model, once it was run.
    """

    active: ScorerInfo | None = None
    loading: str | None = None
    offered: str | None = None
    error: WorkbenchError | None = None
    download: DownloadSnapshot | None = None
    selftest: SelfTestReport | None = None


class Workbench:
    """Owns the loaded scorer from the process's start to its end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._scorer: Scorer | None = None
        self._status = Status()
        self._download: Download | None = None
        self._started = False

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
        return replace(status, download=download.snapshot() if download else None)

    def scorer(self) -> Scorer:
        """The active scorer. Raises NotReadyError while the first one loads, and why if it cannot be loaded."""
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

    def switch(self, name: str) -> None:
        """Load another model in the background; the active one keeps answering until the new one is ready."""
        chosen = self._known(name)
        with self._lock:
            if self._status.loading:
                raise NotReadyError(
                    "{name} is being loaded; wait for it before switching again.", name=self._status.loading
                )
            self._status = replace(self._status, loading=chosen, error=None)
        threading.Thread(target=self._load, args=(chosen,), name="model-switch", daemon=True).start()

    def download(self, name: str) -> None:
        """Fetch a catalogue model in the background. A download already running goes on instead."""
        chosen = entry(name)
        with self._lock:
            if self._download is not None and self._download.snapshot().running:
                return
            self._download = Download(
                chosen, self.settings, on_done=lambda _: self._offer(chosen.name)
            )
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

    def _known(self, name: str) -> str:
        return str(Path(name)) if Path(name).is_dir() else entry(name).name

    def _warm_up(self) -> None:
        if self.settings.model != "auto":
            self._load(self.settings.model)
            return
        default = entry(DEFAULT_MODEL)
        if find_local(default.name, self.settings) is not None and self._load(default.name):
            return
        problem = self.status().error
        self._load(EMBEDDED)
        if problem is not None:
            with self._lock:
                self._status = replace(self._status, error=problem)
        elif self.settings.download == "auto":
            self.download(default.name)

    def _load(self, name: str) -> bool:
        with self._lock:
            self._status = replace(self._status, loading=name, error=None)
        try:
            scorer = load_scorer(
                name, self.settings.device, self.settings.precision, settings=self.settings
            )
        except WorkbenchError as error:
            log.warning("loading %s failed: %s", name, error)
            self._failed(error)
            return False
        except Exception as error:  # a thread's last line: whatever it is must reach the user
            log.exception("loading %s failed", name)
            self._failed(ModelError("{name} could not be loaded: {problem}", name=name, problem=repr(error)))
            return False
        with self._lock:
            self._scorer = scorer
            offered = self._status.offered if self._status.offered != name else None
            self._status = Status(active=scorer.info, offered=offered)
        # Streamlit collects garbage after every script run; with torch's objects in view each collection
        # holds the interpreter for 0.4 s. Frozen objects are out of its sight.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        log.info("loaded %s on %s, %s", name, scorer.info.device, scorer.info.precision)
        return True

    def _failed(self, error: WorkbenchError) -> None:
        with self._lock:
            self._status = replace(self._status, loading=None, error=error)

    def _offer(self, name: str) -> None:
        with self._lock:
            if self._status.active is None or self._status.active.name != name:
                self._status = replace(self._status, offered=name)


_the_workbench: Workbench | None = None
_creation = threading.Lock()


def workbench() -> Workbench:
    """This process's workbench, made from the environment and started on first use."""
    global _the_workbench
    with _creation:
        if _the_workbench is None:
            _the_workbench = Workbench(Settings())
        _the_workbench.start()
        return _the_workbench
