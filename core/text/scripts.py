"""Scripts and marks, defined once: Chinese characters, kana, sentence ends, closing marks, code fences.

The strings are for character classes of patterns («[…]»); what a rule makes of them is its own. (The
embedded model tells languages apart by a definition of its own, because its scores depend on it.)
"""

import re

# Radicals, Chinese characters with all extensions, compatibility forms.
HAN = "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7af"
# Punctuation of Chinese and Japanese texts, and full-width forms.
WIDE_MARKS = "\u3000-\u303f\uff00-\uffef"
# How numbers of chapters and items are written.
CHINESE_NUMERALS = "一二三四五六七八九十百零〇"

# Full stop, exclamation, question, ellipsis.
SENTENCE_ENDS = ".!?。！？…"
# What may stand between a sentence's end and the next sentence.
CLOSING = "\"'”’」』）)]】》"

HAN_CHARACTER = re.compile(f"[{HAN}]")
# Opens or closes a Markdown block of code, at a line's start.
FENCE = re.compile(r"\s*(```|~~~)")


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return HAN_CHARACTER.search(text) is not None


def ends_sentence(further: str = "") -> "re.Pattern[str]":
    """Finds a sentence's end at the end of a line, its closing marks included.

    further: other marks that end one for the asking rule: «:;».
    """
    return re.compile(f"[{re.escape(SENTENCE_ENDS + further)}][{re.escape(CLOSING)}]*$")
