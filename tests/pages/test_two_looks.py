"""Two looks on Rerank and Batch: offered where the model can, marked in what comes of it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core.workflows.home.workbench as workbench_module
import core.workflows.kinds as service_module
from core.settings import Settings
from core.workflows.home.job_service import JobService, scorer_of
from core.workflows.home.workbench import Workbench
from core.workflows.kinds import JOB_KINDS
from tests.pages.conftest import ENTRY
from tests.pages.reranked import reranked
from tests.pages.shown import shown_texts
from tests.qwen_fixture import tiny_qwen_folder

DOCUMENTS = [f"{n}、" + "退款审核通过后原路退回" * (25 + n) + f"word{n * 7 % 13}" for n in range(9)]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app on a workbench with a model of Qwen3-Reranker's form."""
    folder = tiny_qwen_folder(tmp_path / "model")
    bench = Workbench(Settings(model=str(folder), home=tmp_path / "home", download="never", device="cpu"))
    bench.start()
    bench.scorer(wait=120)
    monkeypatch.setattr(workbench_module, "_the_workbench", bench)
    service = JobService(tmp_path / "home", scorer_of(bench), JOB_KINDS)
    monkeypatch.setattr(service_module, "_the_service", service)
    app = AppTest.from_file(ENTRY, default_timeout=90)
    app.session_state["app.language"] = "en"
    return app.run()


def test_a_list_is_looked_at_twice_and_read_whole_by_a_click(app: AppTest) -> None:
    app.text_input(key="rerank.query").set_value("退款").run()
    app.text_area(key="rerank.documents").set_value("\n".join(DOCUMENTS)).run()
    app.toggle(key="rerank.two_looks").set_value(True).run()
    app.number_input(key="rerank.two_looks_top").set_value(2).run()
    app.button(key="rerank.run").click().run()
    looked = reranked(app)
    assert looked.scorer.two_looks == 2
    assert not any(one.score.truncated for one in looked.ranked[:2])
    assert any(one.score.truncated for one in looked.ranked)
    text = shown_texts(app)
    assert "two looks: top 2" in text and "read at their beginning only" in text
    assert "Over HTTP every document is read whole" in text
    assert "The fields have changed" not in text
    app.button(key="rerank.remedy_whole").click().run()
    whole = reranked(app)
    assert whole.scorer.two_looks == 0 and not any(one.score.truncated for one in whole.ranked)
    assert not app.toggle(key="rerank.two_looks").value


def test_a_batch_says_how_often_the_top_changed(app: AppTest) -> None:
    service = service_module._the_service
    assert service is not None
    app.switch_page("pages/batch.py").run()
    rows = [f"问题 {query},{text}" for query in range(10) for text in DOCUMENTS]
    content = "\n".join(["query,document", *rows]).encode()
    app.file_uploader(key="batch.file").set_value(("long.csv", content, "text/csv")).run()
    whole = app.session_state["batch.session"].plan
    app.toggle(key="batch.two_looks").set_value(True).run()
    app.number_input(key="batch.two_looks_top").set_value(2).run()
    # Fewer tokens are expected than for the whole reading.
    assert app.session_state["batch.session"].plan.tokens < whole.tokens
    app.button(key="batch.run").click().run()
    job = service.runner.wait(service.store.history()[0].id)
    app.run()
    assert not app.exception and job.state == "done"
    assert "of 1 queries that were read whole to check" in shown_texts(app)


def test_a_model_that_cannot_is_not_offered_it(batch_app: AppTest) -> None:
    app = batch_app.run()
    assert "rerank.two_looks" not in [one.key for one in app.toggle]
