"""The Batch and Runs pages as Streamlit runs them, with the real embedded model."""

import io
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from core.jobs import Job, NewJob
from core.workflows.batch.records import ORIGIN, PROBLEMS, ROWS
from core.workflows.home.job_service import JobService
from pages.parts.batch.session import BatchSession
from tests.jobs.test_killed import job_process, read_until
from tests.pages.shown import shown_texts

SPREADSHEETS = Path(__file__).resolve().parents[3] / "shared" / "data" / "spreadsheets"
LONG = """\
id,query,document,bm25
7,when do I get my money back,To exchange an item choose Exchange in your orders.,9
7,when do I get my money back,A refund arrives within three working days.,8
7,when do I get my money back,Invoices are sent by e-mail.,7
8,how do I get an invoice,A refund arrives within three working days.,3
8,how do I get an invoice,Invoices are sent by e-mail.,2
9,,Nobody asks for this.,1
"""


def _on_batch(app: AppTest) -> AppTest:
    app.run()
    return app.switch_page("pages/batch.py").run()


def _upload(app: AppTest, content: bytes, name: str = "questions.csv") -> AppTest:
    app.file_uploader(key="batch.file").set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def _box(app: AppTest, label: str) -> Selectbox:
    (box,) = [field for field in app.selectbox if field.label == label]
    return box


def _finished(app: AppTest, service: JobService) -> Job:
    """Wait for the newest job, then draw the page once more."""
    job = service.runner.wait(service.store.history()[0].id)
    app.run()
    assert not app.exception
    return job


def _scored(app: AppTest, service: JobService) -> Job:
    _upload(_on_batch(app), LONG.encode())
    app.button(key="batch.run").click().run()
    return _finished(app, service)


def _queries(app: AppTest) -> AppTest:
    """The run's second section."""
    app.session_state["batch.section"] = "queries"
    return app.run()


def _copy_for(service: JobService, job: Job, model: str, instruction: str | None = None) -> NewJob:
    """The same batch, asked of another model or with another instruction."""
    return NewJob(
        job.name,
        job.kind,
        service.store.requests(job.id),
        {**job.settings, "model": model, "instruction": instruction},
        job.inputs,
        {name: service.store.attachment(job.id, name) or b"" for name in (ORIGIN, ROWS, PROBLEMS)},
    )


def test_an_upload_is_kept_at_once_and_planned(batch_app: AppTest, service: JobService) -> None:
    app = _upload(_on_batch(batch_app), LONG.encode())
    session = app.session_state["batch.session"]
    assert isinstance(session, BatchSession) and session.upload is not None
    assert Path(session.upload.path).read_bytes() == LONG.encode()
    assert session.plan is not None
    assert (session.plan.queries, session.plan.pairs) == (2, 5)
    text = shown_texts(app)
    assert "Recognised (95%)" in text
    assert "The order before is the score column." in text
    assert service.store.history() == []


def test_a_reload_finds_the_upload_again(batch_app: AppTest, service: JobService) -> None:
    app = _upload(_on_batch(batch_app), LONG.encode())
    token = app.query_params["file"]
    app.session_state["batch.session"] = BatchSession()
    app.query_params["file"] = token
    app.run()
    upload = app.session_state["batch.session"].upload
    assert upload is not None and upload.name == "questions.csv"


@pytest.mark.parametrize("token", ["../jobs.sqlite3/x", "a" * 64 + "/", "0" * 64 + ".csv/none.csv", "x"])
def test_an_address_opens_kept_uploads_only(service: JobService, token: str) -> None:
    assert service.upload_named(token) is None


def test_a_run_shows_its_summary_and_the_first_querys_documents(
    batch_app: AppTest, service: JobService
) -> None:
    job = _scored(batch_app, service)
    assert (job.state, job.pairs, job.name) == ("done", 5, "questions.csv")
    assert batch_app.query_params["job"] == [job.id] or batch_app.query_params["job"] == job.id
    metrics = {metric.label: metric.value for metric in batch_app.metric}
    assert metrics["Queries"] == "2" and metrics["Documents"] == "5"
    # A figure opens the queries that it counts.
    figure = next(button for button in batch_app.button if button.label == "100.0%")
    figure.click().run()
    assert batch_app.session_state["batch.filters"] == ["first changed"]
    assert batch_app.query_params["section"] in ("queries", ["queries"])
    text = shown_texts(batch_app)
    assert "A refund arrives within three working days." in text  # the whole text of the new first
    assert "not Qwen3" in text


def test_filters_and_search_pick_queries(batch_app: AppTest, service: JobService) -> None:
    _scored(batch_app, service)
    _queries(batch_app)
    batch_app.text_input(key="batch.search").set_value("INVOICE").run()
    assert "2 of 2 queries" in shown_texts(batch_app)  # a document of the other query has the word
    batch_app.text_input(key="batch.search").set_value("how do i").run()
    assert "1 of 2 queries" in shown_texts(batch_app)
    batch_app.text_input(key="batch.search").set_value("no such text").run()
    assert "No query fits." in shown_texts(batch_app)
    assert not batch_app.exception


def test_a_click_on_a_query_opens_it(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    _queries(batch_app)
    key = f"batch.list_{job.id}_2_1"
    batch_app.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [[1, "Query"]]}}
    batch_app.run()
    assert not batch_app.exception
    assert "how do I get an invoice" in [element.value for element in batch_app.text]


@pytest.mark.parametrize(("labelled", "label"), [(True, "Evaluate"), (False, "Judge")])
def test_a_run_is_evaluated_at_once_or_there_to_be_judged(
    batch_app: AppTest, service: JobService, labelled: bool, label: str
) -> None:
    head, *lines = LONG.splitlines()
    rows = [f"{line},{at % 2}" for at, line in enumerate(lines)]
    _upload(_on_batch(batch_app), ("\n".join([f"{head},label", *rows]) if labelled else LONG).encode())
    batch_app.button(key="batch.run").click().run()
    _finished(batch_app, service)
    button = batch_app.button(key="batch.evaluate")
    assert button.label == label
    button.click().run()
    evaluation = service.runner.wait(service.store.history()[0].id)
    assert (evaluation.kind, evaluation.state, evaluation.scored) == ("evaluate", "done", 0)
    # Streamlit's own test does not follow a page switch.
    batch_app.query_params["job"] = evaluation.id
    batch_app.switch_page("pages/evaluate.py").run()
    assert not batch_app.exception
    assert ("Too few judged queries" in shown_texts(batch_app)) == labelled


def test_a_deep_link_opens_the_run_in_another_session(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    other = AppTest.from_file(batch_app._script_path, default_timeout=90)
    other.session_state["app.language"] = "zh"
    other.run()
    other.switch_page("pages/batch.py")
    other.query_params["job"] = job.id
    other.run()
    assert not other.exception
    assert "questions.csv" in shown_texts(other) and "评分模型" in shown_texts(other)


def test_an_unknown_run_is_a_sentence(batch_app: AppTest) -> None:
    batch_app.run()
    batch_app.switch_page("pages/batch.py")
    batch_app.query_params["job"] = "nonesuch"
    batch_app.run()
    assert not batch_app.exception
    assert "There is no job nonesuch." in shown_texts(batch_app)


def test_a_stopped_run_is_offered_and_resumed(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    # As a killed process leaves it.
    service.store.clear_scores(job.id)
    service.store.set_state(job.id, "interrupted")
    batch_app.button(key="batch.new").click().run()
    assert "Stopped before the end" in shown_texts(batch_app)
    batch_app.button(key=f"batch.open_{job.id}").click().run()
    assert "No query is completely scored yet." in shown_texts(batch_app)
    batch_app.button(key="batch.resume").click().run()
    assert _finished(batch_app, service).state == "done"
    assert {metric.label for metric in batch_app.metric} >= {"Queries", "Documents"}


def test_a_job_for_another_model_says_what_to_do(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    new = service.store.create(
        _copy_for(service, job, "Qwen/Qwen3-Reranker-0.6B")  # the model that is not loaded
    )
    service.store.set_state(new.id, "interrupted")
    service.runner.resume(new.id)
    assert service.runner.wait(new.id).state == "failed"
    batch_app.query_params["job"] = new.id
    batch_app.run()
    assert "Switch the model on the Model page" in shown_texts(batch_app)


def test_a_file_of_documents_only_takes_a_typed_query(batch_app: AppTest, service: JobService) -> None:
    content = b"document\nA refund arrives within three working days.\nInvoices are sent by e-mail.\n"
    app = _upload(_on_batch(batch_app), content)
    assert "Type the query" in shown_texts(app)
    assert app.dataframe[0].value["document"].tolist()[1] == "Invoices are sent by e-mail."
    app.text_input(key="batch.query").set_value("when do I get my money back").run()
    app.button(key="batch.run").click().run()
    assert _finished(app, service).pairs == 2


def test_columns_nobody_can_guess_are_chosen_beside_the_files_own_rows(batch_app: AppTest) -> None:
    app = _upload(_on_batch(batch_app), b"A1,B2\n\nalpha,beta\nred apple,green pear\n")
    assert "Choose the column" in shown_texts(app) or "Type the query" in shown_texts(app)
    assert app.dataframe[0].value["A1"].tolist() == ["alpha", "red apple"]
    _box(app, "Query").set_value("A1").run()
    _box(app, "Document").set_value("B2").run()
    assert app.session_state["batch.session"].plan.pairs == 2
    # The header stands further down.
    (header,) = [field for field in app.number_input if field.label == "Header row"]
    header.set_value(3).run()
    assert app.dataframe[0].value["alpha"].tolist() == ["red apple"]
    assert not app.exception


def test_queries_and_documents_on_two_sheets_are_crossed(batch_app: AppTest) -> None:
    book = openpyxl.Workbook()
    queries, documents = book.create_sheet("queries"), book.create_sheet("documents")
    del book["Sheet"]
    for row in (["query"], ["when do I get my money back"], ["how do I get an invoice"]):
        queries.append(row)
    for row in (["document"], ["A refund arrives within three working days."], ["Invoices come by e-mail."]):
        documents.append(row)
    content = io.BytesIO()
    book.save(content)
    app = _upload(_on_batch(batch_app), content.getvalue(), "two.xlsx")
    assert "The documents come from the sheet documents." in shown_texts(app)
    assert app.session_state["batch.session"].plan.pairs == 4


def test_a_second_file_whose_columns_are_unknown_can_be_mapped(batch_app: AppTest) -> None:
    app = _on_batch(batch_app)
    pool = b"A1,B2\n17,A refund arrives within three working days.\n18,Invoices come by e-mail.\n"
    app.file_uploader(key="batch.pool").set_value(("pool.csv", pool, "text/csv"))
    _upload(app, b"query\nwhen do I get my money back\n")
    _box(app, "Document").set_value("B2").run()
    _box(app, "Document id").set_value("A1").run()
    assert app.session_state["batch.session"].plan.pairs == 2
    assert "17" in app.session_state["batch.session"].table.pairs.document_id


def test_a_job_of_another_process_is_shown_without_buttons_that_would_fail(
    batch_app: AppTest, service: JobService
) -> None:
    with job_process(service.store.home, "submit", "after", 3) as process:
        read_until(process, "here")
        (job,) = service.store.history()
        app = _on_batch(batch_app)
        app.query_params["job"] = job.id
        app.run()
        assert not app.exception
        assert f"Another workbench process ({process.pid}) runs this job." in shown_texts(app)
        assert not {"Pause", "Cancel", "Resume"} & {button.label for button in app.button}


@pytest.mark.skipif(not SPREADSHEETS.is_dir(), reason="the shared spreadsheets are not here")
def test_every_nasty_file_ends_in_a_preview_or_a_sentence(batch_app: AppTest) -> None:
    app = _on_batch(batch_app)
    for path in sorted(SPREADSHEETS.glob("*.*")):
        if path.name == "manifest.csv" or path.stat().st_size > 500_000:
            continue
        app.file_uploader(key="batch.file").set_value((path.name, path.read_bytes(), "")).run()
        assert not app.exception, path.name
        assert app.dataframe or app.warning, path.name
        if path.name.startswith("40_"):
            assert "Open the file in Excel once and save it." in shown_texts(app)
        assert app.warning or app.dataframe, path.name


def test_runs_are_listed_renamed_and_deleted(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    app = batch_app.switch_page("pages/runs.py").run()
    assert not app.exception
    _tick(app, service, 0)
    text = shown_texts(app)
    assert "questions\\.csv" in text or "questions.csv" in text
    assert "column" in text.lower() and job.inputs[0].sha256[:16] in text
    app.text_input(key=f"runs.name_{job.id}").set_value("Refunds").run()
    app.button(key="runs.rename").click().run()
    assert service.store.job(job.id).name == "Refunds"
    _tick(app, service, 0)
    app.button(key="runs.delete").click().run()
    assert service.store.history() == []
    assert "There are no runs yet." in shown_texts(app)


def test_two_runs_are_compared(batch_app: AppTest, service: JobService) -> None:
    job = _scored(batch_app, service)
    other = service.runner.submit(_copy_for(service, job, "embedded", "Find the answer"))
    service.runner.wait(other.id)
    app = batch_app.switch_page("pages/runs.py").run()
    _tick(app, service, 0, 1)
    assert not app.exception
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Queries in both"] == "2" and metrics["Same first document"] == "100.0%"
    assert "They differ in the instruction" in shown_texts(app)


def test_kept_scores_can_be_forgotten(batch_app: AppTest, service: JobService) -> None:
    _scored(batch_app, service)
    assert service.cache.statistics().entries == 5
    app = batch_app.switch_page("pages/runs.py").run()
    app.button(key="runs.clear_cache").click().run()
    assert not app.exception and service.cache.statistics().entries == 0


def _tick(app: AppTest, service: JobService, *rows: int) -> None:
    jobs = service.store.history()
    key = f"runs.list_{len(jobs)}_{jobs[0].id}"
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    app.run()
    assert not app.exception


def test_a_run_of_a_workbook_can_fill_a_copy_of_it(batch_app: AppTest, service: JobService) -> None:
    book = openpyxl.Workbook()
    for row in (line.split(",") for line in LONG.splitlines()[:6]):
        book.active.append(row)
    book.active["F2"] = "=LEN(C2)"
    buffer = io.BytesIO()
    book.save(buffer)
    _upload(_on_batch(batch_app), buffer.getvalue(), "mine.xlsx")
    batch_app.button(key="batch.run").click().run()
    _finished(batch_app, service)
    batch_app.session_state["batch.section"] = "exports"
    batch_app.run()
    batch_app.toggle(key="batch.own").set_value(True).run()
    assert "Formulas stay; their results are calculated when Excel or WPS opens the file." in shown_texts(
        batch_app
    )
    batch_app.button(key="batch.own_make").click().run()
    assert not batch_app.exception
    session: BatchSession = batch_app.session_state["batch.session"]
    assert session.copy is not None
    page = openpyxl.load_workbook(io.BytesIO(session.copy.content)).worksheets[0]
    header = [cell.value for cell in page[1]]
    assert header[:4] == ["id", "query", "document", "bm25"] and "new rank" in header
    place = header.index("new rank")
    assert sorted(page.cell(row, place + 1).value for row in range(2, 7)) == [1, 1, 2, 2, 3]
