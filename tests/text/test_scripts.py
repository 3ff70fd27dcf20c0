"""Scripts and sentence ends are defined once, and every rule reads that definition."""

from pathlib import Path

import pytest

from core.text.chunking import estimated_tokens
from core.text.cleaning.thin_documents import thinness
from core.text.rewriting.words import language_of
from core.text.scripts import ends_sentence, has_han

CORE = Path(__file__).parents[2] / "core"


@pytest.mark.parametrize("character", ["一", "龥", "㐀", "⻄", "豈", "𠮷", "𪚥"])
def test_rare_chinese_characters_are_chinese_everywhere(character: str) -> None:
    assert has_han(f"a{character}b")
    assert language_of(character) == "zh"
    assert estimated_tokens(character * 10) == 7
    assert thinness(character * 8) == "title"


@pytest.mark.parametrize("character", ["a", "é", "。", "Ａ", "あ", "한", "１", "😀"])
def test_other_characters_are_not(character: str) -> None:
    assert not has_han(character)


@pytest.mark.parametrize("line", ["Done.", "(Done.)", "完了。", "“真的吗？”", "等等…", "“see (1.)”"])
def test_a_line_that_ends_a_sentence(line: str) -> None:
    assert ends_sentence().search(line)


@pytest.mark.parametrize("line", ["Done", "1. one", "as follows:", "首先；", "（一）"])
def test_a_line_that_ends_none(line: str) -> None:
    assert not ends_sentence().search(line)


def test_further_marks_end_a_sentence_where_a_rule_says_so() -> None:
    assert ends_sentence(":;：；").search("as follows:") and ends_sentence(":;：；").search("首先；")


def test_chinese_is_defined_nowhere_else() -> None:
    """But where stored scores or a stored index depend on the ranges: a change there is a new version.

    And in `core.evaluation`, which may not import `core.text`.
    """
    allowed = {"text/scripts.py", "models/embedded/reading.py", "retrieval/tokens.py"}
    allowed |= {"evaluation/triage/wording.py"}
    ranges = ("u4e00", "u3400", "\u4e00-", "\u3400-")
    found = {
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if any(one in path.read_text(encoding="utf-8") for one in ranges)
    }
    assert found - allowed == set()
