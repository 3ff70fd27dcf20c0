"""The verdict with a model's labels on the Evaluate page, as Streamlit runs it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
from core.judging.store import label_store
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from tests.pages.shown import shown_texts
from tests.workflows.evaluate.judged_by_both import JUDGE, labels, sheet

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")


@pytest.fixture
def evaluated(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The sample with few labels, scored; its verdict in English."""
    service = JobService(embedded_workbench.settings.home, scorer_of(embedded_workbench), JOB_KINDS)
    service.runner.start()
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    app = AppTest.from_file(ENTRY, default_timeout=120)
    app.session_state["app.language"] = "en"
    app.run().switch_page("pages/evaluate.py").run()
    app.file_uploader(key="evaluate.file").set_value(("few.csv", sheet(), "text/csv")).run()
    app.button(key="evaluate.run").click().run()
    assert service.runner.wait(app.session_state["evaluate.session"].job_id).state == "done"
    yield app
    service.close()


def test_a_models_labels_stand_beside_the_verdict_by_people(
    evaluated: AppTest, embedded_workbench: Workbench
) -> None:
    app = evaluated.run()
    assert not app.exception and "The model's labels of" not in shown_texts(app)
    store, judged_set = label_store(embedded_workbench.settings.home), hashlib.sha256(sheet()).hexdigest()
    store.save(judged_set, labels())
    try:
        shown = shown_texts(app.run())
        assert not app.exception
        assert "With the model's labels" in shown
        assert "By people's labels alone, of 30 queries" in shown
        assert "The model's labels of 34 more queries make it as good as " in shown
        assert "chosen by chance" in shown
        app.session_state["app.language"] = "zh"
        chinese = shown_texts(app.run())
        assert "加上模型的标注" in chinese and "模型对另外 34 个查询的标注" in chinese
    finally:
        store.forget(judged_set, JUDGE)
