"""What the Batch and Runs pages remember in a browser session.

Results are not here: they lie with their job, whose id is in the address.
"""

from dataclasses import dataclass, field

import streamlit as st

from core.jobs import InputFile, JobPlan
from core.sheets.meaning.importing import ImportedTable
from core.workflows.batch.input import BatchInput


@dataclass(slots=True)
class BatchSession:
    """upload, pool: the kept files; upload_ids: the browser's names of them, to see that they are new.

    batch: what `table` holds for the model, instruction and care in batch_key; plan: what scoring it takes
    with the kept scores as they were at plan_changes.
    job_id: the run that was looked at last.
    """

    upload: InputFile | None = None
    pool: InputFile | None = None
    upload_ids: dict[str, str] = field(default_factory=dict)
    table: ImportedTable | None = None
    batch: BatchInput | None = None
    batch_key: tuple[object, ...] = ()
    plan: JobPlan | None = None
    plan_changes: int = 0
    job_id: str | None = None


def batch_session() -> BatchSession:
    """This browser session's Batch state, made on first use."""
    if "batch.session" not in st.session_state:
        st.session_state["batch.session"] = BatchSession()
    session: BatchSession = st.session_state["batch.session"]
    return session
