"""`/mcp`: one tool, `rerank`, for language models' programs (Model Context Protocol, streamable HTTP).

Served where the package `mcp` is installed (`requirements-mcp.txt`); otherwise the path says how to install
it. Hosts, origins and keys are the door's affair, as for every route.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core import __version__
from core.api.asking import Desk
from core.api.responses import refused
from core.errors import WorkbenchError
from core.settings import Settings
from core.workflows.serving.answers import AnswerService, Question

PATH = "/mcp"
MISSING = "/mcp needs the package mcp: pip install -r requirements-mcp.txt, then start again."
CALLER = "mcp"


class ToolServer:
    """The tool's routes, and what has to run while they are served."""

    def __init__(self, service: AnswerService, settings: Settings) -> None:
        self._desk, self._settings = Desk(service), settings
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
        return list(app.routes)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Wrap it around the app's life; without it every call is an error."""
        if self._server is None:
            yield
            return
        async with self._server.session_manager.run():
            yield

    async def rerank(
        self, query: str, documents: list[str], top_n: int | None = None, instruction: str | None = None
    ) -> dict[str, Any]:
        """Order documents by how well they answer a query, best first.

        relevance_score is a probability. top_n: how many come back, all by default. instruction: what makes
        a document relevant, or preset:NAME.
        """
        served = await self._desk.served(Question(query, tuple(documents), instruction, CALLER))
        kept = served.reranking.ranked[: top_n if top_n and top_n > 0 else None]
        return {
            "results": [
                {"index": one.index, "relevance_score": one.score.probability, "document": one.document}
                for one in kept
            ]
        }

    def _made(self) -> Any:  # noqa: ANN401 - the package may be missing
        try:
            from mcp.server.mcpserver import MCPServer
            from mcp.server.mcpserver.exceptions import ToolError
        except ModuleNotFoundError:
            return None
        before = list(logging.getLogger().handlers)
        server = MCPServer("rerank", version=__version__)
        # Its constructor puts a handler of its own on the root logger.
        logging.getLogger().handlers[:] = before

        async def rerank(
            query: str, documents: list[str], top_n: int | None = None, instruction: str | None = None
        ) -> dict[str, Any]:
            try:
                return await self.rerank(query, documents, top_n, instruction)
            except WorkbenchError as error:
                raise ToolError(str(error)) from error

        rerank.__doc__ = self.rerank.__doc__
        server.tool()(rerank)
        return server


async def _missing(request: Request) -> Response:
    return refused(501, MISSING)
