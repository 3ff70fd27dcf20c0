"""The Rewrite page as Streamlit runs it, with the real embedded model: one query, a sheet, LLM proposals."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
import core.workflows.rewrite.decisions as decisions_module
from core.errors import StorageError
from core.settings import Settings
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.decisions import Decisions, DecisionStore
from core.workflows.rewrite.ledger import Ledger
from pages.parts.frame.messages import plain
from pages.parts.rewrite.session import RewriteSession, decision_store
from tests.pages.conftest import ENTRY
from tests.pages.shown import shown_texts
from tests.text.rewriting.fake_language_model import KEY, FakeLanguageModel, fake_language_model
from tests.workflows.rewrite.rewrite_sheet import rewrite_csv


@pytest.fixture(scope="module")
def service(embedded_workbench: Workbench) -> Iterator[JobService]:
    """Jobs in a home folder of this module: what one test scored, the next finds in the cache."""
    opened = JobService(embedded_workbench.settings.home, scorer_of(embedded_workbench), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


@pytest.fixture
def app(service: JobService, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The Rewrite page in English."""
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", service)
    app = AppTest.from_file(ENTRY, default_timeout=120)
    app.session_state["app.language"] = "en"
    return app.run().switch_page("pages/rewrite.py").run()


def _session(app: AppTest) -> RewriteSession:
    session = app.session_state["rewrite.session"]
    assert isinstance(session, RewriteSession)
    return session


def _sample(app: AppTest, language: str) -> AppTest:
    return app.button(key=f"rewrite.sample_{language}").click().run()


def _score(app: AppTest) -> AppTest:
    app.button(key="rewrite.run").click().run()
    assert not app.exception, app.exception[0].value
    return app


def test_a_sample_is_reworded_scored_and_merged(app: AppTest) -> None:
    _sample(app, "en")
    assert [box.label for box in app.checkbox] == [
        "Could you tell me how I can turn off 2FA on Northwind NAS 400?",
        "Could you tell me how I can turn off two-factor authentication on it?",
        "How to turn off two-factor authentication on Northwind NAS 400?",
    ]
    assert "Abbreviation written out" in shown_texts(app)
    assert "“it” stands for “Northwind NAS 400”, which the context names." in shown_texts(app)
    _score(app)
    result = _session(app).result
    assert result is not None and len(result.wordings) == 4
    table = app.dataframe[0].value
    assert "Control Panel" in table["Document"].iloc[0] and table["Merged"].tolist() == list(range(1, 9))
    assert table["As typed"].iloc[0] > 1
    app.session_state["rewrite.merge"] = "reciprocal"
    app.run()
    assert not app.exception


def test_an_unticked_wording_is_not_scored(app: AppTest) -> None:
    _sample(app, "zh")
    app.checkbox[0].uncheck().run()
    _score(app)
    result = _session(app).result
    assert result is not None
    assert [wording.text for wording in result.wordings] == [
        "请问它怎么开票？",
        "请问它怎么开具发票？",
        "云帆企业邮箱如何开具发票？",
    ]
    app.checkbox[1].uncheck().run()
    assert "The fields have changed since this result" in shown_texts(app)


def test_the_page_speaks_chinese(app: AppTest) -> None:
    app.session_state["app.language"] = "zh"
    app.run()
    assert app.header[0].value == "改写"
    _score(_sample(app, "zh"))
    assert "指上下文中的“云帆企业邮箱”" in shown_texts(app)


def test_another_language_keeps_every_choice(app: AppTest, service: JobService) -> None:
    app.multiselect(key="rewrite.rules_en").set_value(["reference"]).run()
    _run_sheet(app, service, rewrite_csv(), variants=12)
    job_id = _session(app).job_id
    app.multiselect(key=f"rewrite.accepted_en_{job_id}").set_value([]).run()
    app.session_state["app.language"] = "zh"
    app.run()
    assert app.multiselect(key=f"rewrite.accepted_zh_{job_id}").value == []
    app.button(key="rewrite.new").click().run()
    assert app.session_state["rewrite.mode"] == "data"
    assert app.multiselect(key="rewrite.rules_zh").value == ["reference"]
    assert not app.exception


def test_an_empty_query_and_missing_documents_are_sentences(app: AppTest) -> None:
    assert "Type a query; its wordings appear here." in shown_texts(app)
    _score(app)
    assert "The query is empty." in shown_texts(app)
    app.text_input(key="rewrite.query").set_value("it is raining").run()
    assert "No rule applies to this query." in shown_texts(app)


def test_an_own_glossary_replaces_the_sample_and_a_bad_one_is_a_sentence(app: AppTest) -> None:
    app.text_input(key="rewrite.query").set_value("社保断缴").run()
    content = "术语,规范词,别名\n社保,社会保险,\nE1001,错误,\n".encode("gb18030")
    app.file_uploader(key="rewrite.glossary").set_value(("术语.csv", content, "text/csv")).run()
    assert [box.label for box in app.checkbox] == ["社会保险断缴"]
    assert "“E1001” is a number, a code or an identifier and is never replaced." in shown_texts(app)
    app.button(key="rewrite.no_glossary").click().run()
    assert not app.checkbox and not app.exception
    app.file_uploader(key="rewrite.glossary").set_value(("a.csv", b"x,y\n1,2\n", "text/csv")).run()
    assert "has no column “term”" in shown_texts(app)


def test_a_language_model_is_off_unless_configured(app: AppTest) -> None:
    _sample(app, "en")
    assert "it is off" in shown_texts(app)
    assert "rewrite.ask" not in [button.key for button in app.button]


def test_proposals_are_shown_for_approval_and_drift_is_rejected_with_the_reason(
    app: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposals = [
        "How to disable 2FA on the Northwind NAS 400?",
        "How to disable 2FA on the Northwind NAS 900?",
    ]
    with fake_language_model(FakeLanguageModel(proposals)) as model:
        settings = embedded_workbench.settings.model_copy(
            update={"llm_url": model.url, "llm_model": "small", "llm_key": SecretStr(KEY)}
        )
        monkeypatch.setattr(embedded_workbench, "settings", settings)
        _sample(app, "en")
        assert not model.asked, "nothing is sent before the button is pressed"
        app.button(key="rewrite.ask").click().run()
        assert len(model.asked) == 1
        assert "Control Panel" not in str(model.asked), "documents stay here"
    text = shown_texts(app)
    assert "Rejected: It added the name “Northwind NAS 900”" in text.replace("\\", "") or "“900”" in text
    proposed = app.checkbox[3]
    assert proposed.label == proposals[0] and proposed.value is False
    _score(app)
    result = _session(app).result
    assert result is not None and len(result.wordings) == 4, "not ticked, not scored"
    app.checkbox[3].check().run()
    _score(app)
    result = _session(app).result
    assert result is not None and result.wordings[4].text == proposals[0]
    assert KEY not in shown_texts(app) and KEY not in repr(settings)


def test_a_refused_key_is_a_sentence(
    app: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_language_model(FakeLanguageModel(status=401)) as model:
        settings = Settings(llm_url=model.url, llm_model="small", llm_key=SecretStr(KEY))
        monkeypatch.setattr(embedded_workbench, "settings", settings)
        _sample(app, "en")
        app.button(key="rewrite.ask").click().run()
    assert not app.exception
    assert plain("refused the key (HTTP 401). Check the key (RERANK_LLM_KEY).") in shown_texts(app)


def _run_sheet(app: AppTest, service: JobService, content: bytes, variants: int = 16) -> AppTest:
    app.session_state["rewrite.mode"] = "data"
    app.run()
    app.file_uploader(key="rewrite.table").set_value(("查询.csv", content, "text/csv")).run()
    app.selectbox(key="rewrite.context_column").set_value("上下文").run()
    assert f"12 of 14 queries get {variants} variants" in shown_texts(app)
    app.button(key="rewrite.start").click().run()
    job_id = _session(app).job_id
    assert job_id is not None and service.runner.wait(job_id).state == "done"
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def test_a_labelled_sheet_leads_to_the_ledger_and_decisions_are_kept(
    app: AppTest, service: JobService
) -> None:
    _run_sheet(app, service, rewrite_csv())
    job_id = _session(app).job_id
    rules = app.dataframe[0].value
    assert rules["Rule"].tolist() == ["Pronoun resolved", "All rules together"]
    assert rules["First is relevant"].iloc[0].endswith("→ 12")
    accepted = app.multiselect(key=f"rewrite.accepted_en_{job_id}")
    assert accepted.value == ["reference"], "better beyond chance"
    assert "**12 of 14 queries** go on with another wording." in shown_texts(app)
    accepted.set_value([]).run()
    assert "**0 of 14 queries**" in shown_texts(app)
    app.session_state[f"rewrite.decide_{job_id}_p0t0_1"] = "accept"
    app.run()
    assert "**1 of 14 queries**" in shown_texts(app)
    app.button(key="rewrite.new").click().run()
    _session(app).opened = None
    app.button(key=f"rewrite.open_{job_id}").click().run()
    assert "**1 of 14 queries**" in shown_texts(app), "decisions outlive the browser session"


def test_what_was_scored_is_known_when_the_sheet_is_planned_again(app: AppTest, service: JobService) -> None:
    service.cache.clear()
    _run_sheet(app, service, rewrite_csv())
    app.button(key="rewrite.new").click().run()
    plan = _session(app).plan
    assert plan is not None and plan.to_score == 0


def _other_tab(app: AppTest) -> AppTest:
    other = AppTest.from_file(ENTRY, default_timeout=120)
    other.session_state["app.language"] = "en"
    other.run().switch_page("pages/rewrite.py")
    other.query_params["job"] = _session(app).job_id
    return other.run()


def test_two_tabs_keep_each_others_decisions(app: AppTest, service: JobService) -> None:
    _run_sheet(app, service, rewrite_csv())
    job_id = _session(app).job_id
    assert job_id is not None
    accepted, decided = f"rewrite.accepted_en_{job_id}", f"rewrite.decide_{job_id}_p0t0_1"
    other = _other_tab(app)
    app.multiselect(key=accepted).set_value([]).run()
    app.session_state[decided] = "accept"
    app.run()
    # The other tab still shows the rule accepted and the rewrite as its rule.
    other.multiselect(key=accepted).set_value(["reference", "all"]).run()
    kept = decision_store().read(job_id)
    assert kept is not None and kept.rules == {"reference": False, "all": True}
    assert list(kept.rewrites.values()) == [True]
    assert other.multiselect(key=accepted).value == ["all"]
    assert app.run().multiselect(key=accepted).value == ["all"]
    # What the other tab shows now may be decided there.
    other.session_state[f"rewrite.decide_{job_id}_1_p0t0_1"] = "reject"
    other.run()
    kept = decision_store().read(job_id)
    assert kept is not None and list(kept.rewrites.values()) == [False]
    app.run()
    kept = decision_store().read(job_id)
    assert kept is not None and list(kept.rewrites.values()) == [False], "nothing was clicked here"
    assert not app.exception and not other.exception


def test_looking_at_another_measure_decides_nothing(
    app: AppTest, service: JobService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_for_ndcg(ledger: Ledger) -> Decisions:
        return Decisions({rule.name: "nDCG" in str(ledger.settings.measure) for rule in ledger.rules})

    monkeypatch.setattr(decisions_module, "advised", only_for_ndcg)
    _run_sheet(app, service, rewrite_csv())
    job_id = _session(app).job_id
    assert job_id is not None
    accepted = f"rewrite.accepted_en_{job_id}"
    assert app.multiselect(key=accepted).value == ["reference", "all"]
    app.selectbox(key="rewrite.measure").set_value("P@1").run()
    assert app.multiselect(key=accepted).value == []
    assert decision_store().read(job_id) is None
    app.multiselect(key=accepted).set_value(["all"]).run()
    app.selectbox(key="rewrite.measure").set_value("nDCG@10").run()
    assert app.multiselect(key=accepted).value == ["reference", "all"]
    assert decision_store().read(job_id) == Decisions({"all": True})


def test_a_decision_that_cannot_be_kept_is_a_sentence(
    app: AppTest, service: JobService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: DecisionStore, job_id: str, decisions: Decisions) -> None:
        raise StorageError("The disk that holds {file} is full.", file="decisions")

    _run_sheet(app, service, rewrite_csv())
    monkeypatch.setattr(DecisionStore, "save", full)
    app.session_state[f"rewrite.decide_{_session(app).job_id}_p0t0_1"] = "accept"
    app.run()
    assert "The disk that holds decisions is full." in shown_texts(app) and not app.exception


def test_filters_and_measures_redraw_the_ledger(app: AppTest, service: JobService) -> None:
    _run_sheet(app, service, rewrite_csv())
    shown = len(app.dataframe[1].value)
    assert shown == 16
    app.session_state["rewrite.shown"] = "gained"
    app.run()
    assert 0 < len(app.dataframe[1].value) < shown
    app.text_input(key="rewrite.find").set_value("nothing like this").run()
    assert "No rewrite is like that." in shown_texts(app)
    app.selectbox(key="rewrite.measure").set_value("Success@1").run()
    assert not app.exception
    ledger = _session(app).opened
    assert ledger is not None and ledger.ledger is not None and ledger.ledger.settings.depth == 1
    assert ledger.ledger.rules[0].rescued == ledger.ledger.rules[0].gained > 0


def test_a_sheet_without_labels_says_what_moves(app: AppTest, service: JobService) -> None:
    _run_sheet(app, service, rewrite_csv(labelled=False))
    assert "nothing can be measured" in shown_texts(app)
    assert "Another first document" in app.dataframe[0].value.columns
    assert "Gained" not in app.dataframe[0].value.columns


def test_an_unknown_run_in_the_address_is_a_sentence_with_a_way_back(app: AppTest) -> None:
    app.query_params["job"] = "nowhere"
    app.run()
    assert "There is no job nowhere." in shown_texts(app)
    app.button(key="rewrite.back").click().run()
    assert not app.exception
