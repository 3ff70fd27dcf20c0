"""What stands around every page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
from core.settings import Settings
from core.workflows.home.workbench import Workbench

OPEN = "No key is asked for (RERANK_AUTH=off)"


class _OpenWorkbench:
    """The loaded workbench with other settings."""

    def __init__(self, bench: Workbench, settings: Settings) -> None:
        self._bench = bench
        self.settings = settings

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)


def test_a_page_says_that_no_key_is_asked_for(
    batch_app: AppTest, embedded_workbench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "open", host="0.0.0.0", auth="off", download="never")
    monkeypatch.setattr(workbench_module, "_the_workbench", _OpenWorkbench(embedded_workbench, settings))
    warnings = batch_app.run().sidebar.warning
    assert [OPEN in warning.value for warning in warnings] == [True]


def test_a_workbench_for_this_machine_says_nothing_of_keys(batch_app: AppTest) -> None:
    assert not batch_app.run().sidebar.warning
