"""How much of a truncated document the model read, in its own tokens."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.errors import InputError
from core.records import CountsDocumentTokens
from core.workflows.rerank.reranking import RankedDocument, Reranking


@runtime_checkable
class CountsTokens(CountsDocumentTokens, Protocol):
    """A scorer that also counts pairs, template included."""

    def count_tokens(self, query: str, documents: list[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair as it would be read."""
        ...


@dataclass(frozen=True, slots=True)
class TokensRead:
    """Of a document. read: its beginning, which was scored; total: all of it."""

    read: int
    total: int


def tokens_read(scorer: object, result: Reranking, ranked: RankedDocument) -> TokensRead | None:
    """What of a document was read; None where all of it was, or where that cannot be counted.

    scorer: the one loaded now. What another model read is not counted by this one.
    """
    if not ranked.score.truncated or not isinstance(scorer, CountsTokens):
        return None
    info = getattr(scorer, "info", None)
    if info is None or info.fingerprint != result.scorer.fingerprint:
        return None
    try:
        (around,) = scorer.count_tokens(result.query, [""], result.instruction)
    except InputError:
        return None
    read, total = ranked.score.tokens - around, scorer.document_tokens(ranked.document)
    return TokensRead(read, total) if 0 < read < total else None
