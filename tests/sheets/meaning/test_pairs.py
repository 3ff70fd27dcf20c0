"""What single rows give: ids that are blank, queries written once, ranks and lists of labels."""

import json
from collections.abc import Mapping

import pytest

from core.sheets.meaning.importing import ImportChoices, ImportedTable, import_source
from core.sheets.reading.sources import read_source


def imported(text: str, name: str = "a.csv", mapping: Mapping[str, str] | None = None) -> ImportedTable:
    return import_source(read_source(text.encode(), name), ImportChoices(mapping=mapping))


def pairs(table: ImportedTable) -> list[tuple[str, str]]:
    return list(zip(table.pairs.query, table.pairs.document, strict=True))


def problems(table: ImportedTable) -> list[tuple[str, int | None, str]]:
    return [(problem.kind, problem.row, problem.column) for problem in table.problems]


def test_a_blank_query_id_takes_the_id_of_the_same_text() -> None:
    table = imported(
        "query_id,query,document,label\n"
        ",where is it?,main square,0\n"
        "q1,how long?,three days,1\n"
        ",how long?,five days,0\n"
        "q2,where is it?,main street,1\n"
        ",where is it?,side street,0\n"
    )
    assert list(table.pairs.query_id) == ["q2", "q1", "q1", "q2", "q2"]
    assert list(table.pairs.query_number) == [0, 1, 1, 0, 0]
    assert table.problems == ()


def test_made_ids_pass_over_the_ids_that_the_file_uses() -> None:
    table = imported(
        "query_id,query,doc_id,document\n"
        "q2,how long?,d1,three days\n"
        ",where is it?,,main street\n"
        ",who is it?,,the postman\n"
        "q5,why?,d3,because\n"
    )
    assert list(table.pairs.query_id) == ["q2", "q3", "q4", "q5"]
    assert list(table.pairs.document_id) == ["d1", "d2", "d4", "d3"]


@pytest.mark.parametrize(
    ("documents", "labels", "expected"),
    [
        (["甲", "乙", "丙"], [1, None, 0], {"甲": 1, "乙": None, "丙": 0}),
        (["甲", " ", "丙"], [1, 2, 0], {"甲": 1, "丙": 0}),
        (["甲", None, "丙"], [1, 0], {"甲": 1, "丙": 0}),
        (["甲", "乙", "丙"], "1,0,2", {"甲": 1, "乙": 0, "丙": 2}),
        (["甲", "乙", "丙"], "相关；；不相关", {"甲": 1, "乙": None, "丙": 0}),
        ("甲\n\n乙", "1\n0", {"甲": 1, "乙": 0}),
        (["甲", "乙"], "1\n\n0", {"甲": 1, "乙": 0}),
        (["甲"], "0,5", {"甲": 0.5}),
        (["甲", "乙"], [None, None], {"甲": None, "乙": None}),
        (["甲", "乙"], None, {"甲": None, "乙": None}),
    ],
)
def test_labels_in_one_cell_belong_to_the_documents_by_position(
    documents: object, labels: object, expected: dict[str, float | None]
) -> None:
    records: list[dict[str, object]] = [{"query": "q?", "documents": ["甲", "乙"], "labels": [1, 0]}]
    records.append({"query": "r?", "documents": documents, "labels": labels})
    table = imported(json.dumps(records), "a.json", mapping={"label": "labels"})
    found = zip(table.pairs.query, table.pairs.document, table.pairs.label, strict=True)
    given = {document: label for query, document, label in found if query == "r?"}
    assert given == expected


def test_labels_that_are_not_as_many_as_the_documents_are_reported() -> None:
    records = [{"query": "q?", "documents": ["甲", "乙"], "labels": [1, 0]}]
    records.append({"query": "r?", "documents": ["甲", "乙", "丙"], "labels": [1, 0]})
    table = imported(json.dumps(records), "a.json", mapping={"label": "labels"})
    assert list(table.pairs.label)[:2] == [1.0, 0.0] and table.pairs.label.count(None) == 3
    assert [(problem.row, problem.column, problem.message) for problem in table.problems] == [
        (2, "labels", "The cell holds 2 labels for 3 documents; the pairs count as unjudged.")
    ]


def test_ranks_may_begin_with_0() -> None:
    table = imported("query,document,rank\nq?,best text,0\nq?,next text,1.0\nq?,last text,-1\n")
    assert list(table.pairs.initial_rank)[:2] == [0.0, 1.0]
    assert [problem.message for problem in table.problems] == [
        "The initial rank «-1» is not a number of 0 or more and is ignored."
    ]


def test_a_query_is_not_filled_down_into_rows_of_another_id() -> None:
    table = imported(
        "query_id,query,document\n1,how long?,one text\n1,,two text\n2,,three text\n,,four text\n"
        "3,where?,five text\n,,six text\n"
    )
    assert pairs(table) == [
        ("how long?", "one text"),
        ("how long?", "two text"),
        ("where?", "five text"),
        ("where?", "six text"),
    ]
    assert list(table.pairs.query_id) == ["1", "1", "3", "3"]
    assert problems(table) == [
        ("filled_down", None, "query"),
        ("blank_query", 4, "query"),
        ("blank_query", 5, "query"),
    ]
    assert table.problems[0].sentence.facts["count"] == 2
