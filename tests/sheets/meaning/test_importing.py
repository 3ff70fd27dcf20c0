"""From files to pairs, in every layout, with the problems of single rows."""

import json
from pathlib import Path

import pandas as pd
import pytest

from core.errors import InputError, TooLargeError
from core.sheets.meaning.importing import (
    ImportChoices,
    ImportedTable,
    Pool,
    import_source,
    import_table,
)
from core.sheets.pair_table import COLUMNS
from core.sheets.reading.sources import read_source
from tests.sheets.nasty_files import rows, xlsx

LABELLED = Path(__file__).resolve().parents[4] / "shared" / "data" / "labelled"


def imported(text: str | bytes, name: str = "a.csv", **choices: object) -> ImportedTable:
    content = text.encode() if isinstance(text, str) else text
    return import_source(read_source(content, name), ImportChoices(**choices))  # type: ignore[arg-type]


def pairs(table: ImportedTable) -> list[tuple[str, str]]:
    return list(zip(table.pairs.query, table.pairs.document, strict=True))


def problems(table: ImportedTable) -> list[tuple[str, int | None, str]]:
    return [(problem.kind, problem.row, problem.column) for problem in table.problems]


def test_long_layout_keeps_order_ids_and_all_columns() -> None:
    table = imported(
        "问题编号,问题,文档编号,文档,标签,原始排名,得分,类别,指令,备注\n"
        "007,退款多久,0001,三天到账,2,1,12.5,售后,查找答案,a\n"
        "007,退款多久,0002,请换货,0,2,3.5,售后,查找答案,b\n"
        "008,怎么换货,0001,三天到账,,1,7,售前,,c\n"
    )
    assert table.layout == "long"
    first = dict(zip(COLUMNS, next(table.pairs.rows()), strict=True))
    assert first == {
        "query_number": 0,
        "query_id": "007",
        "query": "退款多久",
        "document_id": "0001",
        "document": "三天到账",
        "label": 2.0,
        "initial_rank": 1.0,
        "initial_score": 12.5,
        "group": "售后",
        "instruction": "查找答案",
        "origin": 0,
        "pool_origin": -1,
        "row": 2,
    }
    assert list(table.pairs.query_number) == [0, 0, 1]
    assert table.pairs.label[2] is None
    assert table.pairs.instruction[2] is None
    assert list(table.originals.columns)[-1] == "备注"
    assert table.originals.column("问题编号") == ("007", "007", "008")
    assert table.queries == 2
    assert table.problems == ()


def test_missing_ids_are_made_from_texts() -> None:
    table = imported("query,document\na?,first text\nb?,second text\na?,second text\n")
    assert list(table.pairs.query_id) == ["q1", "q2", "q1"]
    assert list(table.pairs.document_id) == ["d1", "d2", "d2"]


def test_wide_layout_gives_a_pair_per_filled_document_column() -> None:
    table = imported(
        "query,doc1,doc2,doc3,label1,label2,label3\n"
        "q?,one text,two text,,1,0,\n"
        "r?,three text,,four text,0,,2\n"
    )
    assert table.layout == "wide"
    assert pairs(table) == [("q?", "one text"), ("q?", "two text"), ("r?", "three text"), ("r?", "four text")]
    assert list(table.pairs.label) == [1.0, 0.0, 0.0, 2.0]
    assert list(table.pairs.initial_rank) == [1.0, 2.0, 1.0, 3.0]
    assert list(table.pairs.origin) == [0, 0, 1, 1]
    assert len(table.originals) == 2


def test_chinese_numbered_columns_are_wide_too() -> None:
    table = imported("问题,候选一,候选二\n退款,三天到账,请换货\n换货,联系客服,七天之内\n")
    assert (table.layout, len(table.pairs)) == ("wide", 4)


def test_documents_in_one_cell_as_json_or_lines() -> None:
    listed = json.dumps([{"query": "q?", "documents": ["甲", "乙"], "labels": [1, 0]}], ensure_ascii=False)
    table = imported(listed, "a.json", mapping={"label": "labels"})
    assert table.layout == "cell"
    assert pairs(table) == [("q?", "甲"), ("q?", "乙")]
    assert list(table.pairs.label) == [1.0, 0.0]
    lines = imported('query,documents\nq?,"one text\ntwo text"\nr?,"three text\n\nfour text"\n')
    assert pairs(lines) == [("q?", "one text"), ("q?", "two text"), ("r?", "three text"), ("r?", "four text")]


def test_a_document_of_several_lines_stays_one_document_in_the_long_layout() -> None:
    assert pairs(imported('query,document\nq?,"line one\nline two"\n')) == [("q?", "line one\nline two")]


def test_documents_only_need_a_query() -> None:
    text = "document,note\nfirst text,a\nsecond text,b\n"
    with pytest.raises(InputError, match="documents but no queries"):
        imported(text)
    table = imported(text, query="typed in?")
    assert table.layout == "documents"
    assert pairs(table) == [("typed in?", "first text"), ("typed in?", "second text")]


def test_a_text_file_is_a_document_per_line() -> None:
    assert pairs(imported("first, text\n\nsecond text\n", "a.txt", query="q?")) == [
        ("q?", "first, text"),
        ("q?", "second text"),
    ]


def test_a_json_list_of_texts_is_a_document_each() -> None:
    assert pairs(imported('["doc one here","doc two, here"]', "a.json", query="q?")) == [
        ("q?", "doc one here"),
        ("q?", "doc two, here"),
    ]


def test_two_sheets_without_a_common_id_are_crossed() -> None:
    content = xlsx(
        {
            "Queries": rows([["query"], ["how long does it take?"], ["can I exchange it?"]]),
            "Pool": rows([["document", "source"], ["three days", "faq"], ["ask the service desk", "web"]]),
        }
    )
    table = imported(content, "a.xlsx")
    assert table.layout == "two_sheets"
    assert pairs(table) == [
        ("how long does it take?", "three days"),
        ("how long does it take?", "ask the service desk"),
        ("can I exchange it?", "three days"),
        ("can I exchange it?", "ask the service desk"),
    ]
    assert list(table.pairs.pool_origin) == [0, 1, 0, 1]
    assert table.pool_originals is not None
    assert table.pool_originals.column("source") == ("faq", "web")


def test_choosing_the_sheet_of_queries_keeps_the_sheet_of_documents() -> None:
    content = xlsx(
        {
            "Pool": rows([["document"], ["three days"], ["ask the service desk"]]),
            "Queries": rows([["query"], ["how long does it take?"], ["can I exchange it?"]]),
        }
    )
    table = imported(content, "a.xlsx", sheet="Queries")
    assert (table.layout, len(table.pairs)) == ("two_sheets", 4)
    documents = imported(content, "a.xlsx", sheet="Pool", query="typed in?")
    assert (documents.layout, len(documents.pairs)) == ("documents", 2)


def test_two_sheets_with_query_ids_are_joined() -> None:
    content = xlsx(
        {
            "Q": rows([["qid", "query"], ["1", "how long?"], ["2", "exchange?"], ["3", "alone?"]]),
            "D": rows(
                [
                    ["qid", "document", "label"],
                    ["1", "three days", "1"],
                    ["2", "ask", "0"],
                    ["9", "lost", "0"],
                ]
            ),
        }
    )
    table = imported(content, "a.xlsx")
    assert pairs(table) == [("how long?", "three days"), ("exchange?", "ask")]
    assert list(table.pairs.label) == [1.0, 0.0]
    assert [(problem.kind, problem.sheet, problem.row) for problem in table.problems] == [
        ("unmatched_id", "Q", 4),
        ("unmatched_id", "D", 4),
    ]


def test_two_files_are_joined_by_document_id(tmp_path: Path) -> None:
    queries, pool = tmp_path / "q.csv", tmp_path / "d.jsonl"
    queries.write_text("query,doc_id,label\nhow long?,d2,1\nhow long?,d1,0\n", encoding="utf-8")
    pool.write_text(
        '{"doc_id": "d1", "text": "exchange"}\n{"doc_id": "d2", "text": "three days"}\n', encoding="utf-8"
    )
    table = import_table(queries, pool=Pool(path=pool))
    assert pairs(table) == [("how long?", "three days"), ("how long?", "exchange")]
    assert list(table.pairs.document_id) == ["d2", "d1"]
    assert list(table.pairs.label) == [1.0, 0.0]


def test_a_cross_product_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.sheets.meaning.pairs.MOST_PAIRS", 3)
    content = xlsx(
        {"Q": rows([["query"], ["a first?"], ["a second?"]]), "D": rows([["document"], ["x"], ["y"]])}
    )
    with pytest.raises(TooLargeError, match="makes 4 pairs; the limit is 3"):
        imported(content, "a.xlsx")


def test_row_problems_are_collected_and_good_rows_go_on() -> None:
    table = imported(
        "query,document,label,rank,score\n"
        "q?,good text,1,1,0.5\n"
        ",orphan text,1,2,0.5\n"
        "q?,,0,3,0.5\n"
        "q?,second text,maybe,4,0.5\n"
        "q?,third text,0,zero,0.5\n"
        "q?,fourth text,0,6,\n"
        "q?,good text,1,7,0.5\n"
        "q?,second text,1,8,0.5\n"
    )
    assert problems(table) == [
        ("blank_query", 3, "query"),
        ("blank_document", 4, "document"),
        ("label_not_number", 5, "label"),
        ("rank_not_number", 6, "rank"),
        ("duplicate_pair", 8, "document"),
        ("conflicting_label", 9, "label"),
    ]
    assert [problem.row for problem in table.problems if problem.skipped] == [3, 4]
    assert len(table.pairs) == 6
    assert "row 2" in table.problems[4].message
    assert len(table.originals) == 8  # the skipped rows are still in the user's own table


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("1", 1.0),
        ("2.0", 2.0),
        ("１", 1.0),
        ("是", 1.0),
        ("不相关", 0.0),
        ("Yes", 1.0),
        ("not relevant", 0.0),
        ("-1", -1.0),
    ],
)
def test_labels_are_read_as_people_write_them(label: str, value: float) -> None:
    assert list(imported(f"query,document,label\nq?,text,{label}\n").pairs.label) == [value]


@pytest.mark.parametrize(
    ("score", "value"),
    [
        ("2,666", 2666.0),
        ("-12,666.5", -12666.5),
        ("0,611553068", 0.611553068),
        ("0,613", 0.613),
        ("-0,125", -0.125),
        ("-1.5e-3", -0.0015),
    ],
)
def test_scores_with_commas_are_read(score: str, value: float) -> None:
    table = imported(f'query,document,score\nq?,text,"{score}"\nr?,text,1\n')
    assert table.pairs.initial_score[0] == value


def test_a_query_written_once_is_filled_down_and_that_is_mentioned() -> None:
    table = imported("问题,文档\n退款多久,甲文档\n,乙文档\n,丙文档\n怎么换货,丁文档\n,戊文档\n")
    assert list(table.pairs.query) == ["退款多久"] * 3 + ["怎么换货"] * 2
    assert problems(table) == [("filled_down", None, "问题")]


def test_one_id_with_two_texts_is_reported() -> None:
    table = imported("query_id,query,document\n1,how long?,text\n1,how short?,other text\n")
    assert problems(table) == [("query_differs", 3, "query_id")]
    assert table.queries == 1


def test_formulas_without_results_as_documents_ask_to_save_in_excel() -> None:
    formula = '<row r="2"><c r="A2" t="inlineStr"><is><t>q?</t></is></c><c r="B2"><f>C2</f></c></row>'
    head = rows([["query", "document"]]).removesuffix("</sheetData>")
    with pytest.raises(InputError, match="without saved results"):
        imported(xlsx({"S": head + formula + "</sheetData>"}), "a.xlsx")


def test_no_pair_at_all_says_why() -> None:
    with pytest.raises(InputError, match="no query–document pair. The document is blank"):
        imported("query,document\nq?,\nr?,\n")


def test_uncertain_roles_name_their_candidates() -> None:
    with pytest.raises(InputError, match="candidates: answer, context") as refusal:
        imported("query,answer,context\nq?,one text,two text\nr?,three,four\n")
    assert refusal.value.where == "a.csv"


def test_a_mapping_decides_against_the_guess() -> None:
    table = imported("query,answer,context\nq?,one text,two text\n", mapping={"document": "context"})
    assert pairs(table) == [("q?", "two text")]
    assert table.roles["document"] == ("context",)


def test_mapping_several_documents_makes_it_wide() -> None:
    table = imported(
        "query,answer,context\nq?,one text,two text\n", mapping={"document": ["answer", "context"]}
    )
    assert table.layout == "wide"
    assert pairs(table) == [("q?", "one text"), ("q?", "two text")]


def test_a_sheet_can_be_chosen_even_when_hidden() -> None:
    content = xlsx(
        {
            "A": rows([["query", "document"], ["q?", "one"]]),
            "B": rows([["query", "document"], ["q?", "two"]]),
        },
        states={"B": "hidden"},
    )
    assert pairs(imported(content, "a.xlsx", sheet="B")) == [("q?", "two")]
    with pytest.raises(InputError, match="no sheet C; the sheets are: A, B"):
        imported(content, "a.xlsx", sheet="C")


def test_an_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("query,document\nAnnée,été\n".encode("cp1252"))
    assert pairs(import_table(path, encoding="cp1252")) == [("Année", "été")]


def test_importing_changes_nothing_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx({"S": rows([["query", "document"], ["q?", "text"]])}))
    before = path.read_bytes()
    import_table(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not LABELLED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("name", "queries", "count"),
    [("scifact_en", 100, 3014), ("xquadr_zh", 150, 4505), ("cosqa_code", 150, 4548)],
)
def test_labelled_sets_import_without_a_question(name: str, queries: int, count: int) -> None:
    path = LABELLED / f"{name}.csv"
    table = import_table(path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert (table.queries, len(table.pairs), table.problems) == (queries, count, ())
    assert list(table.pairs.document) == frame["document"].tolist()
    assert list(table.pairs.document_id) == frame["doc_id"].tolist()
    assert list(table.pairs.label) == frame["label"].astype(float).tolist()
    assert list(table.pairs.initial_rank) == frame["initial_rank"].astype(float).tolist()
