"""HTTP routes beside the pages. `dialects` has the wire formats, `asking` answers, `cards` says what the
server is.

Rules that come from sharing a port with the pages: scoring runs on threads of its own, so that waiting
requests never starve the page's files; a path of the API answers every method itself, because an unmatched
one would fall through to the page as 200 HTML. Who may ask at all is decided before, in `core.api.door`.
"""

import logging
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from core.api import cards, documentation
from core.api.asking import Desk
from core.api.metrics import Metrics
from core.api.observed import NotingHandler, Observed, observed
from core.api.responses import JsonResponse, refused, refused_for
from core.api.retrieval_routes import Retrieving
from core.errors import WorkbenchError
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.service import RetrieveService, retrieve_service
from core.workflows.serving.answers import AnswerService

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MAX_BODY_BYTES = 64 * 1024 * 1024
# What the last part of a path calls reranking; the rest of the path is the client's own.
RERANK_ENDINGS = ("rerank", "reranking", "ranking", "reranks", "text-rerank")
SCORE_PATHS = ("/score", "/v1/score")
PREDICT_PATH = "/api/predict"
MODEL_PREFIX = "/v1/models/"
MODEL_PATH = MODEL_PREFIX + "{name:path}"
# Below these nothing is ever a page.
API_PREFIXES = ("/v1", "/v2", "/api", "/compatible-api", "/openai", "/cohere")
# Streamlit's own, which take POST and PUT.
PAGES_PREFIXES = ("/_stcore", "/media", "/component", "/static", "/login")

Handler = Callable[[Request], Awaitable[Response]]


def routes(
    workbench: Callable[[], Workbench],
    service: AnswerService | None = None,
    retrieval: Callable[[], RetrieveService] = retrieve_service,
    metrics: Metrics | None = None,
) -> list[BaseRoute]:
    """The routes to mount on the app. Callables are called per request, so that nothing loads at import.

    service: the process's answers, where pages show them too. metrics: the app's, where others count, too.
    """
    answers = service or AnswerService(workbench)
    desk, metrics = Desk(answers), metrics or Metrics(answers, lambda: workbench().status())
    looking, retrieving = _Looking(workbench, metrics), Retrieving(workbench, retrieval)

    def scoring(name: str, handler: NotingHandler) -> Handler:
        return observed(_guarded(handler, "POST"), name, metrics, lambda: answers.recent)

    def asking(path: str, handler: Handler) -> Route:
        return Route(path, observed(_guarded(_noting(handler), "GET"), path, metrics), methods=METHODS)

    def posting(path: str, handler: Handler) -> Route:
        noted = observed(_guarded(_noting(handler), "POST"), path, metrics)
        return _Where(lambda asked, _: asked == path, noted)

    return [
        posting("/search", retrieving.search),
        posting("/v1/embeddings", retrieving.embeddings),
        posting("/embed", retrieving.embed),
        _Where(lambda path, _: path in SCORE_PATHS, scoring("score", desk.score)),
        _Where(lambda path, _: path == PREDICT_PATH, scoring("predict", desk.predict)),
        asking("/health", looking.health),
        asking("/health/ready", looking.ready),
        asking("/health/live", looking.live),
        asking("/info", looking.info),
        asking("/v1/models", looking.models),
        asking("/models", looking.models),
        _Where(_is_model, observed(_guarded(_noting(looking.model), "GET"), MODEL_PATH, metrics)),
        asking("/v1/cluster/auth", looking.login),
        asking("/metrics", looking.metrics),
        asking("/openapi.json", looking.openapi),
        asking("/docs", looking.docs),
        _Where(_is_rerank, scoring("rerank", desk.rerank)),
        _Where(_is_no_page, unknown),
    ]


class _Looking:
    """The routes by which clients learn what is here."""

    def __init__(self, workbench: Callable[[], Workbench], metrics: Metrics) -> None:
        self._workbench, self._metrics = workbench, metrics

    async def health(self, request: Request) -> Response:
        code, body = cards.health(self._workbench())
        return JsonResponse(body, status_code=code, headers={} if code == 200 else {"Retry-After": "2"})

    async def live(self, request: Request) -> Response:
        return JsonResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        # The door lets it through without a key, so it names no model, no file and no error.
        if self._workbench().status().active is not None:
            return JsonResponse({"status": "ok"})
        return JsonResponse({"status": "not ready"}, status_code=503, headers={"Retry-After": "2"})

    async def info(self, request: Request) -> Response:
        return JsonResponse(cards.info(self._workbench()))

    async def models(self, request: Request) -> Response:
        return JsonResponse(cards.model_list(self._workbench()))

    async def model(self, request: Request) -> Response:
        return JsonResponse(cards.model_card(request.scope["path"].removeprefix(MODEL_PREFIX)))

    async def login(self, request: Request) -> Response:
        # Xinference's client asks before anything else.
        return JsonResponse({"auth": False})

    async def metrics(self, request: Request) -> Response:
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def openapi(self, request: Request) -> Response:
        return JsonResponse(documentation.openapi(_base(request)))

    async def docs(self, request: Request) -> Response:
        chinese = request.headers.get("accept-language", "").lower().startswith("zh")
        page = documentation.docs_page(_base(request), "zh" if chinese else "en")
        return Response(page, media_type="text/html")


def _base(request: Request) -> str:
    """The address under which the client reached us."""
    return f"{request.url.scheme}://{request.url.netloc}"


async def unknown(request: Request) -> Response:
    """404 for a path that is neither a route nor a page."""
    return refused(404, f"There is no route {request.url.path}; see POST /rerank and GET /health.")


class _Where(Route):
    """A route for every path and method that a test on them accepts."""

    def __init__(self, accepts: Callable[[str, str], bool], endpoint: Handler) -> None:
        super().__init__("/{path:path}", endpoint, methods=METHODS, max_body_size=MAX_BODY_BYTES)
        self._accepts = accepts

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only HTTP; the websocket is the pages'. A path with a line break is one, too."""
        if scope["type"] != "http" or not self._accepts(_plain(scope["path"]), scope["method"]):
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self.endpoint, "path_params": {"path": scope["path"]}}


def _plain(path: str) -> str:
    """Without the slashes at its end, which people leave there."""
    return path.rstrip("/") or "/"


def _is_rerank(path: str, method: str) -> bool:  # noqa: ARG001
    return path.rpartition("/")[2] in RERANK_ENDINGS


def _is_model(path: str, method: str) -> bool:  # noqa: ARG001
    return path.startswith(MODEL_PREFIX)


def _is_no_page(path: str, method: str) -> bool:
    """Below the API's prefixes, or a POST to what is no page's own: an answer in HTML would help nobody."""
    below = any(path == prefix or path.startswith(prefix + "/") for prefix in API_PREFIXES)
    return below or (method == "POST" and not _is_pages_own(path))


def _is_pages_own(path: str) -> bool:
    # Below a page's address Streamlit answers the same paths.
    return any(prefix + "/" in path + "/" for prefix in PAGES_PREFIXES)


def _noting(handler: Handler) -> NotingHandler:
    async def noting(request: Request, _: Observed) -> Response:
        return await handler(request)

    return noting


def _guarded(handler: NotingHandler, method: str) -> NotingHandler:
    """Refuse other methods, and turn errors into their status code, unforeseen ones too."""

    async def guarded(request: Request, noted: Observed) -> Response:
        if request.method != method and not (method == "GET" and request.method == "HEAD"):
            return refused(405, f"{request.url.path} takes {method} only.", headers={"Allow": method})
        try:
            return await handler(request, noted)
        except WorkbenchError as error:
            return refused_for(error)
        except (HTTPException, ClientDisconnect):
            raise  # the server's own: a body beyond the limit, a client that has gone
        except Exception:  # whatever it is, a client gets JSON and the log the traceback
            log.exception("%s failed", request.url.path)
            return refused(500, "The request failed for a reason inside the workbench; its log has more.")

    return guarded
