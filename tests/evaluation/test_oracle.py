import math

import pytest

from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.measures import parse_measures
from core.evaluation.oracle import headroom, oracle_run, recall_ceiling
from core.evaluation.per_query import evaluate_run

JUDGED = {"q": JudgedQuery("q", {"a": 0, "b": 1, "c": 2, "missed": 1})}
BEFORE = Run("before", {"q": Ranking("q", ("a", "b", "u", "c"))})
AFTER = Run("after", {"q": Ranking("q", ("b", "c", "a", "u"))})


def test_best_order_sorts_by_label_and_keeps_ties_in_order() -> None:
    assert oracle_run(JUDGED, BEFORE).rankings["q"].documents == ("c", "b", "a", "u")


def test_gap_closed_and_what_retrieval_and_ranking_missed() -> None:
    measures = parse_measures("nDCG,RR,Judged@10")
    before, after = (evaluate_run(JUDGED, run, measures) for run in (BEFORE, AFTER))
    ndcg, rr = headroom(JUDGED, BEFORE, before, after)
    log3 = math.log2(3)
    ideal = 2 + 1 / log3 + 1 / 2
    assert ndcg.before == pytest.approx((1 / log3 + 2 / math.log2(5)) / ideal)
    assert ndcg.after == pytest.approx((1 + 2 / log3) / ideal)
    assert ndcg.best == pytest.approx((2 + 1 / log3) / ideal)
    assert ndcg.perfect == pytest.approx(1.0)
    assert ndcg.closed == pytest.approx((ndcg.after - ndcg.before) / (ndcg.best - ndcg.before))
    assert ndcg.missed_by_ranking == pytest.approx(ndcg.best - ndcg.after)
    assert ndcg.missed_by_retrieval == pytest.approx((1 / 2) / ideal)
    assert (rr.before, rr.after, rr.best, rr.closed) == (0.5, 1.0, 1.0, 1.0)


def test_no_gap_to_close_is_not_a_share() -> None:
    measures = parse_measures("Success@1")
    judged = {"q": JudgedQuery("q", {"a": 1})}
    run = Run("r", {"q": Ranking("q", ("a", "b"))})
    evaluation = evaluate_run(judged, run, measures)
    (found,) = headroom(judged, run, evaluation, evaluation)
    assert found.closed is None
    assert found.missed_by_ranking == 0


def test_recall_ceiling_counts_what_the_candidates_lack() -> None:
    judged = {
        **JUDGED,
        "lost": JudgedQuery("lost", {"x": 1}),
        "irrelevant": JudgedQuery("irrelevant", {"a": 0}),
    }
    ceiling = recall_ceiling(judged, BEFORE)
    assert (ceiling.relevant, ceiling.retrieved, ceiling.queries) == (4, 2, 2)
    assert ceiling.mean_recall == pytest.approx((2 / 3 + 0) / 2)
    assert ceiling.without_candidate == ("lost",)
    assert recall_ceiling(judged, BEFORE, rel=2).mean_recall == 1.0
    assert recall_ceiling({}, BEFORE).mean_recall is None


def test_no_measured_query_gives_no_headroom() -> None:
    evaluation = evaluate_run({}, BEFORE, parse_measures("AP"))
    assert headroom({}, BEFORE, evaluation, evaluation) == ()
