"""Which job a page looks at: it stands in the address, so that a reload or another browser finds it."""

from typing import Protocol

import streamlit as st

from core.jobs import JobPlan

# In the address: the file that a start page holds.
FILE = "file"
# In the address: the query that is looked at.
QUERY = "query"
# In the address: ids of the runs that the one looked at is compared with; the section looked at.
COMPARED, SECTION = "with", "section"


class LooksAtJobs(Protocol):
    """A page's session: the job looked at last, and the plan of the next one."""

    job_id: str | None
    plan: JobPlan | None


def open_job(session: LooksAtJobs, job_id: str | None) -> None:
    """Look at a job, or at none; what was planned before is out of date.

    The file in the address belongs to the start.
    """
    session.job_id, session.plan = job_id, None
    st.query_params.pop(QUERY, None)
    if job_id is None:
        st.query_params.pop("job", None)
    else:
        st.query_params["job"] = job_id
        st.query_params.pop(FILE, None)


def looked_at(session: LooksAtJobs) -> str | None:
    """The job in the address; after a page switch, which clears the address, the one looked at last."""
    asked = st.query_params.get("job")
    if asked is None and session.job_id is not None:
        st.query_params["job"] = session.job_id
    session.job_id = asked or session.job_id
    return session.job_id
