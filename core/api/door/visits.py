"""A request as the door sees it: who asks, and under which name; a named proxy's word is taken for it.

`X-Forwarded-*` can be written by anyone. They count only from an address that RERANK_TRUSTED_PROXY names, and
are taken out of every request, so that nothing behind the door can believe them by mistake.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.types import Scope

from core.api.door.addresses import DEFAULT_PORTS, Authority, parse_authority
from core.errors import InputError
from core.settings import is_loopback

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")
# The door has looked at Origin. Behind it, Streamlit would look up this machine's outside address for one.
_SPENT = (*_FORWARDED, b"origin")


@dataclass(frozen=True, slots=True)
class Visit:
    """What the rules of the door decide on.

    client: the visitor's address, behind a named proxy too; empty when unknown.
    asked: the name the visitor asked for; None when the Host header is missing, doubled or malformed.
    port: where this server listens.
    proxied: a proxy that nobody named stands in between.
    """

    client: str
    scheme: str
    asked: Authority | None
    host_header: str
    port: int
    headers: Mapping[str, str]
    proxied: bool


class Proxies:
    """The proxies whose word counts."""

    def __init__(self, names: Iterable[str]) -> None:
        self._networks = tuple(_network(name) for name in names)

    def trusted(self, address: str) -> bool:
        """Whether `address` is one of them."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def visitor(self, forwarded_for: str, proxy: str) -> str:
        """The nearest address in the chain that is no named proxy; what stands before it anyone can write."""
        for hop in reversed([part.strip() for part in forwarded_for.split(",")]):
            try:
                address = str(ipaddress.ip_address(hop))
            except ValueError:
                break
            if not self.trusted(address):
                return address
        return proxy


def read_visit(scope: Scope, proxies: Proxies, default_port: int) -> Visit:
    """Read an ASGI scope of type http or websocket."""
    peer = scope["client"][0] if scope.get("client") else ""
    raw: list[tuple[bytes, bytes]] = scope["headers"]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
    scheme: str = {"ws": "http", "wss": "https"}.get(scope["scheme"]) or scope["scheme"]
    hosts = [value.decode("latin-1") for name, value in raw if name == b"host"]
    host, client, proxied = hosts[0] if len(hosts) == 1 else "", peer, False
    if proxies.trusted(peer):
        client = proxies.visitor(headers.get("x-forwarded-for", ""), peer)
        host = headers.get("x-forwarded-host", host)
        named = headers.get("x-forwarded-proto", scheme)
        scheme = named if named in DEFAULT_PORTS else scheme
    else:
        proxied = is_loopback(peer) and any(name in headers for name in ("x-forwarded-for", "forwarded"))
    server = scope.get("server")
    port = server[1] if server and server[1] else default_port
    return Visit(client, scheme, parse_authority(host), host, port, headers, proxied)


def admitted_scope(scope: Scope, visit: Visit) -> Scope:
    """The scope for what lies behind the door: the visitor's own address and scheme, no spent headers."""
    kept = [(n, v) for n, v in scope["headers"] if n not in _SPENT and n != b"host"]
    scheme = visit.scheme
    if scope["type"] == "websocket":
        scheme = "wss" if scheme == "https" else "ws"
    client = (
        (visit.client, 0)
        if scope.get("client") and visit.client != scope["client"][0]
        else scope.get("client")
    )
    return dict(scope) | {
        "headers": [(b"host", visit.host_header.encode("latin-1")), *kept],
        "scheme": scheme,
        "client": client,
    }


def _network(name: str) -> Network:
    try:
        return ipaddress.ip_network(name, strict=False)
    except ValueError:
        raise InputError(
            "«{name}» is not an address or a network.",
            where="RERANK_TRUSTED_PROXY",
            hint="Write the proxy's address, such as 127.0.0.1 or 172.18.0.0/16.",
            name=name,
        ) from None
