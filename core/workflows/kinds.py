"""The kinds of job there are, and this process's service for all of them."""

import atexit
import threading

from core.errors import StorageError
from core.jobs import JobKinds, registry
from core.workflows.batch.opened import BATCH
from core.workflows.evaluate.jobs import EVALUATION
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import workbench
from core.workflows.rewrite.jobs import REWRITING
from core.workflows.sandbox.jobs import TRIAL

JOB_KINDS: JobKinds = registry(BATCH, EVALUATION, TRIAL, REWRITING)

_the_service: JobService | None = None
_creation = threading.Lock()


def job_service() -> JobService:
    """This process's jobs, in the workbench's home and scored by its model; started on first use."""
    global _the_service
    with _creation:
        if _the_service is None:
            bench = workbench()
            service = JobService(bench.settings.home, scorer_of(bench), JOB_KINDS)
            try:
                service.store.discard_unused_uploads()
                service.runner.start()
            except StorageError:
                service.close()
                raise
            atexit.register(service.close)
            _the_service = service
        return _the_service
