"""One request on its way through the app: how much and how slowly it may send, and how it can end early.

A flight ends early when its client leaves, when its body is too long or too slow, or when the server stops.
The app then meets a cancellation at its next `await`, and the client, if it is still there, gets a sentence.
What the app raises becomes JSON here, and a traceback in the log only where it tells something.
"""

import asyncio
import errno
import logging
import time
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api.door.answers import json_error

log = logging.getLogger(__name__)

# A body has this long, and more the more of it has arrived.
BODY_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 16 * 1024
# A client that was answered before its end and has sent nothing for this long has read the answer.
SILENT_SECONDS = 1.0
_CLOSE = {"connection": "close"}
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Closing:
    """Knows the requests that are in flight, to end them when the server cannot wait any longer."""

    def __init__(self) -> None:
        self._flights: set[Flight] = set()

    def end_all(self) -> int:
        """Answer every request in flight with 503; gives how many there were."""
        flights = list(self._flights)
        for flight in flights:
            flight.end(
                json_error(503, "The server is stopping; ask again shortly.", {"retry-after": "5"} | _CLOSE)
            )
        return len(flights)

    def entered(self, flight: "Flight") -> None:
        """A request has come in."""
        self._flights.add(flight)

    def left(self, flight: "Flight") -> None:
        """It was answered."""
        self._flights.discard(flight)


class Flight:
    """Runs the app for one HTTP request. Used once, by the task that `run` runs in."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._most_bytes = most_bytes
        self._task: asyncio.Task[Any] | None = None
        self._began = time.monotonic()
        self._received = 0
        self._started = False
        self._watch: asyncio.Task[None] | None = None
        # What to answer in the app's place; an empty list when nobody is there to read it.
        self._ending: list[Message] | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Run the app to its end, or to the early one."""
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._most_bytes:
            await self.refuse(self._too_long())
            return
        self._task = asyncio.current_task()
        try:
            await app(scope, self._next_message, self._send_message)
        except asyncio.CancelledError:
            if self._ending is None:
                raise
            if self._task is not None:
                self._task.uncancel()
            await self.refuse(self._ending)
        except ClientDisconnect:
            pass  # nobody is left to be told
        except Exception as error:  # whatever it is, a client gets JSON
            self._log(scope["path"], error)
            await self.refuse(
                json_error(500, "The request failed for a reason inside the workbench; its log has more.")
            )
        finally:
            if self._watch is not None:
                self._watch.cancel()

    def end(self, answer: list[Message]) -> None:
        """End the request from outside with `answer`."""
        if self._ending is None and self._task is not None:
            self._ending = answer
            self._task.cancel()

    async def _next_message(self) -> Message:
        if self._watch is not None:
            await asyncio.shield(self._watch)
            return {"type": "http.disconnect"}
        left = BODY_SECONDS + self._received / SLOWEST_BYTES_PER_SECOND - (time.monotonic() - self._began)
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0.001))
        except TimeoutError:
            self._give_up(json_error(408, "The body did not arrive in time.", _CLOSE))
        if message["type"] != "http.request":
            return message
        self._received += len(message.get("body", b""))
        if self._received > self._most_bytes:
            self._give_up(self._too_long())
        if not message.get("more_body"):
            self._watch = asyncio.create_task(self._wait_for_departure())
        return message

    def _give_up(self, answer: list[Message]) -> Any:  # noqa: ANN401 - never returns
        self._ending = answer
        raise asyncio.CancelledError

    async def _wait_for_departure(self) -> None:
        """A client that has sent its body says nothing more, until it leaves or has its answer."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.end([])

    async def _send_message(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
        await self._send(message)

    async def refuse(self, messages: list[Message]) -> None:
        """Answer in the app's place, so that a client which still sends its body gets it, too."""
        if self._started or not messages:
            return
        *first, last = messages
        for message in first:
            await self._send(message)
        if self._watch is None:
            # A connection closed while its client still sends is reset, and the answer lost with it.
            await self._send(dict(last) | {"more_body": True})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rest_of_body(), BODY_SECONDS)
            last = {"type": "http.response.body", "body": b""}
        await self._send(last)

    async def _rest_of_body(self) -> None:
        more = True
        while more:
            message = await asyncio.wait_for(self._receive(), SILENT_SECONDS)
            more = message["type"] == "http.request" and message.get("more_body", False)

    def _too_long(self) -> list[Message]:
        limit = self._most_bytes >> 20
        return json_error(413, f"The body is larger than {limit} MB (RERANK_MAX_BODY_MB).", _CLOSE)

    def _log(self, path: str, error: Exception) -> None:
        if isinstance(error, OSError) and error.errno in _FULL_DISK:
            log.error("%s: %s", path, error)
        else:
            log.error("%s failed", path, exc_info=error)
