"""HTTP routes beside the pages. `dialects` has the wire formats, `cards` what the server says of itself.

Rules that come from sharing a port with the pages: scoring runs on threads of its own, so that waiting
requests never starve the page's files; a path of the API answers every method itself, because an unmatched
one would fall through to the page as 200 HTML. Who may ask at all is decided before, in `core.api.door`.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from core.api import cards
from core.api.dialects import dialect_of
from core.api.json_bounds import read_json
from core.api.pairs import pairs_answer, read_pairs, read_predict
from core.api.responses import JsonResponse, refused, refused_for
from core.api.scoring import answered, scored_pairs
from core.api.stoppable import Stop, on_thread
from core.api.waiting import WaitingRoom
from core.errors import InputError, WorkbenchError
from core.workflows.home.workbench import Workbench

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MAX_BODY_BYTES = 64 * 1024 * 1024
# What the last part of a path calls reranking; the rest of the path is the client's own.
RERANK_ENDINGS = ("rerank", "reranking", "ranking", "reranks", "text-rerank")
SCORE_PATHS = ("/score", "/v1/score")
PREDICT_PATH = "/api/predict"
# Below these nothing is ever a page.
API_PREFIXES = ("/v1", "/v2", "/api", "/compatible-api", "/openai", "/cohere")
# Streamlit's own, which take POST and PUT.
PAGES_PREFIXES = ("/_stcore", "/media", "/component", "/static", "/login")

Handler = Callable[[Request], Awaitable[Response]]
Read = TypeVar("Read")


def routes(workbench: Callable[[], Workbench]) -> list[BaseRoute]:
    """The routes to mount on the app. `workbench` is called per request, so that nothing loads at import."""
    scoring, looking = _Scoring(workbench), _Looking(workbench)
    return [
        *[_post(path, scoring.score) for path in SCORE_PATHS],
        _post(PREDICT_PATH, scoring.predict),
        _get("/health", looking.health),
        _get("/health/ready", looking.health),
        _get("/health/live", looking.live),
        _get("/info", looking.info),
        _get("/v1/models", looking.models),
        _get("/models", looking.models),
        _get("/v1/models/{name:path}", looking.model),
        _get("/v1/cluster/auth", looking.login),
        _Where(_is_rerank, _guarded(scoring.rerank, "POST")),
        _Where(_is_no_page, _unknown),
    ]


class _Scoring:
    """The routes that score: bodies are read and answers written on threads."""

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench, self._room = workbench, WaitingRoom()

    async def rerank(self, request: Request) -> Response:
        bench, fields = self._workbench(), await self._parsed(request, _same)
        path, dialect = _plain(request.url.path), dialect_of(fields)

        def work(stop: Stop) -> Response:
            answer = answered(bench, dialect.read(fields, path), stop)
            return JsonResponse(dialect.write(answer, fields, path))

        try:
            return await self._scored(work)
        except WorkbenchError as error:
            return refused_for(error, dialect)

    async def score(self, request: Request) -> Response:
        bench, call = self._workbench(), await self._parsed(request, read_pairs)
        return await self._scored(
            lambda stop: JsonResponse(pairs_answer(call, *scored_pairs(bench, call, stop)))
        )

    async def predict(self, request: Request) -> Response:
        bench, call = self._workbench(), await self._parsed(request, read_predict)

        def work(stop: Stop) -> Response:
            return JsonResponse({"data": [[one.document for one in answered(bench, call, stop).kept]]})

        return await self._scored(work)

    async def _parsed(self, request: Request, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        body = await request.body()
        return await on_thread(lambda _: read(_object(body)), self._room.parsing)

    async def _scored(self, work: Callable[[Stop], Response]) -> Response:
        async with self._room:
            return await on_thread(work, self._room.scoring)


class _Looking:
    """The routes by which clients learn what is here."""

    def __init__(self, workbench: Callable[[], Workbench]) -> None:
        self._workbench = workbench

    async def health(self, request: Request) -> Response:
        code, body = cards.health(self._workbench())
        return JsonResponse(body, status_code=code, headers={} if code == 200 else {"Retry-After": "2"})

    async def live(self, request: Request) -> Response:
        return JsonResponse({"status": "ok"})

    async def info(self, request: Request) -> Response:
        return JsonResponse(cards.info(self._workbench()))

    async def models(self, request: Request) -> Response:
        return JsonResponse(cards.model_list(self._workbench()))

    async def model(self, request: Request) -> Response:
        return JsonResponse(cards.model_card(request.path_params["name"]))

    async def login(self, request: Request) -> Response:
        # Xinference's client asks before anything else.
        return JsonResponse({"auth": False})


async def _unknown(request: Request) -> Response:
    return refused(404, f"There is no route {request.url.path}; see POST /rerank and GET /health.")


def _same(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return fields


class _Where(Route):
    """A route for every path and method that a test on them accepts."""

    def __init__(self, accepts: Callable[[str, str], bool], endpoint: Handler) -> None:
        super().__init__("/{path:path}", endpoint, methods=METHODS, max_body_size=MAX_BODY_BYTES)
        self._accepts = accepts

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only HTTP; the websocket is the pages'."""
        if scope["type"] != "http" or not self._accepts(_plain(scope["path"]), scope["method"]):
            return Match.NONE, {}
        return super().matches(scope)


def _plain(path: str) -> str:
    """Without the slashes at its end, which people leave there."""
    return path.rstrip("/") or "/"


def _is_rerank(path: str, method: str) -> bool:  # noqa: ARG001
    return path.rpartition("/")[2] in RERANK_ENDINGS


def _is_no_page(path: str, method: str) -> bool:
    """Below the API's prefixes, or a POST to what is no page's own: an answer in HTML would help nobody."""
    below = any(path == prefix or path.startswith(prefix + "/") for prefix in API_PREFIXES)
    return below or (method == "POST" and not _is_pages_own(path))


def _is_pages_own(path: str) -> bool:
    # Below a page's address Streamlit answers the same paths.
    return any(prefix + "/" in path + "/" for prefix in PAGES_PREFIXES)


def _post(path: str, handler: Handler) -> Route:
    return Route(path, _guarded(handler, "POST"), methods=METHODS, max_body_size=MAX_BODY_BYTES)


def _get(path: str, handler: Handler) -> Route:
    return Route(path, _guarded(handler, "GET"), methods=METHODS)


def _object(body: bytes) -> Mapping[str, Any]:
    value = read_json(body)
    if not isinstance(value, dict):
        raise InputError("The body must be a JSON object.", where="body")
    return value


def _guarded(handler: Handler, method: str) -> Handler:
    """Refuse other methods, and turn errors into their status code, unforeseen ones too."""

    async def guarded(request: Request) -> Response:
        if request.method != method and not (method == "GET" and request.method == "HEAD"):
            return refused(405, f"{request.url.path} takes {method} only.", headers={"Allow": method})
        try:
            return await handler(request)
        except WorkbenchError as error:
            return refused_for(error)
        except (HTTPException, ClientDisconnect):
            raise  # the server's own: a body beyond the limit, a client that has gone
        except Exception:  # whatever it is, a client gets JSON and the log the traceback
            log.exception("%s failed", request.url.path)
            return refused(500, "The request failed for a reason inside the workbench; its log has more.")

    return guarded
