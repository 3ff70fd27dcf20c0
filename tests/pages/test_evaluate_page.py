"""The Evaluate page as Streamlit runs it, with the real embedded model and a small labelled sheet."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
import pages.parts.evaluate.judging.by_hand as judge_module
from core.recipes.store import RecipeStore
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from pages.parts.evaluate.session import EvaluateSession, kept_files
from pages.parts.labelled.grades import grade_store
from tests.pages.labelled_file import LABELLED, UNLABELLED, as_csv, labelled_rows
from tests.pages.shown import shown_texts
from tests.workflows.evaluate.computing import counted

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
Evaluated = Callable[[bytes], AppTest]


@pytest.fixture(scope="module")
def service(embedded_workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    """Jobs in a home folder of this module: what one test scored, the next finds in the cache."""
    opened = JobService(embedded_workbench.settings.home, scorer_of(embedded_workbench), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


@pytest.fixture
def app(
    service: JobService,
    embedded_workbench: Workbench,
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The Evaluate page in English, with no grades yet."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    for file in (LABELLED, UNLABELLED):
        judged_set = hashlib.sha256(file).hexdigest()
        for grade in grade_store().grades(judged_set):
            grade_store().forget(judged_set, grade.query_id, grade.document_id)
    return _new_session()


def _new_session() -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=120)
    app.session_state["app.language"] = "en"
    return app.run().switch_page("pages/evaluate.py").run()


@pytest.fixture
def evaluated(app: AppTest, service: JobService) -> Evaluated:
    """Upload a file, press Evaluate, and wait until the job is done."""

    def go(content: bytes) -> AppTest:
        app.file_uploader(key="evaluate.file").set_value(("标注.csv", content, "text/csv")).run()
        app.button(key="evaluate.run").click().run()
        session = _session(app)
        assert session.job_id is not None
        assert service.runner.wait(session.job_id).state == "done"
        return app.run()

    return go


def _session(app: AppTest) -> EvaluateSession:
    session = app.session_state["evaluate.session"]
    assert isinstance(session, EvaluateSession)
    return session


def _note(app: AppTest) -> TextInput:
    (field,) = [field for field in app.text_input if field.label == "Note"]
    return field


def _section(app: AppTest, name: str) -> AppTest:
    app.session_state["evaluate.section"] = name
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def test_a_labelled_file_leads_to_the_verdict(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    assert not app.exception
    outcome = _session(app).outcome
    assert outcome is not None and outcome.report is not None
    headline = outcome.report.systems[0].headline
    assert headline is not None and headline.before == pytest.approx(0.5)
    text = shown_texts(app)
    assert "nDCG@10" in text and "12 queries" in text
    assert "An unjudged document counts as not relevant" in text
    assert "Every relevant document is among the candidates" in text
    assert [frame.value.shape for frame in app.dataframe] == [(4, 10), (8, 10)]


def test_the_sample_leads_to_a_verdict_in_two_clicks(app: AppTest, service: JobService) -> None:
    app.button(key="evaluate.sample").click().run()
    app.button(key="evaluate.run").click().run()
    job_id = _session(app).job_id
    assert job_id is not None and service.runner.wait(job_id).state == "done"
    text = shown_texts(app.run())
    assert "Better" in text and "53 queries" in text


def test_every_section_draws_without_an_error(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    for section in ("queries", "regressions", "threshold", "blend", "movement", "judge", "compare"):
        _section(app, section)


def test_what_was_measured_is_saved_as_a_recipe_with_its_evidence(
    evaluated: Evaluated, embedded_workbench: Workbench
) -> None:
    app = evaluated(LABELLED)
    app.text_input(key="evaluate.recipe.name").set_value("measured").run()
    app.button(key="evaluate.recipe.save").click().run()
    assert not app.exception
    store = RecipeStore(embedded_workbench.settings.home)
    recipe = store.named("measured").latest.recipe
    store.remove("measured")
    assert recipe.model is not None and recipe.model.name == "embedded"
    evidence = recipe.evidence
    assert evidence is not None and evidence.sha256 == hashlib.sha256(LABELLED).hexdigest()
    assert (evidence.queries, evidence.labels) == (12, 24)
    assert evidence.scores is not None and evidence.scores.queries == 12


def test_the_interface_speaks_chinese(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    app.session_state["app.language"] = "zh"
    app.run()
    text = shown_texts(app)
    assert app.header[0].value == "评估" and "个查询" in text
    for section in ("queries", "regressions", "threshold", "blend", "movement", "judge", "compare"):
        _section(app, section)


def test_a_row_of_queries_opens_both_orders(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "queries")
    shown = len(app.dataframe[0].value)
    assert shown == 12
    app.text_input(key="evaluate.find").set_value("发票").run()
    assert len(app.dataframe[0].value) == 1


def test_settings_change_the_outcome_without_scoring_again(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    app.multiselect(key="evaluate.measures").set_value(["RR@10", "Judged@3"]).run()
    outcome = _session(app).outcome
    assert outcome is not None and outcome.report is not None
    assert outcome.report.baseline.means()[outcome.settings.chosen()[0]] == pytest.approx(1 / 3)
    app.number_input(key="evaluate.rel").set_value(3).run()
    assert not app.exception
    outcome = _session(app).outcome
    assert outcome is not None and outcome.settings.rel == 3
    app.multiselect(key="evaluate.measures").set_value(["nDCG@10"]).run()
    app.checkbox(key="evaluate.gain").check().run()
    outcome = _session(app).outcome
    assert outcome is not None and outcome.settings.chosen()[0].gain == "exponential"


def test_a_measure_that_is_none_is_a_sentence_and_the_page_goes_on(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    app.session_state["evaluate.measures"] = ["speed"]
    app.run()
    assert not app.exception
    assert "“speed” is not a known measure" in shown_texts(app)
    app.session_state["evaluate.measures"] = ["nDCG@10"]
    app.run()
    assert "nDCG@10" in shown_texts(app)


def test_a_grade_is_saved_at_once_changes_the_numbers_and_can_be_undone(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "judge")
    assert "Waiting: 12" in shown_texts(app)
    _note(app).set_value("看过").run()
    app.button(key="evaluate.grade_3").click().run()
    judged_set = hashlib.sha256(LABELLED).hexdigest()
    (grade,) = grade_store().grades(judged_set)
    assert (grade.label, grade.note) == (3, "看过")
    assert "Graded by hand: 1. Waiting: 11" in shown_texts(app)
    outcome = _session(app).outcome
    assert outcome is not None and outcome.data.judgements[grade.query_id].labels[grade.document_id] == 3
    app.button(key="evaluate.undo").click().run()
    assert grade_store().grades(judged_set) == ()
    assert "Waiting: 12" in shown_texts(app)


def test_a_grade_computes_nothing_that_judging_does_not_show(
    evaluated: Evaluated, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _section(evaluated(LABELLED), "judge")
    counts = counted(monkeypatch)
    files: list[object] = []
    monkeypatch.setattr(judge_module, "write_judgements", lambda *asked: files.append(asked) or "")
    app.button(key="evaluate.grade_3").click().run()
    assert "Graded by hand: 1. Waiting: 11" in shown_texts(app)
    assert not counts and not files


@pytest.mark.parametrize(
    ("section", "computed"),
    [
        ("verdict", {"values", "comparisons", "groups", "headroom", "ceiling"}),
        ("queries", {"values"}),
        ("regressions", {"values", "triage"}),
        ("threshold", {"thresholds", "scores"}),
        ("movement", {"movement"}),
    ],
)
def test_a_section_computes_what_it_shows_and_only_once(
    evaluated: Evaluated, monkeypatch: pytest.MonkeyPatch, section: str, computed: set[str]
) -> None:
    app = _section(evaluated(LABELLED), "judge")
    _session(app).outcome = None
    counts = counted(monkeypatch)
    _section(app, section)
    assert set(counts) == computed
    once = dict(counts)
    app.run()
    assert counts == once


def test_a_note_stays_with_the_document_that_it_was_typed_for(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "judge")
    _note(app).set_value("of the first").run()
    app.button(key="evaluate.skip").click().run()
    assert not _note(app).value
    app.button(key="evaluate.grade_2").click().run()
    (grade,) = grade_store().grades(hashlib.sha256(LABELLED).hexdigest())
    assert grade.note == ""


def test_judging_shows_neither_rank_nor_score(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "judge")
    card = "\n".join(str(text.value) for text in app.text)
    assert card and not any(character in card for character in "▲▼")
    assert "logit" not in shown_texts(app).lower()


def test_a_skipped_document_comes_back_when_asked_for(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "judge")
    for _ in range(12):
        app.button(key="evaluate.skip").click().run()
    assert "Nothing is waiting" in shown_texts(app)
    app.button(key="evaluate.unskip").click().run()
    assert "Waiting: 12" in shown_texts(app)


def test_judgements_are_taken_over_from_a_file(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "judge")
    content = b"q1 0 d2 1\nq2 0 nowhere 1\n"
    app.file_uploader(key="evaluate.judgements_file").set_value(("qrels.txt", content, "text/plain")).run()
    app.button(key="evaluate.import").click().run()
    assert "1 judgements taken over; 1 belong to no document of this file." in shown_texts(app)
    assert "Graded by hand: 1." in shown_texts(app)
    assert len(grade_store().grades(hashlib.sha256(LABELLED).hexdigest())) == 1


def test_without_labels_the_page_shows_what_changed_and_lets_one_judge(evaluated: Evaluated) -> None:
    app = evaluated(UNLABELLED)
    assert not app.exception
    assert app.session_state["evaluate.section"] == "movement"
    assert "whether the new order is better is not known" in shown_texts(app)
    _section(app, "judge")
    app.button(key="evaluate.grade_2").click().run()
    outcome = _session(app).outcome
    assert outcome is not None and outcome.report is not None
    _section(app, "verdict")
    assert "Too few judged queries" in shown_texts(app)


def test_what_was_scored_is_known_when_the_file_is_planned_again(evaluated: Evaluated) -> None:
    app = evaluated(as_csv([*labelled_rows(), ["怎么办理新业务？", "新业务请到柜台办理。", 1, "单"]]))
    app.button(key="evaluate.new").click().run()
    plan = _session(app).plan
    assert plan is not None and (plan.to_score, plan.seconds) == (0, 0.0)


def test_another_run_of_the_same_data_and_a_trec_run_join_the_comparison(evaluated: Evaluated) -> None:
    app = evaluated(LABELLED)
    first = _session(app).job_id
    app.button(key="evaluate.new").click().run()
    evaluated(LABELLED)
    second = _session(app).job_id
    assert first is not None and second is not None and first != second
    _section(app, "compare")
    app.multiselect(key=f"evaluate.compared_{second}").set_value([first]).run()
    assert not app.exception
    outcome = _session(app).outcome
    assert outcome is not None and len(outcome.systems) == 2
    assert app.query_params["with"] in (first, [first])
    run = "".join(f"q{q} Q0 d{d} 1 {9 - d} other\n" for q in range(1, 13) for d in range(1, 4))
    uploader = app.file_uploader(key=f"evaluate.runs_{second}")
    uploader.set_value([("other.run", run.encode(), "text/plain")]).run()
    app.button(key="evaluate.add_runs").click().run()
    outcome = _session(app).outcome
    assert outcome is not None and [run.name for run in outcome.runs][-1] == "other"
    assert not app.exception
    for section in ("verdict", "queries", "threshold", "movement", "judge"):
        app.session_state["evaluate.system"] = 2
        _section(app, section)


def test_a_reload_shows_the_section_that_was_looked_at(evaluated: Evaluated) -> None:
    app = _section(evaluated(LABELLED), "regressions")
    assert app.query_params["section"] in ("regressions", ["regressions"])
    reloaded = _new_session()
    assert _session(reloaded).job_id is None
    reloaded.query_params.update({"job": _session(app).job_id, "section": "regressions"})
    reloaded.run()
    assert reloaded.session_state["evaluate.section"] == "regressions"
    reloaded.button(key="evaluate.new").click().run()
    assert "section" not in reloaded.query_params


def test_an_unknown_run_in_the_address_is_a_sentence_with_a_way_back(app: AppTest) -> None:
    app.query_params["job"] = "nowhere"
    app.run()
    assert "There is no job nowhere." in shown_texts(app)
    app.button(key="evaluate.back").click().run()
    assert not app.exception and "Nothing leaves this machine." in shown_texts(app)


def test_labels_without_a_relevant_document_are_one_sentence_in_every_section(evaluated: Evaluated) -> None:
    app = evaluated(
        as_csv([row if number == 0 else [*row[:2], 0, row[3]] for number, row in enumerate(labelled_rows())])
    )
    for section in ("verdict", "queries", "regressions"):
        assert "No query has a document labelled relevant" in shown_texts(_section(app, section))
    _section(app, "threshold")


def test_labels_that_are_words_are_said_before_anything_is_scored(app: AppTest) -> None:
    rows = [row if number == 0 else [*row[:2], "great", row[3]] for number, row in enumerate(labelled_rows())]
    app.file_uploader(key="evaluate.file").set_value(("标注.csv", as_csv(rows), "text/csv")).run()
    assert not app.exception
    assert "No label could be read" in shown_texts(app)


def test_runs_of_other_tools_are_measured_kept_and_forgotten(app: AppTest) -> None:
    def run(name: str, order: str) -> tuple[str, bytes, str]:
        lines = [
            f"q{q} Q0 {document} 1 {9 - place} {name}"
            for q in range(12)
            for place, document in enumerate(order.split())
        ]
        return (f"{name}.run", "\n".join(lines).encode(), "text/plain")

    qrels = "\n".join(f"q{q} 0 d3 1" for q in range(12)).encode()
    app.file_uploader(key="evaluate.trec_qrels").set_value(("qrels.txt", qrels, "text/plain")).run()
    runs = app.file_uploader(key="evaluate.trec_runs")
    runs.set_value([run("old", "d1 d2 d3"), run("new", "d3 d1 d4")]).run()
    app.button(key="evaluate.trec_run").click().run()
    assert not app.exception
    assert "Better by 0.500 nDCG@10" in shown_texts(app)
    assert "“new” ranks documents that “old” does not" in shown_texts(app)
    for section in ("queries", "regressions", "threshold", "movement", "compare"):
        _section(app, section)
    app.button(key="evaluate.new").click().run()
    owner = kept_files().comparisons()[0].id
    app.button(key=f"evaluate.open_{owner}").click().run()
    assert not app.exception and app.button(key="evaluate.trec_delete") is not None
    other_tab = _new_session()
    other_tab.button(key=f"evaluate.open_{owner}").click().run()
    app.button(key="evaluate.trec_delete").click().run()
    assert not app.exception and kept_files().comparisons() == ()
    assert "There is no comparison" in shown_texts(other_tab.run())
    other_tab.button(key="evaluate.back").click().run()
    assert not other_tab.exception and "Nothing leaves this machine." in shown_texts(other_tab)


def test_a_file_that_is_no_table_is_a_sentence(app: AppTest) -> None:
    app.file_uploader(key="evaluate.file").set_value(("a.csv", b"%PDF-1.7 nothing", "text/csv")).run()
    assert not app.exception
    assert "PDF" in shown_texts(app)


def test_mapping_the_label_away_leaves_a_file_without_labels(app: AppTest) -> None:
    app.file_uploader(key="evaluate.file").set_value(("标注.csv", LABELLED, "text/csv")).run()
    label = next(box for box in app.selectbox if box.label == "Label")
    label.set_value("").run()
    assert "There are no labels" in shown_texts(app)
