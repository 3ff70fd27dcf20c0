"""A batch with document care: jobs score clean texts and chunks, results and exports hold the originals."""

import io
import json
from pathlib import Path

import openpyxl

from core.jobs import InputFile
from core.sheets.meaning.importing import ImportedTable
from core.workflows.batch.care import BatchCare, fold_batch, pack_care
from core.workflows.batch.export import BatchTables, batch_excel, batch_jsonl
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job, with_care
from core.workflows.batch.opened import open_run, original_rows
from core.workflows.batch.records import BatchSettings
from core.workflows.batch.results import BatchRun, reranking_of
from core.workflows.care.preparing import CareSettings, asked_care
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from tests.workflows.batch.batches import WrittenScorer, import_text

CARE = asked_care("all", 64, None)
LONG = "\n\n".join(
    [
        *["Filler words stand here = -3"] * 30,
        "## Answer",
        "The answer = 2",
        "## More",
        *["More filler = -4"] * 30,
    ]
)
TABLE = (
    "id,query,document,rank\n"
    "1,q?,<p>first <b>= 1</b></p>,3\n"
    f'1,q?,"{LONG}",1\n'
    "1,q?,first = 1,2\n"
    f'2,other?,"{LONG}",1\n'
)


def _words(text: str) -> int:
    return len(text.split())


def _submit(
    home: Path, table: ImportedTable, care: CareSettings, scorer: WrittenScorer
) -> tuple[JobService, str]:
    batch = with_care(batch_input(table), care, _words)
    file = InputFile("t.csv", str(home / "t.csv"), table.report.sha256, table.report.size)
    service = JobService(home, lambda job: scorer, JOB_KINDS)
    settings = batch_settings(batch, scorer.info.name)
    job = service.runner.submit(new_batch_job("t.csv", batch, settings, (file,)))
    assert service.runner.wait(job.id).state == "done"
    return service, job.id


def test_scores_of_clean_texts_come_back_to_the_originals(tmp_path: Path) -> None:
    service, job_id = _submit(tmp_path, import_text(tmp_path, TABLE), CARE, WrittenScorer())
    run = open_run(service.store, job_id)
    assert [request.documents for request in run.requests] == [
        ("<p>first <b>= 1</b></p>", LONG, "first = 1"),
        (LONG,),
    ]
    assert [run.score(pair).logit for pair in range(4)] == [1, 2, 1, 2]
    assert run.job.pairs > 4
    assert [outcome.documents for outcome in run.outcomes] == [3, 1]
    result = reranking_of(run, 0)
    assert [one.document for one in result.ranked] == [LONG, "first = 1", "<p>first <b>= 1</b></p>"]
    best = result.ranked[0].care
    assert best is not None and "The answer" in best.winning_chunk.text
    assert LONG[best.winning_chunk.start : best.winning_chunk.end] == best.winning_chunk.text
    assert result.care == CARE
    service.close()


def test_a_repeated_document_is_named_by_its_former_rank(tmp_path: Path) -> None:
    service, job_id = _submit(tmp_path, import_text(tmp_path, TABLE), CARE, WrittenScorer())
    care = open_run(service.store, job_id).cares[2]
    # The first row, which had rank 3, is the one that comes first in the file.
    assert care is not None and care.document.cleaned.duplicate is not None
    assert care.document.cleaned.duplicate.of + 1 == 3
    service.close()


def test_exports_keep_the_originals_and_say_what_was_done(tmp_path: Path) -> None:
    service, job_id = _submit(tmp_path, import_text(tmp_path, TABLE), CARE, WrittenScorer())
    run = open_run(service.store, job_id)
    tables = BatchTables(run, original_rows(service.store, job_id), ())
    rows = [json.loads(line) for line in batch_jsonl(tables).decode().splitlines()]
    assert [row["document"] for row in rows] == [LONG, "first = 1", "<p>first <b>= 1</b></p>", LONG]
    assert [row["cleaned"] for row in rows] == [None, None, "html 4", None]
    assert rows[0]["chunks"] > 2 and "The answer" in rows[0]["winning_text"]
    assert rows[1]["repeats"] == "3"
    book = openpyxl.load_workbook(io.BytesIO(batch_excel(tables)))
    settings = {row[0]: row[1] for row in book["Settings"].iter_rows(values_only=True)}
    assert settings["chunks: score of a document"] == "its best chunk"
    assert settings["documents changed by cleaning"] == "1 of 4"
    assert settings["documents scored in chunks"] == "2 of 4"
    service.close()


def test_the_cache_knows_scores_by_the_text_that_was_really_scored(tmp_path: Path) -> None:
    scorer = WrittenScorer()
    plain = "id,query,document\n1,q?,first = 1\n1,q?,second = 2\n"
    service, _ = _submit(tmp_path, import_text(tmp_path, plain), CareSettings(), scorer)
    service.close()
    assert scorer.scored == 2
    marked = "id,query,document\n1,q?,<p>first = 1</p>\n1,q?,second = 2\n"
    service, job_id = _submit(tmp_path, import_text(tmp_path, marked), CareSettings(("html",)), scorer)
    assert scorer.scored == 2 and service.store.job(job_id).from_cache == 2
    service.close()


def test_other_care_asks_other_scores(tmp_path: Path) -> None:
    batch = batch_input(import_text(tmp_path, TABLE))
    cared = with_care(batch, CARE, _words)
    one, other = batch_settings(batch, "stub"), batch_settings(cared, "stub")
    assert not one.same_scores(other)
    stored = BatchSettings.read(json.loads(json.dumps(other.stored())))
    assert stored.same_scores(other) and CareSettings.read(stored.care) == CARE
    assert with_care(batch, CareSettings(), _words) is batch


def test_a_document_counts_as_scored_when_all_its_chunks_are(tmp_path: Path) -> None:
    batch = batch_input(import_text(tmp_path, TABLE))
    care = BatchCare.of(batch.requests, CARE, _words)
    requests = care.scored_requests
    scores = [None] * sum(len(request.documents) for request in requests)
    whole = fold_batch(pack_care(care), requests, scores, batch.origin.ranks, CARE)
    assert whole.requests == batch.requests
    assert whole.scores == (None,) * 4 and whole.cares == (None,) * 4


def test_a_run_without_care_opens_as_before(tmp_path: Path) -> None:
    plain = import_text(tmp_path, "id,query,document\n1,q?,<p>first = 1\n")
    service, job_id = _submit(tmp_path, plain, CareSettings(), WrittenScorer())
    run: BatchRun = open_run(service.store, job_id)
    assert run.cares == () and reranking_of(run, 0).care is None
    service.close()
