"""The gain ledger on orders made by hand: outcomes, rescues, statistics, decisions."""

import io
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from core.evaluation.measures import parse_measure
from core.workflows.rewrite.decisions import (
    CHOSEN_HERE,
    Decisions,
    DecisionStore,
    advised,
    chosen_by_outcome,
    followed,
    winning_queries,
)
from core.workflows.rewrite.export import rewrite_excel
from core.workflows.rewrite.ledger import ACCEPTED, LedgerSettings, gain_ledger, tally_of
from tests.workflows.rewrite.wording_scorer import scored, sheet

SECOND = 1 / math.log2(3)
TOP_ONE = LedgerSettings(parse_measure("nDCG@1"))

# a gains, b loses, c stays; d has no label at all, e no variant. Relevant is always d2.
LABELS = {"a": (0, 1), "b": (0, 1), "c": (0, 1), "d": (None, None), "e": (0, 1)}
ORDERS = {
    "a": {"original": ("d1", "d2"), "reference": ("d2", "d1")},
    "b": {"original": ("d2", "d1"), "reference": ("d1", "d2"), "question": ("d2", "d1")},
    "c": {"original": ("d2", "d1"), "reference": ("d2", "d1")},
    "d": {"original": ("d1", "d2"), "reference": ("d2", "d1")},
    "e": {"original": ("d1", "d2")},
}


def test_every_rewrite_has_its_outcome() -> None:
    ledger = gain_ledger(scored(sheet(LABELS), ORDERS))
    found = {(row.query_id, row.variant.source): row for row in ledger.rows}
    assert {key: row.outcome for key, row in found.items()} == {
        ("a", "reference"): "gained",
        ("b", "reference"): "lost",
        ("b", "question"): "same",
        ("c", "reference"): "same",
        ("d", "reference"): None,
    }
    gained = found["a", "reference"]
    assert gained.before == pytest.approx(SECOND) and gained.after == 1.0
    assert gained.difference == pytest.approx(1 - SECOND)
    assert (gained.top_before, gained.top_after) == (False, True)
    assert gained.first_changed and gained.movement == 1.0
    unlabelled = found["d", "reference"]
    assert unlabelled.before is None and unlabelled.top_before is None and unlabelled.first_changed
    assert (ledger.queries, ledger.rewritten, ledger.measured) == (5, 4, 3)


def test_a_rule_counts_gained_lost_rescued_and_harmed() -> None:
    ledger = gain_ledger(scored(sheet(LABELS), ORDERS), TOP_ONE)
    reference, question = ledger.rules
    assert reference.name == "reference" and question.name == "question"
    assert (reference.queries, reference.measured) == (4, 3)
    assert (reference.gained, reference.lost, reference.same) == (1, 1, 1)
    # To the depth of 1, what gained was rescued and what lost was harmed.
    assert (reference.rescued, reference.harmed) == (1, 1)
    assert (reference.top_before, reference.top_after) == (2, 2)
    assert reference.first_changed == 0.75
    assert (question.queries, question.gained, question.lost, question.same) == (1, 0, 0, 1)
    deep = gain_ledger(scored(sheet(LABELS), ORDERS)).rules[0]
    assert (deep.rescued, deep.harmed) == (0, 0)


def test_ways_of_merging_are_tallied_over_all_rewritten_queries() -> None:
    ledger = gain_ledger(scored(sheet(LABELS), ORDERS))
    assert [tally.name for tally in ledger.merges] == ["maximum", "mean", "reciprocal"]
    # Two wordings with opposite orders of two documents tie; the order before decides: d1 first.
    mean = ledger.merges[1]
    assert (mean.queries, mean.measured) == (4, 3)
    assert (mean.top_before, mean.top_after) == (2, 2)


def test_a_rule_that_always_gains_is_accepted_with_exact_statistics() -> None:
    labels = {f"q{at}": (0, 1) for at in range(12)}
    orders = {
        query: {"original": ("d1", "d2"), "reference": ("d2", "d1"), "question": ("d1", "d2")}
        for query in labels
    }
    data = scored(sheet(labels), orders)
    ledger = gain_ledger(data)
    reference, question = ledger.rules
    assert reference.comparison is not None and question.comparison is not None
    assert reference.comparison.difference == pytest.approx(1 - SECOND)
    # Two of the 2^12 sign patterns are as far from 0; two rules are compared, so Holm doubles the smaller p.
    assert reference.comparison.p_value == pytest.approx(2 / 2**12)
    assert reference.comparison.p_adjusted == pytest.approx(4 / 2**12)
    assert reference.advice == "accept" and question.advice == "undecided"
    assert advised(ledger).rules == {"reference": True, "question": False}


def test_rules_that_nobody_decided_on_follow_the_advice() -> None:
    labels = {f"q{at}": (0, 1) for at in range(12)}
    orders = {query: {"original": ("d1", "d2"), "reference": ("d2", "d1")} for query in labels}
    ledger = gain_ledger(scored(sheet(labels), orders))
    assert followed(ledger, Decisions()).rules == {"reference": True}
    decided = Decisions({"reference": False}, {("q1", "query q1 as reference"): True})
    assert followed(ledger, decided) == decided


def test_a_rule_that_always_loses_is_rejected() -> None:
    labels = {f"q{at}": (0, 1) for at in range(12)}
    orders = {query: {"original": ("d2", "d1"), "question": ("d1", "d2")} for query in labels}
    ledger = gain_ledger(scored(sheet(labels), orders))
    assert [rule.advice for rule in ledger.rules] == ["reject"]


def test_without_labels_only_movement_is_known() -> None:
    labels = dict.fromkeys(LABELS, (None, None))
    ledger = gain_ledger(scored(sheet(labels), ORDERS))
    assert ledger.measured == 0
    assert all(rule.comparison is None and rule.advice == "undecided" for rule in ledger.rules)
    assert ledger.rules[0].first_changed == 0.75
    assert {row.outcome for row in ledger.rows} == {None}


def test_winning_queries_follow_rules_and_single_decisions() -> None:
    data = scored(sheet(LABELS), ORDERS)
    ledger = gain_ledger(data)
    none = winning_queries(data, ledger, Decisions())
    assert [winner.text for winner in none] == [f"query {query}" for query in LABELS]
    rule = winning_queries(data, ledger, Decisions({"reference": True}))
    assert [winner.source for winner in rule] == ["reference"] * 4 + [None]
    text = "query b as reference"
    single = winning_queries(data, ledger, Decisions({"reference": True}, {("b", text): False}))
    assert [winner.source for winner in single] == ["reference", None, "reference", "reference", None]
    # Of two accepted wordings the one with the higher measure wins.
    both = winning_queries(data, ledger, Decisions({"reference": True, "question": True}))
    assert [winner.source for winner in both][1] == "question"


def test_the_accepted_rewrites_are_tallied_together() -> None:
    data = scored(sheet(LABELS), ORDERS)
    tally = tally_of(data, "accepted", {"a": 1, "c": 1}, LedgerSettings())
    assert tally is not None and (tally.gained, tally.lost, tally.measured) == (1, 0, 2)
    assert tally_of(data, "accepted", {}, LedgerSettings()) is None


def test_rewrites_picked_by_their_outcome_get_a_warning_and_no_test_in_the_report() -> None:
    data = scored(sheet(LABELS), ORDERS)
    ledger = gain_ledger(data)
    assert len(ledger.rules) == 2
    decisions = Decisions({"reference": True})
    winners = winning_queries(data, ledger, decisions)
    wordings = {winner.query_id: winner.row.wording for winner in winners if winner.row}
    accepted = tally_of(data, ACCEPTED, wordings, ledger.settings)
    book = openpyxl.load_workbook(io.BytesIO(rewrite_excel(ledger, winners, decisions, accepted)))
    header, *rows = book["Rules"].iter_rows(values_only=True)
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    row = found["accepted"]
    assert (
        row["difference"] is not None and (row["verdict"], row["p_value"], row["p_adjusted"]) == (None,) * 3
    )
    assert str(row["sentence"]).endswith(CHOSEN_HERE)
    assert found["reference"]["p_value"] is not None and CHOSEN_HERE not in str(
        found["reference"]["sentence"]
    )
    alone = replace(ledger, rules=ledger.rules[:1])
    assert not chosen_by_outcome(alone, decisions)
    assert chosen_by_outcome(alone, Decisions({"reference": True}, {("b", "query b as reference"): False}))


def test_decisions_are_kept_and_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    store = DecisionStore(tmp_path)
    assert store.read("job1") is None
    kept = Decisions({"reference": True}, {("问题1", "改写\ud800"[:2]): False})
    store.save("job1", kept)
    assert DecisionStore(tmp_path).read("job1") == kept
    assert store.read("../job1") == kept, "no path leads out of the folder"
    next(tmp_path.rglob("job1.json")).write_text("[]", encoding="utf-8")
    assert store.read("job1") is None


def test_one_decision_is_put_into_those_that_another_tab_kept(tmp_path: Path) -> None:
    store = DecisionStore(tmp_path)
    store.change("job1", {"reference": True}, {("q1", "a"): True})
    store.change("job1", {"question": False}, {("q2", "b"): False})
    assert store.read("job1") == Decisions(
        {"reference": True, "question": False}, {("q1", "a"): True, ("q2", "b"): False}
    )
    assert store.change("job1", rewrites={("q1", "a"): None}).rewrites == {("q2", "b"): False}


def test_decisions_of_many_at_once_are_all_kept(tmp_path: Path) -> None:
    # Each thread has a store of its own, as a program has; the lock is the folder's, not the process's.
    def decide(number: int) -> None:
        DecisionStore(tmp_path).change("job1", rewrites={(f"q{number}", "a"): True})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decide, range(40)))
    kept = DecisionStore(tmp_path).read("job1")
    assert kept is not None
    assert len(kept.rewrites) == 40
