"""Connect: how other programs are connected, and what they have asked lately."""

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.serving.answers import answer_service
from pages.parts.connect.address import draw_connect
from pages.parts.connect.requests import draw_requests
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.frame.workbench import the_workbench

bench = the_workbench()
draw_title("connect")
left, right = st.columns([1, 1], gap="large")
try:
    with left:
        draw_connect(bench.settings)
    with right:
        draw_requests(answer_service().recent)
except WorkbenchError as error:
    show_error(error)
