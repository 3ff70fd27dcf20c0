"""`/mcp`: one tool, `rerank`, for language models' programs (Model Context Protocol, streamable HTTP).

Served where the package `mcp` is installed (`requirements-mcp.txt`); otherwise the path says how to install
it. Hosts, origins and keys are the door's affair, as for every route; calls are noted like other requests.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core import __version__
from core.api.asking import Desk, caller_of, deadline_of
from core.api.metrics import Metrics
from core.api.observed import noted_of, observed_app
from core.api.responses import code_of, refused
from core.errors import WorkbenchError
from core.settings import Settings
from core.workflows.serving.answers import AnswerService, Question
from core.workflows.serving.recent import AskedTexts

PATH = "/mcp"
MISSING = "/mcp needs the package mcp: pip install -r requirements-mcp.txt, then start again."
# Its name in metrics, in the log and in the list of requests.
NAME = "mcp"


class ToolServer:
    """The tool's routes, and what has to run while they are served."""

    def __init__(self, service: AnswerService, settings: Settings, metrics: Metrics) -> None:
        self._service, self._desk = service, Desk(service)
        self._settings, self._metrics = settings, metrics
        self._server = self._made()

    def routes(self) -> list[BaseRoute]:
        """To be mounted before the API's own, which take every POST."""
        if self._server is None:
            return [Route(PATH, _missing, methods=["GET", "POST", "DELETE"])]
        from mcp.server.transport_security import TransportSecuritySettings

        app = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            max_request_body_size=self._settings.max_body_mb * 1024 * 1024,
            # The door has looked at host and origin already, by this program's own rules.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        routes = [route for route in app.routes if isinstance(route, Route)]
        for route in routes:
            route.app = observed_app(route.app, NAME, self._metrics, lambda: self._service.recent)
        return list(routes)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Wrap it around the app's life; without it every call is an error."""
        if self._server is None:
            yield
            return
        async with self._server.session_manager.run():
            yield

    async def rerank(
        self, request: Request, query: str, documents: list[str], top_n: int | None, instruction: str | None
    ) -> dict[str, Any]:
        """The tool's answer to a call that came in `request`. Raises WorkbenchError."""
        noted = noted_of(request)
        noted.texts = AskedTexts(query, tuple(documents), instruction)
        question = Question(
            query, tuple(documents), instruction, caller_of(request), deadline=deadline_of(request)
        )
        served = await self._desk.served(question)
        noted.add(served)
        kept = served.reranking.ranked[: top_n if top_n and top_n > 0 else None]
        return {
            "results": [
                {"index": one.index, "relevance_score": one.score.probability, "document": one.document}
                for one in kept
            ]
        }

    def _made(self) -> Any:  # noqa: ANN401 - the package may be missing
        try:
            from mcp.server.mcpserver import Context, MCPServer
            from mcp.server.mcpserver.exceptions import ToolError
        except ModuleNotFoundError:
            return None
        before = list(logging.getLogger().handlers)
        server = MCPServer("rerank", version=__version__, middleware=[_noting])
        # Its constructor puts a handler of its own on the root logger.
        logging.getLogger().handlers[:] = before

        async def rerank(
            context: Context,
            query: str,
            documents: list[str],
            top_n: int | None = None,
            instruction: str | None = None,
        ) -> dict[str, Any]:
            """Order documents by how well they answer a query, best first.

            relevance_score is from 0 to 1: a probability, or where the embedded model scores a similarity, of
            which only the order counts. top_n: how many come back, all by default. instruction: what makes a
            document relevant, or preset:NAME.
            """
            request: Request = context.request_context.request
            noted_of(request).status = 500  # unless it ends otherwise
            try:
                return await self.rerank(request, query, documents, top_n, instruction)
            except WorkbenchError as error:
                noted_of(request).status, _ = code_of(error)
                raise ToolError(str(error)) from error

        server.tool()(rerank)
        return server


async def _noting(context: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:  # noqa: ANN401 - mcp's
    """Mark a call of the tool as such, and one that failed as failed: in HTTP it is a 200 all the same."""
    if context.method != "tools/call":
        return await call_next(context)
    noted = noted_of(context.request)
    noted.dialect, noted.status = NAME, 400  # as long as the tool itself has not begun
    result = await call_next(context)
    is_error = result.get("isError") if isinstance(result, dict) else getattr(result, "is_error", False)
    if not is_error:
        noted.status = 200
    return result


async def _missing(request: Request) -> Response:
    return refused(501, MISSING)
