"""Consent to send texts to a server, as the Model page asks for it."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.settings import Settings
from core.workflows.home.servers import agree, host_without_consent


def test_a_server_elsewhere_asks_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    name = "https://rerank.example.com/v1/rerank#m"
    assert host_without_consent(name, settings) == "rerank.example.com"
    agree(name, settings)
    assert host_without_consent(name, settings) is None
    assert host_without_consent("https://rerank.example.com:8443", settings) == "rerank.example.com:8443"


@pytest.mark.parametrize(
    "name", ["", "embedded", "/models/bge", "http://localhost:8000", "tei+http://127.0.0.1:3000"]
)
def test_what_stays_on_this_machine_asks_nothing(name: str, tmp_path: Path) -> None:
    assert host_without_consent(name, Settings(home=tmp_path)) is None


def test_a_host_named_in_the_settings_is_agreed_to(tmp_path: Path) -> None:
    assert host_without_consent("http://10.0.0.3:80", Settings(home=tmp_path, send_to="10.0.0.3:80")) is None


def test_an_address_with_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must not hold a key"):
        host_without_consent("https://me:key@host", Settings(home=tmp_path))
