"""The Runs page as Streamlit runs it: a leaderboard that is filtered, noted on, compared and taken away."""

from streamlit.testing.v1 import AppTest

from core.jobs import Job
from core.workflows.batch_evaluation import evaluation_of
from core.workflows.home.job_service import JobService
from tests.pages.labelled_file import LABELLED
from tests.pages.shown import shown_texts

UNLABELLED_CSV = b"query,document\nrefund?,Refunds take three days.\nrefund?,Invoices are sent by mail.\n"


def _batch(app: AppTest, service: JobService, content: bytes, name: str) -> Job:
    app = app.switch_page("pages/batch.py").run()
    app.query_params.clear()
    if any(button.key == "batch.new" for button in app.button):
        app.button(key="batch.new").click().run()
    app.file_uploader(key="batch.file").set_value((name, content, "text/csv")).run()
    app.button(key="batch.run").click().run()
    assert not app.exception
    return service.runner.wait(service.store.history()[0].id)


def _runs(app: AppTest) -> AppTest:
    """The page with everything worked out."""
    app = app.switch_page("pages/runs.py").run()
    assert not app.exception
    return app


def _tick(app: AppTest, service: JobService, *rows: int) -> None:
    jobs = service.store.history()
    app.session_state[f"runs.list_{len(jobs)}_{jobs[0].id}"] = {
        "selection": {"rows": list(rows), "columns": [], "cells": []}
    }
    app.run()
    assert not app.exception


def test_a_labelled_run_shows_its_verdict_and_takes_a_note(batch_app: AppTest, service: JobService) -> None:
    job = _batch(batch_app.run(), service, LABELLED, "标注.csv")
    app = _runs(batch_app)
    table = app.dataframe[0].value
    assert table["nDCG@10"][0] > 0.5 and table["Difference"][0] == table["nDCG@10"][0] - 0.5
    assert table["Verdict"][0] == "better" and table["Compared with"][0] == "the order before"
    _tick(app, service, 0)
    app.text_input(key=f"runs.note_{job.id}").set_value("for the review").run()
    app.multiselect(key=f"runs.tags_{job.id}").set_value(["may"]).run()
    assert not app.exception
    remark = service.store.remarks.all()[job.id]
    assert (remark.note, remark.tags) == ("for the review", ("may",))
    table = app.dataframe[0].value
    assert (table["Note"][0], table["Tags"][0]) == ("for the review", "may")
    assert {button.key for button in app.get("download_button")} >= {
        "runs.download_xlsx",
        "runs.download_csv",
    }


def test_runs_are_filtered_by_data_and_measure_from_the_address(
    batch_app: AppTest, service: JobService
) -> None:
    job = _batch(batch_app.run(), service, LABELLED, "标注.csv")
    _batch(batch_app, service, UNLABELLED_CSV, "plain.csv")
    app = batch_app.switch_page("pages/runs.py")
    app.query_params["data"] = job.inputs[0].sha256[:12]
    app.query_params["measure"] = "RR@10"
    app.run()
    table = app.dataframe[0].value
    assert table["Name"].tolist() == ["标注.csv"] and table["RR@10"][0] > 0.5
    app.selectbox(key="runs.data").set_value("").run()
    assert app.dataframe[0].value["Name"].tolist() == ["plain.csv", "标注.csv"]


def test_a_batch_and_evaluations_are_compared_together(batch_app: AppTest, service: JobService) -> None:
    job = _batch(batch_app.run(), service, LABELLED, "标注.csv")
    for _ in range(2):
        service.runner.wait(service.runner.submit(evaluation_of(service.store, job.id)).id)
    app = _runs(batch_app)
    _tick(app, service, 0, 1, 2)
    table = app.dataframe[1].value
    assert table["Verdict"].tolist() == ["the first run", "no difference", "no difference"]
    assert len(set(table["nDCG@10"])) == 1
    assert "nDCG@10 over the 12 queries of all" in shown_texts(app)


def test_three_batches_without_labels_are_compared_by_their_orders(
    batch_app: AppTest, service: JobService
) -> None:
    _batch(batch_app.run(), service, UNLABELLED_CSV, "plain.csv")
    for name in ("second.csv", "third.csv"):
        _batch(batch_app, service, UNLABELLED_CSV, name)
    app = _runs(batch_app)
    _tick(app, service, 0, 1, 2)
    table = app.dataframe[1].value
    assert table["Name"].tolist() == ["second.csv", "third.csv"]
    assert table["Same first document"].tolist() == ["100.0%", "100.0%"]
    assert not app.error
