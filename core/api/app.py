"""The HTTP routes as an app of their own, behind the same door, for servers that show no pages.

Streamlit is not imported. The app with pages is `streamlit_app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.api.door.flights import Closing
from core.api.door.middleware import Door
from core.api.door.server import serve
from core.api.mcp_tool import ToolServer
from core.api.metrics import Metrics
from core.api.observed import log_requests
from core.api.routes import METHODS, routes, unknown
from core.settings import Settings
from core.workflows.home.workbench import workbench
from core.workflows.serving.answers import answer_service


def api_app(settings: Settings, closing: Closing) -> Starlette:
    """The app; it begins to load the model when it starts."""

    answers = answer_service()
    metrics = Metrics(answers, lambda: workbench().status())
    tool = ToolServer(answers, settings, metrics)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        workbench()
        async with tool.running():
            yield

    return Starlette(
        routes=[
            *tool.routes(),
            *routes(workbench, answers, metrics=metrics),
            Route("/_stcore/health", _alive),
            Route("/{path:path}", unknown, methods=METHODS),
        ],
        lifespan=lifespan,
        middleware=[Middleware(Door, settings=settings, closing=closing)],
    )


def serve_api(settings: Settings) -> None:
    """Serve the routes without pages until a signal ends it. `settings` are those of the environment."""
    log_requests()
    closing = Closing()
    serve(api_app(settings, closing), settings, closing)


async def _alive(_: Request) -> Response:
    # The probe that works before the pages works here, too.
    return PlainTextResponse("ok")
