"""How pages reach the loaded model: the process's one workbench, through the one function here.

The HTTP routes take the same object from `core.workflows.home.workbench`: their threads are no script runs,
where a cached function would warn.
"""

import streamlit as st

from core.workflows.home.workbench import Workbench, workbench

# How long a click waits for the first model; on a cold disk it takes about this long.
FIRST_MODEL_SECONDS = 60.0


@st.cache_resource(show_spinner=False)
def the_workbench() -> Workbench:
    """The workbench that owns the loaded model; it begins to load on first use."""
    return workbench()
