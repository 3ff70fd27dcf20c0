"""Comparing models on the Evaluate page, as Streamlit runs it."""

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import WorkbenchError
from core.workflows.compare.kept import Asked, kept_comparisons
from core.workflows.compare.running import running_comparisons
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.home.workbench import Workbench
from tests.pages.labelled_file import LABELLED
from tests.pages.shown import shown_texts


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end, pause = monotonic() + seconds, threading.Event()
    while not condition():
        assert monotonic() < end
        pause.wait(0.02)


@pytest.fixture
def app(batch_app: AppTest) -> AppTest:
    return batch_app.run().switch_page("pages/evaluate.py").run()


def _chosen(app: AppTest, *names: str) -> AppTest:
    app.file_uploader(key="evaluate.file").set_value(("标注.csv", LABELLED, "text/csv")).run()
    app.session_state["evaluate.compare.models"] = list(names)
    return app.run()


def test_models_are_compared_and_what_is_missing_is_named(
    app: AppTest, embedded_workbench: Workbench
) -> None:
    app = _chosen(app, "embedded", "bm25", "Qwen/Qwen3-Reranker-8B")
    app.button(key="evaluate.compare.start").click().run()
    assert not app.exception
    kept = kept_comparisons(embedded_workbench.settings.home)
    found = kept.all()[0]
    until(lambda: running_comparisons.state(found.id) is None)
    app.run()
    assert not app.exception
    shown = shown_texts(app)
    assert "Qwen/Qwen3-Reranker-8B is not on this machine" in shown
    assert "Every two compared in nDCG@10" in shown
    table = next(frame.value for frame in app.dataframe if "Licence" in frame.value.columns)
    assert list(table["Model"])[0] == "before" and list(table["Licence"])[1:] == ["MIT", "", "Apache-2.0"]
    # What could not be had is tried again; what was scored is not.
    app.button(key="evaluate.models_resume").click().run()
    until(lambda: running_comparisons.state(found.id) is None)
    assert len(kept.results(found.id)) == 3
    app.button(key="evaluate.models_delete").click().run()
    with pytest.raises(WorkbenchError):
        kept.comparison(found.id)
    assert not app.exception and "Labelled table" in {one.label for one in app.file_uploader}


def test_one_model_is_no_comparison_and_a_far_server_needs_a_tick(app: AppTest) -> None:
    app = _chosen(app, "bm25")
    assert app.button(key="evaluate.compare.start").disabled
    app = _chosen(app, "bm25", "https://rerank.example.org")
    assert app.button(key="evaluate.compare.start").disabled
    app.checkbox(key="evaluate.compare.send_to_rerank.example.org").check().run()
    assert not app.button(key="evaluate.compare.start").disabled


def test_a_comparison_that_was_cut_short_goes_on(
    app: AppTest, embedded_workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "标注.csv"
    path.write_bytes(LABELLED)
    kept = kept_comparisons(embedded_workbench.settings.home)
    name = kept.add("标注.csv", Asked(("bm25", "use-m3")), read_labelled(path))
    app.query_params["job"] = name
    app.run()
    assert not app.exception and "Not scored yet: BM25, USE-m3" in shown_texts(app)
    app.button(key="evaluate.models_resume").click().run()
    until(lambda: running_comparisons.state(name) is None)
    app.run()
    assert not app.exception and len(kept.results(name)) == 2
    assert "Every two compared" in shown_texts(app)
