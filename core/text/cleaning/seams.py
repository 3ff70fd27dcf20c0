"""Where markup between two pieces of text stands for a blank: «Weight<span>3 kg</span>», «Red</a><a>Blue».

A browser shows a gap there, made by styles that the text does not hold. Words that are only marked in part
stay whole: «un<b>believ</b>able», «H<sub>2</sub>O». Which elements there are is known by `html_pages`.
"""

import re
from typing import Literal

from core.text.scripts import HAN

# What has been passed since the last character of text: nothing, an element's beginning, an end, an end and
# then the beginning of a neighbour, or something that has a box of its own on the page.
Seam = Literal["none", "begins", "ends", "neighbours", "box"]

_ORDER: tuple[Seam, ...] = ("none", "begins", "ends", "neighbours", "box")
_WORD = r"[^\W_]"
# A word of three letters beside a figure: «Weight|3»; «AX|30», «3|kg» and «Q|4» are one.
_LETTERS_THEN_DIGIT = (re.compile(r"(?<![^\W\d_])[^\W\d_]{3,}$"), re.compile(r"\d+(?:[.,]\d+)*\s"))
_DIGIT_THEN_LETTERS = (re.compile(r"\d$"), re.compile(r"[A-Z][a-z]{2,}"))
_SMALL_THEN_CAPITAL = (re.compile(r"[a-zà-ÿ]{2}$"), re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{2}"))
_HAN = re.compile(f"[{HAN}]")
_OPENING, _CLOSING = (
    re.compile(r"[(\[{（【《“‘\"'/-]$"),
    re.compile(r"[)\]}）】》”’\"'.,;:!?，。；：！？、%/-]"),
)


def wider(seam: Seam, passed: Seam) -> Seam:
    """The seam after something more has been passed."""
    if (seam, passed) == ("ends", "begins"):
        return "neighbours"
    return max(seam, passed, key=_ORDER.index)


def parts(left: str, right: str, seam: Seam) -> bool:
    """Whether a blank belongs between two pieces of text with a seam between them."""
    if seam == "none" or not left or not right or left[-1].isspace() or right[0].isspace():
        return False
    if seam == "box":
        return not (_OPENING.search(left) or _CLOSING.match(right))
    if _HAN.match(left[-1]) or _HAN.match(right[0]):
        return False
    if seam == "neighbours" and re.match(_WORD, left[-1]) and re.match(_WORD, right[0]):
        # Word cuts words into pieces: small letters on both sides are one word.
        return not (left[-1].islower() and right[0].islower())
    borders = (_LETTERS_THEN_DIGIT, _DIGIT_THEN_LETTERS, _SMALL_THEN_CAPITAL)
    return any(before.search(left) and after.match(right) for before, after in borders)
