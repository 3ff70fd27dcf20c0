"""Uploads on the Rerank page: any file in, a list of documents out."""

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from core.errors import InputError
from core.sheets.meaning.documents import read_documents
from core.sheets.tables import SheetTable, TableColumn
from core.sheets.writing.workbook import write_workbook

CHINESE = ["如需换货，请在订单详情页选择换货。", "退款审核通过后，款项将在1至3个工作日内退回。"]


def xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    buffer = io.BytesIO()
    tables = [
        SheetTable.of(name, [TableColumn(str(head), "any") for head in rows[0]], rows[1:])
        for name, rows in sheets.items()
    ]
    write_workbook(buffer, tables)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32-le"])
def test_text_file_gives_a_document_per_line(encoding: str) -> None:
    content = (CHINESE[0] + "\r\n\r\n  " + CHINESE[1] + " \r\n").encode(encoding)
    result = read_documents(content, "documents.txt")
    assert result.documents == tuple(CHINESE)
    assert (result.format, result.query, result.problems) == ("text", None, ())


def test_commas_in_a_text_file_are_part_of_the_sentence() -> None:
    result = read_documents(b"one, two\nthree, four\nfive, six\n", "a.txt")
    assert result.documents == ("one, two", "three, four", "five, six")


def test_csv_document_column_and_its_single_query_are_found() -> None:
    content = f"问题,编号,文档内容（必填）\n退款多久,001,{CHINESE[0]}\n退款多久,002,{CHINESE[1]}\n".encode(
        "gb18030"
    )
    result = read_documents(content, "a.csv")
    assert result.documents == tuple(CHINESE)
    assert result.query == "退款多久"
    assert (result.format, result.encoding, result.column) == ("csv", "gb18030", "文档内容（必填）")


def test_several_queries_are_mentioned_and_none_is_chosen() -> None:
    result = read_documents(b"query,document\na?,first text\nb?,second text\n", "a.csv")
    assert result.query is None
    assert [problem.kind for problem in result.problems] == ["several_queries"]


def test_workbook_sheet_with_documents_is_chosen_over_an_empty_first_sheet() -> None:
    content = xlsx(
        {"Cover": [["Report of 2024"]], "数据": [["doc", "score"], *[[text, 0.5] for text in CHINESE]]}
    )
    result = read_documents(content, "a.xlsx")
    assert result.documents == tuple(CHINESE)
    assert (result.format, result.sheet, result.column) == ("xlsx", "数据", "doc")


def test_blank_documents_are_left_out_with_their_row() -> None:
    content = xlsx({"S": [["id", "document"], [1, "a text"], [2, "  "], [3, "another text"]]})
    result = read_documents(content, "a.xlsx")
    assert result.documents == ("a text", "another text")
    (problem,) = result.problems
    assert (problem.kind, problem.sheet, problem.row, problem.column) == (
        "blank_document",
        "S",
        3,
        "document",
    )


def test_jsonl_and_parquet_are_read(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"passage": text}, ensure_ascii=False) for text in CHINESE)
    assert read_documents(lines.encode(), "a.jsonl").documents == tuple(CHINESE)
    path = tmp_path / "a.parquet"
    pd.DataFrame({"passage": CHINESE}).to_parquet(path)
    assert read_documents(path.read_bytes(), "a.parquet").documents == tuple(CHINESE)


def test_a_json_list_of_texts_is_a_list_of_documents() -> None:
    texts = ["doc one, here", "doc two\n\nhere", " ", *CHINESE]
    result = read_documents(json.dumps(texts).encode(), "a.json")
    assert (result.format, result.documents) == ("json", (*texts[:2], *CHINESE))
    assert read_documents(json.dumps(CHINESE, indent=1).encode(), "a.json").documents == tuple(CHINESE)


def test_a_workbook_named_txt_is_read_as_a_workbook_and_mentioned() -> None:
    result = read_documents(xlsx({"S": [["document"], ["a text"]]}), "a.txt")
    assert result.documents == ("a text",)
    assert result.format == "xlsx"
    assert [problem.message for problem in result.problems] == [
        "The file is named .txt, but its content is xlsx; it was read as xlsx."
    ]


def test_text_named_xlsx_is_read_as_text_and_mentioned() -> None:
    result = read_documents("query,document\nq?,甲\nq?,乙\n".encode(), "a.xlsx")
    assert result.documents == ("甲", "乙")
    assert [problem.kind for problem in result.problems] == ["other_name"]


def test_wide_rows_give_their_documents_in_reading_order() -> None:
    result = read_documents(b"query,doc1,doc2\nq?,one text,two text\nq?,three text,four text\n", "a.csv")
    assert result.documents == ("one text", "two text", "three text", "four text")
    assert result.query == "q?"


def test_a_json_list_in_a_cell_gives_its_entries() -> None:
    content = xlsx({"S": [["query", "documents"], ["q?", json.dumps(CHINESE, ensure_ascii=False)]]})
    assert read_documents(content, "a.xlsx").documents == tuple(CHINESE)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.txt", "empty"),
        (b"\n \n", "a.csv", "empty"),
        (b"%PDF-1.7 ...", "a.txt", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a.csv", "a picture"),
        (b"PK\x03\x04 cut short", "a.xlsx", "damaged or incomplete"),
        (bytes(range(256)) * 20, "a.txt", "not text"),
        (b"<html><body><table></table></body></html>", "a.xls", "web page"),
        (b"query,document\nq?,\n", "a.csv", "no documents"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(content: bytes, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        read_documents(content, name)
    assert refusal.value.where == name


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="not a spreadsheet"):
        read_documents(buffer.getvalue(), "a.xlsx")


def test_ten_megabytes_in_one_document_are_kept_whole() -> None:
    document = "字" * 3_500_000
    assert read_documents(document.encode(), "a.txt").documents == (document,)
