"""Exports are written, read back and compared."""

import csv
import io
import json
import shlex
from dataclasses import replace

import openpyxl
import pytest

from core.records import Score, ScorerInfo
from core.workflows.rerank.export import (
    curl_command,
    request_body,
    reranking_csv,
    reranking_excel,
    reranking_json,
)
from core.workflows.rerank.reranking import Reranking, order

DOCUMENTS = ["=1+1", "退款审核通过后，款项原路退回。😀", 'it\'s "quoted" $HOME `id`']
INFO = ScorerInfo(
    "embedded", "embedded", "a label", "cpu", "fp32", "f" * 16, 512, 1, 1, False, ("a note to read",)
)


@pytest.fixture
def result() -> Reranking:
    scores = [Score(-1.5, 7, False), Score(2.0, 9, True), Score(0.0, 8, False)]
    return Reranking("退款？", None, order(DOCUMENTS, scores, 0.1), INFO, 0.25, ())


def test_excel_reads_back_cell_by_cell_and_runs_no_formula(result: Reranking) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reranking_excel(result)))
    rows = list(book["Results"].iter_rows(values_only=True))
    assert book.sheetnames == ["Overview", "Results", "Settings"]
    assert rows[0] == (
        "query",
        "document",
        "new_rank",
        "original_rank",
        "movement",
        # The embedded model's logit says more than the number made of it, which is no probability.
        "logit",
        "similarity",
        "tokens",
        "truncated",
        "near_tie",
    )
    assert rows[1] == (
        "退款？",
        DOCUMENTS[1],
        1,
        2,
        1,
        2.0,
        0.880797,
        9,
        True,
        False,
    )
    assert rows[3][1] == "=1+1"
    assert book["Results"]["B4"].data_type == "s"
    first = [cell for row in book["Overview"].iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in first[:3]] == ["Reranked documents", "Query", "退款？"]
    assert "Rank 2 is now rank 1; 2 rose, 1 fell" in [cell.value for cell in first]
    assert "similarity" in [cell.value for cell in first]
    assert {cell.data_type for cell in first if cell.value == "=1+1"} == {"s"}
    settings = dict(book["Settings"].iter_rows(values_only=True))
    assert settings["query"] == "退款？" and settings["note"] == "a note to read"


def test_csv_reads_back_and_is_safe_to_open(result: Reranking) -> None:
    content = reranking_csv(result)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["document"] for row in rows] == [DOCUMENTS[1], DOCUMENTS[2], "'=1+1"]
    assert rows[0]["logit"] == "2.0"


def test_half_a_character_does_not_stop_a_file(result: Reranking) -> None:
    ranked = tuple(replace(one, document="cut \ud83d") for one in result.ranked)
    broken = replace(result, ranked=ranked, query="why \ud83d")
    book = openpyxl.load_workbook(io.BytesIO(reranking_excel(broken)))
    assert book["Results"]["B2"].value == "cut \ufffd"
    assert "cut \ufffd" in reranking_csv(broken).decode("utf-8-sig")


def test_json_holds_every_value_unchanged(result: Reranking) -> None:
    record = json.loads(reranking_json(result))
    assert [r["document"] for r in record["results"]] == [DOCUMENTS[1], DOCUMENTS[2], DOCUMENTS[0]]
    assert record["results"][0]["truncated"] is True
    assert record["model"] == "embedded"


def test_curl_survives_quotes_and_shell_characters(result: Reranking) -> None:
    asked = replace(result, query="what's $x?", instruction="be `careful`")
    words = shlex.split(curl_command(asked, 8080))
    assert json.loads(words[-1]) == {
        "query": "what's $x?",
        "documents": DOCUMENTS,
        "instruction": "be `careful`",
    }


def test_a_request_with_broken_characters_is_still_the_same_request(result: Reranking) -> None:
    asked = replace(result, query="a\ud800")
    assert json.loads(request_body(asked))["query"] == "a\ud800"
    assert json.loads(shlex.split(curl_command(asked, 8080))[-1])["query"] == "a\ud800"
