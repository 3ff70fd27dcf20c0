import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedQuery, JudgedRow, Ranking, Run, from_rows
from core.evaluation.measures import parse_measures
from core.evaluation.report import ReportSettings, evaluate
from core.evaluation.triage import Particulars

LABELLED = Path(__file__).parents[2].parent / "shared" / "data" / "labelled"

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
    evidence = {"model": {"q3": Particulars(truncated=frozenset("b"))}}
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER], particulars=evidence)
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


def test_documents_that_the_baseline_lacks_are_named_with_what_rests_on_the_baseline() -> None:
    wider = Run("wider", {q: Ranking(q, ("a", "b", "c", "d", "new")) for q in JUDGEMENTS})
    notes = [note.text for note in evaluate(JUDGEMENTS, [BEFORE, wider]).notes]
    assert any(note.startswith("«wider» ranks documents that «bm25» does not: ") for note in notes)
    assert not any("ranks documents" in note.text for note in evaluate(JUDGEMENTS, [BEFORE, AFTER]).notes)


def test_a_system_with_other_candidates_gets_its_own_ceiling_and_no_share_of_a_gap() -> None:
    judged = {f"q{i}": JudgedQuery(f"q{i}", {"a": 1, "b": 1}) for i in range(20)}
    sparse = Run("bm25", {q: Ranking(q, ("x", "a")) for q in judged})
    dense = Run("dense", {q: Ranking(q, ("a", "b")) for q in judged})
    report = evaluate(judged, [sparse, dense])
    (system,) = report.systems
    assert (system.other_candidates, system.headroom) == (20, ())
    assert (report.ceiling.mean_recall, system.ceiling.mean_recall) == (0.5, 1.0)
    document = report.as_json()
    assert document["recall_ceiling"] == 1.0
    measures = document["measures"]
    assert isinstance(measures, dict) and "gap_closed" not in measures["nDCG@10"]
    # A query that the baseline does not answer at all has other candidates too.
    half = Run("bm25", {q: sparse.rankings[q] for q in list(judged)[:10]})
    same = Run("dense", sparse.rankings)
    assert evaluate(judged, [half, same]).systems[0].other_candidates == 20
    # A cut list has no others: it is measured against the candidates that it was given.
    cut = Run("cut", {q: Ranking(q, ("a",)) for q in judged})
    assert evaluate(judged, [sparse, cut]).systems[0].headroom[0].closed is not None


def test_queries_without_any_judgement_are_named_once() -> None:
    judged = JUDGEMENTS | {"unseen": JudgedQuery("unseen", {})}
    before, after = (
        Run(r.name, {**r.rankings, "unseen": Ranking("unseen", ("a",))}) for r in (BEFORE, AFTER)
    )
    notes = [note.text for note in evaluate(judged, [before, after]).notes]
    assert notes.count("Queries of «bm25» without any judgement, not measured: 1.") == 1
    assert not any("«model» without any judgement" in note for note in notes)
    assert "Queries left out because none of their documents is relevant: 1." in notes


def test_without_a_relevant_document_no_mean_is_claimed() -> None:
    nothing = {"q": JudgedQuery("q", {"a": 0})}
    run = Run("r", {"q": Ranking("q", ("a",))})
    document = evaluate(nothing, [run, replace(run, name="other")]).as_json()
    measures = document["measures"]
    assert isinstance(measures, dict)
    assert (measures["nDCG@10"]["mean"], measures["nDCG@10"]["queries"]) == (None, 0)


def test_no_run_or_two_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="no run"):
        evaluate(JUDGEMENTS, [])
    with pytest.raises(InputError, match="both called «bm25»"):
        evaluate(JUDGEMENTS, [BEFORE, BEFORE])


def test_measures_about_judgements_only_give_no_verdict() -> None:
    report = evaluate(JUDGEMENTS, [BEFORE, AFTER], ReportSettings(parse_measures("Judged@3")))
    assert report.systems[0].headline is None
    assert report.systems[0].regressions == ()
    measures = report.as_json()["measures"]
    assert measures == {"Judged@3": {"mean": pytest.approx((23 * 1 + 2 / 3) / 24)}}


@pytest.mark.skipif(not LABELLED.exists(), reason="the shared labelled sets are not here")
@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("scifact_en", [0.649, 0.597, 0.735, 0.460]),
        ("xquadr_zh", [0.849, 0.819, 0.927, 0.747]),
        ("cosqa_code", [0.328, 0.273, 0.407, 0.167]),
    ],
)
def test_bm25_order_equals_the_figures_stated_with_the_data(name: str, figures: list[float]) -> None:
    csv.field_size_limit(10_000_000)
    with (LABELLED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            JudgedRow(r["query_id"], r["doc_id"], int(r["label"]), initial_rank=float(r["initial_rank"]))
            for r in csv.DictReader(file)
        ]
    sheet = from_rows(rows)
    means = list(evaluate(sheet.judgements, [sheet.initial]).baseline.means().values())
    assert means == pytest.approx(figures, abs=5e-4)
    # Rows beyond rank 30 are always relevant; as candidates they would leak the answer.
    honest = from_rows(replace(row, candidate=(row.initial_rank or 0) <= 30) for row in rows)
    ceiling = evaluate(honest.judgements, [honest.initial]).ceiling
    assert ceiling.mean_recall is not None and ceiling.mean_recall < 1
    assert evaluate(sheet.judgements, [sheet.initial]).ceiling.mean_recall == 1


def test_one_measure_decides_and_the_others_are_called_secondary() -> None:
    several = evaluate(
        JUDGEMENTS, [BEFORE, AFTER], ReportSettings(parse_measures("Judged@5,RR@10,nDCG@10,P@1"))
    )
    assert several.conventions[0].text.startswith("RR@10 was chosen first and decides")
    assert several.as_json()["primary"] == "RR@10"
    assert several.systems[0].headline is not None
    assert str(several.systems[0].headline.measure) == "RR@10"
    alone = evaluate(JUDGEMENTS, [BEFORE, AFTER], ReportSettings(parse_measures("nDCG@10,Judged@5")))
    assert not any("decides" in convention.text for convention in alone.conventions)
