"""The small table of what labels are worth, on the Evaluate page's own component."""

from streamlit.testing.v1 import AppTest


def _app() -> None:
    from core.sheets.meaning.scales import scale_of
    from pages.parts.sheet.grades import draw_grades

    draw_grades("t.plain", scale_of([0, 1, 2]))
    draw_grades("t.words", scale_of(["keep", "drop", "keep"]))


def test_words_without_a_grade_are_asked_for_and_plain_numbers_are_not() -> None:
    page = AppTest.from_function(_app).run(timeout=30)
    assert not page.exception
    (warning,) = page.warning
    assert "keep" in warning.value and "drop" in warning.value
    assert len(page.expander) == 1 and page.expander[0].proto.expanded
