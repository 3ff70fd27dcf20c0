"""What a pronoun may stand for: things only for «it», no sellers, customers, places or amounts."""

import pytest

from core.text.rewriting.variants import RewriteSettings, rewrite

SETTINGS = RewriteSettings(rules=("reference", "subject"))


@pytest.mark.parametrize(
    ("query", "context"),
    [
        # The seller
        ("How do I descale it?", "I bought a kettle from Amazon."),
        ("Can I return it?", "I bought a kettle at Best Buy."),
        ("Can I return it?", "I bought a kettle from 7-Eleven and a lamp at B2B Lights."),
        ("Does it need descaling?", "The kettle is made by Bosch."),
        # The customer
        ("Can I return it?", "Customer Anna Schmidt ordered a dress on 12 May."),
        ("Can I return it?", "My name is Anna. I ordered a dress."),
        ("Can I return it?", "Anna Schmidt recently bought a dress."),
        ("Is it covered?", "I spoke with Anna Schmidt about the damage."),
        ("它怎么退", "客户张伟在上海分行办理了业务。"),
        # A place
        ("How do I reset it?", "The customer lives in Berlin and has a router."),
        ("Can I return it?", "I took the camera to the Apple Store in Hamburg."),
        ("它能退吗", "我在京东买了东西。"),
        # Of a person or of a thing
        ("Is it refundable?", "Maria Lopez has a subscription."),
        # Amounts and dates
        ("Can I return it?", "It was 999 EUR."),
        ("Can I return it?", "I ordered the dress on the 12th May and on 3 Jan 2026."),
    ],
)
def test_what_may_be_no_thing_is_not_taken_for_it(query: str, context: str) -> None:
    found = rewrite(query, context, SETTINGS)
    assert [variant.text for variant in found.variants] == []
    assert len(found.notices) == 1 and found.notices[0].text.startswith("The context does not name what")


def test_no_person_is_put_where_the_subject_is_missing() -> None:
    assert rewrite("How to cancel?", "Maria Lopez has a subscription.", SETTINGS).variants == ()
    assert rewrite("怎么退？", "张伟买了东西。", SETTINGS).variants == ()


@pytest.mark.parametrize(
    ("query", "context", "expected"),
    [
        ("How much is it?", "The Dell XPS 13 costs 999 EUR.", "How much is Dell XPS 13?"),
        ("它怎么退", "张伟买了一台咖啡机。", "咖啡机怎么退"),
        ("它怎么注销", "我办了银行卡。", "银行卡怎么注销"),
        ("Can I return it?", "I switched from the iPhone 12 to the iPhone 15.", "Can I return iPhone 15?"),
        ("Does it run offline?", "I upgraded to Photoshop.", "Does Photoshop run offline?"),
        ("Is it loud?", "The Acme Router has two antennas.", "Is Acme Router loud?"),
        ("what is her number", "Customer Anna Schmidt has a router.", "what is Anna Schmidt's number"),
        # A context that is nothing but the name
        ("How old is it?", "Central Station", "How old is Central Station?"),
        ("它有多大", "上海", "上海有多大"),
        ("它支持什么", "华为", "华为支持什么"),
        # Places
        ("Can I park there?", "I live in Hamburg.", "Can I park in Hamburg?"),
        ("How do I get there?", "I live in Hamburg.", "How do I get to Hamburg?"),
        ("opening hours?", "I bought it at Central Mall.", "Central Mall opening hours?"),
        (
            "Can I get it repaired there?",
            "I took my Canon EOS R6 to the Apple Store in Hamburg.",
            "Can I get it repaired at Apple Store?",
        ),
        ("Can I get a refund there?", "I went to the Apple Store.", "Can I get a refund at Apple Store?"),
        ("那边几点开门", "客户在上海分行办理了业务。", "上海分行几点开门"),
    ],
)
def test_a_thing_and_a_place_are_told_apart(query: str, context: str, expected: str) -> None:
    assert [variant.text for variant in rewrite(query, context, SETTINGS).variants] == [expected]


@pytest.mark.parametrize("query", ["我这边显示已签收怎么办", "你们那里几点开门", "我们这儿收不到"])
def test_the_side_of_a_speaker_is_no_place_of_the_context(query: str) -> None:
    found = rewrite(query, "客户在上海分行办理了业务。", SETTINGS)
    assert found.variants == () and found.notices == ()
