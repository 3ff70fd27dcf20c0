"""The Model page's field for a model of one's own: a server elsewhere only after a tick."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.workflows.home.servers import host_without_consent
from core.workflows.home.workbench import Workbench
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
    monkeypatch.setattr(Workbench, "switch", lambda _, name: switched.append(name))
    page.text_input(key="model.folder").set_value(NAME).run()
    assert page.button(key="model.use_folder").disabled
    page.checkbox(key="model.send_to_rerank.example.com").check().run()
    page.button(key="model.use_folder").click().run()
    assert switched == [NAME]
    assert host_without_consent(NAME, embedded_workbench.settings) is None


def test_a_server_on_this_machine_needs_no_tick(page: AppTest) -> None:
    page.text_input(key="model.folder").set_value("http://127.0.0.1:9").run()
    assert not page.button(key="model.use_folder").disabled
    assert not page.checkbox


def test_an_address_with_a_key_is_refused_at_the_field(page: AppTest) -> None:
    page.text_input(key="model.folder").set_value("https://me:secret@host").run()
    assert "must not hold a key" in shown_texts(page)
    assert not page.exception
