"""Roles from headers and from content, and what happens when they are not certain."""

import pytest

from core.errors import InputError
from core.sheets.meaning.reports import FileReport, inspect_source, report_record, resolve_roles
from core.sheets.meaning.vocabulary import Role, match_header
from core.sheets.records import Cell, Grid, Source


def report(rows: list[list[Cell]]) -> FileReport:
    return inspect_source(Source("a.csv", "csv", "", 0, (Grid("", rows, range(1, len(rows) + 1)),)))


def roles(rows: list[list[Cell]]) -> dict[str, str | None]:
    return {column.name: column.role for column in report(rows).chosen.columns}


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("query", "query"),
        ("Search Query", "query"),
        ("用户问题（必填）", "query"),
        ("【问题】", "query"),
        ("問題", "query"),
        ("ＱＵＥＲＹ", "query"),
        ("Query (zh)", "query"),
        ("query_id", "query_id"),
        ("问题编号", "query_id"),
        ("qid", "query_id"),
        ("文档内容", "document"),
        ("候选文档(召回)", "document"),
        ("passage_text", "document"),
        ("DocText", "document"),
        ("retrieved chunk", "document"),
        ("doc_id", "document_id"),
        ("文档编号", "document_id"),
        ("标签（0/1）", "label"),
        ("是否相关", "label"),
        ("relevance_label", "label"),
        ("原始排名", "initial_rank"),
        ("rank", "initial_rank"),
        ("BM25 score", "initial_score"),
        ("相似度", "initial_score"),
        ("类别", "group"),
        ("指令", "instruction"),
    ],
)
def test_headers_name_roles_in_both_languages(header: str, role: Role) -> None:
    match = match_header(header)
    assert match is not None and match.role == role


@pytest.mark.parametrize(
    "header", ["文档标题", "doc_url", "document date", "文档长度", "备注", "x", "", "(  )"]
)
def test_headers_that_only_resemble_a_role_name_none(header: str) -> None:
    match = match_header(header)
    assert match is None or match.strength < 0.7


@pytest.mark.parametrize(
    ("header", "number"), [("doc1", 1), ("文档 2", 2), ("candidate_10", 10), ("候选三", 3), ("doc_0", 0)]
)
def test_numbered_documents_carry_their_number(header: str, number: int) -> None:
    match = match_header(header)
    assert match is not None and (match.role, match.number) == ("document", number)


def test_a_usual_table_is_certain() -> None:
    found = report(
        [["问题", "文档", "标签", "原始排名"], ["退款多久", "三天到账", 1, 1], ["退款多久", "请换货", 0, 2]]
    )
    assert (found.layout, found.certain) == ("long", True)
    assert {column.role for column in found.chosen.columns} == {"query", "document", "label", "initial_rank"}


def test_a_question_column_full_of_numbers_is_an_id() -> None:
    rows: list[list[Cell]] = [
        ["question", "query", "document"],
        ["17", "how long?", "three days"],
        ["18", "why?", "so"],
    ]
    assert roles(rows) == {"question": "query_id", "query": "query", "document": "document"}


def test_a_bare_id_belongs_to_what_it_is_unique_for() -> None:
    rows: list[list[Cell]] = [["id", "query", "document"], ["a", "q?", "one text"], ["b", "q?", "two text"]]
    assert roles(rows)["id"] == "document_id"


def test_rank_named_columns_of_text_are_no_ranks() -> None:
    rows: list[list[Cell]] = [["query", "document", "rank"], ["q?", "text", "high"], ["r?", "text", "low"]]
    assert roles(rows)["rank"] is None


def test_content_decides_without_headers_when_it_is_clear() -> None:
    rows: list[list[Cell]] = [
        ["退款多久能到账？", "退款审核通过后，款项将在一到三个工作日内原路退回您的账户。"],
        ["怎么开发票？", "请在订单详情页选择申请电子发票，填写抬头后提交即可。"],
        ["可以换货吗？", "签收后七天之内，商品完好的，可以在订单详情页申请换货。"],
    ]
    found = report(rows)
    assert (found.layout, found.certain) == ("long", True)
    assert [column.role for column in found.chosen.columns] == ["query", "document"]


def test_two_equally_likely_documents_are_not_certain_and_both_are_named() -> None:
    rows: list[list[Cell]] = [
        ["query", "answer", "context"],
        ["q?", "an answer", "a context"],
        ["r?", "more", "less"],
    ]
    found = report(rows)
    assert not found.certain
    with pytest.raises(
        InputError, match="which column is the document; candidates: answer, context"
    ) as refusal:
        resolve_roles(found.chosen)
    assert "--map document=COLUMN" in refusal.value.hint
    assert resolve_roles(found.chosen, {"document": "context"})["document"] == ("context",)


def test_a_missing_query_lists_the_columns() -> None:
    found = report([["编号", "备注"], ["1", "2"], ["3", "4"]])
    with pytest.raises(InputError, match="No column looks like the query; the columns are: 编号, 备注"):
        resolve_roles(found.chosen)


def test_mappings_accept_exact_names_patterns_lists_and_other_case() -> None:
    found = report([["Frage", "d1", "d2", "N"], ["q?", "text", "text", 1], ["r?", "text", "text", 2]])
    chosen = resolve_roles(found.chosen, {"query": "frage", "document": "d*"})
    assert chosen["document"] == ("d1", "d2")
    assert resolve_roles(found.chosen, {"query": "Frage", "document": "d1,d2"})["document"] == ("d1", "d2")


def test_mapping_a_role_to_nothing_drops_its_guess() -> None:
    found = report([["query", "document", "label"], ["q?", "text", 1], ["r?", "text", 0]])
    assert "label" not in resolve_roles(found.chosen, {"label": ""})


@pytest.mark.parametrize(
    ("mapping", "message"),
    [({"query": "gone"}, "no column gone"), ({"qeury": "query"}, "no column role qeury")],
)
def test_mappings_that_name_nothing_are_refused(mapping: dict[str, str], message: str) -> None:
    found = report([["query", "document"], ["q?", "text"]])
    with pytest.raises(InputError, match=message):
        resolve_roles(found.chosen, mapping)


def test_the_report_is_plain_data_for_json() -> None:
    import json

    record = report_record(report([["query", "document"], ["q?", "text"]]))
    again = json.loads(json.dumps(record))
    assert again["sheets"][0]["columns"][0] == {
        "name": "query",
        "role": "query",
        "confidence": 0.95,
        "reason": "The header names it.",
        "samples": ["q?"],
    }
    assert (again["layout"], again["certain"], again["sheets"][0]["rows"]) == ("long", True, 1)
