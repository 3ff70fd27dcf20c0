"""HTTP routes beside the pages: rerank and health. `schemas` has the shapes, `core.workflows` does the work.

Rules that come from sharing a port with the pages: scoring runs on threads of its own, so that waiting
requests never starve the page's files; a path answers every method itself, because an unmatched one would
fall through to the page as 200 HTML. Who may ask at all is decided before, in `core.api.door`.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from core import __version__
from core.api.json_bytes import json_bytes
from core.api.schemas import RerankCall, error_body, parse_rerank, rerank_answer
from core.api.stoppable import Stop, on_thread
from core.errors import BusyError, InputError, NotReadyError, TooLargeError, WorkbenchError
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import resolved_instruction
from core.workflows.rerank.reranking import rerank

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MAX_BODY_BYTES = 64 * 1024 * 1024
SCORING_THREADS = 4
# A body of 32 MB takes half a second; two at a time leave the interpreter to others in between.
PARSING_THREADS = 2
MAX_WAITING = 64

type_of_code = {
    400: "invalid_request_error",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    500: "server_error",
}
Handler = Callable[[Request], Awaitable[Response]]


class JsonResponse(Response):
    """UTF-8 JSON that survives lone surrogates in a user's text (they are escaped)."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - Starlette's signature
        return json_bytes(content)


def routes(workbench: Callable[[], Workbench]) -> list[Route]:
    """The routes to mount on the app. `workbench` is called per request, so that nothing loads at import."""
    gate = _WaitingRoom()

    async def rerank_route(request: Request) -> Response:
        bench = workbench()
        body = await request.body()
        call = await on_thread(lambda _: parse_rerank(body), gate.parsing)
        async with gate:
            return await on_thread(lambda stop: _rerank(bench, call, stop), gate.scoring)

    async def health_route(request: Request) -> Response:
        return _health(workbench())

    async def unknown_route(request: Request) -> Response:
        return _error(404, f"There is no route {request.url.path}; see POST /rerank and GET /health.")

    return [
        Route(
            "/rerank",
            _guarded(rerank_route, "POST"),
            methods=METHODS,
            max_body_size=MAX_BODY_BYTES,
        ),
        Route("/health", _guarded(health_route, "GET"), methods=METHODS),
        Route("/api/{path:path}", unknown_route, methods=METHODS),
    ]


def _rerank(bench: Workbench, call: RerankCall, stop: Stop) -> Response:
    """Score, and write the answer's bytes, on a thread: they may be tens of megabytes."""
    reranking = rerank(
        bench.scorer(),
        call.query,
        call.documents,
        resolved_instruction(call.instruction, bench.settings.home),
        max_documents=bench.settings.max_documents,
        on_progress=stop.check,
    )
    return JsonResponse(rerank_answer(call, reranking))


class _WaitingRoom:
    """Bounds how many requests wait for the model. Used from the event loop only."""

    def __init__(self) -> None:
        self._waiting = 0
        self._scoring: anyio.CapacityLimiter | None = None
        self._parsing: anyio.CapacityLimiter | None = None

    @property
    def scoring(self) -> anyio.CapacityLimiter:
        if self._scoring is None:
            self._scoring = anyio.CapacityLimiter(SCORING_THREADS)
        return self._scoring

    @property
    def parsing(self) -> anyio.CapacityLimiter:
        if self._parsing is None:
            self._parsing = anyio.CapacityLimiter(PARSING_THREADS)
        return self._parsing

    async def __aenter__(self) -> None:
        if self._waiting >= MAX_WAITING:
            raise BusyError(
                "{count} requests are waiting already.", hint="Try again shortly.", count=MAX_WAITING
            )
        self._waiting += 1

    async def __aexit__(self, *_: object) -> None:
        self._waiting -= 1


def _health(workbench: Workbench) -> Response:
    status = workbench.status()
    body: dict[str, Any] = {
        "status": "ok" if status.active else "loading" if status.loading else "error",
        "version": __version__,
        "model": status.active.name if status.active else None,
        "device": status.active.device if status.active else None,
        "precision": status.active.precision if status.active else None,
        "loading": status.loading,
        "error": str(status.error) if status.error else None,
    }
    if status.download is not None:
        body["download"] = {
            "model": status.download.model,
            "state": status.download.state,
            "bytes_done": status.download.bytes_done,
            "bytes_total": status.download.bytes_total,
        }
    return JsonResponse(body, status_code=200 if status.active else 503)


def _guarded(handler: Handler, method: str) -> Handler:
    """Refuse other methods, and turn errors into their status code, unforeseen ones too."""

    async def guarded(request: Request) -> Response:
        refusal = _refusal(request, method)
        if refusal is not None:
            return refusal
        try:
            return await handler(request)
        except TooLargeError as error:
            return _error(413, str(error), error.where)
        except InputError as error:
            return _error(400, str(error), error.where)
        except BusyError as error:
            return _error(429, str(error), headers={"Retry-After": "1"})
        except NotReadyError as error:
            return _error(503, str(error), headers={"Retry-After": "2"})
        except WorkbenchError as error:
            return _error(503, str(error), error.where)
        except (HTTPException, ClientDisconnect):
            raise  # the server's own: a body beyond the limit, a client that has gone
        except Exception:  # whatever it is, a client gets JSON and the log the traceback
            log.exception("%s failed", request.url.path)
            return _error(500, "The request failed for a reason inside the workbench; its log has more.")

    return guarded


def _refusal(request: Request, method: str) -> Response | None:
    if request.method != method and not (method == "GET" and request.method == "HEAD"):
        return _error(405, f"{request.url.path} takes {method} only.", headers={"Allow": method})
    return None


def _error(code: int, message: str, param: str = "", headers: dict[str, str] | None = None) -> Response:
    kind = type_of_code.get(code, "overloaded" if code in (429, 503) else "invalid_request_error")
    return JsonResponse(error_body(message, kind, code, param), status_code=code, headers=headers)
