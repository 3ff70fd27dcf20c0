"""What the Rerank page remembers in a browser session: which run it looks at, also named in the address.

The run itself, with what was asked and its result, is kept by `core.workflows.rerank.running`.
"""

from dataclasses import dataclass

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.workflows.rerank.running import RerankingNow, RerankRuns, rerank_runs
from core.workflows.rerank.stored import AskedReranking
from pages.parts.asked.hand_over import taken_over
from pages.parts.asked.instruction_choice import fill_instruction
from pages.parts.asked.query_documents import fill_fields
from pages.parts.asked.recipe_choice import fill_recipe
from pages.parts.asked.two_looks_choice import fill_two_looks
from pages.parts.care.settings import fill_care
from pages.parts.frame.session import session_of
from pages.parts.frame.workbench import the_workbench

# In the address: the run that is looked at.
RUN = "run"


@dataclass(slots=True)
class RerankSession:
    """run_id: the run looked at. error: why the last click began nothing."""

    run_id: str | None = None
    error: WorkbenchError | None = None


def rerank_session() -> RerankSession:
    """This browser session's Rerank state."""
    return session_of(RerankSession, "rerank.session")


def the_runs() -> RerankRuns:
    """The rerankings of the workbench's home folder."""
    return rerank_runs(the_workbench().settings.home)


def open_reranking(run_id: str | None) -> None:
    """Look at a run just asked for, whose inputs are in the fields, or at none."""
    session = rerank_session()
    session.run_id, session.error = run_id, None
    if run_id is None:
        st.query_params.pop(RUN, None)
    else:
        st.query_params[RUN] = run_id


def reranking_in_view() -> RerankingNow | None:
    """The run in the address; after a page switch, which clears the address, the one looked at last.

    What was asked goes into the fields where the session did not ask it. To be called before they are drawn.
    """
    session, runs = rerank_session(), the_runs()
    handed = taken_over("rerank")
    if handed is not None:
        fill(AskedReranking(handed.query, handed.documents, handed.instruction))
        open_reranking(None)
    run_id = st.query_params.get(RUN) or session.run_id
    if run_id is None:
        return None
    try:
        run = runs.now(run_id)
    except InputError as error:
        open_reranking(None)
        session.error = error
        return None
    if session.run_id != run_id:
        fill(run.asked)
        session.error = None
    session.run_id = st.query_params[RUN] = run_id
    runs.look(run_id)
    return run


def fill(asked: AskedReranking) -> None:
    """Put what was asked into the fields."""
    fill_fields("rerank", asked.query, asked.documents)
    fill_instruction("rerank", asked.instruction)
    fill_care("rerank", asked.care)
    fill_recipe("rerank", asked.recipe.name if asked.recipe else "")
    fill_two_looks("rerank", asked.two_looks)
