"""How a term is fitted into a query: the article before it, and words beside it that would then stand twice.

Where an article cannot be decided by spelling («a SQL», «an SQL») nothing is fitted. Which terms are replaced
is for `rewriting_terms`.
"""

import re
from collections.abc import Sequence

from core.text.rewriting.glossary import folded
from core.text.rewriting.words import is_chinese

_ARTICLE = re.compile(r"(?:^|(?<=[\s(,.;:]))(?P<word>an?|(?<![^\n])An?)(?P<blank>\s+)$")
# Spelt with a vowel and spoken with a consonant, and the other way round.
_CONSONANT = re.compile(r"(?:uni(?!n|m)|u[st][aei]|ubiq|euro|eu[a-z]|ewe|one\b|once|ouija)", re.I)
_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir)", re.I)
_VOWEL_DIGITS = re.compile(r"(?:8|1[18](?![0-9]))")
# How a letter is spoken: an X.
_VOWEL_LETTERS = "AEFHILMNORSX"
# Fewer characters than this that two Chinese words share are chance.
_SHARED_ZH = 2


def fitted(query: str, start: int, end: int, canonical: str) -> tuple[int, int, str] | None:
    """The part of a query to replace, and by what; None when the term cannot be fitted in."""
    placed = _undoubled(query, start, end, canonical)
    if placed is None:
        return None
    start, end = placed
    article = _ARTICLE.search(query[:start])
    # Another spelling of a word is spoken alike.
    if article is None or folded(query[start:end]) == folded(canonical):
        return start, end, canonical
    vowel = _begins_with_vowel(canonical)
    if vowel is None:
        return None
    word = article["word"][0] + ("n" if vowel else "")
    return article.start("word"), end, word + article["blank"] + canonical


def _undoubled(query: str, start: int, end: int, canonical: str) -> tuple[int, int] | None:
    """The part grown by the words beside it that the canonical form holds at that end: VPN network."""
    if is_chinese(canonical):
        return _undoubled_zh(query, start, end, canonical)
    parts = [re.escape(part) for part in canonical.split()]
    for count in range(len(parts) - 1, 0, -1):
        after = re.match(rf"\s+{_joined(parts[-count:])}(?![\w-])", query[end:], re.IGNORECASE)
        if after is not None:
            return start, end + after.end()
        before = re.search(rf"(?<![\w-]){_joined(parts[:count])}\s+$", query[:start], re.IGNORECASE)
        if before is not None:
            # One word may be of the sentence: «can I return RMA items», «do DND calls ring».
            return (before.start(), end) if count > 1 else None
    # «VPN networks»: the plural cannot be taken over.
    plural = len(parts) > 1 and re.match(rf"\s+{parts[-1]}e?s(?![\w-])", query[end:], re.IGNORECASE)
    return None if plural else (start, end)


def _joined(parts: Sequence[str]) -> str:
    return r"\s+".join(parts)


def _undoubled_zh(query: str, start: int, end: int, canonical: str) -> tuple[int, int]:
    for count in range(len(canonical) - 1, _SHARED_ZH - 1, -1):
        if query[end : end + count] == canonical[-count:]:
            return start, end + count
        if start >= count and query[start - count : start] == canonical[:count]:
            return start - count, end
    return start, end


def _begins_with_vowel(form: str) -> bool | None:
    """By sound; None where capitals may be read as letters or as a word: SQL, NASA."""
    first = re.split(r"[\s-]", form.strip())[0]
    if not first or not first[0].isascii():
        return None
    if first[0].isdigit():
        return bool(_VOWEL_DIGITS.match(first))
    if len(first) == 1:
        return first.upper() in _VOWEL_LETTERS
    if first.isupper() or not first.isalpha():
        letter, spelt = first[0].upper() in _VOWEL_LETTERS, first[0].upper() in "AEIOU"
        return letter if letter == spelt else None
    if _CONSONANT.match(first):
        return False
    return bool(_VOWEL.match(first)) or first[0].lower() in "aeiou"
