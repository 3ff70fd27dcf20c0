"""Runs: everything that was scored as a job; reopen, rename, delete, compare two."""

from core.errors import WorkbenchError
from core.workflows.kinds import job_service
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.runs.list import draw_cache, draw_runs

draw_title("runs")
try:
    service = job_service()
    draw_runs(service)
    draw_cache(service)
except WorkbenchError as error:
    show_error(error)
