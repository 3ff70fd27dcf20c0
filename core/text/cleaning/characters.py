"""Single characters that disturb: control and invisible ones, and full-width forms of Latin ones.

Line ends become LF. Chinese punctuation is full-width by nature and stays, unless it belongs to a number that
is full-width throughout («￥１，２９９．００»); so do the joiners inside emoji.
"""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\u2028\u2029]")
# C0 and C1 without tab and line feed, and the invisible: zero-width space, word joiner, byte-order mark.
_INVISIBLE = re.compile("\u00ad\n?|[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u200b\u2060\ufeff\ufff9-\ufffb]")
# C1 codes come from Windows text that was read as Latin-1: dashes, quotation marks, the euro sign.
_WINDOWS = re.compile("[\x80-\x9f]")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
# Marks of writing direction: without a right-to-left letter they do nothing.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = ("R", "AL")

_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000]")
# Signs that are no Chinese punctuation; they change only beside a letter or digit.
_FULL_WIDTH_SIGN = re.compile("[＂＃＄％＆＇＊＋－．／＜＝＞＠＼＾＿｀｜]")
# In numbers these are no punctuation: thousands, and the time of day. `\d` is a digit of either width.
_GROUPED = re.compile(r"(?<![\d，])\d{1,3}(?:，\d{3})+(?![\d，])")
_CLOCK = re.compile("(?<![０-９：])[０-２]?[０-９](?:：[０-５][０-９]){1,2}(?![０-９：])")
_MONEY_BEFORE = re.compile(r"[￥¥＄$￡£€]\s?$")
_MONEY_AFTER = re.compile(r"[．.]\d|\s?[万亿]?(?:元|美元|欧元|日元)")
# Chinese keyboards write the yuan with a full-width sign; it changes with its number only.
_WIDE_MONEY = re.compile(r"[￠￡￥￦](?=\s?[０-９])")
_WIDE_DIGIT = re.compile("[０-９]")


def without_controls(text: str) -> tuple[str, int]:
    """The text without control and invisible characters, and how many were removed or replaced."""
    text, ends = _LINE_ENDS.subn("\n", text)
    text, windows = _WINDOWS.subn(lambda match: _as_windows(match.group()), text)
    text, invisible = _INVISIBLE.subn("", text)
    text, spaces = _ODD_SPACES.subn(" ", text)
    marks = 0
    if _DIRECTION.search(text) and not _has_right_to_left_letter(text):
        text, marks = _DIRECTION.subn("", text)
    return text, ends + windows + invisible + spaces + marks


def without_full_width(text: str) -> tuple[str, int]:
    """Letters, digits and the space in their usual width, and how many characters changed."""
    text, numbers = _with_usual_numbers(text)
    text, letters = _FULL_WIDTH.subn(lambda match: _narrow(match.group()), text)
    signs = 0

    def sign(match: "re.Match[str]") -> str:
        nonlocal signs
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if not any(one.isascii() and one.isalnum() for one in (before, after)):
            return match.group()
        signs += 1
        return _narrow(match.group())

    return _FULL_WIDTH_SIGN.sub(sign, text), numbers + letters + signs


def _with_usual_numbers(text: str) -> tuple[str, int]:
    """Numbers with usual marks in them; their digits are left for the rule of all letters and digits."""
    marks = 0

    def grouped(match: "re.Match[str]") -> str:
        nonlocal marks
        number = match.group()
        # «第1，299条» counts up; a price does not.
        money = _MONEY_BEFORE.search(text[: match.start()]) or _MONEY_AFTER.match(text, match.end())
        if not money and not _WIDE_DIGIT.search(number):
            return number
        marks += number.count("，")
        return number.replace("，", ",")

    text = _GROUPED.sub(grouped, text)
    text, clocks = _CLOCK.subn(lambda match: match.group().replace("：", ":"), text)
    text, signs = _WIDE_MONEY.subn(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return text, marks + clocks + signs


def _as_windows(character: str) -> str:
    return character.encode("latin-1").decode("cp1252", "ignore")


def _has_right_to_left_letter(text: str) -> bool:
    return any(one.isalpha() and unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in text)


def _narrow(character: str) -> str:
    return " " if character == "\u3000" else chr(ord(character) - 0xFEE0)
