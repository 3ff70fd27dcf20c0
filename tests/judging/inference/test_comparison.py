"""Both kinds of label in one verdict: what is used, what is left out, and what is said."""

import random

import pytest

from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.measures import parse_measure
from core.judging.inference.comparison import powered_comparison
from core.judging.inference.verdict import PoweredComparison

QUERIES = [f"q{at}" for at in range(200)]
DOCUMENTS = tuple("abcd")
TRUE = {query: {one: int(one == "abcd"[at % 4]) * 2 for one in DOCUMENTS} for at, query in enumerate(QUERIES)}


def runs(gain: float) -> tuple[Run, Run]:
    """After lifts the relevant document to the top in `gain` of the queries and sinks it in a tenth."""
    draw, before, after = random.Random(3), {}, {}
    for query in QUERIES:
        before[query] = Ranking(query, DOCUMENTS)
        relevant = [one for one in DOCUMENTS if TRUE[query][one]]
        others = [one for one in DOCUMENTS if not TRUE[query][one]]
        drawn = draw.random()
        order = (
            [*relevant, *others]
            if drawn < gain
            else [*others, *relevant]
            if drawn < gain + 0.1
            else DOCUMENTS
        )
        after[query] = Ranking(query, tuple(order))
    return Run("before", before), Run("after", after)


def by_people(count: int) -> dict[str, JudgedQuery]:
    chosen = random.Random(4).sample(QUERIES, count)
    return {query: JudgedQuery(query, TRUE[query]) for query in chosen}


def compared(people: dict[str, JudgedQuery], gain: float, spelling: str = "nDCG@10") -> PoweredComparison:
    return powered_comparison(people, TRUE, *runs(gain), parse_measure(spelling))


def test_a_judge_who_is_right_decides_what_people_alone_could_not() -> None:
    found = compared(by_people(30), 0.15)
    assert found.verdict == "better" and found.difference is not None
    assert found.difference.alone_interval.low < 0 < found.difference.interval.low
    assert found.difference.judged == 30 and found.difference.further == 170
    assert found.after is not None and found.before is not None
    assert found.after - found.before == pytest.approx(found.difference.mean)
    said = [one.text for one in found.sentences]
    assert said[0].startswith("With the model's labels: better by 0.")
    assert said[1].startswith("By people's labels alone, of 30 queries: +0.")
    assert f"as good as {found.difference.worth:.1f} × as many" in said[2]


def test_a_query_of_which_people_judged_a_part_is_left_out_and_counted() -> None:
    people = by_people(30)
    half = next(iter(people))
    people[half] = JudgedQuery(half, {"a": 1})
    found = compared(people, 0.3)
    assert found.difference is not None
    assert (found.difference.judged, found.difference.further) == (29, 170)
    assert any("left out: 1." in note.text for note in found.notes)


def test_few_judged_queries_get_no_verdict() -> None:
    found = compared(by_people(9), 0.3)
    assert found.verdict == "too_few" and found.difference is None and found.before is None
    assert "9. From 10 on" in found.sentences[0].text


def test_drawn_documents_are_weighed_and_dcg_stands_in_for_ndcg() -> None:
    draw_one, people, draw = random.Random(6), {}, {}
    for query in QUERIES:
        drawn = [one for one in DOCUMENTS if draw_one.random() < 0.2]
        people[query] = JudgedQuery(query, {one: TRUE[query][one] for one in drawn})
        draw[query] = dict.fromkeys(drawn, 0.2)
    before, after = runs(0.3)
    found = powered_comparison(people, TRUE, before, after, parse_measure("nDCG@10"), draw=draw)
    assert found.drawn and str(found.measure) == "DCG@10" and found.difference is not None
    # The model is never wrong here, so its own difference is the truth.
    truth = powered_comparison(
        {query: JudgedQuery(query, TRUE[query]) for query in QUERIES},
        TRUE,
        before,
        after,
        parse_measure("DCG@10"),
    )
    assert truth.difference is not None and found.difference.mean == pytest.approx(
        truth.difference.mean, abs=0.02
    )
    assert found.difference.worth > 2
    assert any("DCG@10 instead of nDCG@10" in note.text for note in found.notes)
    refused = powered_comparison(people, TRUE, before, after, parse_measure("RR@10"), draw=draw)
    assert refused.verdict == "too_few" and "RR@10 cannot be estimated" in refused.sentences[0].text
