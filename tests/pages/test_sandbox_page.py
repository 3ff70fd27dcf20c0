"""The Sandbox page as Streamlit runs it, with the real embedded model and a small labelled sheet."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import instruction_library
from core.workflows.kinds import JOB_KINDS
from pages.parts.sandbox.instructions import OWN_WORDS
from pages.parts.sandbox.sensitivity import DEFAULT_NAME
from pages.parts.sandbox.session import SandboxSession
from tests.pages.replay import Browser
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
TOPICS = (
    "退款",
    "发票",
    "物流",
    "积分",
    "优惠券",
    "密码",
    "换货",
    "保修",
    "取消订单",
    "证明",
    "电话",
    "配送",
)
OWN = "Given a customer's question, retrieve the steps that solve it"


def _table(labelled: bool = True) -> bytes:
    """Twenty-four queries of three documents, the answer last."""
    rows: list[list[object]] = [["查询", "文档", *(["标签", "分组"] if labelled else [])]]
    for number in range(24):
        topic, other = TOPICS[number % 12], TOPICS[(number + 5) % 12]
        question = f"怎么办理{topic}？" if number < 12 else f"{topic}在哪里办？"
        documents = [
            (f"{other}请咨询门店{number}。", 0),
            (f"帮助中心第{number}页。", 0),
            (f"{topic}：打开“我的”提交。", 1),
        ]
        for text, label in documents:
            rows.append([question, text, *([label, "单" if number % 2 else "双"] if labelled else [])])
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


Tried = Callable[[bytes], AppTest]


@pytest.fixture(scope="module")
def service(embedded_workbench: Workbench) -> Iterator[JobService]:
    """Jobs in a home folder of this module: what one test scored, the next finds in the cache."""
    opened = JobService(embedded_workbench.settings.home, scorer_of(embedded_workbench), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


@pytest.fixture
def app(
    service: JobService, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    """The Sandbox page in English, with an empty library afterwards."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    app = AppTest.from_file(ENTRY, default_timeout=120)
    app.session_state["app.language"] = "en"
    yield app.run().switch_page("pages/sandbox.py").run()
    library = instruction_library(embedded_workbench.settings.home)
    for saved in library.all():
        library.remove(saved.name)


@pytest.fixture
def tried(app: AppTest, service: JobService) -> Tried:
    """Upload a table, try the instructions on it, and wait until the job is done."""

    def go(content: bytes) -> AppTest:
        _section(app, "data")
        app.file_uploader(key="sandbox.table_file").set_value(("标注.csv", content, "text/csv")).run()
        app.button(key="sandbox.try").click().run()
        job_id = _session(app).job_id
        assert job_id is not None and service.runner.wait(job_id).state == "done"
        return _clean(app.run())

    return go


def _session(app: AppTest) -> SandboxSession:
    session = app.session_state["sandbox.session"]
    assert isinstance(session, SandboxSession)
    return session


def _clean(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].value
    return app


def _section(app: AppTest, name: str) -> AppTest:
    app.query_params["section"] = name  # as a link does
    return _clean(app.run())


def _compared(app: AppTest, language: str = "en") -> AppTest:
    app.button(key=f"sandbox.sample_{language}").click().run()
    return _clean(app.button(key="sandbox.run").click().run())


def test_a_sample_is_compared_under_three_instructions(app: AppTest) -> None:
    _compared(app)
    result = _session(app).result
    assert result is not None and len(result.results) == 3
    text = shown_texts(app)
    assert "Tried as words in front of the query, because embedded multilingual-e5-small" in text
    assert "not Qwen3" in text
    summary, table = (frame.value for frame in app.dataframe)
    assert summary.shape[0] == 3 and table.shape[0] == 10


def test_only_what_differs_is_shown_on_request(app: AppTest) -> None:
    _compared(app)
    result = _session(app).result
    assert result is not None
    app.toggle(key="sandbox.differs").set_value(True).run()
    differing = sum(row.differs for row in result.rows())
    assert 0 < differing < 10 and app.dataframe[1].value.shape[0] == differing
    for shown in ("probabilities", "logits"):
        app.session_state["sandbox.shown"] = shown
        _clean(app.run())


def test_an_edited_instruction_alone_is_scored_again(app: AppTest) -> None:
    _compared(app)
    slot = _session(app).slots[0]
    app.text_area(key=f"sandbox.text_{slot}").set_value("Given a lost device, retrieve what to do").run()
    assert "The fields have changed" in shown_texts(app)
    app.button(key="sandbox.run").click().run()
    result = _session(app).result
    assert result is not None and (result.scored, result.known) == (10, 20)


def test_instructions_are_added_from_the_library_and_removed(app: AppTest) -> None:
    app.selectbox(key="sandbox.add").set_value("cross-lingual").run()
    assert len(_session(app).slots) == 3
    app.button(key=f"sandbox.remove_{_session(app).slots[0]}").click().run()
    assert len(_session(app).slots) == 2 and "C · Across languages" in shown_texts(app).replace("*", "")


def test_two_equal_instructions_are_a_sentence(app: AppTest) -> None:
    app.selectbox(key="sandbox.add").set_value("general-qa").run()
    assert "The instructions B and D are the same." in shown_texts(app)
    assert app.button(key="sandbox.run").disabled


def test_the_query_inside_an_instruction_is_pointed_out(app: AppTest) -> None:
    app.text_input(key="sandbox.query").set_value("how to reset my password").run()
    slot = _session(app).slots[0]
    app.text_area(key=f"sandbox.text_{slot}").set_value("Retrieve texts on how to reset my password").run()
    assert "Contains the query" in shown_texts(app)


def test_the_fields_of_the_rerank_page_are_taken_over(app: AppTest) -> None:
    app.switch_page("pages/rerank.py").run()
    app.button(key="rerank.sample_en").click().run()
    app.switch_page("pages/sandbox.py").run()
    app.button(key="sandbox.take_over").click().run()
    assert app.text_input(key="sandbox.query").value.startswith("I lost my phone")
    assert "Documents: 10" in shown_texts(app)


def test_a_refused_comparison_leaves_the_old_result_marked(app: AppTest) -> None:
    _compared(app)
    assert "The fields have changed" not in shown_texts(app)
    app.text_input(key="sandbox.query").set_value("").run()
    app.button(key="sandbox.run").click().run()
    text = shown_texts(_clean(app))
    assert "The query is empty." in text and "The fields have changed since this result" in text


def test_an_empty_query_is_a_sentence(app: AppTest) -> None:
    app.button(key="sandbox.run").click().run()
    assert "The query is empty." in shown_texts(_clean(app))


def test_a_labelled_table_leads_to_a_matrix_and_a_held_out_verdict(tried: Tried) -> None:
    app = tried(_table())
    matrix = _session(app).matrix
    assert matrix is not None and matrix.held_out is not None and matrix.queries == 24
    text = shown_texts(app)
    assert "The queries were divided once, by the fixed seed 20260101: 12 to choose, 12 to confirm." in text
    assert "Evenly within each of 2 groups." in text
    assert "Tried as words in front of the query" in text
    shapes = [frame.value.shape for frame in app.dataframe]
    # The order before, the default and two instructions, on three measures.
    assert (4, 4) in shapes
    app.multiselect(key="sandbox.measures").set_value(["RR@10"]).run()
    assert (4, 2) in [frame.value.shape for frame in _clean(app).dataframe]


def test_an_instruction_is_saved_with_its_evidence_and_serves_elsewhere(
    tried: Tried, embedded_workbench: Workbench
) -> None:
    app = tried(_table())
    job_id = _session(app).job_id
    app.text_input(key=f"sandbox.save_name_{job_id}_0").set_value("客服步骤").run()
    app.button(key=f"sandbox.save_button_{job_id}").click().run()
    assert "Saved as `客服步骤`, version 1." in shown_texts(_clean(app))
    saved = instruction_library(embedded_workbench.settings.home).find("客服步骤")
    assert saved is not None and saved.latest.evidence is not None
    assert saved.latest.evidence.file == "标注.csv" and saved.latest.evidence.as_words
    _section(app, "library")
    assert "标注.csv" in shown_texts(app) and "Tried as words in front" in shown_texts(app)
    _section(app, "query")
    assert "客服步骤" in app.selectbox(key="sandbox.add").options[-1]


def test_without_labels_the_page_says_what_changes_and_where(tried: Tried) -> None:
    app = tried(_table(labelled=False))
    matrix = _session(app).matrix
    assert matrix is not None and matrix.before is None
    text = shown_texts(app)
    assert "What changes against the default" in text and "Without labels there is no evidence." in text
    assert "Instructions and measures" not in text


def test_a_trial_is_found_by_its_address_and_left_again(tried: Tried) -> None:
    app = tried(_table())
    job_id = _session(app).job_id
    assert app.query_params["job"] in (job_id, [job_id])
    app.button(key="sandbox.new").click().run()
    assert _session(app).job_id is None and "Earlier trials" in shown_texts(_clean(app))
    app.button(key=f"sandbox.open_{job_id}").click().run()
    assert "Instructions and measures" in shown_texts(_clean(app))


def test_an_unknown_run_is_a_sentence_with_a_way_back(app: AppTest) -> None:
    app.query_params["job"] = "nowhere"
    _section(app, "data")
    assert "There is no job nowhere." in shown_texts(app)
    app.button(key="sandbox.back").click().run()
    assert "There is no job" not in shown_texts(_clean(app))


def test_sensitivity_lists_wordings_and_says_how_stable_the_top_is(app: AppTest) -> None:
    app.button(key="sandbox.sample_en").click().run()
    _section(app, "sensitivity")
    app.selectbox(key="sandbox.base").set_value("customer-service").run()
    wordings = app.text_area(key="sandbox.wordings").value or ""
    assert "find the help article" in wordings
    app.text_area(key="sandbox.wordings").set_value(wordings + "\nGiven a problem, retrieve help").run()
    app.button(key="sandbox.test").click().run()
    found = _session(_clean(app)).sensitivity
    assert found is not None and found.wordings is not None and found.shuffles is not None
    assert (
        len(found.wordings.variants) == len(wordings.splitlines()) + 1 and len(found.shuffles.variants) == 3
    )
    assert found.shuffles.overlap == 1
    text = shown_texts(app)
    assert "of the first 3 stay on average" in text and "Tried as words in front" in text
    app.button(key="sandbox.use_wordings").click().run()
    assert app.session_state["sandbox.section"] == "query" and len(_session(_clean(app)).slots) > 3


def test_an_old_sensitivity_says_what_it_was_and_that_the_fields_have_changed(app: AppTest) -> None:
    app.button(key="sandbox.sample_en").click().run()
    _section(app, "sensitivity")
    app.button(key="sandbox.test").click().run()
    assert "The fields have changed" not in shown_texts(_clean(app))
    app.text_input(key="sandbox.query").set_value("").run()
    for _ in range(2):
        text = shown_texts(_clean(app))
        assert "The fields have changed since this result" in text
        assert "Query: I lost my phone" in text and "Instruction: default (the query alone)" in text
        app.button(key="sandbox.test").click().run()
    assert "The query is empty." in shown_texts(app)


@pytest.mark.parametrize("name", ["default", "own"])
def test_a_saved_instruction_may_be_called_like_a_choice(
    app: AppTest, embedded_workbench: Workbench, name: str
) -> None:
    instruction_library(embedded_workbench.settings.home).save(name, OWN)
    _section(app, "sensitivity")
    app.selectbox(key="sandbox.base").set_value(name).run()
    assert OWN in shown_texts(_clean(app))
    assert app.session_state["sandbox.wordings_of"] == OWN
    app.selectbox(key="sandbox.base").set_value(DEFAULT_NAME).run()
    assert _clean(app).session_state["sandbox.wordings_of"] == ""


def test_a_saved_instruction_may_be_called_own_words(app: AppTest, embedded_workbench: Workbench) -> None:
    instruction_library(embedded_workbench.settings.home).save("own words", OWN)
    app.run()
    app.selectbox(key="sandbox.add").set_value("own words").run()
    assert app.text_area(key=f"sandbox.text_{_session(app).slots[-1]}").value == OWN
    app.selectbox(key="sandbox.add").set_value(OWN_WORDS).run()
    assert app.text_area(key=f"sandbox.text_{_session(app).slots[-1]}").value == ""


def test_another_language_keeps_what_sensitivity_tests(app: AppTest) -> None:
    _section(app, "sensitivity")
    app.selectbox(key="sandbox.base").set_value("legal").run()
    browser = Browser(app)
    app.session_state["app.language"] = "zh"
    for _ in range(2):
        browser.click()
        assert browser.shown("sandbox.base") == "法律"
        assert app.session_state["sandbox.base"] == "legal"


def test_another_language_keeps_what_of_a_trial_is_looked_at(tried: Tried) -> None:
    app = tried(_table())
    which = f"sandbox.save_which_{_session(app).job_id}"
    matrix = _session(app).matrix
    assert matrix is not None
    changed = matrix.rows[2].variant.name
    app.selectbox(key="sandbox.changed").set_value(changed).run()
    app.selectbox(key=which).set_value(1).run()
    browser = Browser(app)
    app.session_state["app.language"] = "zh"
    for _ in range(2):
        browser.click()
        assert app.session_state["sandbox.changed"] == changed and app.session_state[which] == 1


def test_own_instructions_are_written_edited_and_removed_in_the_library(app: AppTest) -> None:
    _section(app, "library")
    app.text_input(key="sandbox.new_name").set_value("steps").run()
    app.text_area(key="sandbox.new_text").set_value("给出步骤").run()
    assert "English is recommended" in shown_texts(app)
    app.text_area(key="sandbox.new_text").set_value(OWN).run()
    app.button(key="sandbox.new_save").click().run()
    app.text_area(key="sandbox.edit_steps_1").set_value(OWN + " fast").run()
    app.button(key="sandbox.edit_save_steps").click().run()
    assert "version 2" in shown_texts(_clean(app))
    app.button(key="sandbox.again_steps_1").click().run()
    assert "version 3" in shown_texts(_clean(app))
    app.button(key="sandbox.delete_steps").click().run()
    assert "Nothing is saved yet." in shown_texts(_clean(app))


def test_a_built_in_name_is_refused_with_a_sentence(app: AppTest) -> None:
    _section(app, "library")
    app.text_input(key="sandbox.new_name").set_value("legal").run()
    app.text_area(key="sandbox.new_text").set_value(OWN).run()
    app.button(key="sandbox.new_save").click().run()
    assert "is the name of a built-in instruction" in shown_texts(_clean(app))


def test_the_interface_speaks_chinese(app: AppTest, tried: Tried) -> None:
    app.session_state["app.language"] = "zh"
    tried(_table())
    assert app.header[0].value == "指令实验" and "用于挑选" in shown_texts(app)
    for section in ("query", "sensitivity", "library"):
        _section(app, section)
    assert "自己的指令" in shown_texts(app)
