"""The Retrieve page as Streamlit runs it, with the embedded pair of models on the sample corpus."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.retrieve.service as service_module
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.export import pipeline_excel, search_excel
from core.workflows.retrieve.measuring import TWO_STAGES
from core.workflows.retrieve.service import RetrieveService
from pages.parts.retrieve.session import RetrieveSession
from tests.pages.shown import shown_texts


@pytest.fixture
def retrieval(
    embedded_workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RetrieveService]:
    """Corpora of this test's own."""
    service = RetrieveService(embedded_workbench.settings, Corpora(tmp_path / "home"))
    monkeypatch.setattr(service_module, "_the_service", service)
    yield service
    service.close()


@pytest.fixture
def app(batch_app: AppTest, retrieval: RetrieveService) -> AppTest:
    """The page, not yet with a corpus."""
    return batch_app.run().switch_page("pages/retrieve.py").run()


def _session(app: AppTest) -> RetrieveSession:
    session = app.session_state["retrieve.session"]
    assert isinstance(session, RetrieveSession)
    return session


def _until_vectors_are_there(app: AppTest, retrieval: RetrieveService) -> AppTest:
    state = retrieval.vectors.wait("sample", timeout=120)
    assert state.error is None and state.done == state.total
    return app.run()


def test_from_the_sample_to_the_two_stage_table(
    app: AppTest, retrieval: RetrieveService, service: JobService, tmp_path: Path
) -> None:
    app.button(key="retrieve.sample").click().run()
    assert not app.exception and app.selectbox(key="retrieve.corpus").value == "sample"
    _until_vectors_are_there(app, retrieval)
    assert "passages: 302" in shown_texts(app)
    app.button(key="retrieve.measure_sample").click().run()
    assert not app.exception
    job_id = app.query_params["job"]
    job_id = job_id[0] if isinstance(job_id, list) else job_id
    service.runner.start()
    service.runner.wait(job_id)
    app.run()
    assert not app.exception
    pipeline = _session(app).pipeline
    assert pipeline is not None
    by_name = {system.run.name: system for system in pipeline.systems}
    assert by_name[TWO_STAGES].pairs > 20 and by_name["bm25"].pairs == 0
    shown = shown_texts(app)
    assert "64, of which 9 have no answer" in shown and "Two stages compared with" in shown
    path = tmp_path / "report.xlsx"
    path.write_bytes(pipeline_excel(pipeline))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Systems", "Compared", "Curve", "Per question", "Settings"]
    assert [row[0].value for row in book["Systems"].iter_rows(min_row=2)] == list(by_name)
    # The same run is an evaluation of the union's candidates.
    app.switch_page("pages/evaluate.py")
    app.query_params["job"] = job_id
    app.run()
    assert not app.exception and "sample" in shown_texts(app)


def test_a_search_shows_every_stage(app: AppTest, retrieval: RetrieveService, tmp_path: Path) -> None:
    app.button(key="retrieve.sample").click().run()
    _until_vectors_are_there(app, retrieval)
    app.text_input(key="retrieve.query").set_value("滤芯可以用水洗吗").run()
    app.button(key="retrieve.search").click().run()
    assert not app.exception
    result = _session(app).result
    assert result is not None and result.found[0].passage.id == "m-z14"
    assert set(result.found[0].ranks) == {"bm25", "embedding"} and result.found[0].score is not None
    shown = shown_texts(app)
    assert "reranking:" in shown and "candidates:" in shown
    path = tmp_path / "search.xlsx"
    path.write_bytes(search_excel(result))
    sheet = openpyxl.load_workbook(path)["Results"]
    assert sheet.cell(2, 8).value == "m-z14" and sheet.max_row == len(result.found) + 1


def test_an_empty_query_is_a_sentence(app: AppTest, retrieval: RetrieveService) -> None:
    app.button(key="retrieve.sample").click().run()
    app.button(key="retrieve.search").click().run()
    assert not app.exception and "The query is empty." in shown_texts(app)
