"""What the door itself sends: refusals as JSON, redirects, the login page, headers on every answer."""

import json
from collections.abc import Mapping

from starlette.types import Message

from core.api.dialects.dialect import Refusal, general_error

Headers = list[tuple[bytes, bytes]]

# Scripts and styles are Streamlit's own; it needs `eval` for charts and inline ones for its start. Nothing
# may be fetched from, sent to, or framed by another host: an image in a document's text loads nothing.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' {socket} data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'self' blob:; frame-ancestors 'none'"
)


def security_headers(host: str, scheme: str) -> Headers:
    """The headers that every answer carries."""
    socket = f"{'wss' if scheme == 'https' else 'ws'}://{host}" if host else ""
    headers = [
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"content-security-policy", _POLICY.format(socket=socket).encode("latin-1")),
    ]
    return headers


def with_headers(message: Message, added: Headers) -> Message:
    """The start of an answer with `added` in place of what the app set under these names."""
    names = {name for name, _ in added}
    kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in names]
    return dict(message) | {"headers": [*kept, *added]}


def json_error(code: int, message: str, headers: Mapping[str, str] | None = None) -> list[Message]:
    """A refusal in the shape of every other error."""
    body = json.dumps(general_error(Refusal(code, message)), ensure_ascii=False).encode()
    return _answer(code, body, "application/json", headers or {})


def html_page(code: int, page: str, headers: Mapping[str, str] | None = None) -> list[Message]:
    """A page of the door's own."""
    return _answer(code, page.encode(), "text/html; charset=utf-8", headers or {})


def redirect(place: str, headers: Mapping[str, str] | None = None) -> list[Message]:
    """Go on to `place` with GET."""
    return _answer(303, b"", "text/plain; charset=utf-8", {"location": place, **(headers or {})})


def empty(code: int) -> list[Message]:
    """Only a status."""
    return _answer(code, b"", "text/plain; charset=utf-8", {})


def _answer(code: int, body: bytes, media_type: str, headers: Mapping[str, str]) -> list[Message]:
    fields = {
        "content-type": media_type,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **headers,
    }
    start = {
        "type": "http.response.start",
        "status": code,
        "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields.items()],
    }
    return [start, {"type": "http.response.body", "body": body}]
