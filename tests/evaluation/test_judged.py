import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedRow, Ranking, from_rows, rank_by_score


def test_initial_order_goes_by_rank_then_score_then_row() -> None:
    ranked = from_rows([JudgedRow("q", "a", initial_rank=2), JudgedRow("q", "b", initial_rank=1)])
    assert ranked.initial.rankings["q"].documents == ("b", "a")
    scored = from_rows([JudgedRow("q", "a", initial_score=0.1), JudgedRow("q", "b", initial_score=0.7)])
    assert scored.initial.rankings["q"].documents == ("b", "a")
    half = from_rows([JudgedRow("q", "a", initial_rank=2), JudgedRow("q", "b")])
    assert half.initial.rankings["q"].documents == ("a", "b")


def test_judged_rows_outside_the_candidates_keep_their_label_but_get_no_rank() -> None:
    sheet = from_rows([JudgedRow("q", "a", 0), JudgedRow("q", "x", 1, candidate=False)])
    assert sheet.initial.rankings["q"].documents == ("a",)
    assert dict(sheet.judgements["q"].labels) == {"a": 0, "x": 1}


def test_blank_label_means_unjudged_and_query_text_and_group_are_kept() -> None:
    sheet = from_rows([JudgedRow("q", "a"), JudgedRow("q", "b", 2, query="什么", group="zh")])
    judged = sheet.judgements["q"]
    assert (dict(judged.labels), judged.query, judged.group) == ({"b": 2}, "什么", "zh")


def test_repeated_document_is_reported_with_its_row_and_counts_once() -> None:
    sheet = from_rows([JudgedRow("q", "a", 1), JudgedRow("q", "a", 1), JudgedRow("q", "a", 0)])
    assert sheet.initial.rankings["q"].documents == ("a",)
    assert [row for row, _ in sheet.problems] == [2, 3]
    assert "more than once" in sheet.problems[0][1].text
    assert "labels document a 1 and later 0" in sheet.problems[1][1].text


def test_ranking_refuses_repeated_documents_and_missing_scores() -> None:
    with pytest.raises(InputError, match="ranked twice"):
        Ranking("q", ("a", "b", "a"))
    with pytest.raises(InputError, match="2 documents but 1 scores"):
        Ranking("q", ("a", "b"), (1.0,))
    with pytest.raises(InputError, match="not a number"):
        rank_by_score("q", ["a"], [float("nan")])
