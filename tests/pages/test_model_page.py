"""The Model page's field for a model of one's own: a server elsewhere only after a tick."""

import threading
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.serving.answers as answers_module
from core.workflows.home.servers import host_without_consent
from core.workflows.home.workbench import Workbench
from core.workflows.serving.answers import AnswerService, Question
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
NAME = "https://rerank.example.com/v1/rerank#m"


@pytest.fixture
def page(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    app = AppTest.from_file(ENTRY, default_timeout=60).run()
    return app.switch_page("pages/model.py").run()


def test_texts_go_elsewhere_only_after_a_tick(
    page: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched: list[str] = []

    def switch(bench: Workbench, name: str) -> int:
        switched.append(name)
        return 1

    monkeypatch.setattr(Workbench, "switch", switch)
    page.text_input(key="model.folder").set_value(NAME).run()
    assert page.button(key="model.use_folder").disabled
    page.checkbox(key="model.send_to_rerank.example.com").check().run()
    page.button(key="model.use_folder").click().run()
    assert switched == [NAME]
    assert host_without_consent(NAME, embedded_workbench.settings) is None


def test_a_choice_that_fails_is_said_at_its_field_to_who_made_it_and_dismissed(
    page: AppTest, embedded_workbench: Workbench
) -> None:
    page.text_input(key="model.folder").set_value("no such model").run()
    page.button(key="model.use_folder").click().run()
    deadline = time.monotonic() + 60
    while embedded_workbench.status().loading:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    page.run()
    assert [box.value for box in page.main.warning] and not page.sidebar.warning
    assert "no such model" in page.main.warning[0].value
    # Somebody else's browser: another session of the same process.
    other = AppTest.from_file(ENTRY, default_timeout=60).run().switch_page("pages/model.py").run()
    assert not other.warning
    # It waits at its place while other pages are looked at.
    assert not page.switch_page("pages/connect.py").run().warning
    page.switch_page("pages/model.py").run()
    page.button(key="model.own.dismiss").click().run()
    assert not page.warning and not page.exception


def test_a_server_on_this_machine_needs_no_tick(page: AppTest) -> None:
    page.text_input(key="model.folder").set_value("http://127.0.0.1:9").run()
    assert not page.button(key="model.use_folder").disabled
    assert not page.checkbox


def test_an_address_with_a_key_is_refused_at_the_field(page: AppTest) -> None:
    page.text_input(key="model.folder").set_value("https://me:secret@host").run()
    assert "must not hold a key" in shown_texts(page)
    assert not page.exception


def test_known_scores_are_counted_and_can_be_switched_off(
    page: AppTest, embedded_workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = embedded_workbench.settings.model_copy(update={"home": tmp_path / "own home"})
    monkeypatch.setattr(embedded_workbench, "settings", settings)
    service = AnswerService(lambda: embedded_workbench)
    monkeypatch.setattr(answers_module, "_the_service", service)
    page.run()
    assert "0 scores are kept." in shown_texts(page)

    def ask() -> int:
        pending = service.begin(Question("refund", ("three days", "a new card")))
        pending.future.result(60)
        known = pending.finish().from_cache
        service._keeper.submit(lambda: None).result(60)  # what was new has been kept
        return known

    assert [ask(), ask()] == [0, 2]
    assert "50% of 4 pairs since the start were known; 2 scores are kept." in shown_texts(page.run())
    page.toggle(key="model.known_scores").set_value(False).run()
    assert not service.uses_cache and "scores are kept" not in shown_texts(page)
    assert ask() == 0
