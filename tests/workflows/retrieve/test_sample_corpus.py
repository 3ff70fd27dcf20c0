"""The sample corpus is as large as promised, and its labels name passages that exist."""

import csv
from pathlib import Path

from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.questions import read_questions
from core.workflows.retrieve.sample_corpus import PASSAGES, QUESTIONS, add_sample


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_is_large_enough_and_in_two_languages() -> None:
    passages, questions = _rows(PASSAGES), _rows(QUESTIONS)
    assert len(passages) >= 300 and len({row["document"] for row in passages}) == len(passages)
    chinese = sum("\u4e00" <= row["document"][0] <= "\u9fff" for row in passages)
    assert chinese >= 100 and len(passages) - chinese >= 100
    groups = {row["query_id"]: row["group"] for row in questions}
    hard = sum(group in ("none", "zh-en", "en-zh") for group in groups.values())
    assert len(groups) >= 60 and hard >= len(groups) / 3


def test_every_label_names_a_passage_and_some_questions_have_none(tmp_path: Path) -> None:
    places = Corpora(tmp_path, kind="sqlite")
    corpus = places.open("sample", create=True)
    added = add_sample(corpus)
    assert added.report.added == len(_rows(PASSAGES)) and added.notices == ()
    assert len(corpus.info.sources) == 3
    questions = read_questions(QUESTIONS, corpus)
    assert questions.notices == ()
    empty = {query_id for query_id, one in questions.queries.items() if not one.labels}
    assert empty == {row["query_id"] for row in _rows(QUESTIONS) if row["group"] == "none"}
    assert questions.answerable == len(questions.queries) - len(empty)
    places.close()
