"""What all tests share: a loaded embedded model, once a run, and a home folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.records import Scorer
from core.settings import Settings
from core.workflows.home.workbench import Workbench


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright leaves an event loop behind in which no other test can run its own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's home, and none looks for a hub unless it says so."""
    monkeypatch.setenv("RERANK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RERANK_DOWNLOAD", "never")


@pytest.fixture(scope="session")
def embedded_workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench whose embedded model is loaded.

    In fp32: int8 rounds differently on processors with other instructions, and what tests say of an order or
    a verdict has to hold on all of them.
    """
    home = tmp_path_factory.mktemp("home")
    bench = Workbench(
        Settings(model="embedded", home=home, download="never", max_documents=50, precision="fp32")
    )
    bench.start()
    bench.scorer(wait=120)
    yield bench


@pytest.fixture(scope="session")
def embedded(embedded_workbench: Workbench) -> Scorer:
    """The embedded model."""
    return embedded_workbench.scorer()
