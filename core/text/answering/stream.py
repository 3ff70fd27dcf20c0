"""One streamed chat completion over any OpenAI-compatible address; the key goes into one header only.

Lines `data: {…}` until `data: [DONE]`; comments and blank lines are skipped, reasoning is not the answer, the
last chunk may carry the tokens used. An error may come as a status, in a body with status 200, or in
mid-stream.
"""

import json
import logging
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from core.chat.endpoint import (
    MALFORMED,
    MALFORMED_HINT,
    TOO_SLOW,
    UNREACHABLE,
    Endpoint,
    LanguageModelError,
    chat_address,
    check_status,
)

log = logging.getLogger(__name__)

CONNECT_SECONDS, IDLE_SECONDS = 5.0, 60.0
# No answer from a few passages is longer.
MOST_CHARACTERS = 50_000

BROKE_OFF = "The answer of the language model at {host} broke off: {problem}"


@dataclass(frozen=True, slots=True)
class Part:
    """What has just arrived. tokens: of the whole answer, told at most once at the end."""

    text: str = ""
    tokens: int | None = None


class Stop:
    """Ends a streamed answer from another thread, also while the endpoint says nothing."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Close the connection; whoever waits for its next byte goes on at once."""
        self._stopped.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def watch(self, response: httpx.Response) -> None:
        """Remember whose connection is to be closed; a test's own transport has none."""
        stream = response.extensions.get("network_stream")
        self._socket = stream.get_extra_info("socket") if stream is not None else None
        if self.stopped:
            self.stop()


def stream_answer(
    where: Endpoint,
    messages: Sequence[Mapping[str, str]],
    *,
    stop: Stop | None = None,
    idle_seconds: float = IDLE_SECONDS,
    transport: httpx.BaseTransport | None = None,
) -> Iterator[Part]:
    """The answer as it arrives, at temperature 0. stop: once stopped, the connection is closed and it ends.

    transport: a test's own. Raises LanguageModelError with one sentence about what went wrong.
    """
    key = where.key.get_secret_value()
    body = {"model": where.model, "messages": list(messages), "temperature": 0, "stream": True}
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = httpx.Timeout(idle_seconds, connect=CONNECT_SECONDS)
    received, stop = 0, stop or Stop()
    try:
        with (
            httpx.Client(timeout=timeout, transport=transport, follow_redirects=False) as client,
            client.stream("POST", chat_address(where.url), json=body, headers=headers) as response,
        ):
            stop.watch(response)
            check_status(where, response.status_code)
            if "text/event-stream" not in response.headers.get("content-type", "text/event-stream"):
                response.read()
                yield from _whole(where, response.text)
                return
            for line in response.iter_lines():
                if stop.stopped:
                    return
                part = _part(where, line)
                if part is None:
                    return
                received += len(part.text)
                if received > MOST_CHARACTERS:
                    raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host)
                if part.text or part.tokens is not None:
                    yield part
    except httpx.HTTPError as error:
        if not stop.stopped:
            raise _lost(where, error, idle_seconds) from None


def _part(where: Endpoint, line: str) -> Part | None:
    """What a line says; None at the end."""
    if not line.startswith("data:"):
        return Part()
    content = line.removeprefix("data:").strip()
    if content == "[DONE]":
        return None
    try:
        chunk: Any = json.loads(content)
    except ValueError:
        raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host) from None
    return _chunk(where, chunk)


def _chunk(where: Endpoint, chunk: Any) -> Part:  # noqa: ANN401 - any JSON
    if not isinstance(chunk, dict):
        raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host)
    if chunk.get("error"):
        raise LanguageModelError(BROKE_OFF, host=where.host, problem=_problem(chunk["error"]))
    usage = chunk.get("usage")
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else None
    choices = chunk.get("choices") or [{}]
    first = choices[0] if isinstance(choices, list) and isinstance(choices[0], dict) else {}
    delta = first.get("delta") or first.get("message") or {}
    text = delta.get("content") if isinstance(delta, dict) else ""
    return Part(text if isinstance(text, str) else "", tokens if isinstance(tokens, int) else None)


def _whole(where: Endpoint, text: str) -> Iterator[Part]:
    """A server that does not stream answers in one body; one that fails may do so with status 200."""
    try:
        chunk = json.loads(text)
    except ValueError:
        raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host) from None
    yield _chunk(where, chunk)


def _problem(error: object) -> str:
    found = error.get("message", error) if isinstance(error, dict) else error
    return str(found)[:200]


def _lost(where: Endpoint, error: httpx.HTTPError, idle_seconds: float) -> LanguageModelError:
    if isinstance(error, httpx.TimeoutException):
        return LanguageModelError(TOO_SLOW, host=where.host, seconds=f"{idle_seconds:g}")
    log.warning("Asking the language model at %s failed: %s", where.host, type(error).__name__)
    return LanguageModelError(UNREACHABLE, host=where.host)
