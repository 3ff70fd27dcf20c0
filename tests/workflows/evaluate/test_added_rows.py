"""Lists completed with their answers are noticed, whatever share of them, and both readings are said."""

import json
import random
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from core.cli import main
from core.evaluation.judged import JudgedRow
from core.workflows.evaluate.added_rows import AddedRows, find_added_rows
from core.workflows.evaluate.data import LabelledRow, from_labelled_rows
from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import evaluate
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.verdict import added_rows_warnings
from tests.workflows.evaluate.labelled_sheet import TableScorer, write_sheet


def _rows(lists: list[list[int]]) -> list[LabelledRow]:
    return [
        LabelledRow(JudgedRow(f"q{q}", f"q{q}d{d}", label, query=f"q{q}"), f"文档 {q} {d}")
        for q, labels in enumerate(lists)
        for d, label in enumerate(labels)
    ]


def _found(lists: list[list[int]], depth: int | None = None) -> AddedRows | None:
    data = from_labelled_rows(_rows(lists), depth)
    return find_added_rows(data.judgements, data.initial)


def _honest(chance: random.Random, length: int, rate: float = 0.1) -> list[int]:
    return [int(chance.random() < rate) for _ in range(length)]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.49, 0.7, 1.0])
def test_rows_beyond_a_common_length_are_noticed_at_any_share(share: float) -> None:
    chance = random.Random(1)
    lists = [[*_honest(chance, 9), 0] + [1] * (2 if n < share * 40 else 0) for n in range(40)]
    found = _found(lists)
    assert found is not None
    assert (found.depth, found.rows, len(found.depths)) == (10, 2 * round(share * 40), round(share * 40))
    assert _found(lists, depth=10) is None


def test_lists_of_their_own_lengths_are_cut_each_at_its_end() -> None:
    chance = random.Random(2)
    lists = [[*_honest(chance, 4 + n % 9), 0] + [2] * (n % 2) for n in range(30)]
    found = _found(lists)
    assert found is not None and found.depth is None
    assert found.depths == {f"q{n}": 5 + n % 9 for n in range(1, 30, 2)}


def test_short_lists_completed_beside_long_honest_ones_are_noticed() -> None:
    chance = random.Random(3)
    lists = [[*_honest(chance, 19), 0] for _ in range(20)] + [[0, 0, 1, 0, 0, 1] for _ in range(8)]
    found = _found(lists)
    assert found is not None
    assert set(found.depths) == {f"q{n}" for n in range(20, 28)} and found.rows == 8


def test_honest_lists_are_left_alone() -> None:
    warned = 0
    for seed in range(60):
        chance = random.Random(seed)
        rate = chance.choice([0.05, 0.2, 0.4])
        warned += _found([_honest(chance, chance.randint(2, 12), rate) for _ in range(30)]) is not None
    assert warned == 0
    assert _found([[0, 1], [0, 1]]) is None, "two lists show no habit"
    assert _found([[1, 1], [1], [1, 1, 1], [1]]) is None, "nothing is irrelevant"


def _sheet(tmp_path: Path) -> Path:
    rows: list[tuple[object, ...]] = []
    for q in range(20):
        labels = [0, 0, 1, 0, 0] if q % 2 else [0, 0, 0, 0, 0, 1]
        rows += [
            (f"q{q}", f"如何退款 {q}", f"q{q}d{d}", f"文档 {q}-{d}", label, d, "")
            for d, label in enumerate(labels, 1)
        ]
    return write_sheet(tmp_path / "标注.csv", rows)


def test_json_stderr_and_workbook_say_both_readings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.xlsx"
    arguments = ["evaluate", str(_sheet(tmp_path)), "--model", "embedded", "--json", "-o", str(report)]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    added = answer["added_rows"]
    assert (added["depth"], added["rows"], added["lists"]) == (5, 10, 10)
    without = added["measures_without"]["nDCG@10"]
    # Half of the lists keep their relevant third row (0.5); of the others nothing relevant is left.
    assert without["before"] == pytest.approx(0.25)
    assert without["mean"] < answer["measures"]["nDCG@10"]["mean"]
    warning, readings = answer["warnings"]
    assert "Beyond row 5" in warning and without["sentence"] in readings
    assert warning in printed.err and readings in printed.err
    sheet = openpyxl.load_workbook(BytesIO(report.read_bytes()))["Verdict"]
    said = [row[2] for row in sheet.iter_rows(values_only=True) if row[1] == "warning"]
    assert said == [warning, readings]


def test_the_readings_differ_by_what_was_handed_over() -> None:
    data = from_labelled_rows(_rows([[0, 0, 1, 0, 0] if q % 2 else [0, 0, 0, 0, 0, 1] for q in range(20)]))
    finder = TableScorer({f"文档 {q} 5": 9.0 for q in range(0, 20, 2)})
    outcome = evaluate(data, [score_data(finder, data)])
    assert outcome.report is not None and outcome.without_added is not None
    given = outcome.report.systems[0].headline
    honest = outcome.without_added.systems[0].headline
    assert given is not None and honest is not None
    assert given.difference > 0.25 and given.verdict == "better"
    assert honest.difference == pytest.approx(0, abs=0.2) and honest.verdict != "better"
    assert "without them" in added_rows_warnings(outcome)[1].text.lower()
    assert evaluation_excel(outcome)
