"""The door: one ASGI middleware before pages, static files, uploads, media, websocket and API.

In this order: is the request addressed to us, is it from a page of ours, does the visitor have the key.
What is refused never reaches Streamlit or a route. It knows nothing of what lies behind it.
"""

import asyncio
import logging
from http.cookies import CookieError, SimpleCookie

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api.door.addresses import OwnNames, is_from_another_site, is_own_origin
from core.api.door.answers import (
    empty,
    html_page,
    json_error,
    redirect,
    security_headers,
    with_headers,
)
from core.api.door.attempts import Attempts
from core.api.door.flights import Closing, Flight
from core.api.door.keys import COOKIE_SECONDS, Key, access_key
from core.api.door.login import (
    MOST_FORM_BYTES,
    PATH,
    login_page,
    login_place,
    shown_key,
    wanted_place,
)
from core.api.door.visits import Proxies, Visit, admitted_scope, read_visit
from core.settings import Settings, is_loopback

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# They say whether the server is well and nothing else: load balancers and containers ask without a key.
PROBES = frozenset({"/_stcore/health", "/health/live", "/health/ready"})
# Files that a page uploads; how large one may be stands in .streamlit/config.toml.
UPLOADS = "/_stcore/upload_file/"
MOST_UPLOAD_BYTES = 512 << 20


class Door:
    """Wraps an ASGI app; the key is read or made when the first request needs one."""

    def __init__(self, app: ASGIApp, settings: Settings, closing: Closing) -> None:
        self._app = app
        self._closing = closing
        self._settings = settings
        self._names = OwnNames(settings)
        self._proxies = Proxies(settings.trusted_proxy)
        self._attempts = Attempts()
        self._kept_key: Key | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        visit = read_visit(scope, self._proxies, self._settings.port)
        added = security_headers(visit.host_header if visit.asked else "", visit.scheme)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message = with_headers(message, added)
            await send(message)

        refusal = self._refusal(scope, visit)
        if refusal is None and self._needs_key(scope, visit):
            refusal = await self._without_key(scope, visit, receive)
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif refusal is not None:
            await Flight(receive, send_with_headers, 0).refuse(refusal)
        elif scope["type"] == "websocket":
            await self._app(admitted_scope(scope, visit), receive, send_with_headers)
        else:
            await self._fly(admitted_scope(scope, visit), receive, send_with_headers)

    async def _fly(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_upload = scope["path"].startswith(UPLOADS)
        flight = Flight(receive, send, MOST_UPLOAD_BYTES if is_upload else self._settings.max_body_mb << 20)
        self._closing.entered(flight)
        try:
            await flight.run(self._app, scope)
        finally:
            self._closing.left(flight)

    def _refusal(self, scope: Scope, visit: Visit) -> list[Message] | None:
        """Why this request is not for us, whoever asks."""
        method = scope.get("method", "GET")
        if method not in METHODS:
            return json_error(405, f"The method {method[:20]} is not served.", {"allow": "GET, HEAD, POST"})
        if visit.asked is None:
            return json_error(400, "The Host header is not a host name with an optional port.")
        if not self._names.own(visit.asked, visit.scheme, visit.port):
            return json_error(
                403,
                f"This server does not answer as {visit.host_header}. "
                "If that is its name, list it in RERANK_ALLOWED_HOSTS.",
            )
        origin = visit.headers.get("origin")
        foreign = origin is not None and not is_own_origin(origin, visit.asked, visit.scheme)
        if foreign or is_from_another_site(visit.headers):
            return json_error(403, "Requests from pages of another site are refused.")
        if visit.proxied and not self._settings.key_required and self._settings.auth != "off":
            return json_error(
                403, "This request came through a proxy that RERANK_TRUSTED_PROXY does not name."
            )
        return None

    def _needs_key(self, scope: Scope, visit: Visit) -> bool:
        if scope["path"] in PROBES and scope.get("method") in ("GET", "HEAD"):
            return False
        return self._settings.key_required or (self._settings.auth != "off" and _is_far(visit.client))

    async def _without_key(self, scope: Scope, visit: Visit, receive: Receive) -> list[Message] | None:
        """None when the visitor has shown the key, else what to answer."""
        key = self._key()
        if scope["type"] == "http" and scope["path"] == PATH:
            return await self._login(scope, visit, receive, key)
        if key.admits(_cookie(visit)):
            return None
        token = _token(visit.headers.get("authorization", ""))
        if token:
            if self._attempts.crowded(visit.client):
                return _slow_down()
            if key.matches(token):
                self._attempts.succeeded(visit.client)
                return None
            await self._delay(visit)
            return _unauthorized("This is not the key of this server.")
        if scope.get("method") == "GET" and "text/html" in visit.headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            return redirect(login_place(scope["path"] + (f"?{query}" if query else "")))
        return _unauthorized("A key is needed: send it as «Authorization: Bearer KEY».")

    async def _login(self, scope: Scope, visit: Visit, receive: Receive, key: Key) -> list[Message]:
        wanted = wanted_place(scope["query_string"].decode("latin-1"))
        language = visit.headers.get("accept-language", "")
        if scope["method"] == "HEAD" and key.admits(_cookie(visit)):
            return empty(204)
        if scope["method"] in ("GET", "HEAD"):
            return html_page(200, login_page(language, wanted, wrong=False))
        if scope["method"] != "POST":
            return json_error(405, f"{PATH} takes GET and POST only.", {"allow": "GET, POST"})
        if self._attempts.crowded(visit.client):
            return _slow_down()
        if not key.matches(shown_key(await _short_body(receive))):
            await self._delay(visit)
            return html_page(401, login_page(language, wanted, wrong=True))
        self._attempts.succeeded(visit.client)
        secure = "; Secure" if visit.scheme == "https" else ""
        rules = f"Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict{secure}"
        return redirect(wanted, {"set-cookie": f"{_cookie_name(visit)}={key.cookie()}; {rules}"})

    async def _delay(self, visit: Visit) -> None:
        seconds = self._attempts.failed(visit.client)
        log.warning("a wrong key from %s, answered after %.2f s", visit.client, seconds)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._attempts.answered(visit.client)

    def _key(self) -> Key:
        if self._kept_key is None:
            self._kept_key = Key(access_key(self._settings))
        return self._kept_key


def _is_far(client: str) -> bool:
    """Whether the visitor is on another machine, whatever the settings say about where we listen."""
    return client[:1].isdigit() and not is_loopback(client) or ":" in client and not is_loopback(client)


def _token(authorization: str) -> str:
    """The token with or without «Bearer»: some clients send it bare."""
    word, _, rest = authorization.strip().partition(" ")
    return rest.strip() if word.lower() == "bearer" else authorization.strip()


def _cookie_name(visit: Visit) -> str:
    """Browsers share cookies between the ports of a host; two workbenches have one each."""
    return f"rerank-{visit.asked.port if visit.asked and visit.asked.port else visit.scheme}"


def _cookie(visit: Visit) -> str:
    try:
        jar = SimpleCookie(visit.headers.get("cookie", ""))
    except CookieError:
        return ""
    morsel = jar.get(_cookie_name(visit))
    return morsel.value if morsel else ""


def _unauthorized(message: str) -> list[Message]:
    return json_error(401, message, {"www-authenticate": "Bearer"})


def _slow_down() -> list[Message]:
    return json_error(429, "Too many wrong keys came from this address.", {"retry-after": "8"})


async def _short_body(receive: Receive) -> bytes:
    body = b""
    while len(body) <= MOST_FORM_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body
    return b""
