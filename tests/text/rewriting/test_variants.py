"""The rules on hand-written cases, and what holds for any query."""

import itertools
import random

import pytest

from core.text.rewriting.glossary import Glossary, glossary_from_rows
from core.text.rewriting.spans import protected_spans
from core.text.rewriting.variants import RewriteSettings, rewrite
from tests.text.rewriting.rewriting_cases import CHANGED, GLOSSARY, LUYOU, ROUTER, UNCHANGED, Case

SETTINGS = RewriteSettings(glossary=glossary_from_rows(GLOSSARY))


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.query)
def test_a_query_is_reworded(case: Case) -> None:
    found = rewrite(case.query, case.context, SETTINGS)
    assert {variant.source: variant.text for variant in found.variants} == case.expected
    assert all(variant.reasons for variant in found.variants)


@pytest.mark.parametrize("case", UNCHANGED, ids=lambda case: case.query)
def test_a_query_stays_as_it_is(case: Case) -> None:
    assert [variant.text for variant in rewrite(case.query, case.context, SETTINGS).variants] == []


def test_there_are_as_many_cases_as_were_promised() -> None:
    assert len(CHANGED) + len(UNCHANGED) >= 120
    assert len({case.query for case in (*CHANGED, *UNCHANGED)}) == len(CHANGED) + len(UNCHANGED)


def test_rewriting_its_own_result_changes_nothing_more() -> None:
    for case in CHANGED:
        last = rewrite(case.query, case.context, SETTINGS).variants[-1]
        again = rewrite(last.text, case.context, SETTINGS).variants
        assert [variant.text for variant in again if set(variant.rules) & set(last.rules)] == []


def test_at_most_three_variants_none_twice_and_the_one_with_all_rules_is_kept() -> None:
    query = "Could you tell me how I can turn off 2FA on it over wifi with my cellphone?"
    found = rewrite(query, ROUTER, SETTINGS)
    assert [variant.source for variant in found.variants] == ["reference", "abbreviation", "all"]
    assert len({variant.text for variant in found.variants} | {query}) == 4
    assert found.variants[-1].text == (
        "How to turn off two-factor authentication on Acme Router X2 over Wi-Fi with my mobile phone?"
    )
    one = rewrite(query, ROUTER, RewriteSettings(limit=1, glossary=SETTINGS.glossary))
    assert [variant.source for variant in one.variants] == ["all"]
    many = rewrite(query, ROUTER, RewriteSettings(limit=10, glossary=SETTINGS.glossary))
    assert [variant.source for variant in many.variants] == [
        "reference",
        "abbreviation",
        "synonym",
        "terminology",
        "all",
    ]


def test_nothing_is_written_while_it_stays_open_what_is_meant() -> None:
    found = rewrite("How do I turn off 2FA on it?", "", SETTINGS)
    assert not found.variants and found.notices


@pytest.mark.parametrize(
    ("query", "context", "asked"),
    [
        ("它支持无线充电吗", "沙发配的脚踏挺好看的", "沙发"),
        ("is it real", "My plan is giffgaff Golden Goodybag.", "Golden Goodybag"),
        ("are they regulated", "A friend uses Trading 212.", "Trading 212"),
    ],
)
def test_what_is_only_likely_is_asked_for_and_not_written(query: str, context: str, asked: str) -> None:
    found = rewrite(query, context, SETTINGS)
    assert not found.variants
    assert [notice.facts["entity"] for notice in found.notices] == [asked]
    assert "seems to stand for" in found.notices[0].text


@pytest.mark.parametrize(
    ("query", "context", "text"),
    [
        ("它会不会裂", "我买了两个康宁玻璃保鲜盒", None),
        ("它会不会裂", "我买了个康宁玻璃保鲜盒", "康宁玻璃保鲜盒会不会裂"),
        ("它多久换", "仓库那台斑马标签打印机ZD421", "斑马标签打印机ZD421多久换"),
        ("他们赔吗", "合同是跟业之峰签的", "业之峰赔吗"),
        ("该公司要赔吗", "我被瑞丰物流有限公司的车撞了", "瑞丰物流有限公司要赔吗"),
        ("他要赔吗", "我表弟撞了车", "我表弟要赔吗"),
        ("it keeps crashing", "User: hi. Agent: Please open Moment.js.", "Moment.js keeps crashing"),
        ("can he sign", "My ex Dominik has custody.", "can Dominik sign"),
    ],
)
def test_names_are_whole_and_people_need_no_name(query: str, context: str, text: str | None) -> None:
    found = {variant.source: variant.text for variant in rewrite(query, context, SETTINGS).variants}
    assert found.get("reference") == text


def test_only_chosen_rules_apply() -> None:
    settings = RewriteSettings(rules=("question",), glossary=SETTINGS.glossary)
    found = rewrite("Hello, how do I turn off 2FA on the router?", ROUTER, settings)
    assert [variant.text for variant in found.variants] == ["How to turn off 2FA on the router?"]


def test_a_pronoun_that_the_context_does_not_explain_is_said() -> None:
    found = rewrite("请问它怎么用", "", SETTINGS)
    assert [notice.text for notice in found.notices] == ["The context does not name what «它» stands for."]
    assert found.variants == ()


@pytest.mark.parametrize(
    ("query", "context", "notice"),
    [
        ("它防水吗", "荣耀Magic6和OPPO Find X7", "«它» may stand for «荣耀Magic6» or for «OPPO Find X7»."),
        ("他几点下班", "李强和王伟都值班。", "«他» may stand for «李强» or for «王伟»."),
        (
            "is he in",
            "John Miller and Peter Hughes called.",
            "«he» may stand for «John Miller» or for «Peter Hughes».",
        ),
        (
            "is the latter cheaper",
            "I want a kettle.",
            "The context does not name what «the latter» stands for.",
        ),
        ("前者保修几年", "我想买吹风机。", "The context does not name what «前者» stands for."),
        ("其是否包邮", "", "The context does not name what «其» stands for."),
        ("那家店几点开门", "", "The context does not name what «那家店» stands for."),
        ("what's their fax number", "", "The context does not name what «their» stands for."),
        ("how do I turn that off", "", "The context does not name what «that» stands for."),
    ],
)
def test_what_may_be_several_or_none_is_said_and_left(query: str, context: str, notice: str) -> None:
    found = rewrite(query, context, SETTINGS)
    assert found.variants == () and [one.text for one in found.notices] == [notice]


@pytest.mark.parametrize(
    ("query", "context", "expected"),
    [
        ("它俩哪个更轻", "我在荣耀Magic6和OPPO Find X7之间犹豫。", "荣耀Magic6和OPPO Find X7哪个更轻"),
        ("后者多重", "我想比较追觅H30与戴森V12。", "戴森V12多重"),
        ("哪个更省电", "海信E3或者创维A5", "海信E3和创维A5哪个更省电"),
        ("她几岁", "我爸叫赵国庆，我妈叫孙丽华。", "孙丽华几岁"),
        ("其续航多久", "我买了深信服EasyConnect", "深信服EasyConnect的续航多久"),
        ("那家店能停车吗", "我去过宜家徐汇店", "宜家徐汇店能停车吗"),
        ("does she drive", "Maria Gomez is the agent, David Chen the lawyer.", "does Maria Gomez drive"),
        ("do they ship abroad", "I ordered from Decathlon.", "does Decathlon ship abroad"),
        ("are they warm", "I bought Sorel Caribou boots.", "are Sorel Caribou boots warm"),
        (
            "which one is louder",
            "The Miele C3 or the Bosch BGL8.",
            "which one, Miele C3 or Bosch BGL8, is louder",
        ),
        ("is that store open", "I went to the IKEA Croydon store.", "is IKEA Croydon store open"),
    ],
)
def test_two_people_companies_and_shops_are_told_apart(query: str, context: str, expected: str) -> None:
    assert [variant.text for variant in rewrite(query, context, SETTINGS).variants] == [expected]


def test_the_entity_mentioned_last_is_taken_and_where_it_was_bought_is_not() -> None:
    context = "I had a Contoso Hub 5. Then I got the Acme Router X2 at Best Buy."
    found = rewrite("does it support WPA3", context, SETTINGS)
    assert found.variants[0].text == "does Acme Router X2 support WPA3"
    assert found.entities[0] == "Acme Router X2" and found.entities[-1] == "Best Buy"


def test_a_person_with_a_title_is_no_thing() -> None:
    context = "I bought the Acme Router X2. Ask Dr. Meyer in Hamburg City."
    assert rewrite("is it loud", context).variants[0].text == "is Acme Router X2 loud"
    assert rewrite("what is her number", context).variants[0].text == "what is Dr. Meyer's number"
    assert rewrite("他在吗", "在中国银行上海分行办理，由张伟经理负责").variants[0].text == "张伟经理在吗"
    assert rewrite("那里几点开门", "在中国银行上海分行办理").variants[0].text == "中国银行上海分行几点开门"


def test_a_name_from_the_context_is_not_rewritten_by_the_glossary() -> None:
    found = rewrite("Does it need VPN access?", "We use the Acme VPN Gateway.", SETTINGS)
    assert found.variants[-1].text == "Does Acme VPN Gateway need virtual private network access?"


def test_every_reason_names_the_change() -> None:
    found = rewrite("请问它怎么开票？", LUYOU, SETTINGS).variants[-1]
    assert [reason.text for reason in found.reasons] == [
        "«它» stands for «北辰路由器AX30», which the context names.",
        "«开票» is short for «开具发票» in the glossary.",
        "«请问» says nothing of what is asked and was left out.",
        "«怎么» was written «如何», as questions in documents are.",
    ]


@pytest.mark.parametrize("query", ["", "   ", "？", "?!", "🙂", "\ud800 it", "a" * 5000, "它" * 300])
def test_odd_queries_do_no_harm(query: str) -> None:
    found = rewrite(query, ROUTER, SETTINGS)
    assert found.query == query


def test_numbers_codes_and_quotations_survive_every_rule() -> None:
    """Queries put together at random from parts that may not change and parts that may."""
    chance = random.Random(6)
    kept = (
        "E1001",
        "0x80070005",
        "3.5",
        "2026-11-21",
        "snake_case_id",
        '"VPN it"',
        "《它》",
        "/var/log/it",
        "v1.2.3",
    )
    loose = (
        "how do I reset it",
        "怎么重置它",
        "wifi",
        "社保",
        "请问",
        "VPN",
        "this device",
        "cellphone",
        "开票",
    )
    for _ in range(400):
        parts = [chance.choice(loose), chance.choice(kept), chance.choice(loose), chance.choice(kept)]
        query = " ".join(parts)
        wanted = [query[span.start : span.end] for span in protected_spans(query)]
        for variant in rewrite(query, f"{ROUTER} {LUYOU}", SETTINGS).variants:
            missing = [text for text in wanted if variant.text.count(text) < query.count(text)]
            assert not missing, (query, variant.text, missing)


def test_no_word_comes_from_nowhere() -> None:
    """Every Latin word of a variant stands in the query, the context, the glossary, or is a form word."""
    glossary = " ".join(itertools.chain.from_iterable(GLOSSARY)).lower()
    form_words = {"how", "to", "is", "has", "of", "at", "s"}
    for case in CHANGED:
        known = f"{case.query} {case.context} {glossary}".lower()
        for variant in rewrite(case.query, case.context, SETTINGS).variants:
            words = "".join(c if c.isascii() and c.isalpha() else " " for c in variant.text.lower()).split()
            assert [word for word in words if word not in known and word not in form_words] == []


def test_the_same_input_gives_the_same_output() -> None:
    for case in CHANGED:
        assert rewrite(case.query, case.context, SETTINGS) == rewrite(case.query, case.context, SETTINGS)


def test_without_glossary_and_context_only_the_question_form_changes() -> None:
    for case in CHANGED:
        sources = {v.source for v in rewrite(case.query, "", RewriteSettings(glossary=Glossary())).variants}
        assert sources <= {"question"}
