"""Two measurements of the same questions on two corpora, with hand-made lists and known scores."""

import io
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedQuery
from core.jobs import Job, JobRunner, JobStore, keep_upload
from core.workflows.retrieve.comparing import compare_measurements
from core.workflows.retrieve.jobs import new_measurement
from core.workflows.retrieve.measuring import Retrieved
from core.workflows.retrieve.questions import Questions
from core.workflows.retrieve.searching import Lists, SearchAsked
from tests.retrieval.corpora import opened, passage
from tests.workflows.evaluate.labelled_sheet import TableScorer

QUESTIONS = 12
SCORER = TableScorer({"answer": 4.0, "wrong": 2.0, "better than the answer": 5.0})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    made = JobStore(tmp_path / "home")
    yield made
    made.close()


def _measured(
    store: JobStore, folder: Path, corpus_name: str, texts: tuple[str, ...], *, k: int = 3, first: int = 0
) -> Job:
    """A finished measurement: each question finds the same passages; the one that reads «answer» is right."""
    corpus = opened("sqlite", folder / corpus_name)
    names = [f"{corpus_name}-{number}" for number in range(len(texts))]
    corpus.add([passage(name, text) for name, text in zip(names, texts, strict=True)])
    labels = {names[texts.index("answer")]: 1}
    ids = [f"{corpus_name}{number}" for number in range(first, first + QUESTIONS)]
    queries = {one: JudgedQuery(one, labels, f"question {one.removeprefix(corpus_name)}") for one in ids}
    found = tuple(names[:k])
    lists = {one: Lists({"bm25": found, "embedding": found}, {"bm25": 0.1}) for one in ids}
    retrieved = Retrieved(Questions("asked.csv", queries), lists, SearchAsked("union", k))
    file = keep_upload(store.home, "asked.csv", io.BytesIO(b"query"))
    runner = JobRunner(store, lambda job: SCORER)
    try:
        new = new_measurement(f"run {corpus_name}", corpus_name, retrieved, corpus, SCORER, None, file)
        return runner.wait(runner.submit(new).id)
    finally:
        runner.close()
        corpus.close()


def test_questions_are_matched_by_their_text_and_judged_by_their_own_labels(
    store: JobStore, tmp_path: Path
) -> None:
    old = _measured(store, tmp_path, "old", ("wrong", "better than the answer", "answer"))
    new = _measured(store, tmp_path, "new", ("wrong", "answer", "wrong"), k=2)
    compared = compare_measurements(store, old, new)
    assert compared.questions == QUESTIONS and str(compared.measure) == "nDCG@10"
    systems = {one.name: one for one in compared.systems}
    # By hand: the answer stands third, then second after the reranker; in the other corpus second, then first
    assert systems["bm25"].first == pytest.approx(0.5)
    assert systems["bm25"].second == pytest.approx(1 / math.log2(3))
    two = systems["union + reranker"]
    assert (two.first, two.second) == (pytest.approx(1 / math.log2(3)), 1)
    assert (two.first_pairs, two.second_pairs) == (3, 2)
    assert compared.verdict.verdict == "better"
    assert (
        compared.verdict.difference == pytest.approx(two.difference) and compared.verdict.queries == QUESTIONS
    )
    assert [one.text for one in compared.warnings] == [
        "They differ in the corpus: old and new.",
        "They differ in the candidates of each search: 3 and 2.",
    ]


def test_questions_that_only_one_asked_are_left_out_and_counted(store: JobStore, tmp_path: Path) -> None:
    old = _measured(store, tmp_path, "old", ("wrong", "answer"), k=2)
    new = _measured(store, tmp_path, "new", ("wrong", "answer"), k=2, first=2)
    compared = compare_measurements(store, old, new)
    assert compared.questions == QUESTIONS - 2 and compared.verdict.verdict == "no_difference"
    assert "Questions that only one of them asked, left out: 4." in [one.text for one in compared.warnings]


def test_without_a_common_question_nothing_is_compared(store: JobStore, tmp_path: Path) -> None:
    old = _measured(store, tmp_path, "old", ("wrong", "answer"), k=2)
    new = _measured(store, tmp_path, "new", ("wrong", "answer"), k=2, first=QUESTIONS)
    with pytest.raises(InputError, match="run old and run new have no question"):
        compare_measurements(store, old, new)
