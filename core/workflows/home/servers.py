"""Rerank servers as models, seen from a page: whose consent is missing before one may be used."""

from core.models.remote.addresses import agree_to_send, consented_hosts, is_remote, read_address
from core.settings import Settings


def host_without_consent(name: str, settings: Settings) -> str | None:
    """The host that texts would be sent to and that nobody agreed to yet; None for anything else.

    InputError where `name` looks like an address and is none.
    """
    if not is_remote(name):
        return None
    address = read_address(name)
    agreed = consented_hosts(settings.home, settings.send_to)
    return None if address.is_this_machine or address.host in agreed else address.host


def agree(name: str, settings: Settings) -> None:
    """Remember that texts may be sent to the server of this address."""
    agree_to_send(read_address(name), settings.home)
