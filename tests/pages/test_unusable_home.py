"""A home folder that cannot be made: pages that keep something there say so, the others work."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
from core.workflows.home.workbench import Workbench
from tests.pages.conftest import ENTRY

PAGES = sorted((Path(__file__).resolve().parents[2] / "pages").glob("[a-z]*.py"))


def _shown(app: AppTest, page: Path) -> AppTest:
    """The page, run twice, as its own fragments and every click run it again."""
    app.session_state["app.language"] = "en"
    app.switch_page(f"pages/{page.name}")
    return app.run().run()


@pytest.fixture
def app(embedded_workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app whose home is a folder below a file, so that nothing can be kept."""
    (tmp_path / "file").write_text("no folder")
    home = tmp_path / "file" / "home"
    monkeypatch.setattr(
        embedded_workbench, "settings", embedded_workbench.settings.model_copy(update={"home": home})
    )
    monkeypatch.setattr(workbench_module, "_the_workbench", embedded_workbench)
    monkeypatch.setattr(service_module, "_the_service", None)
    return AppTest.from_file(ENTRY, default_timeout=90)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_that_nothing_can_be_kept(app: AppTest, page: Path) -> None:
    app = _shown(app, page)
    assert not app.exception
    said = " ".join(error.value for error in app.error)
    # Those that keep nothing work as always.
    assert (
        page.stem in ("rerank", "model", "connect") or "cannot be created" in said or "cannot be kept" in said
    ), said
