"""Labelled questions: passages by id, by text and by a piece of text, and what cannot be used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.retrieval.passages import Corpus, Passage
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.questions import Questions, read_questions


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    places = Corpora(tmp_path / "home", kind="sqlite")
    corpus = places.open("test", create=True)
    corpus.add(
        [
            Passage("a", "A refund reaches your card within 3 to 5 days."),
            Passage("b", "保修期为两年，滤芯除外。"),
            Passage("c", "滤芯不能水洗。", "滤芯"),
        ]
    )
    yield corpus
    places.close()


def _read(corpus: Corpus, tmp_path: Path, text: str) -> Questions:
    path = tmp_path / "questions.csv"
    path.write_text(text, encoding="utf-8")
    return read_questions(path, corpus)


def test_passages_are_named_by_id_by_text_or_by_a_piece_of_it(corpus: Corpus, tmp_path: Path) -> None:
    found = _read(
        corpus,
        tmp_path,
        "question,doc_id,answer\n"
        "How long does a refund take?,a,\n"
        "保修多久？,,保修期为两年，滤芯除外。\n"
        "How fast?,,within 3 to 5  DAYS\n"
        "滤芯能洗吗,,滤芯不能水洗。\n"
        "Who are you?,,\n",
    )
    labels = {one.query: dict(one.labels) for one in found.queries.values()}
    assert labels == {
        "How long does a refund take?": {"a": 1},
        "保修多久？": {"b": 1},
        "How fast?": {"a": 1},
        "滤芯能洗吗": {"c": 1},
        "Who are you?": {},
    }
    assert found.answerable == 4 and found.notices == ()


def test_a_column_of_nothing_but_the_corpus_ids_names_the_passages(corpus: Corpus, tmp_path: Path) -> None:
    found = _read(corpus, tmp_path, "query_id,query,id,label\n7,保修多久,b,1\n8,滤芯能洗吗,c,1\n9,谁,,1\n")
    assert {one.query: dict(one.labels) for one in found.queries.values()} == {
        "保修多久": {"b": 1},
        "滤芯能洗吗": {"c": 1},
        "谁": {},
    }
    assert [notice.sentence.text for notice in found.notices] == [
        "The column «id» was read as the passages' ids: it holds nothing but ids of this corpus."
    ]
    with pytest.raises(InputError, match="no question with a passage"):
        _read(corpus, tmp_path, "query_id,query,id,label\n7,保修多久,b,1\n8,滤芯能洗吗,elsewhere,1\n")


def test_rows_of_one_question_are_joined_and_grades_kept(corpus: Corpus, tmp_path: Path) -> None:
    found = _read(
        corpus,
        tmp_path,
        "query_id,query,document_id,label\nq7,refund,a,2\nq7,refund,b,0\nq7,refund,a,1\nq8,x,c,1.5\n",
    )
    assert {name: dict(one.labels) for name, one in found.queries.items()} == {"q7": {"a": 2, "b": 0}}
    assert "no whole number" in found.notices[0].message


def test_answers_that_are_nowhere_are_told(corpus: Corpus, tmp_path: Path) -> None:
    found = _read(corpus, tmp_path, "query,document_id,label\nrefund time,a,1\nwhich colour,zz,1\n")
    assert "1, first «zz» in row 3" in found.notices[0].message
    with pytest.raises(InputError, match="no question with a passage"):
        _read(corpus, tmp_path, "query,document_id,label\nwhich colour,zz,1\nwhich size,yy,1\n")
