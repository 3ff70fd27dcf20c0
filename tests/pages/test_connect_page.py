"""The Connect page: what it gives to copy, and a request of another program opened in Rerank."""

import shlex
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.serving.answers as answers_module
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.presets import preset
from core.workflows.serving.answers import AnswerService
from core.workflows.serving.guides import GUIDES, guide
from core.workflows.serving.recent import AskedTexts, RecentRequest, RecentRequests
from tests.pages.shown import shown_texts
from tests.serving import serving

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


def test_a_program_in_a_container_is_not_told_to_restart_what_is_open_to_it(
    page: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {"host": "0.0.0.0", "allowed_hosts": ("host.docker.internal",), "api_key": SecretStr("k" * 20)}
    opened = embedded_workbench.settings.model_copy(update=changes)
    monkeypatch.setattr(embedded_workbench, "settings", opened)
    page.toggle(key="connect.container").set_value(True).run()
    assert not any("build/start.sh" in one for one in copyable(page))
    assert "--add-host=host.docker.internal:host-gateway" in shown_texts(page)


def test_a_newcomer_who_follows_the_page_connects_open_webui_and_dify_in_containers(
    page: AppTest, tmp_path: Path
) -> None:
    """Nothing is known but what the page and the start line say; the bodies are those that were recorded."""
    page.toggle(key="connect.container").set_value(True)
    told = {}
    for program in ("Open WebUI", "Dify"):
        page.selectbox(key="connect.program").set_value(program).run()
        _, start, *values = copyable(page)
        told[program] = dict(zip([field.label for field in guide(program).fields], values, strict=True))
    words = shlex.split(start)
    assert words[-2:] == ["bash", "build/start.sh"]
    settings = dict(word.split("=", 1) for word in words[:-2])
    port = settings.pop("PORT")
    command = ("-m", "core", "serve", "--api-only")
    with serving(
        tmp_path, settings | {"RERANK_MODEL": "embedded"}, command=command, ready="/health/ready"
    ) as it:
        key = it.log().partition("/login#key=")[2].split()[0]

        def asked(url: str, key: str, body: dict[str, object]) -> httpx.Response:
            host, path = urlsplit(url).netloc.replace(port, str(it.port)), urlsplit(url).path
            headers = {"Host": host, "Authorization": f"Bearer {key}"}
            body = body | {"model": "rerank", "query": "refund", "documents": ["weather", "money back"]}
            return httpx.post(f"http://127.0.0.1:{it.port}{path}", json=body, headers=headers, timeout=60)

        webui, dify = told["Open WebUI"], told["Dify"]
        for program, url, body in (
            ("Open WebUI", webui["API Base URL"], {"top_n": 2}),
            ("Dify", dify["API endpoint URL"] + "/rerank", {"top_n": None, "return_documents": True}),
        ):
            answer = asked(url, key, body)
            assert answer.status_code == 200, answer.text
            assert answer.json()["results"][0]["index"] == 1
            refused = asked(url, told[program]["API Key"], body)  # YOUR-KEY, as it stands there
            assert refused.status_code == 401 and "key" in refused.json()["message"]


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
