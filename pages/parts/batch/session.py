"""What the Batch page remembers in a browser session.

Results are not here: they lie with their job, whose id is in the address.
"""

from dataclasses import dataclass, field

from core.jobs import InputFile, JobPlan
from core.models.remote.cost import Estimate
from core.sentences import Sentence
from core.sheets.meaning.importing import ImportedTable
from core.workflows.batch.input import BatchInput
from pages.parts.frame.session import session_of
from pages.parts.job.opened import open_job


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A copy of the reader's workbook with results. asked: of which run, how; another wish makes another."""

    asked: tuple[object, ...]
    content: bytes


@dataclass(slots=True)
class BatchSession:
    """upload, pool: the kept files; upload_ids: the browser's names of them, to see that they are new.

    batch: what `table` holds for the model, instruction and care in batch_key; plan, expected_cost: what
    scoring it takes, with the kept scores as they were at plan_changes.
    job_id: the run that was looked at last. lost: of a run, what a copy of its workbook would not have; copy:
    the one made last.
    """

    upload: InputFile | None = None
    pool: InputFile | None = None
    upload_ids: dict[str, str] = field(default_factory=dict)
    table: ImportedTable | None = None
    batch: BatchInput | None = None
    batch_key: tuple[object, ...] = ()
    plan: JobPlan | None = None
    expected_cost: tuple[int, Estimate] | None = None
    plan_changes: int = 0
    job_id: str | None = None
    lost: dict[str, tuple[Sentence, ...]] = field(default_factory=dict)
    copy: MadeCopy | None = None


def batch_session() -> BatchSession:
    """This browser session's Batch state."""
    return session_of(BatchSession, "batch.session")


def open_run(job_id: str | None) -> None:
    """Look at a run, or at none."""
    open_job(batch_session(), job_id)
