"""Rows that would be misread without a word: several questions in a cell, one text with two labels."""

import csv
from pathlib import Path

import pytest

from core.sheets.meaning.importing import import_table
from core.workflows.evaluate.sheet import read_labelled


def _write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("怎么退货？\n怎么换货？\n运费谁付？", 3),
        ("1. how to return\n2. who pays", 2),
        ('["how to return", "who pays"]', 2),
    ],
)
def test_a_cell_of_questions_is_pointed_out(tmp_path: Path, cell: str, count: int) -> None:
    rows = [
        ("query", "document"),
        (cell, "一段关于退货的说明文字"),
        ("怎么开发票？", "一段关于发票的说明文字"),
    ]
    table = import_table(_write(tmp_path / "a.csv", rows))
    assert table.pairs.query == ("怎么开发票？",)
    (problem,) = [found for found in table.problems if found.kind == "several_questions"]
    assert (problem.row is not None, problem.sentence.facts["count"]) == (True, count)


@pytest.mark.parametrize(
    "cell", ["我昨天下单了。\n什么时候发货？", "Is it waterproof?\nAnd dustproof?", "[急] 怎么退货"]
)
def test_one_query_over_lines_stays_one(tmp_path: Path, cell: str) -> None:
    rows = [
        ("query", "document"),
        (cell, "一段关于退货的说明文字"),
        ("怎么开发票？", "一段关于发票的说明文字"),
    ]
    assert import_table(_write(tmp_path / "a.csv", rows)).pairs.query[0] == cell


def test_one_text_under_two_ids_with_other_labels_is_pointed_out(tmp_path: Path) -> None:
    rows = [("query", "doc_id", "document", "label")]
    rows += [("怎么退货？", "d1", "七日内可以退货", "1"), ("怎么退货？", "d2", "七日内可以退货", "0")]
    rows += [("怎么退货？", "d3", "邮费由买家承担", "0"), ("怎么退货？", "d4", "邮费由买家承担", "0")]
    data = read_labelled(_write(tmp_path / "a.csv", rows))
    said = [(row, problem.text) for row, problem in data.problems if "another label" in problem.text]
    assert said == [(3, "The text stands under the id d1 with another label in row 2; both are kept.")]
