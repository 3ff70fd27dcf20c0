"""`evaluate --model-labels`: the verdict of both kinds of label, as a script and a workbook get it."""

import hashlib
import json
from pathlib import Path

import openpyxl
import pytest

from core.cli import main
from core.evaluation.judgements import Judgement, write_judgements
from core.judging.store import label_store
from core.settings import Settings
from tests.workflows.evaluate.judged_by_both import JUDGE, labels, sheet


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_bytes(sheet())
    return path


@pytest.fixture
def grades(tmp_path: Path) -> Path:
    path = tmp_path / "judge.csv"
    rows = [Judgement(one.query_id, one.document_id, one.grade) for one in labels()]
    path.write_text(write_judgements(rows, "csv"), encoding="utf-8")
    return path


def test_a_file_of_grades_gives_the_verdict_of_both(
    table: Path, grades: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", str(table), "--model", "embedded", "--measures", "nDCG@10", "--json"]
    report = tmp_path / "report.xlsx"
    assert main([*command, "--model-labels", str(grades), "-o", str(report)]) == 0
    answer = json.loads(capsys.readouterr().out)
    (found,) = answer["model_labels"]
    assert (found["judged_by_people"], found["judged_by_the_model_alone"]) == (30, 34)
    assert found["labels"] == "judge.csv" and found["worth"] > 1
    assert main(command) == 0
    alone = json.loads(capsys.readouterr().out)
    assert "model_labels" not in alone and alone["measures"] == answer["measures"]
    book = openpyxl.load_workbook(report)
    names = [cell.value for cell in book["Model labels"][1]]
    row = dict(zip(names, (cell.value for cell in book["Model labels"][2]), strict=True))
    assert row["difference"] == pytest.approx(found["difference"])
    assert row["worth"] == pytest.approx(found["worth"])
    said = [line[2].value for line in book["Verdict"].iter_rows() if line[1].value == "model labels"]
    assert said == found["sentences"]


def test_labels_that_were_kept_are_named_by_their_judge(
    table: Path, grades: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label_store(Settings().home).save(hashlib.sha256(table.read_bytes()).hexdigest(), labels())
    command = ["evaluate", str(table), "--model", "embedded", "--measures", "nDCG@10", "--json"]
    assert main([*command, "--model-labels", JUDGE.name]) == 0
    (kept,) = json.loads(capsys.readouterr().out)["model_labels"]
    assert main([*command, "--model-labels", str(grades)]) == 0
    (given,) = json.loads(capsys.readouterr().out)["model_labels"]
    assert kept["labels"] == JUDGE.name
    assert {**kept, "labels": ""} == {**given, "labels": ""}


def test_a_file_of_other_documents_and_an_unknown_judge_are_refused(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("query_id,document_id,label\nx,y,1\n", encoding="utf-8")
    command = ["evaluate", str(table), "--model", "embedded", "--json"]
    assert main([*command, "--model-labels", str(other)]) == 2
    assert "No label of the file" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert main([*command, "--model-labels", "nobody"]) == 2
    assert main([*command, "--model-labels", "nobody", "--graded-by", "x"]) == 2
    assert "beside people's labels" in capsys.readouterr().out
