import pytest

from core.evaluation.triage import wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How do I open the files?", {"open", "fil"}),
        ("def readLines(file_name):", {"def", "read", "lin", "fil", "nam"}),
        ("路由器怎么重启", {"路由", "路由器", "重启"}),
    ],
)
def test_words_that_say_what_is_asked(text: str, expected: set[str]) -> None:
    assert wording.terms(text) == expected


def test_numbers_are_compared_without_separators() -> None:
    assert wording.numbers("１,２９９ yuan, version 3.11") == {"1299", "3.11"}
    assert wording.numbers("满三十天") == {"三十"}


@pytest.mark.parametrize("query", ["how many rooms", "多久到货", "哪年成立", "when does it open"])
def test_a_query_for_a_number_is_known(query: str) -> None:
    assert wording.asks_number(query)


@pytest.mark.parametrize("text", ["how to pay", "怎么付款", "whenever"])
def test_another_query_asks_for_no_number(text: str) -> None:
    assert not wording.asks_number(text)


@pytest.mark.parametrize(
    "text", ["without sugar", "doesn't start", "不含糖", "除周一外均不开放", "cannot be returned"]
)
def test_denial_is_known(text: str) -> None:
    assert wording.negates(text)


@pytest.mark.parametrize("text", ["a knot", "有没有现货", "非常好", "无线耳机", "not only cars"])
def test_what_only_looks_like_denial_is_none(text: str) -> None:
    assert not wording.negates(text)


def test_a_not_inside_a_name_asks_for_nothing_to_be_left_out() -> None:
    assert wording.asks_without("不含糖的饮料") and wording.asks_without("soap without perfume")
    assert not wording.asks_without("哪位人士主张公民不服从")


def test_names_are_capitals_inside_codes_and_what_jieba_calls_names() -> None:
    assert wording.names("Does the Lumo lamp dim?") == ("lumo",)
    assert wording.names("iPhone 的北京售后在哪") == ("iphone", "北京")
    assert wording.names("How to reset a password") == ()


@pytest.mark.parametrize(
    ("text", "query", "held"),
    [
        ("def s3_connect(key): ...", "connect to s3 with python", True),
        ("def s3_connect(key): ...", "what does s3_connect return", True),
        ("def b2b_login(): ...", "b2 login", False),
        ("version 3.11 is needed", "python 11", False),
        ("tighten screw b-17", "which screw is b-17", True),
    ],
)
def test_a_code_is_also_found_inside_a_name_of_code(text: str, query: str, held: bool) -> None:
    assert wording.contains_exactly(text, query) is held
