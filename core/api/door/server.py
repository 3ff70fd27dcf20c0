"""Runs the app under uvicorn with the limits that Streamlit's own start does not offer.

A connection that is idle, or slow with its request's head, is closed after 30 s. A stop gives what is in
flight ten seconds, then answers it 503; Ctrl-C twice ends at once. What is not even HTTP gets JSON, too.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import FrameType

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.api.door.answers import json_error, security_headers
from core.api.door.flights import Closing
from core.settings import Settings

log = logging.getLogger(__name__)

IDLE_SECONDS = 30
GRACE_SECONDS = 10
# What a page sends over its websocket: widget states, pasted text. Uploads come by HTTP.
MOST_WEBSOCKET_BYTES = 64 << 20


def serve(app: ASGIApp, settings: Settings, closing: Closing) -> None:
    """Serve until a signal ends it."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=MOST_WEBSOCKET_BYTES,
        ws_ping_interval=IDLE_SECONDS,
        ws_ping_timeout=IDLE_SECONDS,
        ws_per_message_deflate=False,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        # The door reads X-Forwarded-* itself; uvicorn would believe them from any local program.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        use_colors=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS + 2,
    )
    with suppress(KeyboardInterrupt):  # how uvicorn passes a Ctrl-C on once it has stopped
        EndingServer(config, closing).run()


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits for a request's head only so long."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected; its request has to follow."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Bytes have come: the head is complete now, or still has to become so in time."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._expect_head()
        else:
            self._stop_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and the timer with it."""
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP request in the shape of every other error."""
        start, body = json_error(400, msg, {"connection": "close"})
        headers = [*start["headers"], *security_headers("", "http")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body["body"]),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(IDLE_SECONDS, self._close_slow)

    def _close_slow(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class EndingServer(uvicorn.Server):
    """A server that ends as promised: in good order, soon, or at once."""

    def __init__(self, config: uvicorn.Config, closing: Closing) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Wait for what is in flight as long as was promised, then answer it."""
        timer = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._end_flights)
        await super().shutdown()
        timer.cancel()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """A closed terminal is a stop like another, unless the process was started with nohup."""
        hang_up = getattr(signal, "SIGHUP", None)
        if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:
            signal.signal(hang_up, lambda _, frame: self.handle_exit(signal.SIGTERM, frame))
        with super().capture_signals():
            yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal asks for an end; a second Ctrl-C does not wait. Jobs are on disk."""
        if self.should_exit and sig == signal.SIGINT:
            os._exit(130)
        super().handle_exit(sig, frame)

    def _end_flights(self) -> None:
        count = self._closing.end_all()
        if count:
            log.warning("%d requests were still in flight and were answered 503", count)
