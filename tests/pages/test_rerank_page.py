"""The pages as Streamlit runs them, with the real embedded model."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.workflows.home.workbench import Workbench
from core.workflows.rerank.running import rerank_runs
from core.workflows.rerank.samples import SAMPLES
from core.workflows.rerank.stored import AskedReranking
from pages.parts.frame.workbench import the_workbench
from tests.jobs.stub_scorer import StubScorer
from tests.pages.reranked import reranked, reranking_run
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")


@pytest.fixture
def app(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The app on its first page, in English; the process's workbench is the tests' loaded one."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["app.language"] = "en"
    yield app.run()


@pytest.mark.parametrize("language", [sample.language for sample in SAMPLES])
def test_a_sample_is_loaded_and_reranked(app: AppTest, language: str) -> None:
    sample = next(s for s in SAMPLES if s.language == language)
    app.button(key=f"rerank.sample_{language}").click().run()
    app.button(key="rerank.run").click().run()
    assert not app.exception
    result = reranked(app)
    assert result.ranked[0].index == sample.answer
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
    assert reranked(app).query == SAMPLES[1].query
    assert "Scored by" in shown_texts(app)


def test_a_reload_finds_the_result_and_what_was_asked(app: AppTest) -> None:
    app.button(key="rerank.sample_en").click().run()
    app.text_area(key="rerank.documents").set_value("one <p>tag</p>\ntwo").run()
    app.button(key="rerank.care_all").click().run()
    app.button(key="rerank.run").click().run()
    result = reranked(app)
    again = _opened(dict(app.query_params), "en")
    assert reranked(again) == result and "Scored by" in shown_texts(again)
    assert again.text_input(key="rerank.query").value == result.query
    assert again.text_area(key="rerank.documents").value == "one <p>tag</p>\ntwo"
    assert len(again.session_state["rerank.care_rules"]) > 3
    assert "The fields have changed" not in shown_texts(again)


def test_documents_with_blank_lines_come_back_whole(app: AppTest) -> None:
    asked = AskedReranking("where", ("one\n\nstill one", "two"))
    bench = the_workbench()
    runs = rerank_runs(bench.settings.home)
    run_id = runs.start(asked, bench.scorer, max_documents=50)
    runs.wait(run_id, 60)
    opened = _opened({"run": run_id}, "en")
    assert "Documents taken over: 2" in shown_texts(opened)
    assert "The fields have changed" not in shown_texts(opened)
    opened.button(key="rerank.run").click().run()
    assert {one.document for one in reranked(opened).ranked} == set(asked.documents)


def test_an_earlier_one_is_found_opened_and_deleted(app: AppTest) -> None:
    for query in ("first question", "second question"):
        app.text_input(key="rerank.query").set_value(query).run()
        app.text_area(key="rerank.documents").set_value("one\ntwo").run()
        app.button(key="rerank.run").click().run()
        assert reranked(app).query == query
    app.text_input(key="rerank.history_search").set_value("FIRST").run()
    found = [button for button in app.button if (button.key or "").startswith("rerank.reopen_")]
    assert [button.label for button in found][:1] == ["first question"]
    first = str(found[0].key).removeprefix("rerank.reopen_")
    found[0].click().run()
    assert reranked(app).query == "first question" == app.text_input(key="rerank.query").value
    app.button(key=f"rerank.forget_{first}").click().run()
    assert not app.exception and "run" not in app.query_params
    assert f"rerank.reopen_{first}" not in [button.key for button in app.button]


def test_what_a_notice_complains_of_is_mended_by_a_click(app: AppTest) -> None:
    app.text_input(key="rerank.query").set_value("where is it").run()
    app.text_area(key="rerank.documents").set_value("here it is\nelsewhere\nhere it is").run()
    app.button(key="rerank.run").click().run()
    assert len(reranked(app).ranked) == 3
    app.button(key="rerank.remedy_repeats").click().run()
    assert [one.document for one in reranked(app).ranked] == ["here it is", "elsewhere"]
    assert app.text_area(key="rerank.documents").value == "here it is\nelsewhere"
    assert "rerank.remedy_repeats" not in [button.key for button in app.button]


def test_long_documents_are_scored_in_chunks_by_a_click(app: AppTest) -> None:
    runs = rerank_runs(the_workbench().settings.home)
    # To the stub a text of more than 1,000 characters is too long.
    asked = AskedReranking("where is it", ("word " * 250, "short"))
    run_id = runs.start(asked, StubScorer, max_documents=50)
    runs.wait(run_id, 60)
    opened = _opened({"run": run_id}, "en")
    opened.button(key="rerank.remedy_chunks").click().run()
    run = reranking_run(opened)
    assert run.result is not None and run.asked.care.chunks is not None
    assert opened.toggle(key="rerank.care_chunks").value
    assert "rerank.remedy_chunks" not in [button.key for button in opened.button]


def test_what_is_read_is_shown_while_the_rest_is_read_and_after_a_stop(app: AppTest) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def before(number: int) -> None:
        if number == 3:
            reached.set()
            assert go_on.wait(60)

    runs = rerank_runs(the_workbench().settings.home)
    asked = AskedReranking("where is it", tuple(f"document {number}" for number in range(40)))
    run_id = runs.start(asked, lambda: StubScorer(before_batch=before), max_documents=50)
    try:
        assert reached.wait(60)
        running = _opened({"run": run_id}, "en")
        assert "Provisional order** of 16 of 40 documents" in shown_texts(running)
        table = running.dataframe[0].value
        assert list(table["New"]) == list(range(1, 17)) and "Moved" not in table
        # Whoever stops it keeps what was read.
        running.button(key="rerank.cancel").click().run()
    finally:
        go_on.set()
    runs.wait(run_id, 60)
    stopped = _opened({"run": run_id}, "en")
    text = shown_texts(stopped)
    assert "Stopped before the end" in text and "of 24 of 40 documents" in text


def test_a_run_that_is_gone_is_a_sentence(app: AppTest) -> None:
    gone = _opened({"run": "0" * 12}, "en")
    assert "There is no reranking" in shown_texts(gone) and "run" not in gone.query_params


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
    assert {r.document for r in reranked(app).ranked} == {"<b>bold</b> & $x$ *star*", "plain"}


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
