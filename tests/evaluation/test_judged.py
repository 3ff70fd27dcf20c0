import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedRow, Ranking, from_rows, rank_by_score


def test_initial_order_goes_by_rank_then_score_then_row() -> None:
    ranked = from_rows([JudgedRow("q", "a", initial_rank=2), JudgedRow("q", "b", initial_rank=1)])
    assert ranked.initial.rankings["q"].documents == ("b", "a")
    scored = from_rows([JudgedRow("q", "a", initial_score=0.1), JudgedRow("q", "b", initial_score=0.7)])
    assert scored.initial.rankings["q"].documents == ("b", "a")


def test_documents_without_a_place_before_follow_the_others_and_are_reported() -> None:
    rows = [
        JudgedRow("p", "x"),
        JudgedRow("q", "new", 2),
        JudgedRow("q", "a", 2, initial_rank=3),
        JudgedRow("q", "b", 1, initial_rank=2),
        JudgedRow("q", "c", 0, initial_rank=1),
    ]
    sheet = from_rows(rows)
    assert sheet.initial.rankings["q"].documents == ("c", "b", "a", "new")
    assert [(row, problem.text) for row, problem in sheet.problems] == [
        (2, "Documents of query q without a rank or score of before: 1. They follow the others.")
    ]
    scored = [
        JudgedRow("q", "a"),
        JudgedRow("q", "b", initial_score=0.1),
        JudgedRow("q", "c", initial_score=0.7),
    ]
    ranking = from_rows(scored).initial.rankings["q"]
    assert (ranking.documents, ranking.scores) == (("c", "b", "a"), None)
    # Where every document has a score, ranks of some are no better.
    both = [
        JudgedRow("q", "a", initial_rank=1, initial_score=0.1),
        JudgedRow("q", "b", initial_score=float("nan"), initial_rank=2),
        JudgedRow("q", "c", initial_score=0.3),
    ]
    assert from_rows(both[::2]).initial.rankings["q"].documents == ("c", "a")
    assert from_rows(both).initial.rankings["q"].documents == ("a", "b", "c")


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


def test_the_first_label_of_a_repeated_document_counts_not_its_first_row() -> None:
    sheet = from_rows([JudgedRow("q", "d1", None), JudgedRow("q", "d2", 0), JudgedRow("q", "d1", 2)])
    assert dict(sheet.judgements["q"].labels) == {"d1": 2, "d2": 0}
    assert sheet.problems[0][1].text == (
        "Query q lists document d1 more than once; its label 2 is that of a later row."
    )


def test_ranking_refuses_repeated_documents_and_missing_scores() -> None:
    with pytest.raises(InputError, match="ranked twice"):
        Ranking("q", ("a", "b", "a"))
    with pytest.raises(InputError, match="2 documents but 1 scores"):
        Ranking("q", ("a", "b"), (1.0,))
    with pytest.raises(InputError, match="not a number"):
        rank_by_score("q", ["a"], [float("nan")])
