"""Runs that stopped, that are gone or that another model must finish, and what was planned before them."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import Job, NewJob
from core.records import ScoringRequest
from core.workflows.batch.records import (
    ORIGIN,
    PROBLEMS,
    ROWS,
    BatchSettings,
    Origin,
    pack_origin,
    pack_problems,
    pack_rows,
)
from core.workflows.batch.records import OriginalRows as Rows
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from pages.parts.batch.session import BatchSession
from pages.parts.frame.messages import plain
from tests.pages.shown import shown_texts

QUERY = "when do I get my money back"
TEXTS = ("Exchange it in your orders.", "A refund arrives within three days.", "Invoices come by e-mail.")
SHEET = "\n".join(["query,document", *(f"{QUERY},{text}" for text in TEXTS)]).encode()
ABSENT = "Qwen/Qwen3-Reranker-0.6B"


def _on_batch(app: AppTest) -> AppTest:
    app.run()
    return app.switch_page("pages/batch.py").run()


def _upload(app: AppTest, name: str = "questions.csv", content: bytes = SHEET) -> AppTest:
    app.file_uploader(key="batch.file").set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def _opened(app: AppTest, job: Job) -> AppTest:
    app.query_params["job"] = job.id
    app.run()
    assert not app.exception
    return app


def _submit(service: JobService, texts: tuple[str, ...] = TEXTS, **settings: object) -> Job:
    """A batch of one query, stopped by the model that it asks for when that is not in use."""
    stored = {**BatchSettings("embedded").stored(), **settings}
    count = range(len(texts))
    origin = Origin(("q1",), ("",), tuple(count), tuple(at + 1 for at in count))
    rows = Rows(("query",), ((QUERY,) * len(texts),), adds_document=True)
    attachments = {ORIGIN: pack_origin(origin), ROWS: pack_rows(rows), PROBLEMS: pack_problems(())}
    request = ScoringRequest(QUERY, texts)
    new = NewJob(f"run of {len(texts)}", "batch", (request,), stored, (), attachments)
    return service.runner.wait(service.runner.submit(new).id)


def test_a_run_of_another_model_starts_from_scratch_with_the_one_in_use(
    batch_app: AppTest, service: JobService
) -> None:
    job = _submit(service, model=ABSENT)
    assert job.state == "failed"
    app = _opened(_on_batch(batch_app), job)
    app.button(key="batch.scratch").click().run()
    assert service.runner.wait(job.id).state == "done"
    assert service.store.job(job.id).settings["model"] == "embedded"
    assert "Scored by" in shown_texts(app.run()) and "not Qwen3" in shown_texts(app)


def test_a_refused_click_is_said_beside_its_own_run_only(batch_app: AppTest, service: JobService) -> None:
    refused = _submit(service, model=ABSENT, instruction="Find the answer")
    other = _submit(service, model=ABSENT)
    app = _opened(_on_batch(batch_app), refused)
    app.button(key="batch.scratch").click().run()
    assert "cannot score them" in shown_texts(app)
    assert service.store.job(refused.id).state == "failed"
    assert "cannot score them" not in shown_texts(_opened(app, other))


def test_a_run_that_ends_while_the_page_is_drawn_shows_its_results(
    batch_app: AppTest, service: JobService, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = _submit(service)
    assert job.state == "done"
    read = service.store.job
    looks = iter([replace(job, state="running")])
    app = _on_batch(batch_app)
    monkeypatch.setattr(service.store, "job", lambda job_id: next(looks, None) or read(job_id))
    assert _opened(app, job).session_state["batch.section"] == "summary"


def test_an_unknown_run_leaves_a_way_back(batch_app: AppTest) -> None:
    app = _on_batch(batch_app)
    app.query_params["job"] = "nonesuch"
    app.run()
    app.button(key="batch.back").click().run()
    assert not app.exception and "job" not in app.query_params
    assert "Nothing leaves this machine." in shown_texts(app)


def test_a_plan_knows_what_was_scored_and_forgotten_since(batch_app: AppTest, service: JobService) -> None:
    # More pairs than planning measures the speed with.
    rows = "".join(f"{QUERY},Answer number {number}.\n" for number in range(40))
    app = _upload(_on_batch(batch_app), content=f"query,document\n{rows}".encode())
    assert _planned(app)[1] > 0
    app.button(key="batch.run").click().run()
    service.runner.wait(service.store.history()[0].id)
    app.run()
    app.button(key="batch.new").click().run()
    assert _planned(app) == (40, 0)
    # Forgotten in another tab; the session keeps its plan.
    service.cache.clear()
    app.run()
    assert _planned(app) == (0, 40)


def test_a_trials_plan_knows_what_was_scored_since(batch_app: AppTest, service: JobService) -> None:
    batch_app.session_state["sandbox.section"] = "data"
    batch_app.run()
    app = batch_app.switch_page("pages/sandbox.py").run()
    rows = "".join(f"{QUERY},Answer number {number}.\n" for number in range(20))
    content = f"query,document\n{rows}".encode()
    app.file_uploader(key="sandbox.table_file").set_value(("a.csv", content, "text/csv")).run()
    before = app.session_state["sandbox.session"].plan
    assert before is not None and before.to_score > 0
    app.button(key="sandbox.try").click().run()
    service.runner.wait(service.store.history()[0].id)
    app.run().button(key="sandbox.new").click().run()
    after = app.session_state["sandbox.session"].plan
    assert not app.exception and after.to_score == 0


def _planned(app: AppTest) -> tuple[int, int]:
    session = app.session_state["batch.session"]
    assert isinstance(session, BatchSession) and session.plan is not None
    return session.plan.cached, session.plan.to_score


def test_the_same_bytes_under_another_name_are_read_by_that_name(
    batch_app: AppTest, service: JobService
) -> None:
    app = _upload(_on_batch(batch_app), "list.txt")
    assert "Type the query" in shown_texts(app)
    _upload(app, "list.csv")
    session = app.session_state["batch.session"]
    assert session.plan is not None and session.plan.pairs == 3
    assert session.table.report.name == "list.csv"
    _upload(app, "other.csv")
    assert app.session_state["batch.session"].table.report.name == "other.csv"


def test_two_runs_with_equal_texts_and_other_lengths_are_compared_by_place(
    batch_app: AppTest, service: JobService
) -> None:
    twice = (TEXTS[1], TEXTS[0], TEXTS[1])
    first, second = _submit(service, twice), _submit(service, (*twice, TEXTS[2]))
    app = _on_batch(batch_app).switch_page("pages/runs.py").run()
    key = f"runs.list_2_{second.id}"
    app.session_state[key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app.run()
    assert not app.exception and first.state == second.state == "done"
    orders = app.dataframe[-1].value
    assert orders["#"].tolist() == [1, 2, 3, 4]
    texts = orders["Second run"].tolist()
    ranks = dict(zip(texts, orders["Rank in the first run"].tolist(), strict=True))
    assert orders["Rank in the first run"].tolist()[:2] == [1, 2] and texts[0] == texts[1] == TEXTS[1]
    assert ranks[TEXTS[2]] != ranks[TEXTS[2]], "the first run has no such document"
    assert orders["First run"].isna().tolist() == [False, False, False, True]


def test_a_broken_model_folder_is_explained_in_chinese(
    batch_app: AppTest, embedded_workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = embedded_workbench.settings.model_copy(update={"home": tmp_path})
    folder = settings.models_folder / ABSENT
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(embedded_workbench, "settings", settings)
    batch_app.session_state["app.language"] = "zh"
    batch_app.run()
    app = batch_app.switch_page("pages/model.py").run()
    (line,) = [caption.value for caption in app.caption if caption.value.startswith(plain(str(folder)))]
    assert plain("模型文件夹中没有 tokenizer.json。") in line
