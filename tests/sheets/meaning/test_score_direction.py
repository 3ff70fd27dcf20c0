"""Distances rank from low to high, similarities from high to low, and a list that disagrees is named."""

from collections.abc import Mapping

import pytest

from core.sheets.meaning.importing import ImportChoices, ImportedTable, import_source
from core.sheets.meaning.reports import inspect_source, report_record
from core.sheets.reading.sources import read_source
from core.workflows.batch.input import batch_input
from core.workflows.evaluate.sheet import labelled_data

# Per query the answer is the nearest, and stands last.
ROWS = [
    ("退款多久到账", "请联系物流公司核实", 0.91, 0),
    ("退款多久到账", "换货需要七天之内申请", 0.55, 0),
    ("退款多久到账", "退款三个工作日到账", 0.12, 1),
    ("怎么开发票", "会员积分每年清零", 0.88, 0),
    ("怎么开发票", "发票在费用中心申请", 0.2, 1),
    ("怎么开发票", "收货地址可以修改", 0.4, 0),
]
RISING = sorted(ROWS, key=lambda row: (row[0], row[2]))


def imported(
    header: str, rows: list[tuple[str, str, float, int]], mapping: Mapping[str, str] | None = None
) -> ImportedTable:
    lines = [f"问题,文档,{header},标签", *(",".join(map(str, row)) for row in rows)]
    return import_source(read_source("\n".join(lines).encode(), "a.csv"), ImportChoices(mapping or {}))


@pytest.mark.parametrize(
    "header",
    ["distance", "_distance", "cosine_distance", "L2距离", "向量距离", "l2_distance", "余弦距离", "l2"],
)
def test_a_distance_ranks_from_low_to_high(header: str) -> None:
    table = imported(header, ROWS)
    assert table.roles["initial_score"] == (header,) and table.score_direction == "asc"
    batch = batch_input(table)
    assert (batch.basis, batch.origin.ranks) == ("distance", (3, 2, 1, 3, 1, 2))
    assert batch.origin.scores == (0.91, 0.55, 0.12, 0.88, 0.2, 0.4)  # shown on their own scale
    data = labelled_data(table)
    first = {query: ranking.documents[0] for query, ranking in data.initial.rankings.items()}
    assert all(data.judgements[query].labels[document] == 1 for query, document in first.items())


@pytest.mark.parametrize("header", ["相似度", "score", "向量相似度", "bm25"])
def test_a_similarity_ranks_from_high_to_low(header: str) -> None:
    table = imported(header, ROWS)
    assert table.score_direction == "desc"
    assert batch_input(table).origin.ranks == (1, 2, 3, 1, 3, 2)


def test_the_direction_is_mapped_by_hand() -> None:
    low = imported("score", ROWS, {"initial_score": "score:asc"})
    assert (low.score_direction, batch_input(low).origin.ranks[:3]) == ("asc", (3, 2, 1))
    high = imported("distance", ROWS, {"initial_score": "distance:desc"})
    assert (high.score_direction, batch_input(high).origin.ranks[:3]) == ("desc", (1, 2, 3))


def test_a_column_whose_own_name_ends_in_asc_is_that_column() -> None:
    table = imported("score:asc", ROWS, {"initial_score": "score:asc"})
    assert (table.roles["initial_score"], table.score_direction) == (("score:asc",), "desc")


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("score", RISING, "rise down the list"),
        ("distance", list(reversed(RISING)), "fall down the list"),
        ("distance", RISING, ""),
        ("score", list(reversed(RISING)), ""),
        ("score", ROWS, ""),
    ],
)
def test_a_list_sorted_the_other_way_is_pointed_out(
    header: str, rows: list[tuple[str, str, float, int]], said: str
) -> None:
    found = [p for p in imported(header, rows).problems if p.kind == "score_direction"]
    assert bool(found) == bool(said)
    assert all(said in problem.message and problem.column == header for problem in found)


def test_nothing_is_pointed_out_once_a_person_has_said_it() -> None:
    table = imported("score", RISING, {"initial_score": "score:desc"})
    assert [p.kind for p in table.problems] == [] and table.score_direction == "desc"


def test_ranks_decide_which_way_the_list_is_sorted() -> None:
    lines = ["query,document,rank,score"]
    lines += [f"how long?,text number {n} here,{5 - n},{n / 10}" for n in range(5)]
    table = import_source(read_source("\n".join(lines).encode(), "a.csv"))
    assert [p.kind for p in table.problems] == []  # rising by row, falling by rank


def test_the_report_shows_the_direction() -> None:
    lines = ["query,document,distance", "how long?,three days,0.2"]
    record = report_record(inspect_source(read_source("\n".join(lines).encode(), "a.csv")))
    columns = {column["name"]: column for column in record["sheets"][0]["columns"]}  # type: ignore[index]
    assert columns["distance"]["direction"] == "asc" and "direction" not in columns["query"]


@pytest.mark.parametrize("header", ["距离", "配送距离(km)", "distance to shop"])
def test_a_distance_on_the_ground_is_no_certain_score(header: str) -> None:
    assert not imported(header, ROWS).roles.get("initial_score")
