"""Instructions on a whole sheet: as a job, measured, confirmed, exported, and kept with the evidence."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from core.errors import InputError
from core.evaluation.judgements import Judgement
from core.jobs import InputFile, Job
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.outcome import EvaluateSettings
from core.workflows.home.job_service import JobService
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.kinds import JOB_KINDS
from core.workflows.sandbox.export import matrix_excel
from core.workflows.sandbox.jobs import (
    TrialJob,
    kept_trial,
    new_trial,
    trial_data,
    trial_details,
    trial_requests,
)
from core.workflows.sandbox.matrix import (
    Matrix,
    MatrixSettings,
    candidates_to_save,
    evidence_of,
    measure_trial,
    most_changed,
)
from core.workflows.sandbox.side_by_side import variants_of
from tests.workflows.sandbox.trial_scorer import HELPS, SAME, ListeningScorer, trial_sheet

SETTINGS = MatrixSettings(EvaluateSettings(measures="RR@10,Success@1"))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[JobService]:
    opened = JobService(tmp_path / "home", lambda job: ListeningScorer(), JOB_KINDS)
    opened.runner.start()
    yield opened
    opened.close()


def _run(service: JobService, data: EvaluationData, *, slot: bool = True) -> Job:
    variants = variants_of((SAME, HELPS), {HELPS: "helps"}, slot)
    asked = TrialJob("listening", variants, as_words=not slot, columns={"query": ("q",)})
    file = InputFile("标注.xlsx", "kept.xlsx", "ab" * 32, 1)
    job = service.runner.submit(new_trial("trial", data, asked, file))
    return service.runner.wait(job.id)


def _measured(service: JobService, data: EvaluationData) -> tuple[Matrix, Job]:
    job = _run(service, data)
    assert job.state == "done"
    return measure_trial(kept_trial(service.store, job), SETTINGS), job


def test_the_matrix_holds_every_instruction_and_measure(service: JobService) -> None:
    matrix, _ = _measured(service, trial_sheet())
    means = [row.evaluation.means() for row in matrix.rows if row.evaluation]
    rr, success = matrix.measures
    # The answer stands third in three of four queries, and first in the fourth.
    assert means[0][rr] == pytest.approx((30 / 3 + 10) / 40) and means[0][success] == pytest.approx(0.25)
    assert means[2] == {rr: pytest.approx(1.0), success: pytest.approx(1.0)}
    comparison = matrix.row("C helps").comparisons[rr]
    assert (comparison.wins, comparison.ties, comparison.losses) == (30, 10, 0)
    assert comparison.verdict == "better" and comparison.interval is not None
    assert matrix.row("B own words").comparisons[rr].verdict == "no_difference"
    # Holm over two instructions doubles the smaller p-value.
    assert comparison.p_adjusted == pytest.approx(2 * comparison.p_value)


def test_the_winner_is_chosen_on_one_half_and_confirmed_on_the_other(service: JobService) -> None:
    matrix, _ = _measured(service, trial_sheet())
    found = matrix.held_out
    assert found is not None and (found.verdict, found.winner) == ("confirmed", "C helps")
    assert (len(found.split.choosing), len(found.split.confirming), found.split.groups) == (20, 20, 2)


def test_without_labels_only_the_change_is_known_and_where(service: JobService) -> None:
    matrix, job = _measured(service, trial_sheet(labelled=False))
    assert matrix.before is None and matrix.held_out is None
    changed = most_changed(matrix.row("C helps"))
    assert len(changed) == 30 and {one.first_kept for one in changed} == {False}
    assert most_changed(matrix.row("B own words")) == ()
    assert evidence_of(matrix, matrix.row("C helps"), job) is None
    sheets = openpyxl.load_workbook(io.BytesIO(matrix_excel(matrix))).sheetnames
    assert sheets == ["Verdict", "Changes", "Settings"]


def test_grades_given_by_hand_count(service: JobService) -> None:
    data = trial_sheet(labelled=False)
    job = _run(service, data)
    grades = [Judgement(f"q{q}", f"q{q}d{1 if q % 4 == 0 else 3}", 1) for q in range(40)]
    matrix = measure_trial(kept_trial(service.store, job, grades), SETTINGS)
    assert matrix.held_out is not None and matrix.held_out.verdict == "confirmed"


def test_the_instructions_of_the_rows_do_not_stand_in_place_of_those_tried() -> None:
    data = trial_sheet(2)
    named = type(data)(data.judgements, data.initial, data.texts, {"q0": "Own one"})
    variants = variants_of((HELPS,), {}, True)
    requests = trial_requests(trial_data(named), variants, as_words=False)
    assert [request.instruction for request in requests] == [None, None, HELPS, HELPS]


def test_words_in_front_are_baked_into_the_job_and_named_in_the_report(service: JobService) -> None:
    data = trial_sheet()
    job = _run(service, data, slot=False)
    requests = service.store.requests(job.id)
    assert {request.instruction for request in requests} == {None}
    assert requests[-1].query == f"{HELPS}\nquestion 39"
    trial = kept_trial(service.store, job)
    assert trial.as_words and trial.data.judgements["q39"].query == "question 39"


def test_the_report_holds_verdict_matrix_halves_changes_queries_and_settings(service: JobService) -> None:
    matrix, job = _measured(service, trial_sheet())
    book = openpyxl.load_workbook(io.BytesIO(matrix_excel(matrix, trial_details(job))))
    assert book.sheetnames == ["Verdict", "Matrix", "Held-out", "Per query", "Changes", "Settings"]
    rows = list(book["Matrix"].iter_rows(values_only=True))
    assert rows[0][:5] == ("instruction", "wording", "measure", "queries", "mean")
    # The order before and three instructions, on two measures.
    assert len(rows) == 1 + 2 * 4
    last = dict(zip(rows[0], rows[-2], strict=True))
    assert (last["instruction"], last["wording"], last["measure"]) == ("C helps", HELPS, "RR@10")
    assert last["difference"] == pytest.approx(0.5) and last["wins"] == 30
    settings = dict(book["Settings"].iter_rows(min_row=2, values_only=True))
    assert settings["input"] == f"标注.xlsx, SHA-256 {'ab' * 32}"
    assert (
        settings["seed of the split"] == "20260101" and settings["choosing / confirming"] == "20 / 20 queries"
    )
    assert settings["instruction A default"] == "(the model's default)"
    halves = list(book["Held-out"].iter_rows(min_row=2, max_row=3, values_only=True))
    assert [row[4] for row in halves] == [False, True]
    queries = list(book["Per query"].iter_rows(min_row=2, values_only=True))
    assert len(queries) == 40 and {row[3] for row in queries} == {"choosing", "confirming"}


def test_the_evidence_names_data_difference_and_confirmation(service: JobService) -> None:
    matrix, job = _measured(service, trial_sheet())
    winner, other = candidates_to_save(matrix)
    assert winner.variant.name == "C helps"
    evidence = evidence_of(matrix, winner, job)
    assert evidence is not None
    assert (evidence.file, evidence.sha256, evidence.measure) == ("标注.xlsx", "ab" * 32, "RR@10")
    assert evidence.difference == pytest.approx(0.5) and evidence.verdict == "confirmed"
    assert evidence.confirmed_queries == 20 and evidence.tried == 2 and not evidence.as_words
    (said,) = evidence_sentences(evidence)
    assert said.text.startswith(
        "Won against the default on 标注.xlsx: +0.500 RR@10 on 40 queries, confirmed by +"
    )
    second = evidence_of(matrix, other, job)
    assert second is not None and second.verdict == "not_chosen" and second.confirmed_queries is None
    assert "Not the best of 2" in evidence_sentences(second)[0].text


def test_a_job_of_another_kind_is_refused(service: JobService) -> None:
    job = _run(service, trial_sheet(1))
    service.store.rename(job.id, "renamed")
    other = type(job)(
        **{field: getattr(job, field) for field in job.__dataclass_fields__} | {"kind": "batch"}
    )
    with pytest.raises(InputError, match="not a trial"):
        TrialJob.of(other)


def test_queries_without_a_relevant_document_are_counted(service: JobService) -> None:
    data = trial_sheet()
    empty = {**data.judgements, "q0": type(data.judgements["q0"])("q0", {"q0d1": 0}, "question 0")}
    matrix, _ = _measured(service, type(data)(empty, data.initial, data.texts, {}))
    assert matrix.queries == 39
    assert any("left out because none" in note.text for note in matrix.notes)
    unseen = {**data.judgements, "q0": type(data.judgements["q0"])("q0", {}, "question 0")}
    matrix, _ = _measured(service, type(data)(unseen, data.initial, data.texts, {}))
    notes = [note.text for note in matrix.notes]
    assert matrix.queries == 39 and any("without any judgement, not measured: 1." in note for note in notes)
    assert not any("left out because none" in note for note in notes)
