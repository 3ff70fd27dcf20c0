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


def _questions(app: AppTest) -> AppTest:
    """The part with labelled questions."""
    app.session_state["retrieve.section"] = "questions"
    return app.run()


def test_from_the_sample_to_the_two_stage_table(
    app: AppTest, retrieval: RetrieveService, service: JobService, tmp_path: Path
) -> None:
    app.button(key="retrieve.sample").click().run()
    assert not app.exception and app.selectbox(key="retrieve.corpus").value == "sample"
    _until_vectors_are_there(app, retrieval)
    assert "passages: 302" in shown_texts(app)
    _questions(app).button(key="retrieve.measure_sample").click().run()
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


def test_before_the_vectors_a_search_goes_by_words_and_says_so(
    app: AppTest, retrieval: RetrieveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval.vectors, "start", lambda name: None)
    app.button(key="retrieve.sample").click().run()
    app.text_input(key="retrieve.query").set_value("滤芯可以用水洗吗").run()
    app.button(key="retrieve.search").click().run()
    result = _session(app).result
    assert result is not None and set(result.found[0].ranks) == {"bm25"}
    assert "By words only" in shown_texts(app)


def test_an_empty_query_is_a_sentence(app: AppTest, retrieval: RetrieveService) -> None:
    app.button(key="retrieve.sample").click().run()
    app.button(key="retrieve.search").click().run()
    assert not app.exception and "The query is empty." in shown_texts(app)


FAQ = "frage,antwort,lang\n1,A refund takes 3 days.,en\n2,首次使用前请充满电。,zh\n"


def test_columns_are_guessed_and_corrected_and_the_others_filter(
    app: AppTest, retrieval: RetrieveService
) -> None:
    app.text_input(key="retrieve.add_name").set_value("faq").run()
    app.file_uploader(key="retrieve.files").set_value(("faq.csv", FAQ.encode(), "text/csv")).run()
    assert not app.exception
    boxes = {box.label: box for box in app.selectbox if "retrieve.column_" in str(box.key)}
    assert set(boxes) == {"Document id", "Document", "Title", "Source"}
    boxes["Document"].set_value("antwort").run()
    boxes = {box.label: box for box in app.selectbox if "retrieve.column_" in str(box.key)}
    boxes["Title"].set_value("lang").run()
    boxes = {box.label: box for box in app.selectbox if "retrieve.column_" in str(box.key)}
    boxes["Title"].set_value("").run()
    boxes = {box.label: box for box in app.selectbox if "retrieve.column_" in str(box.key)}
    boxes["Document id"].set_value("").run()
    app.button(key="retrieve.add").click().run()
    assert not app.exception and "2 added" in shown_texts(app)
    corpus = retrieval.corpora.open("faq")
    assert corpus.metadata() == {"frage": {"1": 1, "2": 1}, "lang": {"en": 1, "zh": 1}}
    assert retrieval.vectors.wait("faq", timeout=60).error is None
    app.run()
    app.multiselect(key="retrieve.filter_faq_lang").set_value(["zh"]).run()
    app.text_input(key="retrieve.query").set_value("refund").run()
    app.button(key="retrieve.search").click().run()
    result = _session(app).result
    assert result is not None and [one.passage.id for one in result.found] == ["faq#3"]


def test_a_source_alone_is_deleted(app: AppTest, retrieval: RetrieveService) -> None:
    app.button(key="retrieve.sample").click().run()
    _until_vectors_are_there(app, retrieval)
    first = next(iter(retrieval.corpora.open("sample").info.sources))
    app.multiselect(key="retrieve.doomed_sample").set_value([first]).run()
    app.button(key="retrieve.delete").click().run()
    assert not app.exception
    info = retrieval.corpora.open("sample").info
    assert len(info.sources) == 2 and first not in info.sources and info.passages < 302


def test_candidates_of_plain_questions_become_a_batch(
    app: AppTest, retrieval: RetrieveService, service: JobService
) -> None:
    app.button(key="retrieve.sample").click().run()
    _until_vectors_are_there(app, retrieval)
    questions = "question\n滤芯可以用水洗吗\nHow long does a refund take?\n".encode()
    uploader = _questions(app).file_uploader(key="retrieve.questions")
    uploader.set_value(("asked.csv", questions, "text/csv")).run()
    app.slider(key="retrieve.most").set_value(5).run()
    app.button(key="retrieve.to_batch").click().run()
    (job,) = service.store.history(kind="batch")
    assert job.name == "sample · asked.csv" and 10 <= job.pairs <= 20


def test_n_marks_other_passages_without_scoring(app: AppTest, retrieval: RetrieveService) -> None:
    app.button(key="retrieve.sample").click().run()
    _until_vectors_are_there(app, retrieval)
    app.text_input(key="retrieve.query").set_value("滤芯可以用水洗吗").run()
    app.button(key="retrieve.search").click().run()
    before = _session(app).result
    app.slider(key="retrieve.n").set_value(3).run()
    assert _session(app).result is before
    # A larger k scores only what is new.
    app.slider(key="retrieve.k").set_value(25).run()
    app.button(key="retrieve.search").click().run()
    after = _session(app).result
    assert before is not None and after is not None
    assert 0 < after.scored <= len(after.found) - len(before.found) + 5 < len(after.found)
