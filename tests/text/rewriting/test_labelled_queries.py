"""The labelled queries are in order, and the rules keep the rates that were measured on them."""

from collections import Counter

import pytest

from benchmarks.rewriting import Outcome, outcomes, rates
from core.text.rewriting.variants import Variant
from tests.text.rewriting.labelled_queries import LabelledQuery, content, judged, labelled_queries


@pytest.fixture(scope="module")
def measured() -> list[Outcome]:
    return outcomes()


def test_rows_are_many_labelled_in_full_and_no_row_stands_twice() -> None:
    rows = labelled_queries()
    assert len(rows) >= 1150 and sum(row.half == "blind" for row in rows) >= 80
    assert {row.domain for row in rows} == {"shop", "support", "legal", "it", "hr", "medical", "logistics"}
    assert all(bool(row.acceptable) == (row.label == "rewrite") or row.label == "form" for row in rows)
    counted = Counter((row.query, row.context) for row in rows)
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("half", "goals"),
    [
        ("development", {"harmful": 0.03, "useless": 0.1, "useful": 0.75, "found": 0.7}),
        # One of its two harmful variants was mended after it had been measured.
        ("blind", {"harmful": 0.03, "useless": 0.1, "useful": 0.75, "found": 0.7}),
    ],
)
def test_the_rules_keep_their_rates(measured: list[Outcome], half: str, goals: dict[str, float]) -> None:
    shares = rates([one for one in measured if one.query.half == half])
    assert shares["harmful"] <= goals["harmful"] and shares["useless"] <= goals["useless"]
    assert shares["useful"] >= goals["useful"] and shares["found"] >= goals["found"]


def _judgement(label: str, query: str, text: str, *acceptable: str) -> str:
    row = LabelledQuery("it", query, "", label, acceptable, 1, "en", "development")  # type: ignore[arg-type]
    return judged(row, Variant(text, "reference", ("reference",), ()))


def test_a_variant_is_judged_by_what_it_says() -> None:
    assert _judgement("rewrite", "Is it free?", "is the Acme Hub free", "is Acme Hub free") == "useful"
    assert _judgement("rewrite", "它免费吗", "请问它免费吗？", "云帆免费吗") == "useless"
    assert _judgement("rewrite", "它免费吗", "天猫免费吗", "云帆免费吗") == "harmful"
    assert _judgement("leave", "怎么退款", "如何退款") == "useless"
    assert _judgement("form", "请问怎么退款", "如何退款") == "useful"
    assert content("Could you tell me how I can pay?") == content("how to pay")
    assert content("how to pay") != content("how not to pay")
