"""Parts of a query that no rule may touch: quotations, addresses, paths, identifiers, codes, numbers.

It finds where they stand. What a rule does elsewhere is the rule's business.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

SpanKind = Literal["quoted", "address", "path", "option", "identifier", "number", "kept"]

_UNITS = "|".join(_LISTS["units"])
# With these 一 is but an article: 我有一个问题, 一位客服.
_COUNTED = (
    "个|位|家|种|笔|套|份|部|辆|条|项|本|页|户|轮|批|名|只|双|盒|瓶|箱|袋|包|支|把|片|粒|门|间|栋|所|处"
)
_NUMERALS = "零〇一二三四五六七八九十百千万亿两"
_PATTERNS: tuple[tuple[SpanKind, "re.Pattern[str]"], ...] = (
    (
        "quoted",
        re.compile(
            r"\"[^\"\n]+\"|“[^”\n]+”|‘[^’\n]+’|「[^」\n]+」|『[^』\n]+』|《[^》\n]+》|〈[^〉\n]+〉"
            r"|«[^»\n]+»|`[^`\n]+`|(?<![A-Za-z0-9])'[^'\n]+'(?![A-Za-z0-9])"
        ),
    ),
    ("address", re.compile(r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (
        "path",
        re.compile(
            r"(?<![!-~])(?:[A-Za-z]:)?[\\/][A-Za-z0-9_.-]+(?:[\\/][A-Za-z0-9_.-]+)*"
            r"|[A-Za-z0-9_.-]+(?:[\\/][A-Za-z0-9_.-]+){2,}|[A-Za-z0-9_-]+[\\/][A-Za-z0-9_-]+\.[A-Za-z0-9]+"
        ),
    ),
    ("option", re.compile(r"(?<![!-~])--?[A-Za-z][A-Za-z0-9-]*")),
    (
        "identifier",
        re.compile(
            # snake_case, call(), dotted.names, camelCase, $name, #tag, C++ and its like
            r"[A-Za-z0-9]*_[A-Za-z0-9_]+|[A-Za-z][A-Za-z0-9_.]*\(\)"
            r"|[A-Za-z][A-Za-z0-9]*(?:[.:]{1,2}[A-Za-z0-9]+)+"
            r"|[a-z]+[A-Z][A-Za-z0-9]*|[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]*|[$#@][A-Za-z][A-Za-z0-9_]*"
            r"|[A-Za-z](?:\+\+|#)"
        ),
    ),
    (
        "number",
        re.compile(
            # parts of a whole (百分之五), digits with a Chinese power (5万, 1亿2千万), and
            # anything of Latin letters, digits and joints that holds a digit: E11, 0x80070005, ORA-00942, 3.5
            rf"(?<![A-Za-z0-9.])[{_NUMERALS}0-9]+分之(?:[0-9]+(?:\.[0-9]+)?|[{_NUMERALS}]+)"
            r"|(?<![A-Za-z0-9.:/#,-])(?:[0-9]+(?:[-.,][0-9]+)*[十百千万亿]+)+"
            r"|(?<![A-Za-z0-9])(?=[A-Za-z.:/#-]*[0-9])[A-Za-z0-9]+(?:[-.:/#,][A-Za-z0-9]+)*%?"
            rf"|(?!万一(?![{_NUMERALS}]))第?[{_NUMERALS}]{{2,}}|第[{_NUMERALS}]|[{_NUMERALS}](?={_UNITS})"
            rf"|[{_NUMERALS.replace('一', '')}](?={_COUNTED})"
        ),
    ),
)
# Forms that hold a digit and are words nonetheless: 2FA, 5G, B2B, H5, K8s, i18n.
_WORD_WITH_DIGIT = re.compile(r"[0-9]?[A-Za-z]+|[A-Za-z]+[0-9][A-Za-z]*|[a-z][0-9]{2}[a-z]")
_ERROR_CODE = re.compile(r"[Ee][0-9]+")


@dataclass(frozen=True, slots=True)
class ProtectedSpan:
    """A part of a text, from `start` to before `end`."""

    start: int
    end: int
    kind: SpanKind

    def overlaps(self, start: int, end: int) -> bool:
        """Whether the two share a character."""
        return self.start < end and start < self.end


def protected_spans(text: str, kept: Iterable[str] = ()) -> tuple[ProtectedSpan, ...]:
    """Everything no rule may touch, in the order of the text. kept: further strings, found as they are."""
    found: list[ProtectedSpan] = []
    flat = half_width(text)
    for wanted in kept:
        if wanted:
            found += [ProtectedSpan(m.start(), m.end(), "kept") for m in re.finditer(re.escape(wanted), text)]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(flat):
            if not any(span.overlaps(match.start(), match.end()) for span in found):
                found.append(ProtectedSpan(match.start(), match.end(), kind))
    return tuple(sorted(found, key=lambda span: span.start))


def is_free(spans: Sequence[ProtectedSpan], start: int, end: int) -> bool:
    """Whether nothing protected stands between the two places."""
    return not any(span.overlaps(start, end) for span in spans)


def is_code(form: str) -> bool:
    """Whether a glossary form is a number, an error code or an identifier, which is never replaced."""
    form = half_width(form).strip()
    if _ERROR_CODE.fullmatch(form) or (form and all(c.isdigit() or not c.isalnum() for c in form)):
        return True
    if _WORD_WITH_DIGIT.fullmatch(form):
        return False
    spans = protected_spans(form)
    whole = any((span.start, span.end) == (0, len(form)) for span in spans)
    # camelCase is how names of products are written (iPhone); an underscore or a call is code.
    return whole and (any(c.isdigit() for c in form) or "_" in form or form.endswith("()"))


def half_width(text: str) -> str:
    """The text with full-width letters, digits and punctuation in their usual form, place by place."""
    if text.isascii():
        return text
    return "".join(_half(c) if "\uff00" < c < "\uff5f" or c == "\u3000" else c for c in text)


def _half(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
