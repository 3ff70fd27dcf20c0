"""The Excel report, read back cell by cell."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.sentences import Sentence
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.sheet import read_labelled
from pages.parts.labelled.words import speaker
from tests.workflows.evaluate.labelled_sheet import TableScorer, sheet_rows, write_sheet

GOOD = {f"文档 {q}-3": 4.0 for q in range(16)} | {"文档 1-3": -9.0}


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    data = read_labelled(write_sheet(tmp_path / "标注.csv", sheet_rows(16)))
    systems = [score_data(TableScorer(GOOD), data), score_data(TableScorer({}, name="other"), data)]
    return evaluate(data, systems, EvaluateSettings("nDCG@10,Success@1,Judged@2"))


def _rows(book: Any, sheet: str) -> list[dict[str, Any]]:  # noqa: ANN401 - openpyxl has no types
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _opened(content: bytes) -> Any:  # noqa: ANN401
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_sheets_are_the_ones_promised_and_charts_are_native(outcome: Outcome) -> None:
    book = _opened(evaluation_excel(outcome))
    pages = ["Overview", "Verdict", "Measures", "Per query", "Regressions", "Settings", "Thresholds"]
    assert book.sheetnames == pages
    assert [len(book[name]._charts) for name in pages] == [1, 0, 0, 0, 0, 0, 1]
    (differences,) = book["Overview"]._charts
    assert differences.series[0].val.numRef.f == "'Per query'!$F$2:$F$13"


def _texts(book: Any) -> list[str]:  # noqa: ANN401
    """What the first page says, line by line."""
    return [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]


def test_the_first_page_has_one_headline_and_says_what_to_do(outcome: Outcome) -> None:
    book = _opened(evaluation_excel(outcome, source="标注.csv"))
    said = _texts(book)
    assert outcome.report is not None
    best = outcome.report.systems[0].headline
    assert best is not None
    # Of two systems the one that gained most has the headline, in the first measure only.
    assert f"Of 2 compared, «Table table» gained most. {best.sentence}" in said
    assert [text for text in said if "Better by" in text] == [said[said.index("Date") + 4 + 2]]
    assert said[1:3] == ["File", "标注.csv"] and "Table table, Table other" in said
    rows = list(book["Overview"].iter_rows(values_only=True))
    table = next(row for row in rows if row[0] == "Table table")
    assert table[1:4] == (pytest.approx(0.5), pytest.approx(best.after), 1)
    assert table[4:] == (pytest.approx(best.difference), 11, 1)
    assert "1. Use the new order: it is better by more than chance explains." in said
    assert any("sheet «Regressions»: 1 of 12" in text for text in said)


def test_every_sheet_prints_landscape_as_wide_as_the_page_with_its_header_again(outcome: Outcome) -> None:
    book = _opened(evaluation_excel(outcome, source="a & b.csv"))
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape" and page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1)
        assert page.oddHeader.left.text == "a && b.csv" and page.oddFooter.right.text == "&P / &N"
        first = page.title == "Overview"
        assert page.page_setup.fitToHeight in ((None, 1) if first else (0,))
        assert page.print_title_rows == (None if first else "$1:$1")


def test_a_page_in_chinese_has_no_name_for_programs(outcome: Outcome) -> None:
    book = _opened(evaluation_excel(outcome, say=speaker("zh")))
    assert book.sheetnames == ["概览", "结论", "指标", "逐查询", "变差的查询", "设置", "阈值"]
    for page in book.worksheets[1:]:
        for name in next(page.iter_rows(max_row=1, values_only=True)):
            plain = re.sub(r"(nDCG|RR|Success|Judged)@\d+|ID", "", name)
            assert not re.search("[a-z]{2}|_", plain), name
    assert {row["结果"] for row in _rows(book, "逐查询")} == {"变好", "变差", "不变"}


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    data = read_labelled(write_sheet(tmp_path / "标注.csv", sheet_rows(16)))
    perfect = {f"文档 {q}-3": 4.0 for q in range(16)}
    better = evaluate(data, [score_data(TableScorer(perfect), data)], EvaluateSettings("Success@1"))
    assert better.report is not None and not better.report.systems[0].worse
    page = _opened(evaluation_excel(better))["Regressions"]
    assert [cell for cell in next(page.iter_rows(min_row=2, values_only=True)) if cell] == ["none"]


def test_measures_hold_every_number_of_the_comparison(outcome: Outcome) -> None:
    rows = _rows(_opened(evaluation_excel(outcome)), "Measures")
    ndcg = rows[0]
    assert outcome.report is not None
    expected = outcome.report.systems[0].comparisons[0]
    assert ndcg["system"] == "Table table" and ndcg["group"] is None and ndcg["measure"] == "nDCG@10"
    assert (ndcg["queries"], ndcg["before"], ndcg["best_possible"]) == (12, 0.5, 1)
    for name in ("after", "difference", "p_value", "p_adjusted"):
        assert ndcg[name] == pytest.approx(getattr(expected, name))
    assert expected.interval is not None
    assert ndcg["interval_low"] == pytest.approx(expected.interval.low)
    assert (ndcg["wins"], ndcg["ties"], ndcg["losses"], ndcg["verdict"]) == (11, 0, 1, "better")
    assert ndcg["sentence"] == expected.sentence.text
    judged = next(row for row in rows if row["measure"] == "Judged@2")
    assert (judged["before"], judged["wins"]) == (1, None)
    assert {row["group"] for row in rows} == {None, "双", "单"}
    assert {row["system"] for row in rows} == {"Table table", "Table other"}


def test_queries_are_sorted_by_gain_with_their_text_and_group(outcome: Outcome) -> None:
    rows = [row for row in _rows(_opened(evaluation_excel(outcome)), "Per query") if "table" in row["system"]]
    differences = [row["difference"] for row in rows]
    assert len(rows) == 12 and differences == sorted(differences, reverse=True)
    assert rows[-1]["query"] == "如何退款 1" and rows[-1]["group"] == "单" and rows[-1]["outcome"] == "worse"
    assert (rows[-1]["first_relevant_before"], rows[-1]["first_relevant_after"]) == (3, 4)
    assert (rows[0]["nDCG@10 before"], rows[0]["nDCG@10 after"]) == (0.5, 1)


def test_a_regression_shows_both_orders_with_texts_labels_and_causes(outcome: Outcome) -> None:
    rows = [
        r for r in _rows(_opened(evaluation_excel(outcome)), "Regressions") if r["system"] == "Table table"
    ]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert {row["query_id"] for row in rows} == {"q1"}
    assert [row["document_id_before"] for row in rows] == ["q1d1", "q1d2", "q1d3", "q1d4"]
    assert [row["document_id_after"] for row in rows] == ["q1d1", "q1d2", "q1d4", "q1d3"]
    assert [row["label_after"] for row in rows] == [0, 0, None, 2]
    assert [row["score_after"] for row in rows] == [-4, -5, -7, -9]
    assert rows[3]["document_after"] == "文档 1-3"
    # All scores are low, but the judged answer stands among the candidates.
    assert rows[0]["causes"] == "Unjudged winner"


def test_settings_say_who_scored_and_what_the_numbers_rest_on(outcome: Outcome) -> None:
    rows = _rows(_opened(evaluation_excel(outcome, [("input", "标注.csv")])), "Settings")
    pairs = [(row["setting"], row["value"]) for row in rows]
    assert ("input", "标注.csv") in pairs and ("fingerprint", "table-other") in pairs
    assert ("pairs scored now", "64 of 64") in pairs
    assert ("measures", "nDCG@10, Success@1, Judged@2") in pairs
    assert any(name == "convention" and "equal scores" in value for name, value in pairs)
    assert any(name == "cause: Unjudged winner" for name, _ in pairs)


def test_the_verdict_is_in_the_language_asked_for(outcome: Outcome) -> None:
    def shouted(said: Sentence) -> str:
        return said.text.upper()

    rows = _rows(_opened(evaluation_excel(outcome, say=shouted)), "VERDICT")
    assert rows[0]["SYSTEM"] == "Table table" and rows[0]["ABOUT"] == "VERDICT"
    assert rows[0]["SENTENCE"].startswith("BETTER BY 0.")
    assert {row["SYSTEM"] for row in rows} == {"Table table", "Table other", None}


def test_without_labels_the_report_tells_only_what_changed(tmp_path: Path) -> None:
    rows = [row[:4] for row in sheet_rows()]
    data = read_labelled(write_sheet(tmp_path / "a.csv", rows, ("查询编号", "查询", "文档编号", "文档")))
    book = _opened(evaluation_excel(evaluate(data, [score_data(TableScorer(GOOD), data)])))
    assert book.sheetnames == ["Overview", "Verdict", "Settings"]
    assert any("Label some queries" in text for text in _texts(book))
    assert "not known" in _rows(book, "Verdict")[0]["sentence"]
