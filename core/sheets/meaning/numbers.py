"""Reads labels, ranks and scores as people write them: «2,666», «0,61», «１», «是», «relevant»."""

import re
import unicodedata

from core.sheets.records import Cell

_WORDS = {
    **dict.fromkeys(
        "relevant yes y true t positive pos match correct 是 对 真 有 相关 相關 符合 匹配 正确 正例 "
        "√ ✓ ✔ ☑ ✅ ○ 命中 采纳 有用 可用 通过 hit pass useful good 好".split(),
        1.0,
    ),
    **dict.fromkeys(
        "irrelevant nonrelevant notrelevant no n false f negative neg mismatch incorrect "
        "否 不 错 假 无 不相关 无关 不符合 不匹配 错误 负例 × ✗ ✘ ❌ ☒ ✕ ╳ x 不相關 無關 "
        "未命中 不采纳 没用 无用 不可用 不通过 miss fail useless bad 差 不好".split(),
        0.0,
    ),
    **dict.fromkeys("partial partially partiallyrelevant 部分相关 部分相關 较相关 一般相关".split(), 1.0),
    **dict.fromkeys("highlyrelevant perfect exact 非常相关 高度相关 完全相关 完全匹配".split(), 2.0),
}
# «0,613» has a decimal comma: no thousands begin with a zero.
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


# «95%», «4分», «第3名», «Top 1», «2nd»: one number with what it counts.
_COUNTED = re.compile(
    r"(?:第|no\.?|top|#)?\s*([-+]?\d+(?:\.\d+)?)\s*(%|分|名|位|星|级|条|点|st|nd|rd|th)?", re.IGNORECASE
)


def read_number(cell: Cell) -> float | None:
    """The number in a cell, or None when it holds none. NaN and infinity are not numbers; 95 % is 0.95."""
    if isinstance(cell, (bool, int, float)):
        number = float(cell)
    elif isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip().replace("\u2212", "-")
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if "_" in text:
            return None
        try:
            number = float(text)
        except ValueError:
            counted = _COUNTED.fullmatch(text)
            if not counted:
                return None
            number = float(counted.group(1)) / (100 if counted.group(2) == "%" else 1)
    else:
        return None
    return number if -1e300 < number < 1e300 else None


def read_label(cell: Cell) -> float | None:
    """A judgement: a number, or a word for relevant (1) or not (0); None when it is neither."""
    number = read_number(cell)
    if number is None and isinstance(cell, str):
        word = unicodedata.normalize("NFKC", cell).strip().casefold()
        return _WORDS.get(re.sub(r"[\s_\-]+", "", word))
    return number
