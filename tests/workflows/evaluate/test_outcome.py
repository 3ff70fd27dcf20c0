"""Labelled rows and known scores in, hand-calculated outcome out."""

import math
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedRow
from core.evaluation.judgements import Judgement
from core.evaluation.measures import parse_measure
from core.jobs import ScoreCache
from core.workflows.evaluate.data import (
    LabelledRow,
    from_bytes,
    from_labelled_rows,
    to_bytes,
)
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate, require_labels
from core.workflows.evaluate.queries import query_rows
from core.workflows.evaluate.scores import score_data, scored_system, usable_instruction
from core.workflows.evaluate.sheet import read_labelled
from core.workflows.evaluate.verdict import verdict_lines
from tests.workflows.evaluate.labelled_sheet import TableScorer, score_of, sheet_rows, write_sheet

RIGHT = {f"文档 {q}-3": 4.0 for q in range(12)}
# q1's relevant document falls to the last place.
ONE_LOST = RIGHT | {"文档 1-3": -9.0}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "标注.csv", sheet_rows())


def test_before_after_and_best_are_as_calculated_by_hand(sheet: Path) -> None:
    data = read_labelled(sheet)
    outcome = evaluate(data, [score_data(TableScorer(ONE_LOST), data)])
    report = outcome.report
    assert report is not None
    # 9 of 12 queries have a relevant document; it stands third before (nDCG 1/log2(4) = 0.5, RR 1/3).
    assert report.queries == 9 and len(report.baseline.without_relevant) == 3
    headline, reciprocal, recall, success = report.systems[0].comparisons
    assert headline.before == pytest.approx(0.5)
    assert headline.after == pytest.approx((8 + 1 / math.log2(5)) / 9)
    assert reciprocal.before == pytest.approx(1 / 3)
    assert reciprocal.after == pytest.approx((8 + 1 / 4) / 9)
    assert (recall.before, recall.after) == (1.0, 1.0)
    assert (success.wins, success.ties, success.losses) == (8, 1, 0)
    assert report.systems[0].headroom[0].best == 1.0
    assert set(report.systems[0].groups) == {"单", "双"}
    assert [r.query_id for r in report.systems[0].regressions] == ["q1"]


def test_the_threshold_is_advised_as_a_probability(sheet: Path) -> None:
    data = read_labelled(sheet)
    outcome = evaluate(data, [score_data(TableScorer(RIGHT), data)])
    assert outcome.report is not None
    advice = outcome.report.systems[0].thresholds
    assert advice is not None
    # Every relevant document has logit 4. Queries without any keep one such document each: 9 of 12 are right.
    # Written with four digits, rounded down so that the documents with exactly that score are kept.
    assert advice.best.threshold == 0.982 < 1 / (1 + math.exp(-4))
    assert advice.best.precision == pytest.approx(9 / 12)
    assert advice.best.recall == 1.0


def test_without_a_rank_column_the_rows_are_the_order_before(tmp_path: Path) -> None:
    rows = [(q, query, d, text, label) for q, query, d, text, label, _, _ in reversed(sheet_rows())]
    header = ("查询编号", "查询", "文档编号", "文档", "标签")
    data = read_labelled(write_sheet(tmp_path / "无排名.csv", rows, header))
    assert data.initial.rankings["q0"].documents == ("q0d4", "q0d3", "q0d2", "q0d1")


def test_words_and_a_fraction_between_them_become_grades_and_that_is_said(tmp_path: Path) -> None:
    rows = [("退款", "文档一", "是"), ("退款", "文档二", "0.5"), ("退款", "文档三", "否")]
    data = read_labelled(write_sheet(tmp_path / "标签.csv", rows, ("查询", "文档", "标签")))
    assert list(data.judgements["q1"].labels.values()) == [2, 1, 0]
    assert [(row, problem.text) for row, problem in data.problems] == [
        (None, "The labels were read as grades: 是 = 2, 否 = 0, 0.5 = 1.")
    ]


def test_a_label_beyond_every_scale_is_reported_and_the_rest_is_evaluated(tmp_path: Path) -> None:
    rows = [("退款", "文档一", "20240131"), ("退款", "文档二", "1"), ("退款", "文档三", "0")]
    data = read_labelled(write_sheet(tmp_path / "标签.csv", rows, ("查询", "文档", "标签")))
    assert list(data.judgements["q1"].labels.values()) == [1, 0]
    assert [row for row, _ in data.problems] == [2]


def test_documents_below_the_candidate_depth_stay_in_the_denominator(sheet: Path) -> None:
    data = read_labelled(sheet, depth=2)
    outcome = evaluate(data, [score_data(TableScorer(RIGHT), data)], EvaluateSettings("R@5"))
    assert data.pairs == 24
    assert outcome.report is not None
    assert outcome.report.systems[0].comparisons[0].after == 0.0
    assert outcome.report.ceiling.relevant == 9 and outcome.report.ceiling.retrieved == 0
    assert "Rows beyond the first 2" in outcome.report.notes[0].text
    with pytest.raises(InputError, match="at least 1"):
        read_labelled(sheet, depth=0)


def test_a_rows_own_instruction_goes_before_the_common_one() -> None:
    rows = [
        LabelledRow(JudgedRow("a", "1", query="A"), "one", "own"),
        LabelledRow(JudgedRow("b", "1", query="B"), "one"),
    ]
    asked = from_labelled_rows(rows).requests("common")
    assert [request.instruction for request in asked] == ["own", "common"]


def test_a_repeated_document_is_scored_once_and_reported() -> None:
    rows = [
        LabelledRow(JudgedRow("a", "1", 1, query="A"), "one", number=2),
        LabelledRow(JudgedRow("a", "1", 0, query="A"), "one", number=3),
    ]
    data = from_labelled_rows(rows)
    assert data.requests()[0].documents == ("one",)
    assert data.judgements["a"].labels == {"1": 1}
    assert [row for row, _ in data.problems] == [3]


def test_what_is_kept_with_a_job_reads_back_equal(sheet: Path) -> None:
    data = read_labelled(sheet, depth=3)
    kept = from_bytes(to_bytes(data))
    assert (kept.judgements, kept.initial, kept.texts) == (data.judgements, data.initial, data.texts)
    assert kept.notes == data.notes and kept.fingerprint == data.fingerprint
    assert kept.requests() == data.requests()


def test_grades_by_hand_replace_labels_and_leave_the_scores_comparable(sheet: Path) -> None:
    data = read_labelled(sheet)
    graded = data.with_grades([Judgement("q3", "q3d4", 3), Judgement("q0", "unknown", 3)])
    assert graded.judgements["q3"].labels["q3d4"] == 3
    assert "unknown" not in graded.judgements["q0"].labels
    assert graded.fingerprint == data.fingerprint
    assert data.judgements["q3"].labels.get("q3d4") is None
    outcome = evaluate(graded, [score_data(TableScorer(RIGHT), graded)])
    assert outcome.report is not None and outcome.report.queries == 10


def test_known_pairs_are_not_scored_again(sheet: Path, tmp_path: Path) -> None:
    data = read_labelled(sheet)
    cache = ScoreCache(tmp_path / "home")
    first = score_data(TableScorer(RIGHT), data, cache=cache)
    again = score_data(TableScorer(RIGHT), data, cache=cache)
    cache.close()
    assert first.cost is not None and again.cost is not None
    assert (first.cost.scored, again.cost.scored, again.cost.pairs) == (48, 0, 48)
    assert again.cost.milliseconds_per_pair is None
    assert again.scores == first.scores


def test_missing_scores_are_refused_with_their_number(sheet: Path) -> None:
    data = read_labelled(sheet)
    scores = [[score_of(1.0), None, score_of(0.0), score_of(2.0)] for _ in range(12)]
    with pytest.raises(InputError, match="12 of 48"):
        scored_system("s", TableScorer({}).info, None, data, scores)


def test_without_labels_only_the_change_is_told(tmp_path: Path) -> None:
    rows = [row[:4] for row in sheet_rows()]
    header = ("查询编号", "查询", "文档编号", "文档")
    data = read_labelled(write_sheet(tmp_path / "无标签.csv", rows, header))
    outcome = evaluate(data, [score_data(TableScorer(RIGHT), data)])
    assert outcome.report is None and query_rows(outcome) == ()
    # 3 1 2 4 after 1 2 3 4: two of six pairs are reversed, tau = (4 - 2) / 6.
    assert outcome.movement[0].kendall == pytest.approx(1 / 3)
    assert outcome.movement[0].first_kept == 0.0
    assert outcome.shapes[0].histogram.counts[-1] == 12
    lines = [line.sentence.text for line in verdict_lines(outcome)]
    assert "not known" in lines[0] and "Kendall's tau 0.33" in lines[1]
    with pytest.raises(InputError, match="no label"):
        require_labels(data)


def test_queries_are_listed_by_gain_with_the_ranks_of_their_first_relevant_document(sheet: Path) -> None:
    data = read_labelled(sheet)
    rows = query_rows(evaluate(data, [score_data(TableScorer(ONE_LOST), data)]))
    assert [row.outcome for row in rows] == ["better"] * 8 + ["worse"]
    assert (rows[0].first_before, rows[0].first_after) == (3, 1)
    assert (rows[-1].query_id, rows[-1].first_before, rows[-1].first_after) == ("q1", 3, 4)
    assert rows[-1].after[parse_measure("RR@10")] == pytest.approx(0.25)
    assert (rows[0].candidates, rows[0].relevant, rows[0].retrieved) == (4, 1, 1)


def test_verdict_lines_say_every_sentence_once_and_the_verdict_first(sheet: Path) -> None:
    data = read_labelled(sheet)
    lines = verdict_lines(evaluate(data, [score_data(TableScorer(ONE_LOST), data)]))
    texts = [line.sentence.text for line in lines]
    assert lines[0].kind == "verdict" and "nDCG@10" in texts[0]
    assert len(texts) == len(set(texts))
    assert "Queries that got worse in nDCG@10: 1 of 9." in texts
    assert any("retrieval missed nothing" in text for text in texts)


def test_exponential_gain_applies_to_measures_that_weigh_grades() -> None:
    chosen = EvaluateSettings("nDCG@10,RR@10", rel=2, exponential=True).chosen()
    assert [str(measure) for measure in chosen] == ["nDCG(dcg='exp-log2')@10", "RR(rel=2)@10"]
    with pytest.raises(InputError, match="No measure"):
        EvaluateSettings(" , ").chosen()


def test_a_model_without_instructions_gets_none() -> None:
    assert usable_instruction(TableScorer({}).info, "  find it ") == "find it"
    assert usable_instruction(TableScorer({}).info, "  ") is None
    assert usable_instruction(TableScorer({}, uses_instruction=False).info, "find it") is None
