"""Grades by hand: whose counts, undo, the drawn sample with its weights, agreement of two people."""

from pathlib import Path

import pytest

from core.evaluation.judging import ToJudge
from core.evaluation.measures import parse_measures
from core.judging.opinions import disagreements, people_of
from core.judging.store import LabelStore
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.judging import JudgementStore
from core.workflows.evaluate.scores import reranked, score_data
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.judge.by_people import (
    Stores,
    agreement_between,
    give,
    sample,
    second_queue,
    settle,
    take_back,
    weigh,
)
from tests.workflows.evaluate.labelled_sheet import TableScorer
from tests.workflows.judge.judged_sheet import judged_sheet, truth

MEASURE = parse_measures("nDCG@3")[0]
A = ToJudge("q1", "q1d1", "unjudged")


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(JudgementStore(tmp_path), LabelStore(tmp_path), "set")


def _data(tmp_path: Path, people: int) -> EvaluationData:
    return read_labelled(judged_sheet(tmp_path / "sheet.csv", people))


def _counting(stores: Stores) -> int | None:
    found = stores.counting((A.query_id, A.document_id))
    return found.label if found else None


def test_the_first_grade_counts_until_somebody_settles(stores: Stores) -> None:
    give(stores, A, 3, name="Anna", note="clear")
    second = give(stores, A, 1, name="Bo")
    assert _counting(stores) == 3 and not second.counts
    (one,) = disagreements(stores.labels.labels("set"))
    assert one.opinions == (("Anna", 3), ("Bo", 1))
    settled = settle(stores, (A.query_id, A.document_id), 2, "Cy")
    assert _counting(stores) == 2 and disagreements(stores.labels.labels("set")) == ()
    take_back(stores, settled)
    assert _counting(stores) == 3 and len(disagreements(stores.labels.labels("set"))) == 1
    take_back(stores, second)
    assert people_of(stores.labels.labels("set")) == {"Anna": 1}


def test_a_second_thought_of_the_same_person_counts_and_is_undone(stores: Stores) -> None:
    give(stores, A, 3, name="Anna", note="clear")
    give(stores, A, 1, name="Bo")
    again = give(stores, A, 0, name="Anna")
    found = stores.counting((A.query_id, A.document_id))
    assert found is not None and (found.label, found.note) == (0, "clear")
    take_back(stores, again)
    assert _counting(stores) == 3
    assert [one.opinions for one in disagreements(stores.labels.labels("set"))] == [(("Anna", 3), ("Bo", 1))]


def test_a_second_look_is_offered_what_others_judged(stores: Stores) -> None:
    give(stores, A, 3, name="Anna")
    labels = stores.labels.labels("set")
    assert [one.document_id for one in second_queue(labels, "Bo")] == ["q1d1"]
    assert second_queue(labels, "Anna") == ()


def test_the_sample_goes_query_by_query_and_its_weights_are_kept(stores: Stores, tmp_path: Path) -> None:
    data = _data(tmp_path, people=3)
    logits = {one: float(grade) for (_, one), grade in truth().items()}
    orders = [data.initial, reranked(data, score_data(TableScorer(logits), data, None, name="m"))]
    grades = truth()

    def now() -> EvaluationData:
        return data.with_grades(stores.judgements.grades("set"))

    found = sample(now(), orders, MEASURE, 3, stores.labels.labels("set"))
    assert found.progress.total == 16 and found.judged == 0
    assert not {"q0", "q1", "q2"} & set(found.drawing.order), "they were judged before, without being drawn"
    first = found.drawing.order[0]
    assert {item.query_id for item in found.queue[:2]} == {first}
    asked = 0
    while found.judged < 10:
        item = found.queue[0]
        text = data.texts[item.query_id][item.document_id]
        label = grades[data.judgements[item.query_id].query, text]
        give(stores, item, label, probability=found.probability(item.query_id))
        weigh(stores.labels, "set", found)
        found = sample(now(), orders, MEASURE, 3, stores.labels.labels("set"))
        asked += 1
    assert asked < 10 * 6
    weigh(stores.labels, "set", found)
    kept = {label.query_id: label.weight for label in stores.labels.labels("set")}
    expected = found.drawing.probabilities(min(11, len(found.drawing.order)))
    assert kept == {query: pytest.approx(1 / expected[query]) for query in found.drawing.order[:10]}
    assert found.progress.difference is not None and found.progress.difference > 0


def test_two_people_agree_as_any_two_judges_do(stores: Stores, tmp_path: Path) -> None:
    data = _data(tmp_path, people=0)
    grades = truth()
    for query, texts in data.texts.items():
        for document, text in texts.items():
            right = grades[data.judgements[query].query, text]
            item = ToJudge(query, document, "unjudged")
            give(stores, item, right, name="Anna")
            give(stores, item, min(3, right + (document.endswith("d0"))), name="Bo")
    agreed = agreement_between(data, stores.labels.labels("set"), "Anna", "Bo")
    assert agreed is not None and agreed.pairs == 80
    assert agreed.over.sign == 1 and "«Bo» grades higher than Anna" in agreed.sentences[1].text
