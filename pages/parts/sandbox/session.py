"""What the Sandbox page remembers in a browser session."""

from dataclasses import dataclass, field

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import InputFile, JobPlan
from core.workflows.evaluate.data import EvaluationData
from core.workflows.sandbox.jobs import Trial
from core.workflows.sandbox.matrix import Matrix
from core.workflows.sandbox.sensitivity import Sensitivity
from core.workflows.sandbox.side_by_side import SideBySide
from pages.parts.frame.session import session_of

SECTION_KEY = "sandbox.section"


@dataclass(slots=True)
class SandboxSession:
    """slots: the numbers of the instruction fields, in their order; each has its text under `text_key`.

    result, asked: the last comparison and what it was made from; the same for sensitivity.
    upload: the kept table; draft, plan: what it holds and what scoring takes, for the present choices.
    job_id: the trial that is looked at; trial, matrix: what was read and computed last, with their keys.
    """

    slots: list[int] = field(default_factory=list)
    next_slot: int = 0
    result: SideBySide | None = None
    asked: tuple[object, ...] = ()
    error: WorkbenchError | None = None
    sensitivity: Sensitivity | None = None
    sensitivity_asked: tuple[object, ...] = ()
    upload: InputFile | None = None
    upload_id: str = ""
    draft: EvaluationData | None = None
    draft_key: tuple[object, ...] = ()
    plan: JobPlan | None = None
    plan_key: tuple[object, ...] = ()
    job_id: str | None = None
    trial: Trial | None = None
    trial_key: tuple[object, ...] = ()
    matrix: Matrix | None = None
    matrix_key: tuple[object, ...] = ()


def sandbox_session() -> SandboxSession:
    """This browser session's Sandbox state."""
    return session_of(SandboxSession, "sandbox.session")


def text_key(slot: int) -> str:
    """The session key of an instruction field."""
    return f"sandbox.text_{slot}"


def add_slot(session: SandboxSession, instruction: str) -> None:
    """Put another instruction field at the end."""
    st.session_state[text_key(session.next_slot)] = instruction
    session.slots.append(session.next_slot)
    session.next_slot += 1


def remove_slot(session: SandboxSession, slot: int) -> None:
    """Take an instruction field away."""
    session.slots.remove(slot)
