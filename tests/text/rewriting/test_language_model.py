"""Asking a language model, against an endpoint on localhost: answers, faults, and the key's secrecy."""

import json
import logging
import socket
import threading

import pytest
from pydantic import SecretStr

from core.chat.endpoint import Endpoint, LanguageModelError, endpoint
from core.settings import Settings
from core.text.rewriting.language_model import propose
from tests.text.rewriting.fake_language_model import KEY, FakeLanguageModel, fake_language_model


def _at(model: FakeLanguageModel, key: str = KEY) -> Endpoint:
    return Endpoint(model.url, "small-model", SecretStr(key))


def _problem(model: FakeLanguageModel, seconds: float = 5.0) -> LanguageModelError:
    with pytest.raises(LanguageModelError) as caught:
        propose(_at(model), "how do I reset it", seconds=seconds)
    return caught.value


def test_proposals_come_back_once_each_and_without_the_query() -> None:
    answers = ["how to reset X2", "how do I reset it", "  how to   reset X2 ", "", "reset X2", "a", "b"]
    with fake_language_model(FakeLanguageModel(answers)) as model:
        found = propose(_at(model), "how do I reset it", "I own an X2.", ["Wi-Fi"], count=3)
    assert found == ("how to reset X2", "reset X2", "a")
    assert model.paths == ["/v1/chat/completions"]
    (body,) = model.asked
    assert body["model"] == "small-model" and body["temperature"] == 0
    sent = json.loads(body["messages"][1]["content"])
    assert sent == {
        "query": "how do I reset it",
        "context": "I own an X2.",
        "terms": ["Wi-Fi"],
        "rewordings": 3,
    }
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_whole_address_is_taken_as_it_is_and_no_key_sends_no_header() -> None:
    with fake_language_model(FakeLanguageModel(["a"])) as model:
        full = Endpoint(model.url + "/chat/completions", "m", SecretStr(""))
        assert propose(full, "q") == ("a",)
    assert model.paths == ["/v1/chat/completions"]
    assert "authorization" not in model.headers[0]


@pytest.mark.parametrize(
    "content",
    [
        '```json\n{"queries": ["a", "b"]}\n```',
        '["a", "b"]',
        'Here you are: {"queries": ["a", "b"]} Enjoy!',
        '<think>maybe {"queries": ["x"]}</think>{"queries": ["a", "b"]}',
    ],
)
def test_lists_are_found_in_what_models_write_around_them(content: str) -> None:
    with fake_language_model(FakeLanguageModel(content=content)) as model:
        assert propose(_at(model), "q") == ("a", "b")


@pytest.mark.parametrize(
    "model",
    [
        FakeLanguageModel(body=b"<html>proxy login</html>"),
        FakeLanguageModel(body=b"{}"),
        FakeLanguageModel(body=b'{"choices": []}'),
        FakeLanguageModel(body=b'{"choices": [{"message": {"content": null}}]}'),
        FakeLanguageModel(content="I cannot do that."),
        FakeLanguageModel(content='{"queries": "a"}'),
        FakeLanguageModel(content='{"queries": [1, 2]}'),
        FakeLanguageModel(content='{"queries": ['),
        FakeLanguageModel(body=b"[" * 100_000),
        FakeLanguageModel(body=b" " * 300_000),
    ],
    ids=lambda model: str((model.body or model.content or "")[:30]),
)
def test_a_malformed_answer_is_one_sentence(model: FakeLanguageModel) -> None:
    with fake_language_model(model):
        error = _problem(model)
    assert error.message.endswith("is not what was asked for.")
    assert error.hint == "Ask again, or try another model."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "refused the key (HTTP 401)."),
        (403, "refused the key (HTTP 403)."),
        (404, "does not know the address or the model «small-model» (HTTP 404)."),
        (429, "takes no more requests now (HTTP 429)."),
        (500, "answered with an error (HTTP 500)."),
        (302, "answered with an error (HTTP 302)."),
    ],
)
def test_a_refusal_is_one_sentence(status: int, sentence: str) -> None:
    with fake_language_model(FakeLanguageModel(status=status)) as model:
        error = _problem(model)
    assert error.message == f"The language model at {model.url.split('/')[2]} {sentence}"
    assert len(model.asked) == 1, "neither repeated nor redirected with the key"


def test_a_slow_answer_ends_at_the_limit() -> None:
    with fake_language_model(FakeLanguageModel(["a"], gate=threading.Event())) as model:
        assert "did not answer within 0.2 seconds" in _problem(model, 0.2).message


def test_an_answer_that_drips_ends_at_the_limit() -> None:
    with fake_language_model(FakeLanguageModel(["a"], drip=True)) as model:
        assert "did not answer within 0.3 seconds" in _problem(model, 0.3).message


def test_an_unreachable_endpoint_is_one_sentence() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(LanguageModelError) as caught:
        propose(Endpoint(f"http://127.0.0.1:{port}/v1", "m", SecretStr(KEY)), "q")
    assert caught.value.message == f"The language model at 127.0.0.1:{port} cannot be reached."


def test_the_key_is_in_no_message_log_or_representation(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = Settings(llm_url="http://user:secret@127.0.0.1:1/v1", llm_model="m", llm_key=SecretStr(KEY))
    where = endpoint(settings)
    assert where is not None and where.host == "127.0.0.1:1"
    with pytest.raises(LanguageModelError) as caught:
        propose(where, "q")
    with fake_language_model(FakeLanguageModel(status=401)) as model:
        refused = _problem(model)
    shown = [repr(settings), str(settings.model_dump()), settings.model_dump_json(), repr(where), str(where)]
    shown += [str(caught.value), repr(caught.value.sentence.facts), str(refused), caplog.text]
    assert [text for text in shown if KEY in text] == []
    assert "secret" not in str(caught.value) and "secret" not in caplog.text


def test_it_is_off_by_default_and_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"RERANK_LLM_{name}", raising=False)
    assert endpoint(Settings()) is None
    with pytest.raises(LanguageModelError, match="No language model is configured"):
        propose(endpoint(Settings()), "q")
    monkeypatch.setenv("RERANK_LLM_URL", "https://host.example/v1")
    assert endpoint(Settings()) is None
    monkeypatch.setenv("RERANK_LLM_MODEL", "m")
    monkeypatch.setenv("RERANK_LLM_KEY", KEY)
    where = endpoint(Settings())
    assert where is not None and where.host == "host.example" and where.key.get_secret_value() == KEY


@pytest.mark.parametrize("url", ["host/v1", "ftp://host", "file:///etc/passwd", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(LanguageModelError, match="not a web address"):
        endpoint(Settings(llm_url=url, llm_model="m"))
