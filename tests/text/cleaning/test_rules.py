"""Each rule does what it says and leaves its counter-examples alone."""

import pytest

from core.errors import InputError
from core.text.cleaning.documents import RuleChange, clean_documents, clean_lists, cleaning_counts, touched_by
from core.text.cleaning.rules import RULES, CleaningRule, rule_names
from core.text.cleaning.thin_documents import thinness
from tests.text.cleaning.cleaning_cases import CHARACTERS, HTML, LINES, Case

CHANGING = ("html", "controls", "width", "boilerplate", "lines")
ALL = (*LINES, *CHARACTERS, *HTML)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case[0])
def test_a_text_becomes_what_a_reader_would_make_of_it(case: Case) -> None:
    _, before, after = case
    (cleaned,) = clean_documents([before], CHANGING)
    assert cleaned.text == (before if after is None else after)
    assert cleaned.changed == (after is not None)


@pytest.mark.parametrize("case", [case for case in ALL if case[2] is not None], ids=lambda case: case[0])
def test_a_clean_text_is_not_changed_again(case: Case) -> None:
    (once,) = clean_documents([case[1]], CHANGING)
    (twice,) = clean_documents([once.text], CHANGING)
    assert twice.text == once.text


def test_there_are_counter_examples_enough() -> None:
    assert len(ALL) >= 60
    assert sum(case[2] is None for case in ALL) >= 30


def test_a_rule_that_is_off_changes_nothing() -> None:
    text = "<p>Ｒｅｆｕｎｄ\x00</p>"
    assert clean_documents([text], ())[0].text == text
    assert clean_documents([text], ("width",))[0].text == "<p>Refund\x00</p>"
    assert clean_documents([text], ("controls",))[0].text == "<p>Ｒｅｆｕｎｄ</p>"


def test_changes_are_counted_by_rule() -> None:
    (cleaned,) = clean_documents(["<b>ＡＢ</b> 1\u200b2\x07"], CHANGING)
    assert cleaned.changes == (RuleChange("html", 2), RuleChange("controls", 2), RuleChange("width", 2))
    assert touched_by(cleaned) == ("html", "controls", "width")


def test_a_document_of_which_nothing_would_be_left_stays() -> None:
    (cleaned,) = clean_documents(["<script>only()</script><p></p>"], CHANGING)
    assert cleaned.text == "<script>only()</script><p></p>"
    assert not cleaned.changed


FOOTER = "© 2024 Example Shop. All rights reserved."


def test_lines_that_many_documents_share_go() -> None:
    bodies = [
        f"Article {word} explains how returns of {word} work." for word in ("hats", "bags", "toys", "pens")
    ]
    documents = [
        f"Home > Help > Returns\n{body}\nPage {n} of 9\n{FOOTER}" for n, body in enumerate(bodies, 1)
    ]
    cleaned = clean_documents(documents, ("boilerplate",))
    # Page numbers differ and are one line to the rule.
    assert [one.text for one in cleaned] == bodies
    assert cleaned[0].changes == (RuleChange("boilerplate", 3),)


def test_fields_headings_and_most_of_a_document_are_no_boilerplate() -> None:
    shared = ["Status: shipped", "## Description", "---", "物流状态：已发货"]
    documents = ["\n".join([*shared, f"The {word} weighs two kilograms."]) for word in "abcdef"]
    assert [one.text for one in clean_documents(documents, ("boilerplate",))] == documents
    same = ["A whole sentence that stands in all of them.\nx " + str(n) for n in range(6)]
    assert [one.text for one in clean_documents(same, ("boilerplate",))] == same


def test_a_line_in_few_documents_stays() -> None:
    documents = ["Shared line here\n" + word * 30 for word in "abc"] + [word * 40 for word in "defgh"]
    assert not any(one.changed for one in clean_documents(documents, ("boilerplate",)))


def test_repeated_documents_do_not_make_boilerplate_of_their_own_lines() -> None:
    documents = ["The first line of all\nand the second line"] * 6
    assert not any(one.changed for one in clean_documents(documents, ("boilerplate",)))


def test_equal_documents_are_marked_and_kept() -> None:
    cleaned = clean_documents(["same text", "other", "same  text", "same text"], ("duplicates",))
    assert [one.duplicate.of if one.duplicate else None for one in cleaned] == [None, None, 0, 0]
    assert [one.text for one in cleaned] == ["same text", "other", "same  text", "same text"]


EN = "After the check, refunds are paid to the card that was used for the order, often within {} working days"
ZH = "退款审核通过之后，款项将会在{}个工作日之内原路退回到您支付时所使用的账户，请您耐心等待并留意短信通知"


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        (EN.format("three"), EN.format("three") + ", we promise", True),
        (ZH.format("三"), ZH.format("三") + "。谢谢", True),
        # Another number or identifier says something else.
        (EN.format("3"), EN.format("5"), False),
        (ZH.format("3"), ZH.format("5"), False),
        # A negation in a short text turns it round.
        ("本商品支持七天无理由退货", "本商品不支持七天无理由退货", False),
        ("Gift cards can be returned", "Gift cards cannot be returned", False),
        # Shared words, another matter.
        ("如需换货，请在订单详情页选择换货并寄回商品", "如需退货，请在订单详情页选择退货并寄回商品", False),
    ],
)
def test_nearly_equal_documents_are_told_from_different_ones(first: str, second: str, near: bool) -> None:
    _, cleaned = clean_documents([first, second], ("duplicates",))
    assert (cleaned.duplicate is not None) == near
    if cleaned.duplicate is not None:
        assert 0.8 <= cleaned.duplicate.similarity < 1


def test_prefix_filtering_finds_what_comparing_all_pairs_finds() -> None:
    from core.text.cleaning.duplicates import SIMILAR, _shingles, find_duplicates

    words = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)]
    texts = [" ".join(words[:40] + [words[40 + n % 7]] + words[: n % 11]) for n in range(40)]
    sets = [_shingles(text.split()) for text in texts]
    for position, duplicate in enumerate(find_duplicates(texts)):
        best = max((len(sets[position] & s) / len(sets[position] | s) for s in sets[:position]), default=0)
        assert (duplicate is not None) == (best >= SIMILAR) or duplicate is None
        if duplicate is not None:
            other = sets[duplicate.of]
            assert duplicate.similarity == pytest.approx(
                len(sets[position] & other) / len(sets[position] | other)
            )


def test_duplicates_are_looked_for_within_each_list_only() -> None:
    lists = [["shared text", "b"], ["shared text", "shared text"]]
    first, second = clean_lists(lists)
    assert [one.duplicate for one in first] == [None, None]
    assert second[1].duplicate is not None and second[1].duplicate.of == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "blank"),
        ("\n ", "blank"),
        ("退款", "short"),
        ("OK", "short"),
        ("How to reset your password", "title"),
        ("退款到账时间说明", "title"),
        ("Refunds take three days.", None),
        ("退款三天到账。", None),
        ("Price: 20", "short"),
        ("Weight of the parcel: 20 kg", None),
        ("Mars is red, Venus is bright", None),
        ("How to reset your password\nOpen the settings", None),
        ("Wireless keyboard with numeric block and backlight for tablets, phones and computers", None),
    ],
)
def test_titles_and_very_short_documents_are_pointed_out(text: str, expected: str | None) -> None:
    assert thinness(text) == expected


def test_counts_say_how_many_documents_each_rule_touched() -> None:
    counts = cleaning_counts(clean_documents(["<b>a</b> document about refunds.", "Title", "<p>x</p>"]))
    assert (counts.documents, counts.changed) == (3, 2)
    assert counts.by_rule == {"html": 2, "thin": 2}


def test_an_unknown_rule_is_named_with_the_known_ones() -> None:
    assert rule_names(["lines", "html", "lines"]) == ("html", "lines")
    with pytest.raises(InputError, match="no cleaning rule called «pdf»"):
        rule_names(["pdf"])


def test_a_declared_rule_is_all_that_cleaning_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules work in the order in which they are declared, each on what the one before has left."""
    shout = CleaningRule("shout", "Shout", "Says it louder.", change=lambda text: (text.upper(), 1))
    trim = CleaningRule(
        "trim",
        "Trim",
        "Cuts all.",
        change_together=lambda texts: [(text[:3], len(text) - 3) for text in texts],
    )
    monkeypatch.setattr("core.text.cleaning.documents.RULES", (shout, *RULES, trim))
    first, second = clean_documents(["<b>ab</b>cd", "ＡＢ cd"], ["trim", "shout", "html"])
    assert first.text == "ABC" and second.text == "ＡＢ "
    assert [change.rule for change in first.changes] == ["shout", "html", "trim"]
    assert second.changes == (RuleChange("shout", 1), RuleChange("trim", 2))


def test_every_rule_says_what_it_is_and_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) == len({rule.title for rule in RULES})
    assert all(rule.name.isidentifier() and rule.help.endswith(".") for rule in RULES)
    assert not any(rule.change and rule.change_together for rule in RULES)
