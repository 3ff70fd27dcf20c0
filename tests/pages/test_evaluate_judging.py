"""Judging on the Evaluate page: by a model on localhost, by a drawn sample, by two people."""

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
from core.workflows.judge.rounds import rounds
from core.workflows.kinds import JOB_KINDS
from pages.parts.frame.messages import plain
from pages.parts.labelled.grades import grade_store
from tests.judging.fake_judge import FakeJudge, fake_judge
from tests.pages.labelled_file import LABELLED, UNLABELLED
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")


@pytest.fixture(scope="module")
def service(embedded_workbench: Workbench) -> Iterator[JobService]:
    opened = JobService(embedded_workbench.settings.home, scorer_of(embedded_workbench), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


@pytest.fixture
def app(service: JobService, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The Evaluate page in English, with no labels yet."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    store = label_store(embedded_workbench.settings.home)
    for file in (LABELLED, UNLABELLED):
        judged_set = hashlib.sha256(file).hexdigest()
        for label in store.labels(judged_set):
            store.forget(judged_set, label.source)
        for grade in grade_store().grades(judged_set):
            grade_store().forget(judged_set, grade.query_id, grade.document_id)
    app = AppTest.from_file(ENTRY, default_timeout=120)
    app.session_state["app.language"] = "en"
    return app.run().switch_page("pages/evaluate.py").run()


def _judging(app: AppTest, service: JobService, content: bytes, way: str) -> AppTest:
    """Evaluate a file and look at a way of judging."""
    app.file_uploader(key="evaluate.file").set_value(("标注.csv", content, "text/csv")).run()
    app.button(key="evaluate.run").click().run()
    assert service.runner.wait(app.session_state["evaluate.session"].job_id).state == "done"
    app.session_state["evaluate.section"] = "judge"
    app.session_state["evaluate.judging"] = way
    return _clean(app.run())


def _clean(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].value
    return app


def test_a_model_judges_and_its_grades_are_measured_by_only_where_that_is_chosen(
    app: AppTest, service: JobService, embedded_workbench: Workbench
) -> None:
    with fake_judge(FakeJudge(profile="random")) as model:
        _judging(app, service, LABELLED, "model")
        app.text_input(key="evaluate.judge_url").set_value(model.url)
        app.text_input(key="evaluate.judge_model").set_value("judge-1, judge-2").run()
        expected = "36 pairs, 72 answers, of which 0 are known already: 72 requests"
        assert plain(expected) in shown_texts(_clean(app))
        assert model.asked == [], "nothing is sent before it is asked for"
        app.button(key="evaluate.judge_start").click().run()
        watched = rounds(embedded_workbench.settings.home).wait(hashlib.sha256(LABELLED).hexdigest(), 60)
        assert watched is not None and watched.error is None
    text = shown_texts(_clean(app.run()))
    assert "36 of 36 pairs judged" in text and "on 24 documents of 12 queries" in text
    assert "Every answer is known already" in text
    store = label_store(embedded_workbench.settings.home)
    sources = {one.source for one in store.labels(hashlib.sha256(LABELLED).hexdigest())}
    assert {source.name for source in sources} == {"judge-1", "judge-2", "judge-1 + judge-2"}
    outcome = app.session_state["evaluate.session"].outcome
    assert outcome.basis.machine == 0, "nothing is mixed in silence"
    panel = next(source for source in sources if " + " in source.name)
    app.selectbox(key="evaluate.graded_by").set_value(panel.fingerprint).run()
    app.session_state["evaluate.section"] = "verdict"
    text = shown_texts(_clean(app.run()))
    assert "12 of 36 labels are by the model" in text
    assert "By a model's grades" in text
    app.button(key="evaluate.people_only").click().run()
    assert "By a model's grades" not in shown_texts(_clean(app))


def test_texts_go_to_another_machine_only_after_a_tick(app: AppTest, service: JobService) -> None:
    _judging(app, service, LABELLED, "model")
    app.text_input(key="evaluate.judge_url").set_value("https://judge.invalid/v1")
    app.text_input(key="evaluate.judge_model").set_value("m").run()
    assert app.button(key="evaluate.judge_start").disabled
    app.checkbox(key="evaluate.judge_send_judge.invalid").check().run()
    assert not _clean(app).button(key="evaluate.judge_start").disabled


def test_a_drawn_sample_says_how_many_more_decide(app: AppTest, service: JobService) -> None:
    _judging(app, service, UNLABELLED, "hand")
    app.session_state["evaluate.judge_way"] = "sample"
    app.run()
    assert "Queries judged of the sample: 0. After" in shown_texts(_clean(app))
    for _ in range(60):
        buttons = [one for one in app.button if one.key == "evaluate.grade_2"]
        if not buttons:
            break
        buttons[0].click().run()
        if "Over all 12 queries" in shown_texts(_clean(app)):
            break
    text = shown_texts(app)
    assert "Over all 12 queries the difference in nDCG@10 is about" in text
    given = len(app.session_state["evaluate.session"].given[hashlib.sha256(UNLABELLED).hexdigest()])
    app.button(key="evaluate.undo").click().run()
    assert "After 1 more it says something" in shown_texts(_clean(app))
    assert len(grade_store().grades(hashlib.sha256(UNLABELLED).hexdigest())) == given - 1


def test_two_people_see_where_they_differ_and_one_settles_it(app: AppTest, service: JobService) -> None:
    _judging(app, service, UNLABELLED, "hand")
    judged_set = hashlib.sha256(UNLABELLED).hexdigest()
    app.text_input(key="evaluate.judge_name").set_value("Anna").run()
    app.button(key="evaluate.grade_3").click().run()
    app.text_input(key="evaluate.judge_name").set_value("Bo").run()
    app.session_state["evaluate.judge_way"] = "second"
    app.run()
    assert "Judged by others and not by you: 1." in shown_texts(_clean(app))
    app.button(key="evaluate.grade_1").click().run()
    (counting,) = grade_store().grades(judged_set)
    assert counting.label == 3, "the earlier grade counts"
    app.session_state["evaluate.judging"] = "differences"
    text = shown_texts(_clean(app.run()))
    assert (
        "Graded differently and not settled: 1." in text
        and plain("Anna: 3") in text
        and plain("Bo: 1") in text
    )
    app.button(key="evaluate.settle_2").click().run()
    assert "Graded differently and not settled: 0." in shown_texts(_clean(app))
    assert [grade.label for grade in grade_store().grades(judged_set)] == [2]
    app.button(key="evaluate.undo").click().run()
    assert [grade.label for grade in grade_store().grades(judged_set)] == [3]
    assert "Graded differently and not settled: 1." in shown_texts(_clean(app))
