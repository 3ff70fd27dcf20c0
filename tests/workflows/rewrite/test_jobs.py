"""Rewriting a sheet as a job: variants, contexts, what is kept, and the files that come out."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import InputError
from core.jobs import keep_upload
from core.records import Scorer
from core.sheets.meaning.importing import import_table
from core.text.rewriting.variants import RewriteSettings
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from core.workflows.rewrite.data import (
    RewrittenData,
    contexts_of,
    rewrite_data,
    rewritings_from_bytes,
    rewritings_to_bytes,
    scored_rewriting,
)
from core.workflows.rewrite.decisions import Decisions, advised, winning_queries
from core.workflows.rewrite.export import ledger_csv, queries_csv, rewrite_excel
from core.workflows.rewrite.jobs import KIND, RewriteJob, kept_rewriting, new_rewriting, rewrite_details
from core.workflows.rewrite.ledger import LedgerSettings, gain_ledger, tally_of
from tests.workflows.rewrite.rewrite_sheet import rewrite_csv, rewrite_xlsx


def _rewritten(tmp_path: Path, content: bytes, name: str = "查询.xlsx") -> RewrittenData:
    path = tmp_path / name
    path.write_bytes(content)
    table = import_table(path)
    return rewrite_data(labelled_data(table), contexts_of(table, "上下文"), RewriteSettings())


def test_contexts_come_from_a_column_and_from_one_text_for_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(rewrite_csv())
    table = import_table(path)
    own = contexts_of(table, "上下文", " 共同 ")
    assert own["p0t0"] == "共同\n客户上周购买了云帆企业邮箱。" and own["n0"] == "共同"
    assert set(contexts_of(table, None).values()) == {""}


def test_every_wording_is_asked_over_the_same_candidates(tmp_path: Path) -> None:
    rewritten = _rewritten(tmp_path, rewrite_xlsx())
    assert (len(rewritten.rewritings), rewritten.rewritten) == (14, 12)
    requests = rewritten.requests("task")
    assert len(requests) == 14 + rewritten.variants
    first = [request for request in requests if len(request.documents) == 3][:2]
    assert [request.query for request in first] == ["请问它怎么开票？", "请问云帆企业邮箱怎么开票？"]
    assert first[0].documents == first[1].documents and first[0].instruction == "task"


def test_a_sheet_to_which_no_rule_applies_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No rule applies"):
        _rewritten(tmp_path, "查询,上下文,文档\n退款政策,,文本一\n".encode(), "a.csv")


def test_wordings_survive_being_kept(tmp_path: Path) -> None:
    rewritings = _rewritten(tmp_path, rewrite_xlsx()).rewritings
    again = rewritings_from_bytes(rewritings_to_bytes(rewritings))
    assert {q: (r.query, r.variants) for q, r in again.items()} == {
        q: (r.query, r.variants) for q, r in rewritings.items()
    }


def test_missing_scores_are_said(tmp_path: Path) -> None:
    rewritten = _rewritten(tmp_path, rewrite_xlsx())
    scores = [[None] * len(request.documents) for request in rewritten.requests()]
    with pytest.raises(InputError, match="Scores are missing"):
        scored_rewriting(rewritten, scores)


def test_a_job_is_scored_reopened_and_exported(tmp_path: Path, embedded: Scorer) -> None:
    content = rewrite_xlsx()
    rewritten = _rewritten(tmp_path, content)
    service = JobService(tmp_path / "home", lambda job: embedded, JOB_KINDS)
    service.runner.start()
    try:
        file = keep_upload(tmp_path / "home", "查询.xlsx", io.BytesIO(content))
        asked = RewriteJob(embedded.info.name, glossary="terms.csv", context_column="上下文")
        job = service.runner.wait(service.runner.submit(new_rewriting("查询", rewritten, asked, file)).id)
        assert job.state == "done" and job.kind == KIND
        assert RewriteJob.of(job) == asked
        scored = kept_rewriting(service.store, job)
    finally:
        service.close()
    ledger = gain_ledger(scored)
    reference = ledger.rules[0]
    # Bound to their product, the queries can tell the products apart; a bare pronoun cannot.
    assert reference.name == "reference" and reference.measured == 12
    assert reference.gained > reference.lost and reference.top_after == 12 > reference.top_before
    decisions = Decisions({"reference": True})
    winners = winning_queries(scored, ledger, decisions)
    accepted = tally_of(
        scored, "accepted", {w.query_id: w.row.wording for w in winners if w.row}, LedgerSettings()
    )
    book = openpyxl.load_workbook(
        io.BytesIO(rewrite_excel(ledger, winners, decisions, accepted, rewrite_details(job)))
    )
    assert book.sheetnames == ["Rules", "Ledger", "Queries", "Settings"]
    rules = [dict(zip(_header(book["Rules"]), row, strict=True)) for row in _body(book["Rules"])]
    assert [row["rule"] for row in rules][-4:] == ["maximum", "mean", "reciprocal", "accepted"]
    assert (rules[0]["decision"], rules[0]["gained"], rules[0]["top1_after"]) == (
        "accepted",
        reference.gained,
        12,
    )
    assert reference.comparison is not None
    assert rules[0]["difference"] == pytest.approx(reference.comparison.difference)
    rows = [dict(zip(_header(book["Ledger"]), row, strict=True)) for row in _body(book["Ledger"])]
    assert len(rows) == len(ledger.rows)
    assert rows[0]["rewrite"] == "请问云帆企业邮箱怎么开票？" and rows[0]["decision"] == "accepted"
    assert rows[0]["reason"] == "«它» stands for «云帆企业邮箱», which the context names."
    queries = list(_body(book["Queries"]))
    assert queries[0][:4] == ("p0t0", "请问云帆企业邮箱怎么开票？", "请问它怎么开票？", "reference")
    assert queries[-1][1:3] == ("如何修改收货地址",) * 2 and not queries[-1][3]
    settings = dict(_body(book["Settings"]))
    assert settings["glossary"] == "terms.csv" and settings["measure"] == "nDCG@10"

    table = list(csv.DictReader(io.StringIO(queries_csv(winners).decode("utf-8-sig"))))
    assert [row["query"] for row in table] == [winner.text for winner in winners]
    kept = list(csv.DictReader(io.StringIO(ledger_csv(ledger, advised(ledger)).decode("utf-8-sig"))))
    assert {row["rule"] for row in kept} == {"reference", "all"}


def test_another_kind_of_job_is_refused(tmp_path: Path, embedded: Scorer) -> None:
    from core.jobs import NewJob
    from core.records import ScoringRequest

    service = JobService(tmp_path / "home", lambda job: embedded, JOB_KINDS)
    try:
        job = service.store.create(NewJob("other", "batch", [ScoringRequest("q", ("d",))]))
        with pytest.raises(InputError, match="is not a rewriting"):
            RewriteJob.of(job)
        with pytest.raises(InputError, match="is not a rewriting"):
            kept_rewriting(service.store, job)
    finally:
        service.close()


def _header(sheet: Worksheet) -> list[str]:
    return [str(cell) for cell in next(sheet.iter_rows(values_only=True))]


def _body(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))
