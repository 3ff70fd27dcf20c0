"""A settings object with a home of its own, and connecting to a fake server without waiting."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.models.remote.connecting import connect
from core.models.remote.scorer import RemoteScorer
from core.models.remote.transport import Patience
from core.settings import Settings
from tests.models.remote.fake_servers import FakeServer

Connect = Callable[..., RemoteScorer]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, send_to="rerank.example.com,api.cohere.com")


@pytest.fixture
def pauses() -> list[float]:
    """How long each try waited for the next."""
    return []


@pytest.fixture
def connected(settings: Settings, pauses: list[float]) -> Connect:
    def connect_to(server: FakeServer, name: str = "http://127.0.0.1:9/", **keys: str) -> RemoteScorer:
        patience = Patience(pause=pauses.append)
        return connect(name, settings, patience=patience, transport=server, environment=keys)

    return connect_to
