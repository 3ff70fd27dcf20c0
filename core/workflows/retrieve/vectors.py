"""Vectors for the passages of a corpus, made in the background after their words are searchable.

What is missing is read from the corpus itself, so a stopped or killed process is followed by any other; a
lock of the operating system lets one process of a machine work on a corpus at a time.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import BusyError, StoppedError, WorkbenchError
from core.models.embedding import Embedder, EmbedderInfo, load_embedder
from core.retrieval.passages import Corpus, Embedding, Vector
from core.settings import Settings
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.going_first import SEARCHING

# Passages that are sorted by length together; a stop waits for one pass only.
PORTION = 2048
# Vectors are stored at least this often: what a killed process has to make again.
SAVE_EVERY_SECONDS = 2.0
SAVE_EVERY = 512
# The rate is that of the last passes.
RATE_SECONDS = 60.0
# How often somebody who waits for another process looks how far it is.
FOLLOW_SECONDS = 1.0

SOMEONE_ELSE = "Another process is making the vectors of «{name}»."
SOMEONE_ELSE_HINT = "Wait for it; what it makes is found as it comes."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Filling:
    """Where making vectors stands. done of total: passages with a vector.

    error: why it ended early, if it did. seconds_left: None before a rate is known.
    """

    done: int
    total: int
    running: bool = False
    per_second: float | None = None
    error: WorkbenchError | None = None

    @property
    def seconds_left(self) -> float | None:
        """At the present rate."""
        return (self.total - self.done) / self.per_second if self.per_second else None


class _Rate:
    """How many vectors come in a second, over the last minute."""

    def __init__(self, done: int) -> None:
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), done)])

    def at(self, done: int) -> float | None:
        """Now that so many are done; None before one has come."""
        now = time.monotonic()
        self._seen.append((now, done))
        while now - self._seen[0][0] > RATE_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        elapsed, made = now - self._seen[0][0], done - self._seen[0][1]
        return made / elapsed if made and elapsed > 0 else None


def as_embedding(info: EmbedderInfo) -> Embedding:
    """What a corpus keeps of the model that makes its vectors."""
    return Embedding(info.fingerprint, info.label, info.dimensions)


def make_vectors(
    corpus: Corpus,
    embedder: Embedder,
    *,
    on_progress: Callable[[Filling], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Filling:
    """Embed every passage that has no vector. InputError when the corpus holds another model's.

    Raises StoppedError when `cancelled`; what was made is kept.
    """
    corpus.use_embedding(as_embedding(embedder.info))
    info = corpus.info
    done, total = info.vectors, info.passages
    rate = _Rate(done)

    def report(*, running: bool) -> Filling:
        filling = Filling(done, total, running, rate.at(done))
        if on_progress is not None:
            on_progress(filling)
        return filling

    while waiting := corpus.without_vector(PORTION):
        fresh: dict[int, Vector] = {}
        saved = time.monotonic()
        try:
            for part in embedder.passages([one.read_text for one in waiting], cancelled):
                for at, vector in zip(part.positions, part.vectors, strict=True):
                    fresh[waiting[at].key] = vector
                if len(fresh) >= SAVE_EVERY or time.monotonic() - saved > SAVE_EVERY_SECONDS:
                    corpus.put_vectors(fresh)
                    done, fresh, saved = done + len(fresh), {}, time.monotonic()
                    report(running=True)
                SEARCHING.give_way()
        finally:
            corpus.put_vectors(fresh)
            done += len(fresh)
    now = corpus.info
    done, total = now.vectors, now.passages
    return report(running=False)


def complete_vectors(
    corpora: Corpora,
    name: str,
    embedder: Embedder,
    *,
    on_progress: Callable[[Filling], None] | None = None,
) -> Filling:
    """Return when every passage has a vector: make them, or follow the process that does and go on after it.

    InputError when the corpus holds another model's vectors.
    """
    corpus = corpora.open(name)
    corpus.use_embedding(as_embedding(embedder.info))
    rate = _Rate(corpus.info.vectors)
    while True:
        try:
            with sole_maker(corpora, name, timeout=FOLLOW_SECONDS):
                return make_vectors(corpus, embedder, on_progress=on_progress)
        except BusyError:
            info = corpus.info
            if on_progress is not None:
                on_progress(Filling(info.vectors, info.passages, True, rate.at(info.vectors)))


@contextmanager
def sole_maker(corpora: Corpora, name: str, timeout: float = 0) -> Iterator[None]:
    """Be the one process that makes a corpus's vectors; BusyError when another one is, for `timeout` too."""
    from filelock import FileLock, Timeout

    lock = FileLock(corpora.lock_file(name), thread_local=False)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise BusyError(SOMEONE_ELSE, where=name, hint=SOMEONE_ELSE_HINT, name=name) from None
    try:
        yield
    finally:
        lock.release()


class VectorMaker:
    """Makes the vectors of this process's corpora in threads of its own, one a corpus."""

    def __init__(self, corpora: Corpora, embedder: Callable[[], Embedder]) -> None:
        self._corpora, self._embedder = corpora, embedder
        self._lock = threading.Lock()
        self._states: dict[str, Filling] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._stop = threading.Event()

    def start(self, name: str) -> None:
        """Begin where vectors are missing; does nothing while it runs."""
        with self._lock:
            if name in self._states and self._states[name].running:
                return
            info = self._corpora.open(name).info
            self._states[name] = Filling(info.vectors, info.passages, running=True)
            work = threading.Thread(target=self._work, args=(name,), name=f"vectors-{name}", daemon=True)
            self._threads[name] = work
        work.start()

    def wait(self, name: str, timeout: float | None = None) -> Filling:
        """Until the thread of a corpus has ended; where it stands then."""
        if name in self._threads:
            self._threads[name].join(timeout)
        return self.state(name)

    def state(self, name: str) -> Filling:
        """Where a corpus stands; cheap enough to ask once a second."""
        with self._lock:
            if name in self._states and self._states[name].running:
                return self._states[name]
            error = self._states[name].error if name in self._states else None
        info = self._corpora.open(name).info
        return Filling(info.vectors, info.passages, error=error)

    def close(self) -> None:
        """Stop after the running pass."""
        self._stop.set()

    def _work(self, name: str) -> None:
        try:
            with sole_maker(self._corpora, name):
                corpus = self._corpora.open(name)
                make_vectors(
                    corpus,
                    self._embedder(),
                    on_progress=lambda state: self._note(name, state),
                    cancelled=self._stop.is_set,
                )
                self._note(name, Filling(corpus.info.vectors, corpus.info.passages))
        except StoppedError:
            self._note(name, Filling(0, 0))
        except WorkbenchError as error:
            log.info("making vectors of %s ended: %s", name, error)
            self._note(name, Filling(0, 0, error=error))
        except Exception as error:  # a thread's last line: whatever it is must reach the user
            log.exception("making vectors of %s failed", name)
            failed = WorkbenchError("Vectors could not be made: {problem}", problem=repr(error))
            self._note(name, Filling(0, 0, error=failed))

    def _note(self, name: str, state: Filling) -> None:
        with self._lock:
            self._states[name] = state


class EmbedderOfProcess:
    """The process's one embedding model, loaded on first use. Called, it gives the model."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.Lock()
        self._embedder: Embedder | None = None

    def __call__(self) -> Embedder:
        """Raises why it cannot be loaded, and tries anew the next time."""
        with self._loading:
            if self._embedder is None:
                self._embedder = load_embedder(settings=self._settings)
            return self._embedder

    @property
    def loaded(self) -> Embedder | None:
        """The model if it is loaded; never waits."""
        return self._embedder


def log_file(corpora: Corpora, name: str) -> Path:
    """Where a process without a terminal says what went wrong with its vectors."""
    return corpora.lock_file(name).with_suffix(".log")
