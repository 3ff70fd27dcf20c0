"""The Connect page: what it gives to copy, and a request of another program opened in Rerank."""

from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.serving.answers as answers_module
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.presets import preset
from core.workflows.serving.answers import AnswerService
from core.workflows.serving.guides import GUIDES
from core.workflows.serving.recent import AskedTexts, RecentRequest, RecentRequests
from tests.pages.shown import shown_texts

ENTRY = str(Path(__file__).resolve().parents[2] / "streamlit_app.py")
TEXTS = AskedTexts("退款多久", ("换货。", "三天\n到账。"), "preset:legal")


@pytest.fixture
def service(embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> AnswerService:
    service = AnswerService(lambda: embedded_workbench)
    monkeypatch.setattr(answers_module, "_the_service", service)
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    return service


@pytest.fixture
def page(service: AnswerService) -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["app.language"] = "en"
    return app.run().switch_page("pages/connect.py").run()


def ask(recent: RecentRequests, status: int = 200) -> None:
    recent.add(
        RecentRequest(
            datetime(2026, 11, 28, 9, 30, 5).astimezone(),
            number=0,
            request_id="r-1",
            client="10.0.0.7 dify",
            path="/v1/rerank",
            dialect="superset",
            status=status,
            pairs=2,
            seconds=0.25,
            texts=TEXTS,
        )
    )


def copyable(page: AppTest) -> list[str]:
    return [one.value for one in page.code]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.name)
def test_each_program_has_its_settings_with_the_live_address(page: AppTest, guide: object) -> None:
    name = guide.name  # type: ignore[attr-defined]
    page.selectbox(key="connect.program").set_value(name).run()
    assert not page.exception
    address, *settings = copyable(page)
    assert address.startswith("http://localhost")
    assert any(address in one for one in settings)
    assert not any("«" in one for one in settings)


def test_a_program_in_a_container_gets_the_name_it_knows(page: AppTest) -> None:
    page.selectbox(key="connect.program").set_value("Open WebUI")
    page.toggle(key="connect.container").set_value(True).run()
    _, start, url, key, _ = copyable(page)
    assert "HOST=0.0.0.0 RERANK_ALLOWED_HOSTS=host.docker.internal" in start
    assert url.startswith("http://host.docker.internal:") and url.endswith("/v1/rerank")
    assert key == "YOUR-KEY"


def test_the_key_is_shown_only_when_asked_for(
    page: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_key = embedded_workbench.settings.model_copy(update={"api_key": SecretStr("a-long-secret-key")})
    monkeypatch.setattr(embedded_workbench, "settings", with_key)
    page.run()
    assert not any("a-long-secret-key" in one for one in copyable(page))
    page.toggle(key="connect.show_key").set_value(True).run()
    assert any("Bearer a-long-secret-key" in one for one in copyable(page))


def test_requests_are_listed_without_their_texts(page: AppTest, service: AnswerService) -> None:
    assert "Nothing yet" in shown_texts(page)
    ask(service.recent, status=429)
    table = page.run().dataframe[0].value
    assert list(table.columns) == ["Received", "Client", "Pairs", "ms", "Status"]
    assert table.iloc[0].tolist() == ["09:30:05", "10.0.0.7 dify", 2, 250.0, 429]
    page.session_state["connect.requests"] = {"selection": {"cells": [(0, "Client")]}}
    page.run()
    assert "Its texts were not kept." in shown_texts(page)


def test_a_kept_request_opens_in_rerank(page: AppTest, service: AnswerService) -> None:
    page.toggle(key="connect.keep_texts").set_value(True).run()
    assert service.recent.keeps_texts
    ask(service.recent)
    page.run()
    page.session_state["connect.requests"] = {"selection": {"cells": [(0, "Client")]}}
    page.run()
    page.button(key="connect.open").click().run()
    page.switch_page("pages/rerank.py").run()
    assert page.text_input(key="rerank.query").value == TEXTS.query
    assert page.text_area(key="rerank.documents").value == "换货。\n\n三天\n到账。"
    assert page.session_state["rerank.preset"] == "legal"
    assert preset("legal")


def test_switching_texts_off_forgets_them(page: AppTest, service: AnswerService) -> None:
    page.toggle(key="connect.keep_texts").set_value(True).run()
    ask(service.recent)
    page.toggle(key="connect.keep_texts").set_value(False).run()
    assert [one.texts for one in service.recent.all()] == [None]


def test_the_list_stands_still_while_a_row_is_chosen(page: AppTest, service: AnswerService) -> None:
    ask(service.recent)
    page.run()
    page.session_state["connect.requests"] = {"selection": {"cells": [(0, "Client")]}}
    ask(service.recent, status=503)
    page.run()
    assert page.dataframe[0].value["Status"].tolist() == [200]
