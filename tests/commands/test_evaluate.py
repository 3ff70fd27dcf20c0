"""`evaluate` as a script uses it, with the embedded model."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main
from tests.workflows.evaluate.labelled_sheet import HEADER, sheet_rows, write_sheet

QRELS = "".join(f"q{q} 0 d3 1\nq{q} 0 d1 0\n" for q in range(12))
BEFORE = "".join(f"q{q} Q0 d{d} {d} {10 - d} before\n" for q in range(12) for d in (1, 2, 3))
AFTER = "".join(f"q{q} Q0 d{d} {d} {d} after\n" for q in range(12) for d in (1, 2, 3))


@pytest.fixture
def trec(tmp_path: Path) -> list[str]:
    for name, text in (("qrels", QRELS), ("before.run", BEFORE), ("after.run", AFTER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    runs = [tmp_path / "before.run", tmp_path / "after.run"]
    return ["evaluate", "--run", str(runs[0]), "--run", str(runs[1]), "--qrels", str(tmp_path / "qrels")]


def _json(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(capsys.readouterr().out)


def test_a_labelled_sheet_gives_the_measures_before_and_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sheet(tmp_path / "标注.csv", sheet_rows())
    arguments = ["evaluate", str(sheet), "--model", "embedded", "--measures", "nDCG@10,Success@1", "--json"]
    assert main(arguments) == 0
    answer = _json(capsys)
    assert answer["queries"] == 9 and answer["left_out"] == 3
    assert set(answer["measures"]) == {"nDCG@10", "Success@1"}
    assert answer["measures"]["nDCG@10"]["before"] == pytest.approx(0.5)
    assert 0 <= answer["measures"]["nDCG@10"]["mean"] <= 1
    assert answer["models"][0]["model"] == "embedded" and answer["models"][0]["pairs"] == 48
    assert main(arguments) == 0
    assert _json(capsys)["models"][0]["scored"] == 0


def test_columns_are_mapped_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"k{row[0]}", row[1], row[3], row[4]) for row in sheet_rows()]
    sheet = write_sheet(tmp_path / "s.csv", rows, ("k", "甲", "乙", "丙"))
    columns = ("query_id=k", "query=甲", "document=乙", "label=丙")
    mapping = [part for column in columns for part in ("--map", column)]
    assert main(["evaluate", str(sheet), *mapping, "--model", "embedded", "--json"]) == 0
    assert _json(capsys)["queries"] == 9


def test_a_role_that_is_mapped_twice_has_both_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(f"question {n}?", f"answer {n} here", f"other {n} there", 1, 0) for n in range(4)]
    sheet = write_sheet(tmp_path / "s.csv", rows, ("k", "doc1", "doc2", "label1", "label2"))
    columns = ("query=k", "document=doc1", "document=doc2", "label=label1", "label=label2")
    mapping = [part for column in columns for part in ("--map", column)]
    assert main(["evaluate", str(sheet), *mapping, "--model", "embedded", "--json"]) == 0
    answer = _json(capsys)
    assert (answer["queries"], answer["models"][0]["pairs"]) == (4, 8)


def test_runs_and_judgements_are_compared(trec: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*trec, "--measures", "RR@10", "--json"]) == 0
    answer = _json(capsys)
    assert answer["queries"] == 12 and answer["baseline"] == "before" and answer["run"] == "after"
    measure = answer["measures"]["RR@10"]
    assert (measure["before"], measure["mean"]) == (pytest.approx(1 / 3), 1.0)
    assert measure["verdict"] == "better" and measure["wins"] == 12


def test_one_run_alone_is_measured(trec: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    alone = [*trec[:3], *trec[5:]]
    assert main([*alone, "--measures", "P@3,nDCG@10", "--json"]) == 0
    answer = _json(capsys)
    assert answer["measures"]["P@3"] == {"mean": pytest.approx(1 / 3)}
    assert answer["measures"]["nDCG@10"] == {"mean": pytest.approx(0.5)}


def test_people_get_the_verdict_in_words_and_the_report_as_excel(
    trec: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.xlsx"
    assert main([*trec, "-o", str(report)]) == 0
    shown = capsys.readouterr()
    assert "after compared with before, 12 queries" in shown.out
    assert "Better by 0.500 nDCG@10" in shown.out
    assert "counted as not relevant" in shown.err
    assert openpyxl.load_workbook(report).sheetnames[:2] == ["Overview", "Verdict"]


@pytest.mark.parametrize(
    ("arguments", "where", "words"),
    [
        ([], "arguments", "Give INPUT"),
        (["SHEET", "--run", "a", "--qrels", "b"], "arguments", "not both"),
        (["missing.csv"], "missing.csv", "missing.csv"),
        (["SHEET", "--measures", "speed"], "", "speed"),
        (["SHEET", "--map", "label"], "--map", "label"),
        (["SHEET", "--map", "price=标签"], "", "price"),
        (["SHEET", "--map", "label=价格"], "", "价格"),
        (["SHEET", "--map", "label="], "label", "no label"),
        (["SHEET", "--candidates", "0"], "candidates", "at least 1"),
        (["SHEET", "--rel", "0"], "--rel", "at least 1"),
        (["SHEET", "-o", "report.pdf"], "--output", ".xlsx"),
        (["SHEET", "--model", "gpt"], "model", "gpt"),
        (["UNNAMED"], "无名.csv", "query"),
    ],
)
def test_user_errors_exit_2_and_say_where(
    arguments: list[str], where: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = write_sheet(tmp_path / "标注.csv", sheet_rows(), HEADER)
    unnamed = write_sheet(
        tmp_path / "无名.csv",
        [("一", "二", "三"), ("四", "五", "六"), ("七", "八", "九")],
        ("甲", "乙", "丙"),
    )
    places = {"SHEET": str(sheet), "UNNAMED": str(unnamed)}
    assert main(["evaluate", *(places.get(a, a) for a in arguments), "--json"]) == 2
    error = _json(capsys)["error"]
    assert set(error) == {"message", "where", "hint"}
    assert where in error["where"] and words in error["message"]
