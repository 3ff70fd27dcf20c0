"""The job runner: one worker thread that runs queued jobs one after another and saves as it goes.

Scores are stored after every micro-batch, so a killed process loses at most the one it was in. A job that
is queued or running belongs to the process that holds the lease; whoever takes the lease next marks what
a dead process left behind as interrupted. The worker knows nothing of pages, models or files: the scorer
comes from a callable, everything else from the store.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from core.errors import BusyError, InputError, StoppedError, StorageError, WorkbenchError
from core.jobs.cache import ScoreCache
from core.jobs.lease import Holder, Lease
from core.jobs.pace import Pace, most_work, total_work
from core.jobs.records import (
    RESUMABLE,
    WAITING_OR_RUNNING,
    Job,
    JobNotice,
    JobState,
    NewJob,
    Portion,
    Progress,
)
from core.jobs.running import CLOSED, INTERRUPTED, Current, Held, NotSaved
from core.jobs.scoring import MissingPairs, score_missing
from core.jobs.store import JobStore
from core.records import Scorer
from core.sentences import sentence

log = logging.getLogger(__name__)

ScorerFor = Callable[[Job], Scorer]

# Another process holds the lease for a moment when it starts; that is no reason to refuse a job.
LEASE_PATIENCE_SECONDS = 1.0
# The store has every micro-batch at once; the cache, whose keys are scattered, is filled in portions.
CACHE_PORTION = 2000
# How long `close` waits for the running micro-batch.
CLOSE_SECONDS = 30.0

_STATE_AFTER: dict[str, JobState] = {"pause": "paused", "cancel": "cancelled", "close": "interrupted"}


class JobRunner:
    """Runs the jobs of one home folder. Every method may be called from any thread.

    scorer_for: gives the loaded scorer for a job; it may block, and may raise WorkbenchError.
    storage_patience: seconds a micro-batch is tried to be stored before its job is paused.
    retry_seconds: between two tries.
    """

    def __init__(
        self,
        store: JobStore,
        scorer_for: ScorerFor,
        *,
        cache: ScoreCache | None = None,
        storage_patience: float = 10.0,
        retry_seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._scorer_for = scorer_for
        self._cache = cache
        self._storage_patience = storage_patience
        self._retry_seconds = retry_seconds
        self._lease = Lease(store.home)
        # Guards the queue, the lease and the fields below; notified on every change of a job's state.
        self._changed = threading.Condition()
        self._current: Current | None = None
        self._held: Held | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def start(self) -> list[Job]:
        """Find what a dead process left unfinished; returns every job that can be resumed.

        Does nothing when another live process runs jobs here.
        """
        with self._changed:
            try:
                self._take_lease(patience=0.0)
            except BusyError:
                log.info("Another process runs the jobs of %s.", self._store.home)
            self._changed.notify_all()
        return self._store.resumable()

    def submit(self, new: NewJob) -> Job:
        """Store a job and queue it. BusyError when another process runs jobs on this home folder."""
        with self._changed:
            self._take_lease()
            try:
                return self._store.create(new)
            finally:
                self._changed.notify_all()

    def resume(self, job_id: str, *, afresh: Mapping[str, Any] | None = None) -> Job:
        """Queue a stopped job again; it scores only what is missing. A queued or running job stays as it is.

        afresh: forget its scores first and take these settings, for a job that began with another model.
        """
        with self._changed:
            self._take_lease()
            try:
                self._store_held_or_raise(job_id)
                job = self._store.job(job_id)
                if job.state in WAITING_OR_RUNNING:
                    return job
                if afresh is not None:
                    self._store.clear_scores(job_id, afresh)
                elif job.state not in RESUMABLE:
                    raise InputError("The job {job} is already finished.", job=job_id)
                return self._store.set_state(job_id, "queued")
            finally:
                self._changed.notify_all()

    def pause(self, job_id: str) -> Job:
        """Stop a job after its micro-batch; the next in the queue goes on. It can be resumed."""
        return self._stop(job_id, "pause")

    def cancel(self, job_id: str) -> Job:
        """Stop a job for good. What was scored stays readable, and `resume` still works."""
        return self._stop(job_id, "cancel")

    def delete(self, job_id: str) -> None:
        """Remove a stopped job with its results."""
        with self._changed:
            if self._held is not None and self._held.job_id == job_id:
                self._held = None
            self._store.delete(job_id)

    def progress(self, job_id: str) -> Progress:
        """Where a job stands now. In a process that does not run it: what is stored, without rates."""
        current, held = self._current, self._held
        job = self._store.job(job_id)
        if held is not None and held.job_id == job_id:
            return Progress(replace(job, state=held.state, notice=held.notice))
        if current is None or current.job_id != job_id or job.state != "running":
            return Progress(job)
        if current.trouble is not None:
            job = replace(job, notice=current.trouble)
        pace = current.pace
        return Progress(
            job,
            stage=current.stage,
            stopping=current.stop is not None,
            pairs_per_second=pace.pairs_per_second if pace else None,
            tokens_per_second=pace.tokens_per_second if pace else None,
            seconds_left=pace.seconds_left if pace else None,
        )

    def wait(
        self,
        job_id: str,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        every: float = 0.2,
    ) -> Job:
        """Block until a job is neither queued nor running; for the command line.

        `on_progress` is called from this thread about every `every` seconds and once at the end.
        """
        while True:
            progress = self.progress(job_id)
            if on_progress is not None:
                on_progress(progress)
            if progress.job.state not in WAITING_OR_RUNNING:
                return progress.job
            with self._changed:
                self._changed.wait(every)

    def elsewhere(self) -> Holder | None:
        """The other process that runs jobs on this home folder now; None when there is none."""
        return None if self._lease.held else self._lease.holder()

    def close(self) -> None:
        """Stop after the running micro-batch; unfinished jobs become interrupted and can be resumed."""
        with self._changed:
            self._closing = True
            if self._current is not None and self._current.stop is None:
                self._current.stop = "close"
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    # Called with `_changed` held

    def _take_lease(self, patience: float = LEASE_PATIENCE_SECONDS) -> None:
        if self._closing:
            raise BusyError("The program is closing and takes no more jobs.")
        if not self._lease.held:
            self._lease.acquire(patience)
            try:
                for job in self._store.interrupt_unfinished(INTERRUPTED):
                    log.warning("Job %s was left unfinished by an earlier process.", job.id)
            except BaseException:
                self._lease.release()
                raise
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
            self._thread.start()

    def _store_held_or_raise(self, job_id: str) -> None:
        if self._held is not None and self._held.job_id == job_id:
            error = self._store_held()
            if error is not None:
                raise error

    def _store_held(self) -> StorageError | None:
        """Try to store what could not be stored before; returns why it failed again."""
        held = self._held
        if held is None:
            return None
        try:
            for portion in held.unsaved:
                self._store.save_scores(held.job_id, portion, seconds=0.0)
                held = replace(held, unsaved=held.unsaved[1:])
            self._store.set_state(held.job_id, held.state, held.notice)
        except StorageError as error:
            self._held = held
            return error
        except InputError:
            log.info("Job %s was deleted while its end could not be stored.", held.job_id)
        self._held = None
        return None

    def _claim(self) -> Current | None:
        job = self._store.next_queued()
        if job is None:
            return None
        self._store.set_state(job.id, "running")
        return Current(job.id, time.monotonic())

    # Called without it

    def _stop(self, job_id: str, how: Literal["pause", "cancel"]) -> Job:
        with self._changed:
            current = self._current
            if current is not None and current.job_id == job_id:
                # A cancel overrides a pause that is still on its way.
                if current.stop is None or how == "cancel":
                    current.stop = how
                self._changed.notify_all()
                return self._store.job(job_id)
            self._take_lease()
            try:
                self._store_held_or_raise(job_id)
                job = self._store.job(job_id)
                stoppable = job.state == "queued" or (how == "cancel" and job.state in RESUMABLE)
                if not stoppable:
                    raise InputError("The job {job} is {state}.", job=job_id, state=job.state)
                return self._store.set_state(job_id, _STATE_AFTER[how])
            finally:
                self._changed.notify_all()

    def _work(self) -> None:
        """The worker thread: runs jobs until the runner is closed."""
        while (current := self._next()) is not None:
            held = self._run(current)
            with self._changed:
                self._held = held
                self._current = None
                self._store_held()
                self._changed.notify_all()

    def _next(self) -> Current | None:
        """Wait for the next job and mark it running; None when the runner is closing.

        While something could not be stored, nothing new is started. Without work the lease is given back.
        """
        with self._changed:
            while not self._closing:
                wait_seconds: float | None = self._retry_seconds
                try:
                    if self._store_held() is None:
                        self._current = self._claim()
                        if self._current is not None:
                            self._changed.notify_all()
                            return self._current
                        self._lease.release()
                        wait_seconds = None
                except StorageError as error:
                    log.warning("The queue cannot be read now: %s", error)
                self._changed.wait(wait_seconds)
            self._leave()
            return None

    def _leave(self) -> None:
        try:
            self._store_held()
            if self._lease.held:
                self._store.interrupt_unfinished(CLOSED)
        except StorageError as error:
            log.warning("Unfinished jobs are marked at the next start: %s", error)
        finally:
            self._lease.release()

    def _run(self, current: Current) -> Held:
        """Run one job to its end or its stop; returns the state it ends in."""
        state: JobState
        notice: JobNotice | None = None
        try:
            self._score(current)
            state = "done"
        except (NotSaved, StorageError) as error:
            state, notice = "paused", JobNotice.of(error)
        except StoppedError as error:
            if current.stop is None:
                state, notice = "interrupted", JobNotice.of(error)
            else:
                state, notice = _STATE_AFTER[current.stop], CLOSED if current.stop == "close" else None
        except WorkbenchError as error:
            state, notice = "failed", JobNotice.of(error)
        except Exception as error:
            # The thread's outermost frame: a fault in a model must not take the queue down with it.
            log.exception("Job %s failed.", current.job_id)
            state = "failed"
            notice = JobNotice(
                sentence(
                    "The job stopped because of an unexpected error ({kind}: {error}).",
                    kind=type(error).__name__,
                    error=str(error),
                ),
                "What was scored is kept; resume it to try again.",
            )
        if current.stop == "cancel" and state == "paused":
            state = "cancelled"
        return Held(current.job_id, state, notice, current.unsaved)

    def _score(self, current: Current) -> None:
        job = self._store.job(current.job_id)
        scorer = self._scorer_for(job)
        info = scorer.info
        if job.done and job.model is not None and job.model.fingerprint != info.fingerprint:
            raise InputError(
                "This job began with {old} and cannot go on with {new}: their scores do not mix.",
                hint="Load {old} again, or start this job from scratch.",
                old=f"{job.model.label} ({job.model.precision})",
                new=f"{info.label} ({info.precision})",
            )
        self._store.set_model(job.id, info)
        current.last_save = time.monotonic()
        current.stage = "looking up"
        requests = self._store.requests(job.id)
        done = self._store.pair_scores(job.id)

        def on_missing(missing: MissingPairs) -> None:
            work = sum(total_work(request.documents, most_work(info)) for request in missing.requests)
            # What went before, loading the model included, would make the model look slow.
            current.last_save = time.monotonic()
            current.pace = Pace(current.last_save, work)
            current.stage = "scoring"

        score_missing(
            scorer,
            requests,
            # How far two looks read a document depends on the others of its query: no other run may take it.
            None if info.two_looks else self._cache,
            save=lambda portion: self._save(current, portion),
            done=done,
            cancelled=lambda: current.stop is not None,
            on_missing=on_missing,
            keep_every=CACHE_PORTION,
            begun=job.scored > 0,
        )

    def _save(self, current: Current, portion: Portion) -> None:
        """Store a portion; when that fails, try for a while, then keep it in memory and stop the job."""
        arrived = time.monotonic()
        seconds = arrived - current.last_save
        current.unsaved += (portion,)
        while current.unsaved:
            try:
                self._store.save_scores(current.job_id, current.unsaved[0], seconds=seconds)
            except StorageError as error:
                if current.trouble is None:
                    log.warning("Job %s waits to store its scores: %s", current.job_id, error)
                current.trouble = JobNotice.of(error)
                if time.monotonic() - arrived >= self._storage_patience or current.stop is not None:
                    raise NotSaved.saying(
                        error.sentence, where=error.where, hint=error.advice.template
                    ) from error
                with self._changed:
                    self._changed.wait(self._retry_seconds)
            else:
                current.unsaved = current.unsaved[1:]
                current.trouble = None
        # Waiting for the storage is no part of the next micro-batch's time.
        current.last_save = time.monotonic()
        if current.pace is not None:
            current.pace.add(current.last_save, portion.scored, portion.tokens, portion.work)
