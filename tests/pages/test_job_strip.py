"""The sidebar's lines about work. Streamlit's own test draws the frame in a session's first run only."""

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import NewJob
from core.records import ScoringRequest
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.rerank.running import rerank_runs
from core.workflows.rerank.stored import AskedReranking
from tests.pages.conftest import ENTRY

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def workbench_of_tests(batch_app: AppTest, embedded_workbench: Workbench) -> None:
    """What other tests left in the home is forgotten: it is the whole run's."""
    rerank_runs(embedded_workbench.settings.home).forget(None)


def _finished(service: JobService, name: str) -> str:
    """A job that has ended."""
    requests = (ScoringRequest("query", ("one", "two")),)
    job = service.runner.submit(NewJob(name, "batch", requests, {"model": "embedded"}))
    assert service.runner.wait(job.id).state == "done"
    return job.id


def _opened(**address: str) -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=90)
    app.session_state["app.language"] = "en"
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


def _labels(app: AppTest) -> list[str]:
    return [one.label for one in app.sidebar.button if (one.key or "").startswith("app.strip_")]


def test_without_work_there_is_no_strip() -> None:
    assert _labels(_opened()) == []


def test_what_ended_is_named_until_it_is_opened(service: JobService) -> None:
    job_id = _finished(service, "prices.xlsx")
    assert _labels(_opened()) == ["prices.xlsx", "Seen"]
    assert _labels(_opened(job=job_id)) == []
    assert _labels(_opened()) == []


def test_many_are_counted(service: JobService) -> None:
    for number in range(5):
        _finished(service, f"{number}.xlsx")
    app = _opened()
    assert _labels(app) == ["4.xlsx", "3.xlsx", "2.xlsx", "Seen"]
    assert "… and 2 more" in [one.value for one in app.sidebar.caption]


def test_a_reranking_that_was_left_alone_is_told_when_it_ends(embedded_workbench: Workbench) -> None:
    runs = rerank_runs(embedded_workbench.settings.home)
    asked = AskedReranking("where is it", ("a", "b"))
    run_id = runs.start(asked, embedded_workbench.scorer, max_documents=50)
    runs.wait(run_id, PATIENCE)
    assert _labels(_opened()) == ["where is it", "Seen"]
    opened = _opened(run=run_id)
    assert opened.text_input(key="rerank.query").value == "where is it"
    assert _labels(_opened()) == []
