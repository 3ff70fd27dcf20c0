"""Hostile text in every file that a page or a command hands out: it is there, and it is only text."""

import ast
import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ModelMissingError
from core.evaluation.judged import JudgedQuery, JudgedRow
from core.evaluation.judgements import Format, Judgement, write_judgements
from core.evaluation.measures import parse_measure
from core.jobs import InputFile, Remark
from core.judging.labels import Label, Source
from core.records import Score, ScorerInfo
from core.retrieval.passages import Corpus, Passage
from core.settings import Settings
from core.workflows.batch.export import (
    BatchTables,
    batch_csv,
    batch_excel,
    batch_jsonl,
    batch_parquet,
    problems_csv,
)
from core.workflows.batch.opened import open_run, original_rows, row_problems
from core.workflows.compare.contenders import refused
from core.workflows.compare.export import comparison_excel, comparison_record
from core.workflows.compare.outcome import ComparisonOutcome
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate
from core.workflows.evaluate.scores import score_data
from core.workflows.home.job_service import JobService
from core.workflows.instructions.exchange import export_library
from core.workflows.instructions.library import InstructionLibrary
from core.workflows.judge.export import labels_csv
from core.workflows.kinds import JOB_KINDS
from core.workflows.rerank.export import reranking_csv, reranking_excel, reranking_json
from core.workflows.rerank.reranking import Reranking, order
from core.workflows.retrieve.export import pipeline_excel, search_excel
from core.workflows.retrieve.exporting import export_corpus
from core.workflows.retrieve.machine_records import pipeline_record, search_record
from core.workflows.retrieve.measuring import Pipeline, Retrieved, measure
from core.workflows.retrieve.questions import Questions
from core.workflows.retrieve.searching import Lists, SearchAsked, SearchResult, search
from core.workflows.rewrite.decisions import Decisions, winning_queries
from core.workflows.rewrite.export import ledger_csv, queries_csv, rewrite_excel
from core.workflows.rewrite.ledger import gain_ledger
from core.workflows.rewrite.one_query import rerank_wordings
from core.workflows.rewrite.wordings import wordings_excel
from core.workflows.runs.columns import runs_csv, runs_excel
from core.workflows.runs.leaderboard import LeaderboardRow, leaderboard
from core.workflows.sandbox.export import matrix_excel, side_by_side_excel
from core.workflows.sandbox.jobs import TrialJob, kept_trial, new_trial, trial_details
from core.workflows.sandbox.matrix import MatrixSettings, measure_trial
from core.workflows.sandbox.side_by_side import try_instructions, variants_of
from tests.hostile import HOSTILE, LONG_WORD, assert_inert
from tests.retrieval.corpora import opened
from tests.workflows.batch.batches import import_text, run_batch
from tests.workflows.compare.contenders import contender, small_data
from tests.workflows.evaluate.labelled_sheet import TableScorer
from tests.workflows.rewrite.wording_scorer import WordingScorer, scored, variant
from tests.workflows.sandbox.trial_scorer import ListeningScorer

DETAILS = [("input", HOSTILE), (HOSTILE, "-2+3+cmd|' /C calc'!A0")]
QUERIES = 12


def _info() -> ScorerInfo:
    """A model that another server names as it likes."""
    return replace(TableScorer({}).info, name=HOSTILE, label=HOSTILE, notes=(HOSTILE,))


def _sheet() -> EvaluationData:
    """Twelve queries of three documents, the relevant one last; names, texts and groups are hostile."""
    rows = []
    for query in range(QUERIES):
        for place in range(1, 4):
            text = LONG_WORD + "1" if (query, place) == (0, 1) else f"{HOSTILE} {query} {place}"
            judged = JudgedRow(
                f"={query} {HOSTILE}",
                f"@{place} {HOSTILE}",
                int(place == 3),
                f"{HOSTILE} {query}",
                f"{HOSTILE} {query % 2}",
            )
            rows.append(LabelledRow(judged, text))
    return from_labelled_rows(rows)


def _rerank(write: Callable[[Reranking], bytes], _: Path) -> bytes:
    documents = [HOSTILE, LONG_WORD, "b"]
    scores = [Score(1.0, 7, False), Score(0.5, 7, True), Score(0.0, 7, False)]
    return write(Reranking(HOSTILE, HOSTILE, order(documents, scores, 0.1), _info(), 0.2, ()))


def _batch(write: Callable[[BatchTables], bytes], home: Path) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["query", "document", "=1+1 [x](javascript:1) <b> $x$"])
    rows.writerow([HOSTILE, f"{HOSTILE} = 1", HOSTILE])
    rows.writerow([HOSTILE, f"{LONG_WORD} = 2", "=1+1"])
    rows.writerow(["", "no query = 3", HOSTILE])
    service, job = run_batch(home, import_text(home, text.getvalue()), instruction=HOSTILE)
    try:
        run = open_run(service.store, job.id)
        tables = BatchTables(run, original_rows(service.store, job.id), row_problems(service.store, job.id))
        return write(tables)
    finally:
        service.close()


def _evaluate(_: Path) -> bytes:
    data = _sheet()
    names = (f"{HOSTILE} 1", f"{HOSTILE} 2")
    systems = [score_data(TableScorer({}, name=name, label=name), data) for name in names]
    outcome = evaluate(data, systems, EvaluateSettings("nDCG@10,Success@1"))
    return evaluation_excel(outcome, DETAILS)


def _judgements(kind: Format, _: Path) -> bytes:
    given = [Judgement(f"={n} {HOSTILE}", f"@{n} {HOSTILE}", n, HOSTILE, HOSTILE) for n in range(3)]
    return write_judgements(given, kind).encode("utf-8-sig")


def _graded(_: Path) -> bytes:
    source = Source("model", HOSTILE, HOSTILE)
    return labels_csv(_sheet(), [Label(f"={n} {HOSTILE}", f"@1 {HOSTILE}", n, source) for n in range(3)])


def _runs(write: Callable[[tuple[LeaderboardRow, ...]], bytes], home: Path) -> bytes:
    service, _ = run_batch(home, import_text(home, "query,document\nq,a = 1\n"), instruction=HOSTILE)
    try:
        (row,) = leaderboard(service, parse_measure("RR@10"), limit=9).rows
        hostile = replace(row.job, name=HOSTILE)
        return write((replace(row, job=hostile, remark=Remark(HOSTILE, (HOSTILE,))),))
    finally:
        service.close()


def _compared() -> ComparisonOutcome:
    data = small_data()
    judged = {name: JudgedQuery(name, dict(one.labels), HOSTILE) for name, one in data.judgements.items()}
    missing = refused(HOSTILE, ModelMissingError("{text}", text=HOSTILE), Settings())
    found = [contender(f"{HOSTILE} {n}", 8 + n, 0.1 * n, remote=n == 2) for n in (1, 2)]
    data = replace(data, judgements=judged)
    return ComparisonOutcome(data, [*found, missing], EvaluateSettings("RR@10"), 2.0)


def _matrix(home: Path) -> bytes:
    service = JobService(home, lambda job: ListeningScorer(), JOB_KINDS)
    service.runner.start()
    try:
        variants = variants_of((HOSTILE,), {HOSTILE: HOSTILE}, True)
        asked = TrialJob(HOSTILE, variants, as_words=False, columns={"query": (HOSTILE,)})
        file = InputFile(HOSTILE, "kept.csv", "ab" * 32, 1)
        job = service.runner.wait(service.runner.submit(new_trial(HOSTILE, _sheet(), asked, file)).id)
        assert job.state == "done", job
        matrix = measure_trial(kept_trial(service.store, job), MatrixSettings(EvaluateSettings("RR@10")))
        return matrix_excel(matrix, trial_details(job))
    finally:
        service.close()


def _side_by_side(_: Path) -> bytes:
    documents = [f"{HOSTILE} 1", LONG_WORD + "2", f"{HOSTILE} 3"]
    tried = variants_of((HOSTILE,), {HOSTILE: HOSTILE}, True)
    return side_by_side_excel(try_instructions(ListeningScorer(), HOSTILE, documents, tried))


def _library(home: Path) -> bytes:
    library = InstructionLibrary(home)
    library.save("[md](javascript:1) <b>", HOSTILE, note=HOSTILE)
    return export_library(library)


def _rewritten(kind: str, _: Path) -> bytes:
    data = _sheet()
    documents = [f"@{place} {HOSTILE}" for place in (3, 2, 1)]
    found = scored(data, {query: {"reference": documents} for query in data.judgements})
    ledger = gain_ledger(found)
    decisions = Decisions({"reference": True})
    winners = winning_queries(found, ledger, decisions)
    if kind == "ledger":
        return ledger_csv(ledger, decisions)
    if kind == "queries":
        return queries_csv(winners)
    return rewrite_excel(ledger, winners, decisions, None, DETAILS)


def _wordings(_: Path) -> bytes:
    documents = [HOSTILE, LONG_WORD]
    result = rerank_wordings(WordingScorer({}), HOSTILE, [variant(f"{HOSTILE} again")], documents, HOSTILE)
    return wordings_excel(result, "maximum")


@contextmanager
def _corpus(home: Path) -> Iterator[Corpus]:
    corpus = opened("sqlite", home)
    corpus.add(
        [
            Passage(f"={n} {HOSTILE}", f"{HOSTILE} {n}", HOSTILE, HOSTILE, n, ((HOSTILE, HOSTILE),))
            for n in range(3)
        ]
    )
    corpus.add([Passage("long", LONG_WORD)])
    try:
        yield corpus
    finally:
        corpus.close()


def _search(write: Callable[[SearchResult], bytes], home: Path) -> bytes:
    with _corpus(home) as corpus:
        found = search(corpus, HOSTILE, SearchAsked("bm25", 5), scorer=TableScorer({}, name=HOSTILE))
    return write(found)


def _exported(ending: str, home: Path) -> bytes:
    path = home / f"corpus.{ending}"
    with _corpus(home) as corpus:
        export_corpus(corpus, path)
    return path.read_bytes()


def _pipeline(write: Callable[[Pipeline], bytes], _: Path) -> bytes:
    passages = tuple(f"@{n} {HOSTILE}" for n in range(3))
    names = [f"={n} {HOSTILE}" for n in range(QUERIES)]
    judged = {name: JudgedQuery(name, {passages[2]: 1}, HOSTILE, HOSTILE) for name in names}
    lists = {name: Lists({"bm25": passages, "embedding": passages[::-1]}) for name in names}
    retrieved = Retrieved(Questions(HOSTILE, judged), lists, SearchAsked("union", 3))
    scores = {(name, one): Score(float(at), 5, False) for name in names for at, one in enumerate(passages)}
    return write(measure(retrieved, scores, measures="nDCG@10"))


def _as_json(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


Builder = Callable[[Path], bytes]
# What is handed out, the ending of the file, and what makes it.
EXPORTS: dict[str, tuple[str, Builder]] = {
    "Rerank, Excel": ("xlsx", lambda home: _rerank(reranking_excel, home)),
    "Rerank, CSV": ("csv", lambda home: _rerank(reranking_csv, home)),
    "Rerank, JSON": ("json", lambda home: _rerank(reranking_json, home)),
    "Batch, Excel": ("xlsx", lambda home: _batch(batch_excel, home)),
    "Batch, CSV": ("csv", lambda home: _batch(batch_csv, home)),
    "Batch, JSON Lines": ("jsonl", lambda home: _batch(batch_jsonl, home)),
    "Batch, Parquet": ("parquet", lambda home: _batch(batch_parquet, home)),
    "Evaluate, report": ("xlsx", _evaluate),
    "Evaluate, judgements": ("csv", lambda home: _judgements("csv", home)),
    "Evaluate, Quepid": ("csv", lambda home: _judgements("quepid", home)),
    "Evaluate, a model's grades": ("csv", _graded),
    "Runs, Excel": ("xlsx", lambda home: _runs(runs_excel, home)),
    "Runs, CSV": ("csv", lambda home: _runs(runs_csv, home)),
    "Compare models, report": ("xlsx", lambda _: comparison_excel(_compared(), DETAILS)),
    "Compare models, JSON": ("json", lambda _: _as_json(comparison_record(_compared()))),
    "Sandbox, report": ("xlsx", _matrix),
    "Sandbox, one query": ("xlsx", _side_by_side),
    "Sandbox, library": ("json", _library),
    "Rewrite, report": ("xlsx", lambda home: _rewritten("report", home)),
    "Rewrite, ledger": ("csv", lambda home: _rewritten("ledger", home)),
    "Rewrite, queries": ("csv", lambda home: _rewritten("queries", home)),
    "Rewrite, one query": ("xlsx", _wordings),
    "Retrieve, search": ("xlsx", lambda home: _search(search_excel, home)),
    "Retrieve, search as JSON": ("json", lambda home: _search(lambda r: _as_json(search_record(r, 5)), home)),
    "Retrieve, report": ("xlsx", lambda home: _pipeline(lambda p: pipeline_excel(p, DETAILS), home)),
    "Retrieve, corpus as JSON Lines": ("jsonl", lambda home: _exported("jsonl", home)),
    "Retrieve, corpus as Parquet": ("parquet", lambda home: _exported("parquet", home)),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_handed_out_is_inert(name: str, tmp_path: Path) -> None:
    ending, build = EXPORTS[name]
    assert_inert(ending, build(tmp_path))


def test_a_batchs_problems_and_a_measurement_for_programs_hold_no_text_to_run(tmp_path: Path) -> None:
    problems = _batch(lambda tables: problems_csv(tables.problems), tmp_path)
    assert b"\x1b" not in problems and b"\n=" not in problems
    record = _pipeline(lambda pipeline: _as_json(pipeline_record(pipeline)), tmp_path)
    assert b"\x1b" not in record


# Written into the home folder for a run to read; nobody is handed it.
KEPT = {"candidates_csv"}


def test_every_function_by_which_pages_write_files_is_tried_here() -> None:
    pages = Path(__file__).resolve().parents[2] / "pages"
    imported = {
        alias.name
        for path in pages.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.endswith(("_excel", "_csv", "_json", "_jsonl", "_parquet"))
    }
    assert len(imported) > 15 and imported - KEPT <= set(globals())
