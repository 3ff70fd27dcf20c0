"""Which names and origins are ours, malformed ones included."""

import pytest

from core.api.door.addresses import (
    Authority,
    OwnNames,
    is_from_another_site,
    is_own_origin,
    parse_authority,
)
from core.settings import Settings


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost:8080", "localhost", 8080),
        ("LocalHost", "localhost", None),
        ("127.0.0.1:80", "127.0.0.1", 80),
        ("[::1]:8080", "::1", 8080),
        ("[0:0:0:0:0:0:0:1]", "::1", None),
        ("rerank_web.example.com:443", "rerank_web.example.com", 443),
    ],
)
def test_a_host_is_read_in_its_one_spelling(text: str, host: str, port: int | None) -> None:
    assert parse_authority(text) == Authority(host, port)


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "a b", "localhost:8111@evil.com", "user@localhost", "localhost:", "localhost:0", ":8080"],
        *[
            "localhost:99999",
            "localhost:80:80",
            "localhost/",
            "localhost\t",
            "localhost.",
            "-a",
            "[::1",
            "::1",
        ],
        *[
            "[evil]",
            "[::1%eth0]",
            "localhost:8080,evil.test",
            "lôcalhost",
            "localhost:٨٠",
            "http://localhost",
        ],
        "a" * 300,
    ],
)
def test_anything_else_is_no_host(text: str) -> None:
    assert parse_authority(text) is None


def _own(settings: Settings, asked: str, *, scheme: str = "http", port: int = 8080) -> bool:
    authority = parse_authority(asked)
    assert authority is not None
    return OwnNames(settings).own(authority, scheme, port)


@pytest.mark.parametrize("asked", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "127.8.9.1:8080"])
def test_this_machine_is_ours(asked: str) -> None:
    assert _own(Settings(), asked)


@pytest.mark.parametrize(
    "asked", ["evil.test:8080", "localhost", "localhost:8081", "192.168.1.5:8080", "localhost.evil.test:8080"]
)
def test_other_names_and_ports_are_not_while_only_this_machine_is_served(asked: str) -> None:
    assert not _own(Settings(), asked)


def test_on_the_network_any_address_is_ours_but_only_listed_names() -> None:
    settings = Settings(host="0.0.0.0", allowed_hosts=("rerank.example.com", "desk:9000"))
    assert _own(settings, "192.168.1.5:8080") and _own(settings, "localhost:8080")
    assert not _own(settings, "192.168.1.5:8081") and not _own(settings, "evil.test:8080")
    assert _own(settings, "rerank.example.com:8080") and _own(settings, "rerank.example.com", scheme="https")
    assert not _own(settings, "rerank.example.com:9000") and not _own(settings, "a.rerank.example.com")
    assert _own(settings, "desk:9000") and not _own(settings, "desk:8080")


def test_allowed_hosts_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RERANK_ALLOWED_HOSTS", "a.example, localhost:9000,")
    assert Settings().allowed_hosts == ("a.example", "localhost:9000")


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:8080", True),
        ("http://localhost:3000", False),
        ("http://localhost", False),
        ("https://localhost:8080", False),
        ("http://127.0.0.1:8080", False),
        ("http://localhost:8080.evil.test", False),
        ("http://localhost:8080@evil.test", False),
        ("http://evil.test/http://localhost:8080", False),
        ("null", False),
        ("", False),
        ("http://[", False),
        ("file://", False),
        ("http://localhost:8080/", False),
    ],
)
def test_only_the_page_of_the_same_address_is_ours(origin: str, own: bool) -> None:
    assert is_own_origin(origin, Authority("localhost", 8080), "http") is own


def test_a_default_port_may_be_left_out() -> None:
    assert is_own_origin("https://rerank.example.com", Authority("rerank.example.com", 443), "https")


@pytest.mark.parametrize(
    ("site", "mode", "dest", "foreign"),
    [
        ("same-origin", "cors", "empty", False),
        ("none", "navigate", "document", False),
        ("cross-site", "navigate", "document", False),
        ("cross-site", "navigate", "iframe", True),
        ("cross-site", "no-cors", "script", True),
        ("same-site", "no-cors", "image", True),
        ("cross-site", "websocket", "empty", True),
    ],
)
def test_a_link_may_lead_here_but_nothing_is_embedded(site: str, mode: str, dest: str, foreign: bool) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    assert is_from_another_site(headers) is foreign
