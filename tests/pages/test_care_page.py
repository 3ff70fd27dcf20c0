"""Document care and «why this score» on the Rerank and Batch pages, with the real embedded model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.workflows.care.preparing import CareSettings
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Status, Workbench
from tests.pages.replay import Browser
from tests.pages.reranked import reranked, reranking_run
from tests.workflows.evaluate.labelled_sheet import TableScorer

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
QUERY = "how long does a refund take"
FILLER = "Our shop sells many fine things for every house. " * 60
LONG = f"{FILLER}\n## Refunds\nA refund is back after three working days. Ask us.\n## More\n{FILLER}"


@pytest.fixture
def app(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    app = AppTest.from_file(ENTRY, default_timeout=90)
    app.session_state["app.language"] = "en"
    yield app.run()


def _texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.warning, app.error, app.info, app.text, app.get("html"))
    return "\n".join(_words(element) for kind in kinds for element in kind)


def _words(element: object) -> str:
    return str(getattr(element, "value", None) or getattr(getattr(element, "proto", None), "body", ""))


def _fill(app: AppTest, documents: str) -> None:
    app.text_input(key="rerank.query").set_value(QUERY).run()
    app.session_state["rerank.separation"] = "blank lines"
    app.text_area(key="rerank.documents").set_value(documents).run()
    assert not app.exception


def test_nothing_is_on_at_first(app: AppTest) -> None:
    _fill(app, "<p>Refunds take three days.</p>")
    app.button(key="rerank.run").click().run()
    run = reranking_run(app)
    assert run.result is not None and run.asked.care == CareSettings()


def test_rules_show_what_they_change_before_anything_is_scored(app: AppTest) -> None:
    _fill(app, "<p>Refunds take <b>three</b> days.</p>\n\nSame text twice.\n\nSame text twice.\n\nOK")
    app.button(key="rerank.care_all").click().run()
    assert not app.exception
    text = _texts(app)
    assert "Changed: 1 of 4 documents · HTML to text 1" in text
    assert "document 3 repeats document 2" in text
    assert "Very short: document 4. Give the model a whole sentence" in text
    assert "<del" in text and "&lt;b&gt;" in text
    app.button(key="rerank.care_none").click().run()
    assert "Changed:" not in _texts(app)


def test_chunks_are_scored_and_the_best_one_is_shown(app: AppTest) -> None:
    _fill(app, f"<p>Invoices come by <b>mail</b>.</p>\n\n{LONG}")
    app.button(key="rerank.care_all").click().run()
    app.toggle(key="rerank.care_chunks").set_value(True).run()
    app.number_input(key="rerank.care_tokens").set_value(128).run()
    app.button(key="rerank.run").click().run()
    assert not app.exception
    result = reranked(app)
    assert result.ranked[0].document == LONG
    assert result.ranked[0].care is not None and result.ranked[0].care.document.cut
    text = _texts(app)
    assert "three working days" in text and "best chunk:" in text and "Logits of the best chunks" in text


def test_overlap_that_does_not_fit_is_a_sentence(app: AppTest) -> None:
    app.toggle(key="rerank.care_chunks").set_value(True).run()
    app.number_input(key="rerank.care_tokens").set_value(64).run()
    assert "Overlap and least length do not fit" in _texts(app)
    assert not app.exception


def test_nothing_is_scored_while_the_numbers_for_chunks_do_not_fit(app: AppTest) -> None:
    _fill(app, "Refunds take three days.")
    app.button(key="rerank.run").click().run()
    app.toggle(key="rerank.care_chunks").set_value(True).run()
    app.number_input(key="rerank.care_overlap").set_value(600).run()
    assert not app.exception and app.button(key="rerank.run").disabled
    assert "The fields have changed since this result" in _texts(app)
    app.number_input(key="rerank.care_overlap").set_value(60).run()
    app.button(key="rerank.run").click().run()
    care = reranking_run(app).asked.care
    assert care.chunks is not None and care.chunks.overlap == 60


def test_no_batch_starts_while_the_numbers_for_chunks_do_not_fit(batch_app: AppTest) -> None:
    app = batch_app.run().switch_page("pages/batch.py").run()
    sheet = f"query,document\n{QUERY},Refunds take three days.\n"
    app.file_uploader(key="batch.file").set_value(("q.csv", sheet.encode(), "text/csv")).run()
    app.toggle(key="batch.care_chunks").set_value(True).run()
    assert "batch.run" in [button.key for button in app.button]
    app.number_input(key="batch.care_overlap").set_value(600).run()
    assert not app.exception and "Overlap and least length do not fit" in _texts(app)
    assert "batch.run" not in [button.key for button in app.button]


def test_another_language_keeps_how_chunks_count(app: AppTest) -> None:
    app.toggle(key="rerank.care_chunks").set_value(True).run()
    app.selectbox(key="rerank.care_top").set_value(3).run()
    _fill(app, "<p>Refunds</p>\n\n<p>Invoices</p>")
    app.button(key="rerank.care_all").click().run()
    app.selectbox(key="rerank.care_document_2").set_value(1).run()
    browser = Browser(app)
    app.session_state["app.language"] = "zh"
    for _ in range(2):
        browser.click()
        assert browser.shown("rerank.care_top") == "前 3 块的均值"
        assert browser.shown("rerank.care_document_2").startswith("文档 2")
        assert app.session_state["rerank.care_top"] == 3
        assert app.session_state["rerank.care_document_2"] == 1


def test_why_this_score_is_answered_once_and_kept(app: AppTest) -> None:
    _fill(app, "We sell hats. Refunds take three days. <b>Write</b> to us.")
    app.button(key="rerank.run").click().run()
    reranked(app)
    app.button(key="rerank.why").click().run()
    assert not app.exception
    assert "(approximate)" in _texts(app)
    shaded = "".join(_words(element) for element in app.get("html"))
    # What a user wrote never becomes part of the page.
    assert "<mark" in shaded and "&lt;b&gt;Write" in shaded and "<b>Write" not in shaded
    app.run()
    assert "(approximate)" in _texts(app)


def test_what_another_model_said_of_a_score_goes_with_it(
    app: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(app, "We sell hats. Refunds take three days.")
    app.button(key="rerank.run").click().run()
    reranked(app)
    with monkeypatch.context() as other:
        scorer = TableScorer({})
        other.setattr(embedded_workbench, "_scorer", scorer)
        other.setattr(embedded_workbench, "_status", Status(active=scorer.info))
        app.run()
        app.button(key="rerank.why").click().run()
        assert "Scored by Table table now" in _texts(app)
        app.run()
        assert "Scored by Table table now" in _texts(app)
    app.run()
    assert "(approximate)" not in _texts(app)
    app.button(key="rerank.why").click().run()
    assert "(approximate)" in _texts(app) and "Scored by Table table now" not in _texts(app)


def test_a_batch_is_cared_for_and_shows_what_was_done(batch_app: AppTest, service: JobService) -> None:
    batch_app.run()
    app = batch_app.switch_page("pages/batch.py").run()
    sheet = f'query,document\n{QUERY},"<p>Invoices come by <b>mail</b>.</p>"\n{QUERY},"{LONG}"\n'
    app.file_uploader(key="batch.file").set_value(("q.csv", sheet.encode(), "text/csv")).run()
    app.button(key="batch.care_all").click().run()
    app.toggle(key="batch.care_chunks").set_value(True).run()
    app.number_input(key="batch.care_tokens").set_value(128).run()
    assert not app.exception
    assert "Changed: 1 of 2 documents" in _texts(app)
    assert "Documents scored in chunks: 1, as" in _texts(app)
    app.button(key="batch.run").click().run()
    service.runner.wait(service.store.history()[0].id)
    app.run()
    app.session_state["batch.section"] = "queries"
    app.run()
    assert not app.exception
    text = _texts(app)
    assert "Clean and split documents: HTML to text" in text
    assert "three working days" in text and "best chunk:" in text
