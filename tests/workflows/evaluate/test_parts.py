"""What an evaluation computes: nothing before it is looked at, each part once, no part for another."""

from pathlib import Path

import pytest

from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import Outcome, evaluate
from core.workflows.evaluate.queries import query_rows
from core.workflows.evaluate.scores import score_data
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.verdict import verdict_lines
from tests.workflows.evaluate.computing import PLACES, counted
from tests.workflows.evaluate.labelled_sheet import TableScorer, sheet_rows, write_sheet


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """Of twelve queries and two models."""
    data = read_labelled(write_sheet(tmp_path / "标注.csv", sheet_rows()))
    right = TableScorer({f"文档 {q}-3": 4.0 for q in range(12)}, name="right")
    wrong = TableScorer({f"文档 {q}-3": -9.0 for q in range(12)}, name="wrong")
    return evaluate(data, [score_data(right, data), score_data(wrong, data)])


def test_what_nobody_looks_at_is_not_computed(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = counted(monkeypatch)
    assert outcome.labelled and outcome.names == ("Table right", "Table wrong")
    assert outcome.report is not None and len(outcome.report.systems) == 2
    assert not counts


def test_the_values_of_one_system_do_not_cost_those_of_another(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = counted(monkeypatch)
    assert len(query_rows(outcome, 1)) == 9
    assert counts == {"values": 2}


def test_a_part_is_computed_once(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = counted(monkeypatch)
    first = evaluation_excel(outcome)
    assert set(counts) == set(PLACES) - {"movement", "scores"} and first
    before = dict(counts)
    evaluation_excel(outcome)
    verdict_lines(outcome, 1)
    assert counts == before


def test_a_verdict_on_screen_needs_neither_triage_nor_thresholds(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = counted(monkeypatch)
    shown = [line.sentence.text for line in verdict_lines(outcome, 1, thresholds=False)]
    assert "Queries that got worse in nDCG@10: 9 of 9." in shown
    assert not {"triage", "thresholds", "movement", "scores"} & set(counts)
    assert outcome.report is not None
    worse = outcome.report.systems[1]
    assert {found.query_id for found in worse.regressions} == set(worse.worse)
