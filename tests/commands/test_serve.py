"""What `serve` checks and prints before it hands over, and that it serves https."""

import ssl
import urllib.request
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.api.door.keys import KEY_FILE
from core.commands.serve import address, check_certificate
from core.errors import InputError
from core.settings import Settings
from tests.serving import serving

# Made for these tests; its key protects nothing.
CERTIFICATE = Path(__file__).parents[1] / "api" / "door" / "test_only_cert.pem"
KEY = CERTIFICATE.with_name("test_only_key.pem")


def test_for_this_machine_alone_the_link_is_plain(tmp_path: Path) -> None:
    assert address(Settings(home=tmp_path)) == "http://localhost:8080"
    assert not (tmp_path / KEY_FILE).exists()


def test_on_the_network_the_link_logs_in_with_the_kept_key(tmp_path: Path) -> None:
    link = address(Settings(home=tmp_path, host="0.0.0.0", port=9000))
    assert link == f"http://localhost:9000/login#key={(tmp_path / KEY_FILE).read_text().strip()}"
    assert address(Settings(home=tmp_path, host="fd00::5", auth="off")) == "http://[fd00::5]:8080"
    chosen = Settings(home=tmp_path, api_key=SecretStr("correct horse & battery"), tls_cert=CERTIFICATE)
    assert address(chosen) == "https://localhost:8080/login#key=correct%20horse%20%26%20battery"


@pytest.mark.parametrize(
    ("cert", "key", "text"),
    [
        (CERTIFICATE, None, "RERANK_TLS_KEY is not set"),
        (None, KEY, "RERANK_TLS_CERT is not set"),
        (CERTIFICATE, Path("nowhere.pem"), "cannot be used"),
        (CERTIFICATE, CERTIFICATE, "cannot be used"),
    ],
)
def test_a_certificate_that_cannot_work_is_said_before_the_start(
    cert: Path | None, key: Path | None, text: str
) -> None:
    with pytest.raises(InputError, match=text):
        check_certificate(Settings(tls_cert=cert, tls_key=key))


def test_https_is_served_and_the_pages_websocket_may_use_it(tmp_path: Path) -> None:
    settings = {
        "RERANK_TLS_CERT": str(CERTIFICATE),
        "RERANK_TLS_KEY": str(KEY),
        "RERANK_MODEL": "embedded",
    }
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    with (
        serving(tmp_path, settings, scheme="https", context=context) as server,
        urllib.request.urlopen(server.address, timeout=20, context=context) as answer,
    ):
        assert server.address.startswith("https://") and "Streamlit" in answer.read().decode()
        policy = answer.headers["content-security-policy"]
        assert f"connect-src 'self' wss://localhost:{server.port}" in policy
