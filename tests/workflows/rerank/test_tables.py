"""Previews fit where they are shown."""

import pytest

from core.workflows.rerank.tables import preview, shortened, wrapped


@pytest.mark.parametrize(
    ("line", "columns", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcdef…"),
        ("退款审核", 8, "退款审核"),
        ("退款审核", 7, "退款审…"),
        ("a退b款", 4, "a退b…"),
        ("", 3, ""),
    ],
)
def test_wide_characters_take_two_columns(line: str, columns: int, shown: str) -> None:
    assert shortened(line, columns) == shown


def test_a_preview_is_one_line_of_fifty_characters() -> None:
    assert preview("a\n\n b\t c") == "a b c"
    assert preview("x" * 51) == "x" * 50 + "…"
    assert preview("x" * 50) == "x" * 50


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("short", "short"),
        ("one two three four", "one two\nthree four"),
        ("one two three four five six", "one two\nthree four…"),
        ("退款在三个工作日内到账", "退款在三个\n工作日内到…"),
        ("averyveryverylongword", "averyveryv\nerylongwor…"),
        ("", ""),
    ],
)
def test_a_text_is_wrapped_where_a_table_would_not(line: str, shown: str) -> None:
    assert wrapped(line, 10, 2) == shown
