"""How runs came out, for every kind of run: kept, made anew where labels change, compared, exported."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from core.errors import InputError
from core.evaluation.measures import parse_measure
from core.jobs import InputFile, Job, Remark
from core.workflows.batch_evaluation import evaluation_of
from core.workflows.evaluate.jobs import EvaluateJob, judged_set, kept_data, kept_system, new_evaluation
from core.workflows.evaluate.judging import grade, judgement_store
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate
from core.workflows.evaluate.scores import reranked
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from core.workflows.runs.columns import runs_csv, runs_excel
from core.workflows.runs.comparing import compare_measured
from core.workflows.runs.leaderboard import Leaderboard, leaderboard, work_out
from core.workflows.runs.measured import measured
from core.workflows.sandbox.jobs import TrialJob, new_trial
from core.workflows.sandbox.side_by_side import variants_of
from tests.workflows.batch.batches import LONG, import_text, run_batch
from tests.workflows.sandbox.trial_scorer import HELPS, SAME, ListeningScorer, trial_sheet

RR = parse_measure("RR@10")
LABELLED = """\
qid,query,doc id,document,score,label
q1,first?,d7,a = -1,9,0
q1,first?,d8,b = 2,8,1
q2,second?,d7,c = 3,9,1
q2,second?,d9,d = 1,8,0
"""


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[tuple[JobService, Job]]:
    """A labelled batch: of q1 the relevant document rises from 2 to 1, of q2 it stands first already."""
    service, job = run_batch(tmp_path, import_text(tmp_path, LABELLED))
    yield service, job
    service.close()


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[JobService]:
    opened = JobService(tmp_path / "home", lambda job: ListeningScorer(), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


def _board(service: JobService) -> Leaderboard:
    """With everything worked out."""
    board = leaderboard(service, RR, limit=100)
    assert work_out(service, board, seconds=60) == 0
    return leaderboard(service, RR, limit=100)


def test_a_labelled_batch_stands_by_its_own_labels(batch: tuple[JobService, Job]) -> None:
    service, job = batch
    before = leaderboard(service, RR, limit=100)
    assert [one.id for one in before.open] == [job.id] and before.rows[0].standing is None
    board = _board(service)
    stood = board.rows[0].standing
    assert board.open == () and stood is not None
    assert (stood.before, stood.after, stood.difference) == (0.75, 1.0, 0.25)
    assert (stood.queries, stood.verdict, stood.against) == (2, "too_few", "the order before")


def test_an_evaluation_stands_as_its_own_page_says(batch: tuple[JobService, Job]) -> None:
    service, job = batch
    made = service.runner.wait(service.runner.submit(evaluation_of(service.store, job.id)).id)
    data = kept_data(service.store, made)
    outcome = evaluate(data, [kept_system(service.store, made, data, "x")], EvaluateSettings("RR@10"))
    assert outcome.report is not None
    headline = outcome.report.systems[0].headline
    stood = _board(service).rows[0].standing
    assert headline is not None and stood is not None and headline.interval is not None
    assert (stood.before, stood.after, stood.verdict) == (headline.before, headline.after, headline.verdict)
    assert (stood.low, stood.high) == (headline.interval.low, headline.interval.high)
    assert stood.p == headline.p_adjusted


def test_a_grade_given_by_hand_makes_a_standing_anew(batch: tuple[JobService, Job]) -> None:
    service, job = batch
    _board(service)
    judgement_store(service.store.home).save(judged_set(job), [grade("q1", "d7", 3)])
    board = leaderboard(service, RR, limit=100)
    assert [one.id for one in board.open] == [job.id] and board.rows[0].standing is None
    stood = _board(service).rows[0].standing
    assert stood is not None and stood.before == 1.0  # the document that stood first is relevant now


def test_a_run_without_labels_is_known_to_have_no_standing(tmp_path: Path) -> None:
    service, job = run_batch(tmp_path, import_text(tmp_path, LONG))
    board = _board(service)
    assert board.open == () and board.rows[0].standing is None
    with pytest.raises(InputError, match="no query has a document labelled relevant"):
        compare_measured(service.store, [job, job], RR)
    service.close()


def test_a_trial_stands_by_its_winner_on_the_half_that_did_not_choose(listening: JobService) -> None:
    variants = variants_of((SAME, HELPS), {HELPS: "helps"}, True)
    asked = TrialJob("listening", variants, as_words=False)
    file = InputFile("t.xlsx", "t.xlsx", "ab" * 32, 1)
    job = listening.runner.submit(new_trial("trial", trial_sheet(), asked, file))
    listening.runner.wait(job.id)
    stood = _board(listening).rows[0].standing
    assert stood is not None and (stood.queries, stood.verdict) == (20, "better")
    assert (stood.after, stood.against) == (1.0, "the default instruction")


def test_runs_of_other_kinds_and_ids_are_compared_by_the_texts_of_their_queries(
    listening: JobService,
) -> None:
    data, file = trial_sheet(), InputFile("t.xlsx", "t.xlsx", "ab" * 32, 1)
    jobs = [
        listening.runner.wait(
            listening.runner.submit(
                new_evaluation(
                    "same name", data, EvaluateJob("listening", data.fingerprint, instruction), file
                )
            ).id
        )
        for instruction in (None, HELPS, SAME)
    ]
    compared = compare_measured(listening.store, jobs[::-1], RR)
    assert [one.job.id for one in compared.runs] == [job.id for job in jobs]  # the oldest first
    assert compared.queries == 40
    first, helped, same = compared.runs
    assert first.comparison is None and first.mean == pytest.approx((30 / 3 + 10) / 40)
    assert helped.comparison is not None and helped.comparison.verdict == "better"
    assert helped.mean == 1.0
    assert same.comparison is not None and same.comparison.difference == 0
    # Two were compared with the first.
    assert helped.comparison.p_adjusted == pytest.approx(2 * helped.comparison.p_value)
    run = measured(listening.store, jobs[1], RR)
    assert run is not None
    system = kept_system(listening.store, jobs[1], data, "x")
    assert set(run.after.queries) == set(reranked(data, system).rankings)


def test_runs_are_found_by_their_data_and_tags(batch: tuple[JobService, Job], tmp_path: Path) -> None:
    service, job = batch
    other_file = InputFile("batch.csv", str(tmp_path / "other.csv"), "cd" * 32, 1)
    made = evaluation_of(service.store, job.id)
    other = service.runner.submit(
        type(made)(made.name, made.kind, made.requests, made.settings, (other_file,))
    )
    service.runner.wait(other.id)
    service.store.remarks.save(job.id, Remark("", ("五月",)))
    board = leaderboard(service, RR, limit=100)
    assert sorted(name[:9] for name in board.data_sets.values()) == ["batch.csv", "batch.csv"]
    assert len(set(board.data_sets.values())) == 2  # files of one name are told apart
    assert [row.job.id for row in board.of("cd" * 32)] == [other.id]
    assert board.tags == ("五月",) and [row.job.id for row in board.of(tag="五月")] == [job.id]
    assert len(board.of()) == 2


def test_the_table_is_exported_with_notes_and_verdicts(batch: tuple[JobService, Job]) -> None:
    service, job = batch
    service.store.remarks.save(job.id, Remark("=1+1 为复核", ("五月", "a")))
    rows = _board(service).rows
    (line,) = csv.DictReader(io.StringIO(runs_csv(rows).decode("utf-8-sig")))
    assert (line["run_id"], line["verdict"], line["tags"]) == (job.id, "too_few", "五月, a")
    assert float(line["difference"]) == 0.25 and line["compared_with"] == "the order before"
    assert line["note"].startswith("'=1+1")  # a spreadsheet must not run it
    sheet = openpyxl.load_workbook(io.BytesIO(runs_excel(rows)))["Runs"]
    values = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert values["difference"] == 0.25 and values["note"] == "=1+1 为复核"
