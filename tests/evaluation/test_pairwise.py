"""Every pair of systems with its corrected test, and who is on the front."""

import pytest

from core.evaluation.inference import holm
from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.measures import parse_measures
from core.evaluation.pairwise import compare_pairs, pareto_front
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import compare

MEASURES = parse_measures("RR@10")
QUERIES = [f"q{number}" for number in range(20)]


def evaluation(name: str, wrong: int) -> Evaluation:
    """A run whose relevant document stands first, except in the first `wrong` queries, where it is second."""
    judged = {query: JudgedQuery(query, {"yes": 1, "no": 0}) for query in QUERIES}
    rankings = {
        query: Ranking(query, ("no", "yes") if place < wrong else ("yes", "no"))
        for place, query in enumerate(QUERIES)
    }
    return evaluate_run(judged, Run(name, rankings), MEASURES)


def test_every_pair_is_compared_and_holm_is_over_all_of_them() -> None:
    runs = [evaluation("bad", 20), evaluation("middle", 9), evaluation("good", 2)]
    found = compare_pairs(runs, MEASURES[0])
    assert list(found) == [(0, 1), (0, 2), (1, 2)]
    alone = [compare(runs[first], runs[second])[0].p_value for first, second in found]
    assert [one.p_value for one in found.values()] == alone
    assert [one.p_adjusted for one in found.values()] == holm(alone)
    # 20 queries with RR 1/2 against 11 with 1 and 9 with 1/2: (11 * 1 + 9 * 0.5) / 20 - 0.5 = 0.275.
    assert found[0, 1].difference == pytest.approx(0.275)
    assert (found[0, 1].baseline, found[0, 1].system) == ("bad", "middle")
    assert "3 pairs were compared" in found[0, 2].notes[0].text


def test_the_front_holds_what_nobody_beats() -> None:
    #          free and poor  dear and best  dear and poor  as cheap, better  equal twins ...  unknown
    points = [(0.0, 0.2), (9.0, 0.9), (8.0, 0.3), (2.0, 0.5), (2.0, 0.5), (2.0, 0.4), None]
    assert pareto_front(points) == (True, True, False, True, True, False, False)
