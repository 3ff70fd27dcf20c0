"""What is noted of every request: its id, one line in the log, the metrics, and the list of the last ones.

No text of a request is ever written to the log.
"""

import json
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api.metrics import Metrics
from core.workflows.serving.answers import Served
from core.workflows.serving.recent import AskedTexts, RecentRequest, RecentRequests

log = logging.getLogger("core.api.requests")

_ID = re.compile(r"[!-~]{1,128}")
_LONGEST_AGENT = 60
# nginx's number for a client that left.
_CLIENT_LEFT = 499
# Where an app that answers by itself finds what to note its work in.
_NOTED = "rerank.noted"


@dataclass(slots=True)
class Observed:
    """What a handler learns of its request while it answers it.

    status: what it means in HTTP's numbers, where the answer itself says 200 to every call; 0 otherwise.
    """

    request_id: str
    route: str
    dialect: str = ""
    pairs: int = 0
    tokens: int = 0
    from_cache: int = 0
    queue: float = 0.0
    tokenise: float = 0.0
    model: float = 0.0
    texts: AskedTexts | None = None
    status: int = 0

    def add(self, answer: Served) -> None:
        """Note an answer's numbers; a request may have several."""
        self.pairs += len(answer.reranking.ranked)
        self.tokens += answer.reranking.tokens
        self.from_cache += answer.from_cache
        self.queue = max(self.queue, answer.queue)
        self.tokenise += answer.tokenise
        self.model += answer.model


def log_requests() -> None:
    """Write the line of each request to standard error; everything else is logged as before."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


NotingHandler = Callable[[Request, Observed], Awaitable[Response]]


def observed(
    handler: NotingHandler, route: str, metrics: Metrics, recent: Callable[[], RecentRequests] | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """A handler whose requests are noted. route: its name in metrics. recent: where those that score go."""

    async def observing(request: Request) -> Response:
        began = time.perf_counter()
        noted = Observed(_request_id(request), route)
        status = _CLIENT_LEFT
        try:
            response = await handler(request, noted)
            status = response.status_code
            response.headers["X-Request-Id"] = noted.request_id
            return response
        finally:
            seconds = time.perf_counter() - began
            metrics.answered(noted, status, seconds)
            if recent is not None:
                recent().add(_recent(request, noted, status, seconds))
                _log(request, noted, status, seconds)

    return observing


def observed_app(app: ASGIApp, route: str, metrics: Metrics, recent: Callable[[], RecentRequests]) -> ASGIApp:
    """An app whose requests are noted. What it learns of one goes into `noted_of` its scope.

    All are counted; those that name a dialect asked for scores and are listed and logged, too.
    """

    async def observing(scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request = Request(scope)
        noted = Observed(_request_id(request), route)
        status = _CLIENT_LEFT

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), (b"x-request-id", noted.request_id.encode())]
                message = dict(message) | {"headers": headers}
            await send(message)

        try:
            await app(dict(scope) | {_NOTED: noted}, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - began
            meant = noted.status if status == 200 and noted.status else status
            metrics.answered(noted, meant, seconds)
            if noted.dialect:
                recent().add(_recent(request, noted, meant, seconds))
                _log(request, noted, meant, seconds)

    return observing


def noted_of(request: Request) -> Observed:
    """What a request to an `observed_app` is noted in."""
    noted: Observed = request.scope[_NOTED]
    return noted


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def _recent(request: Request, noted: Observed, status: int, seconds: float) -> RecentRequest:
    address = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")[:_LONGEST_AGENT]
    return RecentRequest(
        at=datetime.now().astimezone(),
        number=0,
        request_id=noted.request_id,
        client=f"{address} {agent}".strip(),
        path=request.url.path,
        dialect=noted.dialect,
        status=status,
        pairs=noted.pairs,
        seconds=seconds,
        texts=noted.texts,
    )


def _log(request: Request, noted: Observed, status: int, seconds: float) -> None:
    line = {
        "at": datetime.now().astimezone().isoformat(timespec="milliseconds"),
        "request": noted.request_id,
        "client": request.client.host if request.client else "",
        "method": request.method,
        "path": request.url.path,
        "dialect": noted.dialect,
        "status": status,
        "pairs": noted.pairs,
        "from_cache": noted.from_cache,
        "tokens": noted.tokens,
        "queue_ms": round(noted.queue * 1000, 1),
        "tokenise_ms": round(noted.tokenise * 1000, 1),
        "model_ms": round(noted.model * 1000, 1),
        "total_ms": round(seconds * 1000, 1),
    }
    log.info("%s", json.dumps(line))
