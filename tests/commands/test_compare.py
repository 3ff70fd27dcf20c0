"""`python -m core compare`, as it is called."""

import json
from pathlib import Path

import openpyxl
import pytest

from core.cli import main
from tests.workflows.compare.sample_sheet import write_sample_sheet


def test_models_are_compared_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, report = write_sample_sheet(tmp_path / "s.csv", questions=12, candidates=5), tmp_path / "r.xlsx"
    models = ["bm25", "use-m3", "Qwen/Qwen3-Reranker-4B"]
    given = ["compare", str(sheet), "--models", *models, "--measures", "RR@10", "-o", str(report), "--json"]
    assert main(given) == 0
    record = json.loads(capsys.readouterr().out)
    assert [one["model"] for one in record["models"]] == [None, *models]
    words = record["models"][1]
    low, high = words["measures"]["RR@10"]["interval"]
    assert low <= words["measures"]["RR@10"]["mean"] <= high
    assert words["pairs_per_second"] > 0 and words["p95_seconds"] > 0
    assert "is not on this machine" in record["models"][3]["problem"] and record["models"][3]["hint"]
    assert len(record["pairs"]) == 3 and record["cost"] == "seconds_per_query"
    assert openpyxl.load_workbook(report).sheetnames[0] == "Models"


def test_the_table_for_people_names_every_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = write_sample_sheet(tmp_path / "s.csv", questions=12, candidates=5)
    assert main(["compare", str(sheet), "--models", "bm25", "nowhere", "--machine-price", "1.5"]) == 0
    printed = capsys.readouterr().out
    assert "BM25" in printed and "nowhere" in printed and "No model is called" in printed


def test_without_any_model_the_first_reason_is_the_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sample_sheet(tmp_path / "s.csv", questions=3, candidates=3)
    assert main(["compare", str(sheet), "--models", "Qwen/Qwen3-Reranker-8B", "--json"]) == 1
    assert "not on this machine" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_measure_that_is_none_is_refused_before_scoring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sample_sheet(tmp_path / "s.csv", questions=3, candidates=3)
    assert main(["compare", str(sheet), "--models", "bm25", "--measures", "best", "--json"]) == 2
    assert "best" in capsys.readouterr().out
