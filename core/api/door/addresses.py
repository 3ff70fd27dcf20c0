"""Which host names and origins are this server's own; everything else is refused.

A web page cannot choose the Host header: it is the name the browser believes it talks to. A foreign name
that resolves to this machine (DNS rebinding) therefore shows itself there, and a page of another site shows
itself in Origin and in the browser's Sec-Fetch headers. Keys and proxies are other modules' matter.
"""

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from core.settings import Settings, is_loopback

DEFAULT_PORTS = {"http": 80, "https": 443}
# Letters, digits, dots, hyphens and underscores (container names); or an IPv6 address in brackets.
_NAME = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?"
_AUTHORITY = re.compile(rf"({_NAME})(?::([0-9]{{1,5}}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Authority:
    """A host name or address in its one spelling, and its port where one was written."""

    host: str
    port: int | None


def parse_authority(text: str) -> Authority | None:
    """Read a Host header; None for anything that is not exactly a host with an optional port."""
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return None
    host, port = found[1].lower(), found[2]
    if host.startswith("["):
        try:
            host = str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError:
            return None
    if port is not None and not 1 <= int(port) <= 65535:
        return None
    return Authority(host, int(port) if port else None)


class OwnNames:
    """The names under which this server may be asked for, fixed at the start."""

    def __init__(self, settings: Settings) -> None:
        self._only_here = is_loopback(settings.host)
        self._names = {"localhost", settings.host.lower()}
        if not self._only_here:
            self._names.add(socket.gethostname().lower())
        self._allowed = {found for name in settings.allowed_hosts if (found := parse_authority(name))}

    def own(self, asked: Authority, scheme: str, port: int) -> bool:
        """Whether `asked` names this server, which listens on `port` and was reached by `scheme`."""
        wanted = asked.port or DEFAULT_PORTS[scheme]
        if asked in self._allowed or Authority(asked.host, wanted) in self._allowed:
            return True
        if Authority(asked.host, None) in self._allowed:
            return wanted in (DEFAULT_PORTS[scheme], port)
        return wanted == port and (asked.host in self._names or self._is_own_address(asked.host))

    def _is_own_address(self, host: str) -> bool:
        """An address cannot be rebound: a page that names one was loaded from it."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return address.is_loopback or not self._only_here


def is_own_origin(origin: str, asked: Authority, scheme: str) -> bool:
    """Whether a page of `origin` was served by the very address that it asks now."""
    page_scheme, _, rest = origin.partition("://")
    page = parse_authority(rest)
    if page is None or page_scheme != scheme or page.host != asked.host:
        return False
    return (page.port or DEFAULT_PORTS[scheme]) == (asked.port or DEFAULT_PORTS[scheme])


def is_from_another_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that another site's page wants this as its image, script or data.

    Following a link to a page is not meant; a frame is, although the page would refuse to be shown in it.
    """
    site = headers.get("sec-fetch-site", "none")
    follows_link = (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )
    return site not in ("none", "same-origin") and not follows_link
