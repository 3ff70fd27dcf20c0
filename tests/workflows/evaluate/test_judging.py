"""Grades given by hand are kept at once and found again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.judgements import Format, Judgement, read_judgements, write_judgements
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import NamedFile
from core.workflows.evaluate.judging import JudgementStore, all_judgements, grade, read_grades
from core.workflows.evaluate.sheet import read_labelled
from tests.workflows.evaluate.labelled_sheet import sheet_rows, write_sheet


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JudgementStore]:
    opened = JudgementStore(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def data(tmp_path: Path) -> EvaluationData:
    return read_labelled(write_sheet(tmp_path / "标注.csv", sheet_rows(4)))


def test_a_grade_is_there_for_whoever_opens_the_folder_next(store: JudgementStore, tmp_path: Path) -> None:
    store.save("file", [grade("q0", "文档 4", 3, "  答全了  ")])
    other = JudgementStore(tmp_path / "home")
    assert other.grades("file") == (Judgement("q0", "文档 4", 3, note="答全了"),)
    assert other.grades("another file") == ()
    other.close()


def test_a_second_grade_replaces_the_first_and_can_be_taken_back(store: JudgementStore) -> None:
    store.save("file", [grade("q0", "d", 3), grade("q1", "d", 0)])
    store.save("file", [grade("q0", "d", 1)])
    assert {(j.query_id, j.label) for j in store.grades("file")} == {("q0", 1), ("q1", 0)}
    store.forget("file", "q0", "d")
    assert [j.query_id for j in store.grades("file")] == ["q1"]


def test_ids_with_broken_characters_are_kept(store: JudgementStore) -> None:
    store.save("file", [grade("\ud800", "a\0b", 2)])
    assert store.grades("file") == (Judgement("\ud800", "a\0b", 2),)


def test_a_grade_outside_the_scale_is_refused() -> None:
    with pytest.raises(InputError, match="0, 1, 2, 3"):
        grade("q", "d", 4)


@pytest.mark.parametrize("form", ["csv", "trec", "quepid"])
def test_judgements_go_out_and_come_in_again(form: Format, data: EvaluationData) -> None:
    grades = (Judgement("q0", "q0d4", 3, note="看过"),)
    everything = all_judgements(data.with_grades(grades), grades)
    assert len(everything) == 13
    text = write_judgements(everything, form)
    read = read_grades(NamedFile("j", text.encode("utf-8")), data)
    assert read.elsewhere == 0 and not read.problems
    assert {(j.query_id, j.document_id, j.label) for j in read.judgements} == {
        (j.query_id, j.document_id, j.label) for j in everything
    }
    if form == "csv":
        assert read_judgements(text, "csv").judgements == everything


def test_judgements_of_other_documents_are_counted_and_left_out(data: EvaluationData) -> None:
    read = read_grades(NamedFile("qrels", b"q0 0 q0d4 2\nq0 0 nowhere 1\nq99 0 q0d4 1\n"), data)
    assert [(j.query_id, j.document_id, j.label) for j in read.judgements] == [("q0", "q0d4", 2)]
    assert read.elsewhere == 2
