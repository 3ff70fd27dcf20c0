"""What the Evaluate page remembers in a browser session, and in the address beside the run."""

from dataclasses import dataclass, field
from functools import cached_property

import streamlit as st

from core.errors import WorkbenchError
from core.evaluation.judged import Run
from core.evaluation.judgements import is_trec_id
from core.jobs import InputFile, JobPlan
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import ImportedRuns
from core.workflows.evaluate.judging import ReadGrades
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.evaluate.kept import kept_files as kept_files_of
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.scores import ScoredSystem, reranked
from core.workflows.judge.by_people import Given
from pages.parts.frame.session import session_of
from pages.parts.frame.workbench import the_workbench
from pages.parts.job.opened import COMPARED, SECTION, looked_at, open_job

# In the address: the fingerprint of the judge whose grades stand where people gave none.
GRADED = "graded"


@dataclass(frozen=True)
class Opened:
    """An evaluation that is looked at: its data, the models that scored it, runs of other tools beside them.

    judged_set: under which name its grades are kept. key: changes when any of this does.
    """

    key: tuple[object, ...]
    name: str
    judged_set: str
    data: EvaluationData
    systems: tuple[ScoredSystem, ...]
    others: tuple[Run, ...]

    @cached_property
    def orders(self) -> tuple[Run, ...]:
        """All orders of the candidates, the one before first; no grade changes them."""
        return (self.data.initial, *(reranked(self.data, system) for system in self.systems), *self.others)

    @cached_property
    def unwritable(self) -> bool:
        """Whether some query or document has an id that TREC's files cannot hold."""
        return any(
            not is_trec_id(name) for query, texts in self.data.texts.items() for name in (query, *texts)
        )


@dataclass(slots=True)
class EvaluateSession:
    """job_id: the run that is looked at. upload: the kept file; draft, plan: what it holds and what scoring
    takes, for the present choices.

    compared: ids of further jobs by the job that is looked at. opened, imported, outcome: what was read or
    computed last, with the keys they belong to.
    taken_over: what came of the last file of judgements.
    given: acts of judging by judged set, the last one last; skipped: (query id, document id) by judged set.
    """

    job_id: str | None = None
    upload: InputFile | None = None
    upload_id: str = ""
    draft: EvaluationData | None = None
    draft_key: tuple[object, ...] = ()
    plan: JobPlan | None = None
    plan_key: tuple[object, ...] = ()
    compared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    opened: Opened | None = None
    imported: ImportedRuns | None = None
    imported_key: str = ""
    outcome: Outcome | None = None
    outcome_key: tuple[object, ...] = ()
    given: dict[str, list[Given]] = field(default_factory=dict)
    skipped: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    taken_over: ReadGrades | WorkbenchError | None = None


def evaluate_session() -> EvaluateSession:
    """This browser session's Evaluate state."""
    return session_of(EvaluateSession, "evaluate.session")


def open_run(run_id: str | None) -> None:
    """Look at a run, or at none. What the address says beside it belongs to the run looked at before."""
    session = evaluate_session()
    session.taken_over = None
    open_job(session, run_id)
    st.query_params.pop(COMPARED, None)
    st.query_params.pop(GRADED, None)
    if run_id is None:
        st.query_params.pop(SECTION, None)


def run_in_view() -> str | None:
    """The run in the address; after a page switch, which clears the address, the one looked at last."""
    session = evaluate_session()
    returned = "job" not in st.query_params
    run_id = looked_at(session)
    if returned and run_id is not None:
        compare_with(session, run_id, compared_with(session, run_id))
    return run_id


def compared_with(session: EvaluateSession, job_id: str) -> tuple[str, ...]:
    """Ids of the runs that a run is compared with; from the address when the session is new."""
    if job_id not in session.compared:
        asked = st.query_params.get(COMPARED, "")
        session.compared[job_id] = tuple(part for part in asked.split(",") if part)
    return session.compared[job_id]


def compare_with(session: EvaluateSession, job_id: str, others: tuple[str, ...]) -> None:
    """Compare a run with these, and remember it in the address."""
    session.compared[job_id] = others
    if others:
        st.query_params[COMPARED] = ",".join(others)
    else:
        st.query_params.pop(COMPARED, None)


def kept_files() -> KeptFiles:
    """The run files of the workbench's home folder."""
    return kept_files_of(the_workbench().settings.home)
