"""Runs and judgements of other tools, as files."""

import pytest

from core.errors import InputError
from core.workflows.evaluate.files import NamedFile, free_name, read_judgements_file, read_runs
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate_runs

QRELS = NamedFile("qrels.txt", b"q1 0 d1 1\nq1 0 d2 0\nq2 0 d9 2\n")
RUN = NamedFile("bm25.run", b"q1 Q0 d2 1 9.5 bm25\nq1 Q0 d1 2 9.0 bm25\n")
OTHER = NamedFile("other.run", b"q1 Q0 d1 1 3 bm25\nq1 Q0 d2 2 2 bm25\nq2 Q0 d9 1 5 bm25\nbroken\n")


def test_runs_are_compared_with_the_first_and_get_distinct_names() -> None:
    imported = read_runs([RUN, OTHER], QRELS)
    assert [run.name for run in imported.runs] == ["bm25", "bm25 (2)"]
    assert [(name, line) for name, line, _ in imported.problems] == [("other.run", 4)]
    report = evaluate_runs(imported.judgements, imported.runs, EvaluateSettings("RR")).report
    assert report is not None
    comparison = report.systems[0].comparisons[0]
    # q1: 1/2 before, 1 after; q2: not answered before, 1 after.
    assert (comparison.before, comparison.after) == (0.25, 1.0)
    assert "32-bit" in report.conventions[0].text


def test_judgements_from_a_chinese_excel_csv_are_read() -> None:
    content = "query_id,query,document_id,label,note\r\nq1,退款多久到账,文档一,3,好\r\n".encode("gb18030")
    (judgement,) = read_judgements_file(NamedFile("标注.csv", content)).judgements
    assert (judgement.query, judgement.document_id, judgement.label) == ("退款多久到账", "文档一", 3)


def test_a_broken_file_is_named_with_its_line() -> None:
    with pytest.raises(InputError) as caught:
        read_runs([NamedFile("a.run", b"one two\n")], QRELS)
    assert caught.value.where == "a.run, line 1"


def test_a_taken_name_gets_the_next_free_number() -> None:
    assert free_name("m", []) == "m"
    assert free_name("m", ["m", "m (2)"]) == "m (3)"
