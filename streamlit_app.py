"""The app's one entry file. Streamlit runs it for every page view; a server imports it for `app`.

`app` serves the pages and the HTTP routes on one port behind one door, so that both use the one loaded model.
"""

from streamlit import runtime

if runtime.exists():
    from pages.parts.sidebar.page import draw_page

    draw_page()
else:
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    import streamlit as st
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from core.api.door.flights import Closing
    from core.api.door.middleware import Door
    from core.api.door.server import serve
    from core.api.mcp_tool import ToolServer
    from core.api.metrics import Metrics
    from core.api.observed import log_requests
    from core.api.routes import routes
    from core.settings import Settings
    from core.workflows.home.workbench import workbench
    from core.workflows.serving.answers import answer_service

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        """Start loading the model; requests are answered meanwhile."""
        workbench()
        async with tool.running():
            yield

    # Before the first session has run, Streamlit would take the pages folder for its own kind of menu:
    # a flash of wrong entries, and «page not found» on a deep link.
    PagesManager.uses_pages_directory = False
    settings, closing, answers = Settings(), Closing(), answer_service()
    metrics = Metrics(answers, lambda: workbench().status())
    tool = ToolServer(answers, settings, metrics)
    app = st.App(
        __file__,
        routes=[*tool.routes(), *routes(workbench, answers, metrics=metrics)],
        lifespan=lifespan,
        middleware=[Middleware(Door, settings=settings, closing=closing)],
    )
    if __name__ == "__main__":
        log_requests()
        serve(app, settings, closing)
