"""Cuts documents to a number of tokens that the asker chose, at either end, by the model's own count.

The model's own limit is the scorer's affair, which cuts the end only; here is what a request may ask beyond
it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.records import CountsDocumentTokens, Scorer


@dataclass(frozen=True, slots=True)
class Cutting:
    """most_tokens: per document, None for as many as the model reads. keep_end: the beginning goes, not the
    end.
    """

    most_tokens: int | None = None
    keep_end: bool = False


@dataclass(frozen=True, slots=True)
class CutTexts:
    """texts: in the caller's order. shortened: which of them lost something, from 0."""

    texts: tuple[str, ...]
    shortened: frozenset[int]


@runtime_checkable
class CountsPairTokens(Protocol):
    """A scorer that can say what a pair costs with its template."""

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair."""
        ...


def cut(
    scorer: Scorer, query: str, documents: Sequence[str], instruction: str | None, cutting: Cutting
) -> CutTexts | None:
    """The documents within the limit; None when this model cannot count tokens, so that nothing was cut."""
    if not isinstance(scorer, CountsDocumentTokens):
        return None
    most = cutting.most_tokens
    if cutting.keep_end:
        if not isinstance(scorer, CountsPairTokens):
            return None
        room = scorer.info.max_tokens - scorer.count_tokens(query, [""], instruction)[0]
        most = min(most or room, max(room, 1))
    if most is None:
        return CutTexts(tuple(documents), frozenset())
    texts = [within(text, most, scorer.document_tokens, keep_end=cutting.keep_end) for text in documents]
    shortened = (at for at, text in enumerate(texts) if len(text) < len(documents[at]))
    return CutTexts(tuple(texts), frozenset(shortened))


def within(text: str, most: int, count: Callable[[str], int], *, keep_end: bool) -> str:
    """The longest beginning (or end) of `text` that has at most `most` tokens, found by halving."""
    # No token is shorter than a byte, so a short text needs no count.
    if len(text) <= most and len(text.encode("utf-8", "replace")) <= most or count(text) <= most:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        part = text[-middle:] if keep_end else text[:middle]
        if count(part) <= most:
            fits = middle
        else:
            too_long = middle
    if not fits:
        return ""
    return text[-fits:] if keep_end else text[:fits]
