"""Kinds of job: each declares itself, and all that works for every kind reads the declaration."""

from pathlib import Path

import pytest

from core.jobs import JobKind, NewJob, registry
from core.records import ScoringRequest
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.decisions import Decisions, DecisionStore
from tests.workflows.batch.batches import WrittenScorer

PAGES = Path(__file__).resolve().parents[2] / "pages"


def test_two_kinds_of_one_name_are_refused() -> None:
    kind = JobKind("batch", "Batch", "batch", details=lambda job: [])
    with pytest.raises(ValueError, match="batch, batch"):
        registry(kind, kind)


@pytest.mark.parametrize("kind", JOB_KINDS.values(), ids=JOB_KINDS)
def test_every_kind_is_opened_by_a_page_that_exists(kind: JobKind) -> None:
    assert (PAGES / f"{kind.page}.py").is_file()


def _service(home: Path) -> JobService:
    return JobService(home, lambda job: WrittenScorer(), JOB_KINDS)


def test_deleting_a_run_removes_what_its_kind_keeps_beside_it(tmp_path: Path) -> None:
    service = _service(tmp_path)
    try:
        requests = [ScoringRequest("q", ("d = 1",))]
        deleted, kept = (service.store.create(NewJob(name, "rewrite", requests)) for name in "ab")
        decisions = DecisionStore(tmp_path)
        for job in (deleted, kept):
            service.store.set_state(job.id, "done")
            decisions.save(job.id, Decisions({"all": True}))
        service.delete(deleted.id)
        assert decisions.read(deleted.id) is None
        assert decisions.read(kept.id) == Decisions({"all": True})
        assert [job.id for job in service.store.history()] == [kept.id]
    finally:
        service.close()


def test_a_kind_of_a_newer_version_is_listed_and_deleted(tmp_path: Path) -> None:
    service = _service(tmp_path)
    try:
        job = service.store.create(NewJob("new", "from the future", [ScoringRequest("q", ("d = 1",))]))
        service.store.set_state(job.id, "done")
        assert service.kind_of(job) is None
        service.delete(job.id)
        assert service.store.history() == []
    finally:
        service.close()
