"""The pages as Streamlit runs them, with the real embedded model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.workflows.home.workbench import Workbench
from core.workflows.rerank.samples import SAMPLES
from pages.parts.rerank.session import RerankSession
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")


@pytest.fixture
def app(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The app on its first page, in English; the process's workbench is the tests' loaded one."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["app.language"] = "en"
    yield app.run()


def _session(app: AppTest) -> RerankSession:
    session = app.session_state["rerank.session"]
    assert isinstance(session, RerankSession)
    return session


@pytest.mark.parametrize("language", [sample.language for sample in SAMPLES])
def test_a_sample_is_loaded_and_reranked(app: AppTest, language: str) -> None:
    sample = next(s for s in SAMPLES if s.language == language)
    app.button(key=f"rerank.sample_{language}").click().run()
    app.button(key="rerank.run").click().run()
    assert not app.exception
    result = _session(app).result
    assert result is not None and result.ranked[0].index == sample.answer
    text = shown_texts(app)
    assert "embedded multilingual-e5-small" in text and "not Qwen3" in text
    assert sample.documents[sample.answer] in text


def test_no_documents_is_a_sentence_and_the_query_stays(app: AppTest) -> None:
    app.text_input(key="rerank.query").set_value("where is my parcel").run()
    app.button(key="rerank.run").click().run()
    assert not app.exception
    assert "There are no documents." in shown_texts(app)
    assert app.text_input(key="rerank.query").value == "where is my parcel"


def test_an_empty_query_is_a_sentence_and_the_documents_stay(app: AppTest) -> None:
    app.text_area(key="rerank.documents").set_value("one\ntwo").run()
    app.button(key="rerank.run").click().run()
    assert "The query is empty." in shown_texts(app)
    assert app.text_area(key="rerank.documents").value == "one\ntwo"


def test_too_many_documents_keep_the_last_result(app: AppTest) -> None:
    app.button(key="rerank.sample_en").click().run()
    app.button(key="rerank.run").click().run()
    app.text_area(key="rerank.documents").set_value("\n".join(f"document {n}" for n in range(51))).run()
    app.button(key="rerank.run").click().run()
    assert "51 documents are more than the 50" in shown_texts(app)
    assert _session(app).result is not None


def test_chinese_interface_speaks_chinese(app: AppTest) -> None:
    app.session_state["app.language"] = "zh"
    app.run()
    app.button(key="rerank.run").click().run()
    assert app.header[0].value == "重排序"
    assert "查询为空" in shown_texts(app)


def test_odd_characters_are_scored_and_shown_as_they_are(app: AppTest) -> None:
    app.text_input(key="rerank.query").set_value("a").run()
    app.text_area(key="rerank.documents").set_value("<b>bold</b> & $x$ *star*\nplain").run()
    app.button(key="rerank.run").click().run()
    assert not app.exception
    session = _session(app)
    assert session.result is not None
    assert {r.document for r in session.result.ranked} == {"<b>bold</b> & $x$ *star*", "plain"}


def test_the_model_page_names_the_model_and_says_that_no_selftest_ran(app: AppTest) -> None:
    app.switch_page("pages/model.py").run()
    assert not app.exception
    text = shown_texts(app)
    assert "embedded multilingual-e5-small" in text
    assert "Not run: no weights." in text
    assert "Qwen3-Reranker-8B" in text


def test_a_folder_without_a_model_is_refused_with_a_sentence(app: AppTest, tmp_path: Path) -> None:
    app.switch_page("pages/model.py").run()
    app.text_input(key="model.folder").set_value(str(tmp_path / "nothing")).run()
    app.button(key="model.use_folder").click().run()
    assert not app.exception


def _opened(address: dict[str, str], chosen: str | None = None) -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.query_params.update(address)
    if chosen is not None:
        app.session_state["app.language"] = chosen
    app.run()
    assert not app.exception
    return app


def test_a_language_that_is_not_the_browsers_stays_in_the_address(app: AppTest) -> None:
    assert "lang" not in app.query_params
    chinese = _opened({"job": "some"}, "zh")
    assert chinese.query_params == {"job": "some", "lang": "zh"}
    reloaded = _opened({"job": "some", "lang": "zh"})
    assert reloaded.header[0].value == "重排序" and reloaded.query_params["lang"] == "zh"


def test_a_language_chosen_since_replaces_that_in_the_address(app: AppTest) -> None:
    back = _opened({"lang": "zh"}, "en")
    assert back.header[0].value == "Rerank" and back.query_params["lang"] == "en"
