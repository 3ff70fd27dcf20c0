"""Where models judge: an address as typed, the key that belongs to it, and consent to send texts there.

A key comes from the environment or from a private file, never from a page, and goes to its own host only.
"""

from urllib.parse import urlsplit

from pydantic import SecretStr

from core.chat.endpoint import Endpoint
from core.models.remote.addresses import (
    Address,
    agree_to_send,
    consented_hosts,
    key_for,
    read_address,
)
from core.settings import Settings


def judging_endpoint(url: str, model: str, settings: Settings) -> Endpoint:
    """The endpoint with its key, RERANK_LLM_KEY for RERANK_LLM_URL; InputError where the address is none."""
    address = read_address(url)
    own = urlsplit(settings.llm_url).netloc.lower()
    configured = settings.llm_key if own == address.host else SecretStr("")
    return Endpoint(address.url, model, key_for(address, settings.home, configured, "", {}))


def endpoint_host(url: str) -> str:
    """Host and port of an address; InputError where it is none."""
    return read_address(url).host


def unagreed_host(url: str, settings: Settings) -> str | None:
    """The host that texts would be sent to and that nobody agreed to yet; None where they stay here."""
    address: Address = read_address(url)
    agreed = consented_hosts(settings.home, settings.send_to)
    return None if address.is_this_machine or address.host in agreed else address.host


def agree_to_judge(url: str, settings: Settings) -> None:
    """Remember that texts may be sent to this host."""
    agree_to_send(read_address(url), settings.home)
