"""A small app under the real server, for tests of its limits: `python small_server.py IDLE GRACE`.

/slow answers only when its client leaves or the server stops; /echo sends its body's length.
"""

import asyncio
import sys

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.api.door import flights, server
from core.api.door.flights import Closing
from core.api.door.middleware import Door
from core.settings import Settings


async def slow(request: Request) -> Response:
    """Wait for ever, and say how it ended."""
    await request.body()
    sys.stderr.write("slow began\n")
    try:
        await asyncio.sleep(600)
    finally:
        sys.stderr.write("slow ended\n")
    return PlainTextResponse("never")


async def echo(request: Request) -> Response:
    """The length of what came."""
    return PlainTextResponse(str(len(await request.body())))


async def full_disk(request: Request) -> Response:
    """What happens when a file cannot be written."""
    raise OSError(28, "No space left on device")


if __name__ == "__main__":
    server.IDLE_SECONDS = float(sys.argv[1])  # type: ignore[assignment]
    flights.BODY_SECONDS = float(sys.argv[1])
    server.GRACE_SECONDS = float(sys.argv[2])  # type: ignore[assignment]
    settings, closing = Settings(), Closing()
    routes = [
        Route("/slow", slow, methods=["GET", "POST"]),
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/full", full_disk),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Door, settings=settings, closing=closing)])
    server.serve(app, settings, closing)
