import csv
import json
from pathlib import Path

import pytest

from core.evaluation.judged import JudgedQuery, JudgedRow, Ranking, Run, from_rows
from core.evaluation.measures import parse_measures
from core.evaluation.report import ReportSettings, evaluate
from core.evaluation.triage import Evidence

SCIFACT = Path(__file__).parents[2].parent / "shared" / "data" / "labelled" / "scifact_en.csv"

JUDGEMENTS = {
    f"q{i}": JudgedQuery(f"q{i}", {"a": 0, "b": 2, "c": 1}, group="even" if i % 2 == 0 else "odd")
    for i in range(24)
} | {"none": JudgedQuery("none", {"a": 0})}
BEFORE = Run("bm25", {q: Ranking(q, ("a", "b", "c", "d")) for q in JUDGEMENTS})
AFTER = Run(
    "model",
    {
        q: Ranking(q, ("a", "d", "b", "c") if q == "q3" else ("b", "c", "a", "d"), (4.0, 3.0, 2.0, 1.0))
        for q in JUDGEMENTS
    },
)


def test_report_joins_every_part_and_json_holds_the_contract() -> None:
    evidence = {"model": {"q3": Evidence(truncated=frozenset("b"))}}
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER], evidence=evidence)
    document = json.loads(json.dumps(report.as_json()))
    assert document["queries"] == 24
    assert document["left_out"] == 1
    assert set(document["measures"]) == {"nDCG@10", "RR@10", "R@5", "Success@1"}
    success = document["measures"]["Success@1"]
    assert (success["mean"], success["before"]) == (pytest.approx(23 / 24), 0.0)
    assert (success["wins"], success["ties"], success["losses"]) == (23, 1, 0)
    assert (success["verdict"], success["best_possible"]) == ("better", 1.0)
    assert success["gap_closed"] == pytest.approx(23 / 24)
    assert document["measures"]["R@5"]["verdict"] == "no_difference"
    assert document["regressions"] == 1
    assert set(document["groups"]) == {"even", "odd"}
    assert document["recall_ceiling"] == 1.0
    assert document["threshold"] == 3.0
    (system,) = report.systems
    assert system.headline is not None and system.headline.verdict == "better"
    assert [c.cause.key for c in system.regressions[0].causes] == ["truncated", "unjudged_winner"]
    assert system.agreement.rbo is not None


def test_report_says_what_its_numbers_rest_on() -> None:
    settings = ReportSettings(parse_measures("nDCG(gain=exp)@10,P(rel=3)@5"))
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER], settings)
    conventions = " ".join(c.text for c in report.conventions)
    assert "equal scores keep the order of the input" in conventions
    assert "2^g - 1" in conventions and "Linear gain" not in conventions
    notes = [note.text for note in report.notes]
    assert "Queries left out because none of their documents is relevant: 1." in notes
    assert "Unjudged documents in «model», counted as not relevant: 24 of 96." in notes
    assert "Queries without a document graded 3 or higher, where P(rel=3)@5 is 0 in any order: 24." in notes


def test_one_run_alone_is_measured_without_comparison() -> None:
    document = evaluate(JUDGEMENTS, [BEFORE]).as_json()
    assert document["run"] == "bm25"
    measures = document["measures"]
    assert isinstance(measures, dict)
    assert measures["RR@10"] == {"mean": 0.5}
    assert "baseline" not in document


def test_several_systems_are_each_reported_against_the_baseline() -> None:
    worse = Run("worse", {q: Ranking(q, ("d", "a", "c", "b")) for q in JUDGEMENTS})
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER, worse])
    model, other = report.systems
    assert [c.system for c in model.comparisons] == ["model"] * 4
    assert other.headline is not None and other.headline.verdict == "worse"
    assert other.thresholds is None
    assert len(other.regressions) == 24
    systems = report.as_json()["systems"]
    assert isinstance(systems, dict) and set(systems) == {"model", "worse"}


def test_measures_about_judgements_only_give_no_verdict() -> None:
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER], ReportSettings(parse_measures("Judged@3")))
    assert report.systems[0].headline is None
    assert report.systems[0].regressions == ()
    measures = report.as_json()["measures"]
    assert measures == {"Judged@3": {"mean": pytest.approx((23 * 1 + 2 / 3) / 24)}}


@pytest.mark.skipif(not SCIFACT.exists(), reason="the shared labelled sets are not here")
def test_bm25_on_scifact_equals_the_figures_stated_with_the_data() -> None:
    csv.field_size_limit(10_000_000)
    with SCIFACT.open(encoding="utf-8", newline="") as file:
        rows = [
            JudgedRow(r["query_id"], r["doc_id"], int(r["label"]), initial_rank=float(r["initial_rank"]))
            for r in csv.DictReader(file)
        ]
    sheet = from_rows(rows)
    report = evaluate(sheet.judgements, [sheet.initial])
    # The README's figures, computed with the appended relevant rows in their places beyond rank 30.
    means = {str(measure): mean for measure, mean in report.baseline.means().items()}
    assert means["nDCG@10"] == pytest.approx(0.649, abs=5e-4)
    assert means["RR@10"] == pytest.approx(0.597, abs=5e-4)
    assert means["R@5"] == pytest.approx(0.735, abs=5e-4)
    assert means["Success@1"] == pytest.approx(0.460, abs=5e-4)
    honest = from_rows(
        JudgedRow(
            r.query_id, r.document_id, r.label, initial_rank=r.initial_rank, candidate=r.initial_rank <= 30
        )
        for r in rows
        if r.initial_rank is not None
    )
    ceiling = evaluate(honest.judgements, [honest.initial]).ceiling
    assert ceiling.mean_recall is not None and 0.9 > ceiling.mean_recall > 0.7
