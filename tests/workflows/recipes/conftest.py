"""The routes behind the door, as clients meet them."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.door.flights import Closing
from core.api.door.middleware import Door
from core.api.routes import routes
from core.workflows.home.workbench import Workbench


@pytest.fixture
def client(embedded_workbench: Workbench) -> Iterator[TestClient]:
    app = Starlette(routes=routes(lambda: embedded_workbench))
    with TestClient(
        Door(app, embedded_workbench.settings, Closing()), base_url="http://localhost:8080"
    ) as client:
        yield client
