"""A scored batch of the hand-made table, once per test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.workflows.batch.opened import open_run
from core.workflows.batch.results import BatchRun
from core.workflows.home.job_service import JobService
from tests.workflows.batch.batches import import_text, run_batch


@pytest.fixture
def scored(tmp_path: Path) -> Iterator[tuple[JobService, BatchRun]]:
    """The service and the opened run."""
    service, job = run_batch(tmp_path, import_text(tmp_path))
    assert job.state == "done"
    yield service, open_run(service.store, job.id)
    service.close()
