from core.evaluation.judged import JudgedQuery, Ranking
from core.evaluation.triage.overtakings import Overtaking, overtakings, undone


def test_who_passed_a_more_relevant_document_is_told() -> None:
    judged = JudgedQuery("q", {"a": 2, "b": 1, "c": 0})
    passed = overtakings(judged, Ranking("q", tuple("abcd")), Ranking("q", tuple("cbad")), 10)
    assert passed == (Overtaking("a", "c"), Overtaking("a", "b"))
    assert overtakings(judged, Ranking("q", tuple("abcd")), Ranking("q", tuple("dabc")), 0) == ()


def test_winners_step_behind_the_documents_that_they_passed_and_no_further() -> None:
    assert undone("cbad", [Overtaking("a", "c")]) == list("bacd")
    assert undone("cbad", [Overtaking("a", "c"), Overtaking("a", "b"), Overtaking("b", "c")]) == list("abcd")
    assert undone("cb", [Overtaking("a", "b")]) == list("cb")
    assert undone("cba", []) == list("cba")
