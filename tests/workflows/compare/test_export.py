"""A comparison as Excel, read back."""

import io

import openpyxl
import pytest

from core.errors import ModelMissingError
from core.settings import Settings
from core.workflows.compare.contenders import refused
from core.workflows.compare.export import comparison_excel
from core.workflows.compare.outcome import ComparisonOutcome
from core.workflows.evaluate.outcome import EvaluateSettings
from tests.workflows.compare.contenders import contender, small_data


def test_the_workbook_has_models_pairs_queries_and_settings() -> None:
    missing = refused("0.6b", ModelMissingError("It is not here."), Settings())
    found = ComparisonOutcome(
        small_data(),
        [contender("小", 12, 0.36), contender("large", 20, 1.0, dollars=0.02, remote=True), missing],
        EvaluateSettings("RR@10,R@1"),
        2.0,
    )
    book = openpyxl.load_workbook(io.BytesIO(comparison_excel(found, [("input", "标注.xlsx")])))
    assert book.sheetnames == ["Models", "Pairs", "Per query", "Settings"]
    header, *rows = book["Models"].iter_rows(values_only=True)
    lines = [dict(zip(header, row, strict=True)) for row in rows][:4]
    assert [line["model"] for line in lines] == ["before", "小", "large", "0.6b"]
    assert [line["RR@10"] for line in lines[:3]] == pytest.approx([0.5, 0.8, 1.0])
    assert lines[1]["RR@10 low"] < 0.8 < lines[1]["RR@10 high"]
    assert [line["dollars_per_1000_queries"] for line in lines[1:3]] == pytest.approx([0.2, 1.0])
    assert (lines[1]["memory_mb"], lines[2]["memory_mb"], lines[3]["problem"]) == (2, None, "It is not here.")
    assert book["Pairs"].max_row == 1 + 3
    assert book["Per query"].max_row == 1 + 3 * 20
    told = {row[0]: row[1] for row in book["Settings"].iter_rows(values_only=True)}
    assert told["input"] == "标注.xlsx" and told["machine, US$ an hour"] == "2"
    assert str(told["verdict"]).startswith("large is better than every cheaper one")
    assert len(book["Models"]._charts) == 1
