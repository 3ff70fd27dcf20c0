"""Terms of a glossary fitted into a query: articles and words that would stand twice."""

import csv

import pytest

from core.text.rewriting.glossary import SAMPLE, glossary_from_rows
from core.text.rewriting.variants import RewriteSettings, rewrite

with SAMPLE.open(encoding="utf-8") as lines:
    ROWS = (*csv.reader(lines), ["XR", "NASA rover", ""], ["ER", "hour rate", ""], ["UX", "user tests", ""])
SETTINGS = RewriteSettings(
    rules=("abbreviation", "synonym", "terminology"), glossary=glossary_from_rows(ROWS)
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # a and an
        ("Is there an SSO option?", "Is there a single sign-on option?"),
        ("a bill of sale", "an invoice"),
        ("A bill of sale is missing", "An invoice is missing"),
        ("a new bill of sale", "a new invoice"),
        ("an OTP code", "a one-time password code"),
        ("is a KYC needed", "is an identity verification needed"),
        ("an ER of 20 euros", "an hour rate of 20 euros"),
        ("a UX lab", "a user tests lab"),
        ("option A SSO", "option A single sign-on"),
        ("a wifi cable", "a Wi-Fi cable"),
        # Words beside it
        ("VPN network slow", "virtual private network slow"),
        ("a vpn private network", "a virtual private network"),
        ("the virtual private VPN", "the virtual private network"),
        ("VPN, network slow", "virtual private network, network slow"),
        ("VPN networking", "virtual private network networking"),
        ("社保保险怎么交", "社会保险怎么交"),
        ("短信动态码收不到", "短信验证码收不到"),
        ("社保险种", "社会保险险种"),
        # Not to be decided
        ("an XR landing", None),
        ("VPN networks", None),
        ("my mobile cellphone", None),
        ("can i single SSO users", None),
    ],
)
def test_a_term_is_fitted_in_or_left(query: str, expected: str | None) -> None:
    texts = [variant.text for variant in rewrite(query, "", SETTINGS).variants]
    assert texts == ([expected] if expected else [])


def test_the_reason_names_the_form_alone() -> None:
    found = rewrite("a VPN network", "", SETTINGS).variants[0]
    assert found.text == "a virtual private network"
    assert [reason.text for reason in found.reasons] == [
        "«VPN» is short for «virtual private network» in the glossary."
    ]
