"""What the Evaluate page remembers in a browser session, and the process's stores of grades and runs."""

import threading
from dataclasses import dataclass, field

import streamlit as st

from core.errors import WorkbenchError
from core.evaluation.judged import Run
from core.evaluation.judgements import Judgement
from core.jobs import InputFile, JobPlan
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import ImportedRuns
from core.workflows.evaluate.judging import JudgementStore, ReadGrades
from core.workflows.evaluate.kept import KeptFiles
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.scores import ScoredSystem
from core.workflows.home.workbench import workbench

# In the address: ids of the runs that the one looked at is compared with.
COMPARED = "with"
# In the address: the section looked at.
SECTION = "section"

_stores: dict[str, tuple[JudgementStore, KeptFiles]] = {}
_creation = threading.Lock()


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Given:
    """A grade that was given on this page, and the one it replaced, for «undo»."""

    grade: Judgement
    before: Judgement | None


@dataclass(slots=True)
class EvaluateSession:
    """job_id: the run that is looked at. upload: the kept file; draft, plan: what it holds and what scoring
    takes, for the present choices.

    compared: ids of further jobs by the job that is looked at. opened, imported, outcome: what was read or
    computed last, with the keys they belong to.
    taken_over: what came of the last file of judgements.
    given: grades by judged set, the last one last; skipped: (query id, document id) by judged set.
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
    """This browser session's Evaluate state, made on first use."""
    if "evaluate.session" not in st.session_state:
        st.session_state["evaluate.session"] = EvaluateSession()
    session: EvaluateSession = st.session_state["evaluate.session"]
    return session


def open_job(job_id: str | None) -> None:
    """Look at a run, or at none. It stays in the address, so that a reload or another browser finds it."""
    session = evaluate_session()
    session.job_id, session.plan, session.taken_over = job_id, None, None
    st.query_params.pop(COMPARED, None)
    if job_id is None:
        st.query_params.pop("job", None)
        st.query_params.pop(SECTION, None)
    else:
        st.query_params["job"] = job_id


def looked_at() -> str | None:
    """The run in the address; after a page switch, which clears the address, the one looked at last."""
    session = evaluate_session()
    asked = st.query_params.get("job")
    if asked is None and session.job_id is not None:
        st.query_params["job"] = session.job_id
        compare_with(session, session.job_id, compared_with(session, session.job_id))
    session.job_id = asked or session.job_id
    return session.job_id


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


def judgement_store() -> JudgementStore:
    """The grades of the workbench's home folder; one object per process."""
    return _kept_here()[0]


def kept_files() -> KeptFiles:
    """The run files of the workbench's home folder; one object per process."""
    return _kept_here()[1]


def _kept_here() -> tuple[JudgementStore, KeptFiles]:
    home = workbench().settings.home
    with _creation:
        if str(home) not in _stores:
            _stores[str(home)] = (JudgementStore(home), KeptFiles(home))
        return _stores[str(home)]
