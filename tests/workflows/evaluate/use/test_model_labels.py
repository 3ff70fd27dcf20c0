"""The shipped sample with few labels of people and many of a judge whose errors are known."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.evaluation.judgements import Judgement, write_judgements
from core.jobs import ScoreCache
from core.judging.labels import GradesByQuery
from core.records import Scorer
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate
from core.workflows.evaluate.scores import ScoredSystem, score_data
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.use.model_labels import ModelLabels, json_of, powered_verdicts
from core.workflows.home.sample_table import TABLE


@pytest.fixture(scope="module")
def sample() -> EvaluationData:
    return read_labelled(TABLE)


@pytest.fixture(scope="module")
def system(
    sample: EvaluationData, embedded: Scorer, tmp_path_factory: pytest.TempPathFactory
) -> ScoredSystem:
    cache = ScoreCache(tmp_path_factory.mktemp("cache"))
    try:
        return score_data(embedded, sample, cache=cache)
    finally:
        cache.close()


def people_of(data: EvaluationData, count: int) -> EvaluationData:
    """Only this many queries, chosen by chance, keep their labels."""
    kept = set(random.Random(2).sample(sorted(data.judgements), count))
    judgements = {
        query: judged if query in kept else replace(judged, labels={})
        for query, judged in data.judgements.items()
    }
    return replace(data, judgements=judgements)


def judge(data: EvaluationData, wrong: Callable[[random.Random, int], int]) -> GradesByQuery:
    """Grades every document of the sample; wrong(draw, grade): what it makes of the true grade."""
    draw = random.Random(7)
    return {
        query: {document: wrong(draw, grade) for document, grade in judged.labels.items()}
        for query, judged in data.judgements.items()
    }


def slightly_over_rating(draw: random.Random, grade: int) -> int:
    """One grade up in one of ten, never down."""
    return min(3, grade + (draw.random() < 0.1))


def guessing(draw: random.Random, grade: int) -> int:
    return draw.randint(0, 3)


def verdict_of(
    data: EvaluationData, system: ScoredSystem, grades: GradesByQuery
) -> tuple[Outcome, dict[str, object]]:
    outcome = evaluate(people_of(data, 30), [system], EvaluateSettings("nDCG@10"))
    (found,) = powered_verdicts(outcome, ModelLabels("fake", grades))
    (record,) = json_of([found])
    return outcome, record


def test_thirty_judged_queries_and_a_fake_judge_give_a_verdict(
    sample: EvaluationData, system: ScoredSystem
) -> None:
    _, record = verdict_of(sample, system, judge(sample, slightly_over_rating))
    assert record["verdict"] in ("better", "worse", "cannot_tell")
    assert (record["judged_by_people"], record["judged_by_the_model_alone"]) == (30, 34)
    low, high = record["interval"]  # type: ignore[misc]
    alone_low, alone_high = record["people_alone"]["interval"]  # type: ignore[index]
    assert high - low < alone_high - alone_low and record["worth"] > 1.2  # type: ignore[operator]
    # What all 64 labelled queries say, which 30 and the judge have to hold.
    whole = evaluate(sample, [system], EvaluateSettings("nDCG@10", keep_without_relevant=True))
    assert whole.report is not None and whole.report.systems[0].headline is not None
    assert low <= whole.report.systems[0].headline.difference <= high


def test_a_judge_who_guesses_leaves_people_alone(sample: EvaluationData, system: ScoredSystem) -> None:
    _, record = verdict_of(sample, system, judge(sample, guessing))
    assert record["worth"] >= 1  # type: ignore[operator]
    if record["trust"] == 0:
        assert record["interval"] == record["people_alone"]["interval"]  # type: ignore[index]
        assert str(record["sentences"][0]).startswith("By people's labels alone: ")  # type: ignore[index]


def test_a_models_labels_change_no_number_of_the_verdict_by_people(
    sample: EvaluationData, system: ScoredSystem
) -> None:
    outcome, _ = verdict_of(sample, system, judge(sample, guessing))
    assert outcome.labelled and outcome.report is not None
    alone = evaluate(people_of(sample, 30), [system], EvaluateSettings("nDCG@10")).report
    assert alone is not None
    assert outcome.report.as_json() == alone.as_json()


def model_file(folder: Path, grades: GradesByQuery) -> Path:
    path = folder / "judge.csv"
    rows = [
        Judgement(query, document, grade) for query, of in grades.items() for document, grade in of.items()
    ]
    path.write_text(write_judgements(rows, "csv"), encoding="utf-8")
    return path


def test_a_file_of_grades_reads_back_as_the_judges(sample: EvaluationData, tmp_path: Path) -> None:
    from core.workflows.evaluate.files import open_file
    from core.workflows.evaluate.judging import read_grades
    from core.workflows.evaluate.use.model_labels import grades_in

    grades = judge(sample, slightly_over_rating)
    read = read_grades(open_file(str(model_file(tmp_path, grades))), sample)
    assert grades_in(read.judgements) == grades
    assert json.dumps(grades)
