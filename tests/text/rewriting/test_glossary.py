"""Glossaries: their columns, what is refused, and what replacing a form is called."""

import pytest

from core.errors import InputError
from core.text.rewriting.glossary import MOST_FORMS, glossary_from_rows, kind_of

HEADER = ("term", "canonical", "aliases")


def test_forms_point_to_their_canonical_one() -> None:
    glossary = glossary_from_rows([HEADER, ("2FA", "two-factor authentication", "MFA | two step login")])
    assert {form.text: (form.canonical, form.kind) for form in glossary.forms} == {
        "2FA": ("two-factor authentication", "abbreviation"),
        "MFA": ("two-factor authentication", "abbreviation"),
        "two step login": ("two-factor authentication", "synonym"),
    }
    assert glossary.problems == () and glossary.further == 3


def test_chinese_headers_notes_above_and_blank_rows_are_read() -> None:
    rows = [
        ("客服术语表", "", ""),
        ("术语", "规范词", "别名"),
        ("", "", ""),
        ("社保", "社会保险", "社会保障；五险"),
    ]
    glossary = glossary_from_rows(rows)
    assert {form.text for form in glossary.forms} == {"社保", "社会保障", "五险"}


def test_a_row_without_a_canonical_form_keeps_its_term() -> None:
    glossary = glossary_from_rows([HEADER, ("sign-in", "", "log on|logon")])
    assert glossary.canonical == ("sign-in",)
    assert {form.canonical for form in glossary.forms} == {"sign-in"}


def test_what_cannot_be_used_is_said_with_its_row() -> None:
    rows = [
        HEADER,
        ("VPN", "virtual private network", ""),
        ("vpn client", "VPN client", "VPN"),
        ("404", "page not found", "E1001|err_code|机"),
        ("", "", "alone"),
    ]
    glossary = glossary_from_rows(rows)
    assert [(row, problem.text) for row, problem in glossary.problems] == [
        (3, "«VPN» already stands for «virtual private network»; «VPN client» was left out."),
        (4, "«404» is a number, a code or an identifier and is never replaced."),
        (4, "«E1001» is a number, a code or an identifier and is never replaced."),
        (4, "«err_code» is a number, a code or an identifier and is never replaced."),
        (4, "«机» is a single character; it would be found inside other words and was left out."),
        (5, "The row has no term and was left out."),
    ]


def test_a_canonical_form_is_no_alias_of_another() -> None:
    glossary = glossary_from_rows([HEADER, ("refund", "refund", ""), ("money", "payment", "refund")])
    assert [form.text for form in glossary.forms] == ["money"]
    assert len(glossary.problems) == 1


@pytest.mark.parametrize(
    ("form", "canonical", "kind"),
    [
        ("wifi", "Wi-Fi", "terminology"),
        ("ＷＩＦＩ", "Wi-Fi", "terminology"),
        ("single sign on", "single sign-on", "terminology"),
        ("IoT", "internet of things", "abbreviation"),
        ("5G", "fifth generation", "abbreviation"),
        ("北大", "北京大学", "abbreviation"),
        ("刷脸", "人脸识别", "synonym"),
        ("WeChat", "微信", "synonym"),
        ("handset", "mobile phone", "synonym"),
    ],
)
def test_what_replacing_a_form_is_called(form: str, canonical: str, kind: str) -> None:
    assert kind_of(form, canonical) == kind


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "The glossary has no column «term»; found: –."),
        ([("a", "b")], "The glossary has no column «term»; found: a, b."),
        ([("term", "meaning")], "The glossary has no column «canonical»; found: term, meaning."),
        ([HEADER], "The glossary holds no term."),
    ],
)
def test_a_table_that_is_no_glossary_is_refused(rows: list[tuple[str, ...]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        glossary_from_rows(rows, "terms.csv")
    assert caught.value.message == message and caught.value.where == "terms.csv"


def test_too_many_forms_are_refused() -> None:
    rows = [HEADER, *((f"form {word}", "word", "") for word in range(MOST_FORMS + 1))]
    with pytest.raises(InputError, match="the limit is 20000"):
        glossary_from_rows([rows[0], *((name.replace("form ", "w "), c, a) for name, c, a in rows[1:])])
