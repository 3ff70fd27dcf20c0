"""The app on its first page, in English, with the tests' own batches."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from pages.parts.frame.workbench import the_workbench

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")


@pytest.fixture(autouse=True)
def no_workbench_of_another_test() -> None:
    """The pages keep the workbench for the process's life, and a test's lives as long as the test."""
    the_workbench.clear()


@pytest.fixture
def service(embedded_workbench: Workbench, tmp_path: Path) -> Iterator[JobService]:
    """A service of its own home folder, on the loaded embedded model."""
    service = JobService(tmp_path / "home", scorer_of(embedded_workbench), JOB_KINDS)
    yield service
    service.close()


@pytest.fixture
def batch_app(embedded_workbench: Workbench, service: JobService, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app, not yet run; the process's workbench and service are the tests'."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    app = AppTest.from_file(ENTRY, default_timeout=90)
    app.session_state["app.language"] = "en"
    return app
