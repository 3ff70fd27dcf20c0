"""Queries are drawn so that a weighted sum is unbiased wherever one stops, and its interval covers."""

import numpy as np
import pytest

from core.evaluation.judged import Ranking, Run
from core.judging.sampling import FEWEST, Drawing, draw, pool, progress


def _run(name: str, orders: dict[str, str]) -> Run:
    return Run(name, {query: Ranking(query, tuple(order)) for query, order in orders.items()})


def test_a_query_whose_first_documents_stand_alike_needs_no_judging() -> None:
    before = _run("a", {"same": "abcd", "below": "abcd", "top": "abcd", "swap": "abcd", "judged": "abcd"})
    after = _run("b", {"same": "abcd", "below": "abdc", "top": "dabc", "swap": "acbd", "judged": "dcba"})
    drawing = draw(before, after, 2, ["judged"])
    assert set(drawing.alike) == {"same", "below"}
    assert set(drawing.order) == {"top", "swap"}
    assert drawing.sizes["top"] > drawing.sizes["swap"], "what changes the first place matters more"
    assert pool(before.rankings["top"], after.rankings["top"], 2) == ("a", "b", "d")


def test_the_order_follows_from_the_ids_and_weights_from_where_one_stops() -> None:
    before = _run("a", {str(n): "abcd" for n in range(40)})
    after = _run("b", {str(n): "dabc" if n % 2 else "bacd" for n in range(40)})
    drawing = draw(before, after, 4)
    assert draw(before, after, 4) == drawing
    assert draw(before, after, 4, seed=1).order != drawing.order
    few, many = drawing.probabilities(10), drawing.probabilities(20)
    assert len(few) == 10 and all(0 < few[query] <= many[query] <= 1 for query in few)
    assert set(drawing.probabilities(40).values()) == {1.0}


def test_nothing_is_said_before_there_is_a_sample_and_all_of_it_is_exact() -> None:
    before = _run("a", {str(n): "abcd" for n in range(20)})
    after = _run("b", {str(n): "dabc" for n in range(20)})
    drawing = draw(before, after, 4)
    differences = {str(n): 0.1 * n - 0.5 for n in range(20)}
    early = progress(drawing, differences, {}, FEWEST - 1)
    assert early.difference is None and early.left == 20 - FEWEST + 1
    whole = progress(drawing, differences, {}, 20)
    assert whole.difference == pytest.approx(np.mean(list(differences.values())))
    assert whole.interval is not None and whole.left == 0


def _world(seed: int, queries: int, effect: float) -> tuple[Run, Run, dict[str, float]]:
    """Two orders of twenty graded documents a query: alike in a third, apart in the others."""
    generator = np.random.default_rng(seed)
    discount = 1 / np.log2(np.arange(2, 12))
    orders: tuple[dict[str, Ranking], dict[str, Ranking]] = ({}, {})
    differences = {}
    for number in range(queries):
        query = str(number)
        labels = np.clip(np.round(generator.normal(0.7, 1, 20)), 0, 3)
        scores = labels * 0.5 + generator.normal(0, 1, 20)
        strength = generator.choice([0, 0.3, 1.5], p=[0.3, 0.4, 0.3])
        other = scores + strength * (generator.normal(0, 1, 20) + effect * labels)
        places = [np.argsort(-scores), np.argsort(-other)]
        ideal = float((np.sort(labels)[::-1][:10] * discount).sum())
        gains = [float((labels[place][:10] * discount).sum()) for place in places]
        differences[query] = (gains[1] - gains[0]) / ideal if ideal else 0.0
        for run, place in zip(orders, places, strict=True):
            run[query] = Ranking(query, tuple(map(str, place)))
    return Run("a", orders[0]), Run("b", orders[1]), differences


def test_estimates_are_unbiased_intervals_cover_and_are_narrower_than_those_of_a_plain_sample() -> None:
    truth = float(np.mean(list(_world(12_345, 4000, 0.3)[2].values())))
    errors, plain, covered, widths, plain_widths = [], [], 0, [], []
    for seed in range(150):
        before, after, differences = _world(seed, 120, 0.3)
        drawing = draw(before, after, 10, seed=seed)
        found = progress(drawing, differences, {}, 25)
        assert found.difference is not None and found.interval is not None
        mean = float(np.mean(list(differences.values())))
        values = np.random.default_rng(seed).choice(list(differences.values()), 25, replace=False)
        errors.append(found.difference - mean)
        plain.append(float(values.mean()) - mean)
        covered += found.interval.low <= truth <= found.interval.high
        widths.append(found.interval.high - found.interval.low)
        plain_widths.append(2 * 2.06 * float(values.std(ddof=1)) / 5)
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 150**0.5
    assert np.std(errors) < 0.85 * np.std(plain)
    assert np.mean(widths) < 0.9 * np.mean(plain_widths)
    assert 135 <= covered <= 149


def test_queries_that_were_judged_without_being_drawn_speak_for_themselves_alone() -> None:
    sizes = {str(n): 1.0 for n in range(30)}
    drawing = Drawing(tuple(sizes), sizes, ("alike",))
    found = progress(drawing, dict.fromkeys(sizes, 0.2), {"chosen": 0.9, "too": 0.7}, 30)
    assert found.total == 33
    assert found.difference == pytest.approx((30 * 0.2 + 0.9 + 0.7) / 33)


def test_about_how_many_more_falls_as_one_judges_and_ends_at_nothing() -> None:
    before, after, differences = _world(3, 400, 1.5)
    drawing = draw(before, after, 10)
    seen = [progress(drawing, differences, {}, judged) for judged in range(FEWEST, 120)]
    decided = [found.decided for found in seen]
    assert decided[-1] and seen[-1].more == 0
    assert any(found.more for found in seen if not found.decided) or decided[0]
