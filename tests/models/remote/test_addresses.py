"""Addresses as people type them, keys, and consent to send texts away."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import InputError, WorkbenchError
from core.models.remote.addresses import (
    CONSENT_FILE,
    agree_to_send,
    check_consent,
    consented_hosts,
    is_remote,
    key_for,
    read_address,
)

NONE = SecretStr("")


@pytest.mark.parametrize(
    "name", ["http://h", "https://h/v1/rerank#m", "vllm+http://h:8000", "HTTPS://H", "llama-server+https://h"]
)
def test_an_address_is_told_from_a_folder_or_a_name(name: str) -> None:
    assert is_remote(name)


@pytest.mark.parametrize(
    "name", ["embedded", "Qwen/Qwen3-Reranker-0.6B", "/data/http", "C:\\models", "ftp://h"]
)
def test_a_folder_or_a_name_is_no_address(name: str) -> None:
    assert not is_remote(name)


def test_kind_path_and_model_are_read() -> None:
    address = read_address(" vllm+HTTP://Host:8000/v1/score/#org/model ")
    assert (address.kind, address.url, address.model) == ("vllm", "http://host:8000/v1/score", "org/model")
    assert (address.host, address.path, address.root) == ("host:8000", "/v1/score", "http://host:8000")


@pytest.mark.parametrize("name", ["http://", "http://[::1", "http://host:port", "https:///path"])
def test_what_is_no_address_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="not the address of a server"):
        read_address(name)


@pytest.mark.parametrize("name", ["https://me:secret@host/v1", "https://host/v1?key=secret"])
def test_a_key_in_the_address_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(InputError, match="must not hold a key") as caught:
        read_address(name)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_texts_for_this_machine_need_no_consent(host: str, tmp_path: Path) -> None:
    check_consent(read_address(f"http://{host}:8000"), tmp_path, "")


@pytest.mark.parametrize("host", ["localhost.example.com", "10.0.0.3", "127.0.0.1.example.com", "0.0.0.0"])
def test_texts_for_any_other_machine_need_consent(host: str, tmp_path: Path) -> None:
    address = read_address(f"http://{host}:8000")
    with pytest.raises(InputError, match=f"sent to {host}:8000"):
        check_consent(address, tmp_path, "")
    check_consent(address, tmp_path, f"other.example.com, {host}:8000")
    agree_to_send(address, tmp_path)
    check_consent(address, tmp_path, "")


def test_consent_holds_for_one_host_and_port_only(tmp_path: Path) -> None:
    agree_to_send(read_address("https://host.example.com/v1"), tmp_path)
    agree_to_send(read_address("https://host.example.com:8443/v1"), tmp_path)
    with pytest.raises(InputError):
        check_consent(read_address("https://host.example.com:9000"), tmp_path, "")


def test_a_damaged_list_of_consents_lets_nothing_out(tmp_path: Path) -> None:
    (tmp_path / CONSENT_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(WorkbenchError, match="damaged"):
        check_consent(read_address("https://host.example.com"), tmp_path, "")


def test_the_configured_key_comes_before_the_makers_and_the_file(tmp_path: Path) -> None:
    address = read_address("https://api.cohere.com:443")
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "api.cohere.com_443"
    file.write_text(" from-file\n", encoding="utf-8")
    file.chmod(0o600)
    environment = {"COHERE_API_KEY": "from-maker"}

    def key(configured: SecretStr, variable: str) -> str:
        return key_for(address, tmp_path, configured, variable, environment).get_secret_value()

    assert key(SecretStr("configured"), "COHERE_API_KEY") == "configured"
    assert key(NONE, "COHERE_API_KEY") == "from-maker"
    assert key(NONE, "JINA_API_KEY") == "from-file"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "host"
    file.write_text("secret", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(InputError, match="can be read by others") as caught:
        key_for(read_address("https://host"), tmp_path, NONE, "", {})
    assert "secret" not in str(caught.value)


def test_all_who_agree_at_once_are_heard(tmp_path: Path) -> None:
    addresses = [read_address(f"https://host{number}.example.com/v1") for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda address: agree_to_send(address, tmp_path), addresses))
    assert consented_hosts(tmp_path, "") == {address.host for address in addresses}
