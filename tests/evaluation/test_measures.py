import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from core.evaluation.judged import JudgedQuery, Ranking, Run, rank_by_score
from core.evaluation.kinds import (
    COMMON_MEASURES,
    DECIDING_MEASURES,
    DEFAULT_MEASURES,
    KINDS,
    MeasureKind,
    RankedLabels,
)
from core.evaluation.measures import Measure, parse_measure, parse_measures
from core.evaluation.per_query import evaluate_run

VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "metrics" / "vectors.json"

# One query, order «abcde»; grades a=0 b=1 d=2, c unjudged, e=0; x=1 was judged but not retrieved.
LABELS = {"a": 0, "b": 1, "d": 2, "e": 0, "x": 1}
# log2(3) = 1.584963, log2(4) = 2, log2(5) = 2.321928
# linear DCG  = 1/1.584963 + 2/2.321928 = 0.630930 + 0.861353 = 1.492283
# linear IDCG = 2 + 1/1.584963 + 1/2 = 3.130930
# exp. DCG    = 1/1.584963 + 3/2.321928 = 0.630930 + 1.292030 = 1.922959; IDCG = 3 + 0.630930 + 0.5 = 4.130930
HAND_CALCULATED = [
    ("DCG", 1.492283),
    ("nDCG", 1.492283 / 3.130930),
    ("nDCG@3", 0.630930 / 3.130930),
    ("nDCG(dcg='exp-log2')", 1.922959 / 4.130930),
    ("nDCG(dcg='exp-log2')@2", 0.630930 / 3.630930),
    ("RR", 1 / 2),
    ("RR@1", 0.0),
    ("RR(rel=2)@10", 1 / 4),
    ("R@2", 1 / 3),
    ("R@10", 2 / 3),
    ("R(rel=2)@4", 1.0),
    ("P@5", 2 / 5),
    ("P@10", 2 / 10),
    ("P(rel=2)@4", 1 / 4),
    ("Success@1", 0.0),
    ("Success@2", 1.0),
    ("Success(rel=2)@3", 0.0),
    ("AP", (1 / 2 + 2 / 4) / 3),
    ("AP@3", (1 / 2) / 3),
    ("Rprec", 1 / 3),
    ("Judged@2", 1.0),
    ("Judged@3", 2 / 3),
    ("Judged", 4 / 5),
]


def one_query(order: str = "abcde") -> Run:
    return Run("r", {"q": Ranking("q", tuple(order))})


@pytest.mark.parametrize(("name", "expected"), HAND_CALCULATED)
def test_measure_equals_the_hand_calculation(name: str, expected: float) -> None:
    measure = parse_measure(name)
    evaluation = evaluate_run({"q": JudgedQuery("q", LABELS)}, one_query(), [measure])
    assert evaluation.values[measure]["q"] == pytest.approx(expected, abs=1e-5)


def vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    return [
        pytest.param(case, expected, id=f"{case['id']}-{expected['metric']}-{number}")
        for case in json.loads(VECTORS.read_text(encoding="utf-8"))
        for number, expected in enumerate(case["expected"])
    ]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
@pytest.mark.parametrize(("case", "expected"), vectors())
def test_measure_equals_other_tools(case: dict[str, Any], expected: dict[str, Any]) -> None:
    name = expected["metric"] + (f"@{expected['k']}" if expected["k"] else "")
    kind = parse_measure(name).kind
    gain = "exponential" if expected["gain"] == "exp" else "linear"
    measure = Measure(kind, expected["k"], expected["rel"] if kind.takes_rel else 1, gain)
    judgements = {q: JudgedQuery(q, labels) for q, labels in case["qrels"].items()}
    run = Run(
        "r",
        {
            q: rank_by_score(q, [d for d, _ in docs], [s for _, s in docs], ties="trec_eval")
            for q, docs in case["run"].items()
        },
    )
    evaluation = evaluate_run(judgements, run, [measure])
    query = expected["query_id"]
    value = evaluation.mean(measure) if query == "mean" else evaluation.values[measure][query]
    assert value == pytest.approx(expected["value"], abs=expected["tol"])


def test_all_96_vectors_are_tried() -> None:
    assert len(vectors()) in (0, 96)


def test_exponential_gain_agrees_with_pytrec_eval_on_mapped_labels() -> None:
    import ir_measures

    labels = {"a": 3, "b": 0, "c": 1, "d": 2, "z": 3}
    mapped = {document: 2**label - 1 for document, label in labels.items()}
    run = {"q": {document: float(9 - i) for i, document in enumerate("badce")}}
    theirs = next(iter(ir_measures.pytrec_eval.iter_calc([ir_measures.nDCG @ 3], {"q": mapped}, run)))
    ours = parse_measure("nDCG(gain=exp)@3")
    evaluation = evaluate_run({"q": JudgedQuery("q", labels)}, one_query("badce"), [ours])
    assert evaluation.values[ours]["q"] == pytest.approx(theirs.value, abs=1e-12)


def test_our_order_is_measured_not_trec_evals_tie_break() -> None:
    tied = rank_by_score("q", ["a", "b"], [0.5, 0.5])
    assert tied.documents == ("a", "b")
    measure = parse_measure("Success@1")
    evaluation = evaluate_run({"q": JudgedQuery("q", {"a": 1})}, Run("r", {"q": tied}), [measure])
    assert evaluation.mean(measure) == 1.0


def test_trec_eval_ties_go_by_document_id_descending_and_32_bit_scores() -> None:
    # 1 + 1e-9 and 1 are the same 32-bit number
    assert rank_by_score("q", ["a", "b"], [1 + 1e-9, 1.0], ties="trec_eval").documents == ("b", "a")
    assert rank_by_score("q", ["a", "b"], [1 + 1e-9, 1.0]).documents == ("a", "b")


def test_queries_without_a_relevant_document_are_left_out_and_counted() -> None:
    judgements = {"q": JudgedQuery("q", {"a": 1}), "none": JudgedQuery("none", {"a": 0, "b": -1})}
    run = Run("r", {"q": Ranking("q", ("a",)), "none": Ranking("none", ("a", "b"))})
    measure = parse_measure("nDCG@10")
    evaluation = evaluate_run(judgements, run, [measure])
    assert evaluation.without_relevant == ("none",)
    assert evaluation.queries == ("q",)
    assert evaluation.mean(measure) == 1.0
    kept = evaluate_run(judgements, run, [measure], keep_without_relevant=True)
    assert kept.mean(measure) == 0.5


def test_queries_that_nobody_judged_are_not_measured_even_where_zeros_count() -> None:
    judged = {"a": JudgedQuery("a", {"d": 1}), "b": JudgedQuery("b", {"d": 0}), "c": JudgedQuery("c", {})}
    run = Run("r", {q: Ranking(q, ("d",)) for q in judged})
    for keep, queries in ((False, ("a",)), (True, ("a", "b"))):
        found = evaluate_run(judged, run, parse_measures("RR@10"), keep_without_relevant=keep)
        assert (found.queries, found.unjudged_queries) == (queries, ("c",))
        assert found.without_relevant == (() if keep else ("b",))


def test_unanswered_query_counts_as_zero_and_unjudged_documents_are_counted() -> None:
    judgements = {"q": JudgedQuery("q", {"a": 1}), "lost": JudgedQuery("lost", {"a": 1})}
    run = Run("r", {"q": Ranking("q", ("a", "b", "c")), "extra": Ranking("extra", ("a",))})
    measures = parse_measures("nDCG@10,Judged@10,nDCG(gain=exp),RR@10")
    evaluation = evaluate_run(judgements, run, measures)
    assert evaluation.missing == ("lost",)
    assert evaluation.unjudged_queries == ("extra",)
    assert (evaluation.ranked, evaluation.unjudged) == (3, 2)
    assert [evaluation.values[m]["lost"] for m in measures] == [0, 0, 0, 0]
    assert evaluation.mean(measures[0]) == 0.5


def test_no_judged_query_gives_no_mean() -> None:
    measure = parse_measure("AP")
    assert evaluate_run({}, one_query(), [measure]).mean(measure) is None


def test_spelling_round_trips_and_aliases_are_equal() -> None:
    for text in ("nDCG@10", "RR(rel=2)@10", "nDCG(dcg='exp-log2')@10", "AP", "Judged@10", "Rprec"):
        assert str(parse_measure(text)) == text
    assert parse_measure("mrr@10") == parse_measure("RR@10")
    assert parse_measure("hit@1") == parse_measure("Success@1")
    assert parse_measure("ndcg(gain=exp)@10") == parse_measure("nDCG(dcg='exp-log2')@10")
    assert [str(m) for m in parse_measures(DEFAULT_MEASURES)] == DEFAULT_MEASURES.split(",")
    assert [str(m) for m in parse_measures("P(rel=2)@5, P(rel=2)@5 ,AP")] == ["P(rel=2)@5", "AP"]


def test_spelling_is_also_ir_measures_spelling() -> None:
    import ir_measures

    assert str(ir_measures.P(rel=2) @ 5) == str(parse_measure("P(rel=2)@5"))
    assert str(ir_measures.nDCG(dcg="exp-log2") @ 10) == str(parse_measure("nDCG(gain=exp)@10"))
    for kind in KINDS:
        # What is computed here for every gain may be unknown there, or known by another name.
        if not kind.computed_here("linear"):
            assert str(getattr(ir_measures, kind.name)) == kind.name


def test_default_threshold_applies_where_none_is_written() -> None:
    assert [str(m) for m in parse_measures("nDCG@10,RR@10,P(rel=1)@5", default_rel=2)] == [
        "nDCG@10",
        "RR(rel=2)@10",
        "P@5",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nDGC@10", "nDCG@10"),
        ("", "nDCG@10"),
        ("P", "P@10"),
        ("P@0", "at least 1"),
        ("Rprec@5", "@5"),
        ("AP(gain=exp)", "rel=2"),
        ("P(rel=0)@5", "rel=2"),
    ],
)
def test_bad_measure_is_refused_with_what_is_known(text: str, part: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_measure(text)
    assert part in str(caught.value)


def test_huge_labels_are_refused_before_trec_eval_allocates_for_them() -> None:
    with pytest.raises(InputError, match="20240131"):
        JudgedQuery("q", {"a": 20240131})


def test_large_labels_do_not_overflow_exponential_gain() -> None:
    measure = parse_measure("nDCG(gain=exp)@10")
    evaluation = evaluate_run({"q": JudgedQuery("q", {"a": 1000})}, one_query(), [measure])
    assert evaluation.mean(measure) == 1.0


def test_what_is_offered_is_spelt_as_it_is_parsed_and_only_measures_of_quality_may_decide() -> None:
    offered = [parse_measure(name) for name in COMMON_MEASURES]
    assert [str(measure) for measure in offered] == list(COMMON_MEASURES)
    assert len(set(offered)) == len(offered) > 10
    deciding = [str(measure) for measure in offered if measure.kind.quality]
    assert list(DECIDING_MEASURES) == deciding
    assert "Judged@10" in COMMON_MEASURES and "Judged@10" not in DECIDING_MEASURES
    assert set(DEFAULT_MEASURES.split(",")) <= set(DECIDING_MEASURES)


def test_a_measure_that_carries_its_computation_is_measured_by_it() -> None:
    """First relevant rank, which ir-measures does not know: declared, it is all there is to do."""

    def first_relevant(query: RankedLabels) -> float:
        ranks = [at for at, label in enumerate(query.ranked, 1) if (label or 0) >= query.rel]
        return float(ranks[0]) if ranks else float(len(query.judged))

    kind = MeasureKind("First", "First", "Rank of the first.", "none", takes_rel=True, own=first_relevant)
    measure = Measure(kind, rel=2)
    evaluation = evaluate_run({"q": JudgedQuery("q", LABELS)}, one_query(), [measure, parse_measure("RR")])
    assert [values["q"] for values in evaluation.values.values()] == [4.0, 0.5]
