"""Retrieve: the whole pipeline on one's own passages, recall → rerank, stage by stage and measured."""

from core.errors import WorkbenchError
from core.workflows.kinds import job_service
from core.workflows.retrieve.service import retrieve_service
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import show_error
from pages.parts.frame.sections import draw_sections
from pages.parts.frame.workbench import the_workbench
from pages.parts.retrieve.corpus import draw_corpus
from pages.parts.retrieve.measured import draw_measured
from pages.parts.retrieve.questions import draw_questions
from pages.parts.retrieve.search import draw_search
from pages.parts.retrieve.session import retrieve_session, run_in_view

SECTIONS = {"search": "Search", "questions": "Labelled questions"}

bench = the_workbench()
session = retrieve_session()

draw_title("retrieve", opened=run_in_view() is not None)
try:
    service = retrieve_service()
    jobs = job_service()
    job_id = run_in_view()
    if job_id is not None:
        draw_measured(jobs, session, job_id)
    else:
        name = draw_corpus(service, session)
        if name is not None:
            if draw_sections("retrieve.section", "section", SECTIONS) == "search":
                draw_search(bench, service, jobs, session, name)
            else:
                draw_questions(bench, service, jobs, session, name)
except WorkbenchError as error:
    show_error(error)
