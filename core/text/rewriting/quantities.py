"""Numbers and codes of a text with their values: 三天 and 3天, 5万 and 50000, «thirty» and «30» are equal.

Where they stand is known by `rewriting_spans`; English number words are found here.
"""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from core.text.rewriting.spans import protected_spans

_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CHINESE = "".join((*_NUMERALS, *_POWERS))
_TOKENS = re.compile(r"\d[\d,.]*|.")
_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_WORDS = (
    {word: number for number, word in enumerate(_SMALL_WORDS.split())}
    | {word: 10 * number for number, word in enumerate(_TENS_WORDS.split(), start=2)}
    | _SCALES
)
_UNIT = "|".join(_SMALL_WORDS.split()[1:10])
_BELOW_100 = (
    rf"(?:(?:{_TENS_WORDS.replace(' ', '|')})(?:[ -](?:{_UNIT})\b)?|{_SMALL_WORDS.replace(' ', '|')})"
)
_BELOW_1000 = rf"(?:(?:{_BELOW_100}[ -])?hundred(?:(?: and)? {_BELOW_100}\b)?|{_BELOW_100})"
# «five thousand two hundred and six», «2.5 million»; «between two and three» are two numbers.
_ENGLISH = re.compile(
    rf"(?<![\w.,-])(?:(?:{_BELOW_1000}|\d[\d,.]*)[ -])?"
    rf"(?:thousand|million|billion)(?:(?: and)? {_BELOW_1000})?\b"
    rf"|(?<![\w.,-])\d[\d,.]* hundred\b|\b{_BELOW_1000}\b",
    re.IGNORECASE,
)


def figures(text: str) -> Iterator[tuple[str, str]]:
    """Numbers and codes as written, each with a form in which equal ones are equal."""
    plain = unicodedata.normalize("NFKC", text)
    spoken = [match.span() for match in _ENGLISH.finditer(plain)]
    for span in protected_spans(plain):
        written = plain[span.start : span.end]
        if span.kind == "number" and not any(span.overlaps(*place) for place in spoken):
            yield written, _value(written)
        elif span.kind in ("address", "path", "option", "identifier") and not written.isalpha():
            yield written, written.casefold()
    for start, end in spoken:
        # «one» is more often a pronoun than a number.
        if plain[start:end].lower() not in ("one", "zero"):
            yield plain[start:end], _english_number(plain[start:end])


def _value(written: str) -> str:
    parts = written.split("分之")
    if len(parts) == 2:
        of, count = map(_number, parts)
        return f"{_shown(count)}%" if of == 100 else f"{_shown(count)}/{_shown(of)}"
    digits = written.removeprefix("第")
    if re.fullmatch(rf"[\d.,{_CHINESE}]*[{_CHINESE}]", digits):
        return _shown(_number(digits))
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", written)
    return (written.replace(",", "") if grouped else written).casefold()


def _shown(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else str(float(number))


def _number(digits: str) -> Fraction:
    """Of numerals, digits and powers: 二十一, 五万三 (53,000), 1亿2千万. Without powers, digit by digit."""
    if not any(c in _POWERS for c in digits):
        return _plain("".join(str(_NUMERALS.get(c, c)) for c in digits))
    total = section = digit = Fraction(0)
    last, unit = "", 10
    for token in _TOKENS.findall(digits):
        if token not in _POWERS:
            last, digit = token, _plain(str(_NUMERALS.get(token, token)))
            continue
        unit = _POWERS[token]
        if unit < 10_000:
            section += (digit or Fraction(1)) * unit
        elif unit == 10_000:
            total += (section + digit or Fraction(1)) * unit
            section = Fraction(0)
        else:
            total = (total + section + digit or Fraction(1)) * unit
            section = Fraction(0)
        last, digit = token, Fraction(0)
    # 一百二 is 120, 一百零二 is 102.
    shortened = last not in _POWERS and unit > 10 and digits[-2:-1] in _POWERS
    return total + section + digit * (unit // 10 if shortened else 1)


def _plain(digits: str) -> Fraction:
    number = digits.replace(",", "").strip(".")
    return Fraction(number) if re.fullmatch(r"\d+(?:\.\d+)?", number) else Fraction(0)


def _english_number(written: str) -> str:
    total = section = Fraction(0)
    for word in re.findall(r"\d[\d,.]*|[a-z]+", written.lower()):
        scale = _SCALES.get(word)
        if scale is None:
            section += _plain(word) if word[0].isdigit() else _WORDS.get(word, 0)
        elif scale == 100:
            section = (section or Fraction(1)) * scale
        else:
            total += (section or 1) * scale
            section = Fraction(0)
    return _shown(total + section)
